#ifndef SUPPORT_PAGE_SERVER_H
#define SUPPORT_PAGE_SERVER_H

#include "app/command.h"
#include "app/options.h"
#include "base/clock.h"
#include "base/secret.h"
#include "store/account.h"
#include "support/raw_client.h"
#include "support/store_dir.h"
#include "wire/json.h"

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/*
 * `sluice serve` itself, on a thread of the test, over a file as the site; and
 * a browser that asks it: with its cookie, its CSRF token, and Origin.
 */
#define PAGE_SERVER_ARGS 32

struct page_server {
    struct store_dir dir;
    char queue[512];
    char listen[32];
    int port;
    char *argv[PAGE_SERVER_ARGS]; /* read again at a reload */
    struct call call;
    pthread_t thread;
    enum exit_code code;
};

struct browser {
    struct page_server *server;
    char cookie[128];
    char csrf[128];
    const char *more; /* further header lines, each with its CRLF */
    int status;
    struct buf answer; /* head and body */
    struct json_doc doc;
};

static inline void *page_server_run(void *context)
{
    struct page_server *ps = context;

    ps->code = ps->call.command->run(&ps->call);
    return NULL;
}

static inline void page_server_serve(struct page_server *ps,
                                     const char *const *more)
{
    char *const first[] = { "serve",     "--listen",   ps->listen,
                            "--store",   ps->dir.path, "--site-kind",
                            "filequeue", "--site-url", ps->queue };
    int argc = sizeof(first) / sizeof(first[0]);
    sigset_t set;
    bool help;
    int fd = -1;

    memcpy(ps->argv, first, sizeof(first));
    for (; more && *more; more++)
        ps->argv[argc++] = (char *)(uintptr_t)*more;
    memset(&ps->call, 0, sizeof(ps->call));
    ps->call.command = &command_serve;
    must(&ps->dir,
         options_read(&ps->call, argc, ps->argv, &help, &ps->dir.err));
    /* What the thread inherits; it waits for these and nobody else does. */
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    ck_assert_int_eq(pthread_create(&ps->thread, NULL, page_server_run, ps),
                     0);
    for (int i = 0; i < 500 && fd < 0; i++) {
        struct sockaddr_in to = { .sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)ps->port) };

        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
            close(fd);
            fd = -1;
            usleep(20000);
        }
    }
    ck_assert_int_ge(fd, 0);
    close(fd);
}

/* The store is made; page_server_serve begins to serve. */
static inline void page_server_make(struct page_server *ps)
{
    FILE *queue;

    memset(ps, 0, sizeof(*ps));
    store_dir_make(&ps->dir);
    snprintf(ps->queue, sizeof(ps->queue), "%s/queue", ps->dir.dir);
    queue = fopen(ps->queue, "w");
    ck_assert_ptr_nonnull(queue);
    fclose(queue);
    ps->port = raw_free_port();
    snprintf(ps->listen, sizeof(ps->listen), "127.0.0.1:%d", ps->port);
    store_dir_open(&ps->dir);
}

/*
 * Put `lines`, a comment each, before `sluice run`, which holds them all: no
 * probability is below the one threshold or at the other.
 */
static inline void page_server_hold(struct page_server *ps, const char *lines)
{
    char *argv[] = { "run",
                     "--no-table",
                     "--store",
                     ps->dir.path,
                     "--site-kind",
                     "filequeue",
                     "--site-url",
                     ps->queue,
                     "--policy-approve-below",
                     "0",
                     "--policy-spam-at",
                     "1",
                     "--policy-abuse-hold-at",
                     "1" };
    struct call call = { .command = &command_run };
    FILE *queue = fopen(ps->queue, "w");
    bool help;

    ck_assert_ptr_nonnull(queue);
    fputs(lines, queue);
    fclose(queue);
    must(&ps->dir, options_read(&call, (int)(sizeof(argv) / sizeof(argv[0])),
                                argv, &help, &ps->dir.err));
    ck_assert_int_eq(command_run.run(&call), EXIT_DONE);
    config_release(&call.config);
}

static inline void page_server_end(struct page_server *ps)
{
    kill(getpid(), SIGTERM);
    pthread_join(ps->thread, NULL);
    ck_assert_int_eq(ps->code, EXIT_DONE);
    config_release(&ps->call.config);
}

static inline void page_server_remove(struct page_server *ps)
{
    unlink(ps->queue);
    store_dir_remove(&ps->dir);
}

