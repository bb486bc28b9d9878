/*
 * The exchanges that wait stand in a list; at most in_flight of them are on
 * the road, each on a transfer (http_transfer). What fails goes back to the
 * list with a time before which it must not start again.
 */
#include "site/http_client.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "site/http_transfer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* How late a raised stop flag may be noticed. */
#define STOP_CHECK_MS 100

/* A body of a megabyte at 64 KiB a turn, for several at once. */
#define PUSH_TURNS_MAX 64

struct http_client {
    struct http_settings settings;
    size_t in_flight;
    size_t retries;
    int64_t backoff_ms;
    const volatile bool *stop;
    const struct turn *turn;

    CURLM *multi;
    struct http_transfer *transfer;
    size_t active;
    struct http_exchange *waiting;
    int64_t not_before_ms; /* asked for by the site */
    int64_t stopped_ms;    /* when the flag was seen; 0: not yet */
};

static char *option_copy(struct span option)
{
    char *copy;

    if (!option.len)
        return NULL;
    copy = xmalloc(option.len + 1);
    memcpy(copy, option.ptr, option.len);
    copy[option.len] = '\0';
    return copy;
}

enum error_code http_client_new(struct http_client **client,
                                const struct http_options *options,
                                struct error *err)
{
    struct http_client *c = xcalloc(1, sizeof(*c));

    c->settings.user = option_copy(options->user);
    c->settings.password = option_copy(options->password);
    c->settings.ca_file = option_copy(options->ca_file);
    c->settings.timeout_ms = options->timeout_s * 1000;
    c->in_flight = options->in_flight ? options->in_flight : 1;
    c->retries = options->retries;
    c->backoff_ms =
        options->backoff_ms ? options->backoff_ms : HTTP_BACKOFF_MS_DEFAULT;
    c->stop = options->stop;
    c->turn = options->turn;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    c->multi = curl_multi_init();
    c->transfer = xcalloc(c->in_flight, sizeof(*c->transfer));
    for (size_t i = 0; i < c->in_flight; i++)
        c->transfer[i].easy = curl_easy_init();
    *client = c;
    if (c->settings.ca_file && access(c->settings.ca_file, R_OK)) {
        error_set(err, ERROR_CONFIG, "ca_file %s: can't be read",
                  c->settings.ca_file);
        http_client_free(c);
        *client = NULL;
        return ERROR_CONFIG;
    }
    return ERROR_NONE;
}

void http_client_free(struct http_client *client)
{
    if (!client)
        return;
    for (size_t i = 0; i < client->in_flight; i++) {
        curl_easy_cleanup(client->transfer[i].easy);
        curl_slist_free_all(client->transfer[i].header);
    }
    curl_multi_cleanup(client->multi);
    curl_global_cleanup();
    free(client->transfer);
    free(client->settings.user);
    if (client->settings.password)
        explicit_bzero(client->settings.password,
                       strlen(client->settings.password));
    free(client->settings.password);
    free(client->settings.ca_file);
    free(client);
}

void http_exchange_init(struct http_exchange *ex, size_t answer_max)
{
    memset(ex, 0, sizeof(*ex));
    buf_init(&ex->head, HTTP_HEAD_BYTES_MAX);
    buf_init(&ex->answer, answer_max);
}

void http_exchange_release(struct http_exchange *ex)
{
    buf_release(&ex->head);
    buf_release(&ex->answer);
    free(ex->moved_to);
    ex->moved_to = NULL;
}

bool http_stopped(const struct http_client *client)
{
    return (client->stop && *client->stop) || turn_is_over(client->turn);
}

static void wait_in_line(struct http_client *client, struct http_exchange *ex)
{
    struct http_exchange **link = &client->waiting;

    while (*link)
        link = &(*link)->next;
    ex->next = NULL;
    *link = ex;
}

void http_start(struct http_client *client, struct http_exchange *ex)
{
    ex->under_way = true;
    ex->redirects = 0;
    if (!ex->failed)
        ex->not_before_ms = 0;
    free(ex->moved_to);
    ex->moved_to = NULL;
    wait_in_line(client, ex);
}

