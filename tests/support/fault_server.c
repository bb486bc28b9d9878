#include "support/fault_server.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 64
#define REQUEST_BYTES_MAX ((size_t)4 << 20)
#define POLL_MS 5

struct connection {
    int fd; /* -1: free */
    struct buf in;
    const struct fault_answer *slow; /* to be given at due_ms */
    int64_t due_ms;
    bool hangs;
};

struct fault_server {
    int fd;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock; /* over what follows */
    bool stop;
    struct fault_answer *script;
    size_t nr;
    struct connection connection[CONNECTIONS_MAX];
    char **request; /* all that came */
    size_t request_nr;
    size_t request_alloc;
    size_t at_once;
    const char *flag_match;
    volatile _Bool *flag;
};

static void connection_close(struct connection *c)
{
    close(c->fd);
    c->fd = -1;
    c->slow = NULL;
    c->hangs = false;
    buf_release(&c->in);
}

static void accept_one(struct fault_server *server)
{
    int fd = accept(server->fd, NULL, NULL);

    for (size_t i = 0; fd >= 0 && i < CONNECTIONS_MAX; i++) {
        struct connection *c = &server->connection[i];

        if (c->fd >= 0)
            continue;
        c->fd = fd;
        buf_init(&c->in, REQUEST_BYTES_MAX);
        return;
    }
    if (fd >= 0)
        close(fd);
}

/* The bytes of the first whole request, or 0. */
static size_t request_len(struct span in)
{
    size_t head = span_find(in, SPAN_LIT("\r\n\r\n"));
    size_t field = span_find_nocase(in, SPAN_LIT("\r\ncontent-length:"));
    long long body = 0;

    if (head == in.len)
        return 0;
    if (field < head) {
        struct span rest = span_cut(in, field + 2, in.len);
        size_t colon = span_find_char(rest, ':');

        (void)span_to_long(
            span_trim(span_cut(rest, colon + 1, span_find_char(rest, '\r'))),
            &body);
    }
    if (in.len < head + 4 + (size_t)body)
        return 0;
    return head + 4 + (size_t)body;
}

static struct fault_answer *choose(struct fault_server *server,
                                   const char *request)
{
    for (size_t i = 0; i < server->nr; i++) {
        struct fault_answer *answer = &server->script[i];

        if (answer->times < 0)
            continue;
        if (answer->match && !strstr(request, answer->match))
            continue;
        /* Used up: below zero, which is not "for ever". */
        if (answer->times > 0 && --answer->times == 0)
            answer->times = -1;
        return answer;
    }
    return NULL;
}

static void send_all(int fd, struct span data)
{
    while (data.len) {
        ssize_t put = send(fd, data.ptr, data.len, MSG_NOSIGNAL);

        if (put <= 0)
            return;
        data = span_cut(data, (size_t)put, data.len);
    }
}

static void answer_send(struct connection *c, const struct fault_answer *a,
                        bool head_only)
{
    struct span body = span_str(a->body);
    bool json = body.len && (body.ptr[0] == '{' || body.ptr[0] == '[');
    struct buf out;

    buf_init(&out, REQUEST_BYTES_MAX + body.len);
    buf_addf(&out,
             "HTTP/1.1 %d Told So\r\nContent-Type: %s\r\n"
             "Content-Length: %zu\r\n%s\r\n",
             a->status, json ? "application/json" : "text/html", body.len,
             a->header ? a->header : "");
    if (!head_only)
        buf_add(&out,
                span_cut(body, 0,
                         a->fault == FAULT_CUT ? body.len / 2 : body.len));
    send_all(c->fd, buf_span(&out));
    buf_release(&out);
    if (a->fault == FAULT_CUT)
        connection_close(c);
}

static void remember(struct fault_server *server, char *request)
{
    server->request = xgrow(server->request, server->request_nr,
                            &server->request_alloc, sizeof(*server->request));
    server->request[server->request_nr++] = request;
    if (server->flag && strstr(request, server->flag_match))
        *server->flag = true;
}

static void count_at_once(struct fault_server *server)
{
    size_t nr = 0;

    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        if (server->connection[i].fd >= 0 && server->connection[i].slow)
            nr++;
    if (nr > server->at_once)
        server->at_once = nr;
}