/* A one-time link as an admin, or the first start, makes them. */
static inline void page_server_link(struct page_server *ps, const char *token,
                                    const char *login, enum account_role role,
                                    int64_t expires_ms)
{
    struct secret_token hash = secret_sha256(span_str(token));
    const struct invite invite = { span_str(login), role, expires_ms };

    must(&ps->dir, invite_put(ps->dir.store, span_str(hash.text), &invite,
                              &ps->dir.err));
}

static inline void browser_open(struct browser *b, struct page_server *ps)
{
    memset(b, 0, sizeof(*b));
    b->server = ps;
    b->more = "Sec-Fetch-Site: same-origin\r\n";
    buf_init(&b->answer, RAW_ANSWER_MAX);
}

static inline void browser_close(struct browser *b)
{
    if (b->doc.root)
        json_release(&b->doc);
    b->doc.root = NULL;
    buf_release(&b->answer);
}

static inline struct span browser_body(const struct browser *b)
{
    struct span all = buf_span(&b->answer);
    size_t end = span_find(all, SPAN_LIT("\r\n\r\n"));

    return span_cut(all, end + 4, all.len);
}

static inline void browser_keep_cookie(struct browser *b)
{
    struct span all = buf_span(&b->answer);
    size_t at = span_find(all, SPAN_LIT("Set-Cookie: "));
    struct span rest = span_cut(all, at + 12, all.len);

    if (at < all.len)
        snprintf(b->cookie, sizeof(b->cookie), "%.*s",
                 SPAN_ARG(span_cut(rest, 0, span_find_char(rest, ';'))));
}

/* Ask; the status is returned, JSON is in doc. */
static inline int browser_ask(struct browser *b, const char *method,
                              const char *path, const char *body)
{
    struct buf request;
    struct error err;
    struct span text;

    buf_init(&request, (size_t)1 << 20);
    buf_addf(&request, "%s /v1/page%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s",
             method, path, b->server->port, b->more);
    if (*b->cookie)
        buf_addf(&request, "Cookie: a=b; %s\r\n", b->cookie);
    if (strcmp(method, "GET") != 0)
        buf_addf(&request, "X-CSRF-Token: %s\r\n",
                 *b->csrf ? b->csrf : "none");
    if (body)
        buf_addf(&request,
                 "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                 strlen(body));
    buf_addf(&request, "\r\n%s", body ? body : "");
    if (b->doc.root)
        json_release(&b->doc);
    b->doc.root = NULL;
    b->status = raw_ask(b->server->port, buf_span(&request), &b->answer);
    buf_release(&request);
    browser_keep_cookie(b);
    if (browser_body(b).len)
        ck_assert_msg(!json_parse(&b->doc, browser_body(b), &err), "%s: %s",
                      err.text, b->answer.ptr);
    if (json_text(json_member(b->doc.root, "csrf"), &text))
        snprintf(b->csrf, sizeof(b->csrf), "%.*s", SPAN_ARG(text));
    return b->status;
}

/* The text at `name` of the answer; empty if it has none. */
static inline struct span browser_text(const struct browser *b,
                                       const char *name)
{
    struct span text = SPAN_LIT("");

    (void)json_text(json_member(b->doc.root, name), &text);
    return text;
}

static inline int64_t browser_number(const struct json *value,
                                     const char *name)
{
    long long number = -1;

    (void)json_long(json_member(value, name), &number);
    return number;
}

static inline struct span browser_member(const struct json *value,
                                         const char *name)
{
    struct span text = SPAN_LIT("");

    (void)json_text(json_member(value, name), &text);
    return text;
}

/* Item `i` of the answer's items. */
static inline const struct json *browser_item(const struct browser *b,
                                              size_t i)
{
    return json_item(json_member(b->doc.root, "items"), i);
}

/* The code of a refusal. */
static inline struct span browser_code(const struct browser *b)
{
    struct span text = SPAN_LIT("");

    (void)json_text(json_member(json_member(b->doc.root, "error"), "code"),
                    &text);
    return text;
}

#define must_answer(b, method, path, body, want)                              \
    ck_assert_msg(browser_ask(b, method, path, body) == (want),               \
                  "%s %s: %d, %s", method, path, (b)->status,                 \
                  (b)->answer.ptr)

/* An account, by a link as the first start makes it, and signed in. */
static inline void browser_enter(struct browser *b, const char *login,
                                 enum account_role role)
{
    char body[256];

    page_server_link(b->server, login, "", role, clock_now_ms() + 60000);
    snprintf(body, sizeof(body),
             "{\"token\":\"%s\",\"login\":\"%s\",\"password\":"
             "\"a password of mine\"}",
             login, login);
    must_answer(b, "POST", "/setup", body, 201);
}

#endif /* SUPPORT_PAGE_SERVER_H */