static void complete(struct http_exchange *ex)
{
    ex->under_way = false;
    if (ex->done)
        ex->done(ex);
}

/* Full jitter: anything between nothing and the whole of the backoff. */
static int64_t backoff_draw(const struct http_client *client, size_t failed)
{
    int64_t most = client->backoff_ms;
    uint64_t draw = 0;

    while (failed-- > 1 && most < HTTP_BACKOFF_MS_MAX)
        most *= 2;
    if (most > HTTP_BACKOFF_MS_MAX)
        most = HTTP_BACKOFF_MS_MAX;
    if (getrandom(&draw, sizeof(draw), 0) != sizeof(draw))
        return most;
    return (int64_t)(draw % (uint64_t)most);
}

static void failed_try(struct http_client *client, struct http_exchange *ex,
                       long retry_after_s)
{
    int64_t now = clock_steady_ms();
    int64_t wait;

    /* Many a "coming soon" page sends one for years; only HEAD gets those. */
    if (ex->method == HTTP_HEAD)
        retry_after_s = 0;
    ex->failed++;
    wait = backoff_draw(client, ex->failed) + retry_after_s * 1000;
    ex->not_before_ms = now + wait;
    if (retry_after_s && now + retry_after_s * 1000 > client->not_before_ms)
        client->not_before_ms = now + retry_after_s * 1000;
    if (ex->once || ex->failed > client->retries) {
        complete(ex);
        return;
    }
    log_warn("http_retry", "try=%zu wait_ms=%lld error=%s", ex->failed + 1,
             (long long)wait, log_quote(span_str(ex->error.text)).text);
    wait_in_line(client, ex);
}

static void transfer_done(struct http_client *client,
                          struct http_transfer *transfer, CURLcode code)
{
    struct http_exchange *ex = transfer->ex;
    long retry_after_s = 0;
    enum http_end end;

    curl_multi_remove_handle(client->multi, transfer->easy);
    client->active--;
    end = http_transfer_end(transfer, code, &retry_after_s);
    ex->not_before_ms = 0;
    if (end == HTTP_END_DONE)
        complete(ex);
    else if (end == HTTP_END_MOVED)
        wait_in_line(client, ex);
    else
        failed_try(client, ex, retry_after_s);
}

static void collect_done(struct http_client *client)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(client->multi, &left))) {
        CURLcode code = message->data.result;
        char *transfer = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        transfer_done(client, (struct http_transfer *)(void *)transfer, code);
    }
}

static struct http_transfer *idle_transfer(struct http_client *client)
{
    for (size_t i = 0; i < client->in_flight; i++)
        if (!client->transfer[i].ex)
            return &client->transfer[i];
    return NULL;
}

static int64_t start_time(const struct http_client *client,
                          const struct http_exchange *ex)
{
    return ex->not_before_ms > client->not_before_ms ? ex->not_before_ms
                                                     : client->not_before_ms;
}

/* Take the first in line that may start now out of it, or NULL. */
static struct http_exchange *take_ready(struct http_client *client,
                                        int64_t now)
{
    struct http_exchange **link = &client->waiting;
    struct http_exchange *ex;

    while (*link && start_time(client, *link) > now)
        link = &(*link)->next;
    ex = *link;
    if (ex)
        *link = ex->next;
    return ex;
}

static void send_ready(struct http_client *client)
{
    int64_t now = clock_steady_ms();
    struct http_transfer *transfer = idle_transfer(client);

    while (transfer) {
        struct http_exchange *ex = take_ready(client, now);

        if (!ex)
            return;
        if (http_transfer_begin(transfer, &client->settings, ex)) {
            curl_multi_add_handle(client->multi, transfer->easy);
            client->active++;
        } else {
            complete(ex);
        }
        transfer = idle_transfer(client);
    }
}