static void request_answer(struct fault_server *server, struct connection *c,
                           size_t len)
{
    static const struct fault_answer none = { .status = 404, .body = "none" };
    char *request = strndup(c->in.ptr, len);
    const struct fault_answer *a = choose(server, request);
    bool head_only = !strncmp(request, "HEAD ", 5);

    remember(server, request);
    memmove(c->in.ptr, c->in.ptr + len, c->in.len - len);
    c->in.len -= len;
    if (!a)
        a = &none;
    if (a->fault == FAULT_DROP) {
        connection_close(c);
    } else if (a->fault == FAULT_HANG) {
        c->hangs = true;
    } else if (a->fault == FAULT_SLOW) {
        c->slow = a;
        c->due_ms = clock_steady_ms() + FAULT_SLOW_MS;
        count_at_once(server);
    } else {
        answer_send(c, a, head_only);
    }
}

static void connection_read(struct fault_server *server, struct connection *c)
{
    char bytes[16384];
    ssize_t got = recv(c->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    size_t len;

    if (got <= 0) {
        connection_close(c);
        return;
    }
    buf_add(&c->in, (struct span){ bytes, (size_t)got });
    len = request_len(buf_span(&c->in));
    if (len && !c->hangs)
        request_answer(server, c, len);
}

static void serve_once(struct fault_server *server)
{
    struct pollfd wait[CONNECTIONS_MAX + 1];
    int64_t now;

    wait[CONNECTIONS_MAX] = (struct pollfd){ server->fd, POLLIN, 0 };
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        wait[i] =
            (struct pollfd){ server->connection[i].fd, POLLIN | POLLHUP, 0 };
    pthread_mutex_unlock(&server->lock);
    (void)poll(wait, CONNECTIONS_MAX + 1, POLL_MS);
    pthread_mutex_lock(&server->lock);
    now = clock_steady_ms();
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &server->connection[i];

        if (c->fd >= 0 && wait[i].revents)
            connection_read(server, c);
        if (c->fd >= 0 && c->slow && now >= c->due_ms) {
            answer_send(c, c->slow, false);
            c->slow = NULL;
        }
    }
    if (wait[CONNECTIONS_MAX].revents)
        accept_one(server);
}

static void *serve(void *arg)
{
    struct fault_server *server = arg;

    pthread_mutex_lock(&server->lock);
    while (!server->stop)
        serve_once(server);
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

static void fail(const char *what)
{
    perror(what);
    abort();
}

struct fault_server *fault_server_start(const struct fault_answer *script,
                                        size_t nr)
{
    struct fault_server *server = xcalloc(1, sizeof(*server));
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof(address);

    server->script = xcalloc(nr, sizeof(*script));
    memcpy(server->script, script, nr * sizeof(*script));
    server->nr = nr;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        server->connection[i].fd = -1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(server->fd, (struct sockaddr *)&address, len) ||
        listen(server->fd, CONNECTIONS_MAX) ||
        getsockname(server->fd, (struct sockaddr *)&address, &len))
        fail("fault_server");
    snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%u",
             ntohs(address.sin_port));
    pthread_mutex_init(&server->lock, NULL);
    if (pthread_create(&server->thread, NULL, serve, server))
        fail("fault_server");
    return server;
}

void fault_server_stop(struct fault_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->stop = true;
    pthread_mutex_unlock(&server->lock);
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        if (server->connection[i].fd >= 0)
            connection_close(&server->connection[i]);
    for (size_t i = 0; i < server->request_nr; i++)
        free(server->request[i]);
    pthread_mutex_destroy(&server->lock);
    close(server->fd);
    free(server->request);
    free(server->script);
    free(server);
}

const char *fault_server_url(const struct fault_server *server)
{
    return server->url;
}

size_t fault_server_hits(struct fault_server *server, const char *match)
{
    size_t hits = 0;

    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->request_nr; i++)
        if (strstr(server->request[i], match))
            hits++;
    pthread_mutex_unlock(&server->lock);
    return hits;
}

size_t fault_server_at_once(struct fault_server *server)
{
    size_t nr;

    pthread_mutex_lock(&server->lock);
    nr = server->at_once;
    pthread_mutex_unlock(&server->lock);
    return nr;
}

void fault_server_flag(struct fault_server *server, const char *match,
                       volatile _Bool *flag)
{
    pthread_mutex_lock(&server->lock);
    server->flag_match = match;
    server->flag = flag;
    pthread_mutex_unlock(&server->lock);
}