static void complete_stopped(struct http_exchange *ex)
{
    error_set(&ex->error, ERROR_SITE_GONE, "%.*s: stopped before an answer",
              SPAN_ARG(http_url_brief(ex->url)));
    complete(ex);
}

/*
 * Nothing more is sent. Reads are dropped; a write that may have arrived gets
 * a little time, so that its outcome is known.
 */
static void drop_stopped(struct http_client *client)
{
    int64_t now = clock_steady_ms();
    struct http_exchange *ex;

    if (!client->stopped_ms)
        client->stopped_ms = now;
    for (size_t i = 0; i < client->in_flight; i++) {
        struct http_transfer *transfer = &client->transfer[i];
        long ignored;

        ex = transfer->ex;
        if (!ex || (ex->method == HTTP_POST &&
                    now - client->stopped_ms < HTTP_STOP_GRACE_MS))
            continue;
        curl_multi_remove_handle(client->multi, transfer->easy);
        client->active--;
        (void)http_transfer_end(transfer, CURLE_ABORTED_BY_CALLBACK, &ignored);
        complete_stopped(ex);
    }
    while ((ex = client->waiting)) {
        client->waiting = ex->next;
        complete_stopped(ex);
    }
}

static int poll_ms(const struct http_client *client)
{
    int64_t now = clock_steady_ms();
    int64_t wait = STOP_CHECK_MS;

    /* Who waits for a transfer is woken by the end of another. */
    if (client->active == client->in_flight)
        return STOP_CHECK_MS;
    for (const struct http_exchange *ex = client->waiting; ex; ex = ex->next)
        if (start_time(client, ex) - now < wait)
            wait = start_time(client, ex) - now;
    return wait > 0 ? (int)wait : 0;
}

/* Do what can be done without waiting. */
static void take_turn(struct http_client *client)
{
    int running;

    if (http_stopped(client))
        drop_stopped(client);
    else
        send_ready(client);
    curl_multi_perform(client->multi, &running);
    collect_done(client);
}

void http_run(struct http_client *client)
{
    client->stopped_ms = 0;
    while (client->active || client->waiting) {
        take_turn(client);
        if (client->active || client->waiting)
            curl_multi_poll(client->multi, NULL, 0, poll_ms(client), NULL);
    }
}

void http_wait(struct http_client *client, const struct http_exchange *ex)
{
    client->stopped_ms = 0;
    while (ex->under_way) {
        take_turn(client);
        if (ex->under_way)
            curl_multi_poll(client->multi, NULL, 0, poll_ms(client), NULL);
    }
}

/* Each turn of libcurl's gives away a piece of a body, not all of it. */
void http_push(struct http_client *client)
{
    int running, ready = 1;

    if (http_stopped(client))
        return;
    send_ready(client);
    for (size_t i = 0; ready && i < PUSH_TURNS_MAX; i++) {
        curl_multi_perform(client->multi, &running);
        curl_multi_poll(client->multi, NULL, 0, 0, &ready);
    }
}

enum error_code http_fetch(struct http_client *client,
                           struct http_exchange *ex, struct error *err)
{
    http_start(client, ex);
    http_run(client);
    if (ex->error.code)
        *err = ex->error;
    return ex->error.code;
}

bool http_header(const struct http_exchange *ex, struct span name, size_t *at,
                 struct span *value)
{
    struct span head = buf_span(&ex->head);

    while (*at < head.len) {
        struct span rest = span_cut(head, *at, head.len);
        struct span line = span_cut(rest, 0, span_find_char(rest, '\n'));
        size_t colon = span_find_char(line, ':');

        *at += line.len + 1;
        if (!span_eq_nocase(span_cut(line, 0, colon), name))
            continue;
        *value = span_trim(span_cut(line, colon + 1, line.len));
        return true;
    }
    return false;
}

struct span http_url_brief(struct span url)
{
    /* Without pretty permalinks the path itself is in the query. */
    bool plain = span_find(url, SPAN_LIT("?rest_route=")) < url.len;

    return span_cut(url, 0, span_find_char(url, plain ? '&' : '?'));
}
