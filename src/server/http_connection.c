/*
 * A request's way: request line, head, body, handler, answer. The library
 * calls connection_advance at each step; `stage` remembers which it was.
 */
#include "server/http_connection.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "server/http_stream.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A kept connection may be silent for so long between two requests. */
#define IDLE_MS 60000

/* Of a body that is refused, so many times its ceiling is read past. */
#define DROP_TIMES 4

/* Memory that one large request leaves is not kept for the next. */
#define KEEP_BYTES ((size_t)256 << 10)
#define ARENA_KEPT ((size_t)64 << 10)

#define BODY_BYTES_MAX ((size_t)64 << 20)

/* What may be there once; who sends two wants us and a proxy to differ. */
static const struct span single[] = {
    { "Host", 4 },
    { "Content-Length", 14 },
    { "Content-Type", 12 },
    { "Authorization", 13 },
    { "Cookie", 6 },
    { "Origin", 6 },
    { "X-CSRF-Token", 12 },
    { "Transfer-Encoding", 17 },
    { "webhook-id", 10 },
    { "webhook-timestamp", 17 },
    { "webhook-signature", 17 },
    { "X-Hub-Signature-256", 19 },
    { "X-Coral-Signature", 17 },
};

#define SINGLE_NR (sizeof(single) / sizeof(single[0]))

struct head {
    unsigned seen; /* bit i: single[i] */
    bool twice;
};

static void deadline_set(struct connection *c, long ms)
{
    c->deadline_ms = ms ? clock_steady_ms() + ms : 0;
}

struct connection *connection_new(struct http_server *server,
                                  struct MHD_Connection *mhd)
{
    struct connection *c = xcalloc(1, sizeof(*c));

    c->server = server;
    c->mhd = mhd;
    c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)
                ->connect_fd;
    arena_init(&c->arena);
    buf_init(&c->body, BODY_BYTES_MAX);
    deadline_set(c, server->options.slow_ms);
    return c;
}

void connection_free(struct connection *c)
{
    arena_release(&c->arena);
    buf_release(&c->body);
    free(c);
}

struct span http_request_header(const struct http_request *request,
                                const char *name)
{
    const struct connection *c = (const struct connection *)request;
    const char *value = NULL;
    size_t len = 0;

    if (MHD_lookup_connection_value_n(c->mhd, MHD_HEADER_KIND, name,
                                      strlen(name), &value, &len) != MHD_YES)
        return SPAN_LIT("");
    return (struct span){ value, value ? len : 0 };
}

void connection_begin(struct connection *c, const char *uri)
{
    struct span whole = arena_dup(&c->arena, span_str(uri));
    size_t mark = span_find_char(whole, '?');

    c->request = (struct http_request){
        .path = span_cut(whole, 0, mark),
        .query = span_cut(whole, mark + 1, whole.len),
        .arena = &c->arena,
    };
    c->answer = (struct http_answer){ 0 };
    c->route = NULL;
    c->dropped = 0;
    c->stage = STAGE_HEAD;
    c->began_us = clock_steady_us();
    c->server->active++;
    deadline_set(c, c->server->options.slow_ms);
}

static enum MHD_Result look_at_header(void *context, enum MHD_ValueKind kind,
                                      const char *name, const char *value)
{
    struct head *head = context;
    struct span asked = span_str(name);

    (void)kind;
    (void)value;
    for (size_t i = 0; i < SINGLE_NR; i++) {
        if (!span_eq_nocase(asked, single[i]))
            continue;
        head->twice = head->twice || (head->seen & (1U << i));
        head->seen |= 1U << i;
    }
    return MHD_YES;
}

static void refuse(struct connection *c, unsigned status, const char *why,
                   const char *text)
{
    http_answer_refuse(&c->answer, &c->arena, status, why, text);
}

/* A head that two programs might read in two ways. */
static void head_check(struct connection *c)
{
    struct head head = { 0 };

    MHD_get_connection_values(c->mhd, MHD_HEADER_KIND, look_at_header, &head);
    if (head.twice)
        refuse(c, 400, "header_twice",
               "a header that may be there once is there twice");
    else if (http_request_header(&c->request, "Transfer-Encoding").len &&
             http_request_header(&c->request, "Content-Length").len)
        refuse(c, 400, "two_lengths",
               "both Content-Length and Transfer-Encoding; send one of them");
}

static void client_find(struct connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct address address = address_of(info->client_addr);
    struct span scheme = http_request_header(&c->request, "X-Forwarded-Proto");

    c->request.near = address_is_loopback(&address) &&
                      !span_eq_nocase(scheme, SPAN_LIT("http"));
    c->request.https = address_list_has(&c->server->proxies, &address) &&
                       span_eq_nocase(scheme, SPAN_LIT("https"));
    if (c->server->proxies.nr)
        address = address_client(
            &c->server->proxies, address,
            http_request_header(&c->request, "X-Forwarded-For"));
    c->request.client = address_text(&c->arena, &address);
}

static bool path_fits(const struct http_route *route, struct span path,
                      struct span *tail)
{
    struct span pattern = span_str(route->path);

    *tail = SPAN_LIT("");
    if (!span_ends(pattern, SPAN_LIT("*")))
        return span_eq(pattern, path);
    pattern.len--;
    *tail = span_cut(path, pattern.len, path.len);
    return span_starts(path, pattern);
}

static bool method_fits(const struct http_route *route, struct span method)
{
    return span_eq(method, span_str(route->method)) ||
           (span_eq(method, SPAN_LIT("HEAD")) &&
            !strcmp(route->method, "GET"));
}

/* The methods that this path takes; empty where there is no such path. */
static struct span methods_of(struct connection *c)
{
    const struct http_route *route = c->server->options.route;
    struct span allow = SPAN_LIT("");
    struct span tail;

    for (; route->method; route++)
        if (path_fits(route, c->request.path, &tail))
            allow = arena_printf(&c->arena, "%.*s%s%s", SPAN_ARG(allow),
                                 allow.len ? ", " : "", route->method);
    return allow;
}

static void route_find(struct connection *c)
{
    const struct http_route *route = c->server->options.route;
    struct span allow;

    for (; route->method && !c->route; route++)
        if (path_fits(route, c->request.path, &c->request.tail) &&
            method_fits(route, c->request.method))
            c->route = route;
    if (c->route)
        return;
    allow = methods_of(c);
    if (!allow.len) {
        refuse(c, 404, "no_such_path", "there is nothing at this path");
        return;
    }
    refuse(c, 405, "method", "this path wants another method; see Allow");
    http_answer_header(&c->answer, "Allow", allow);
}

static size_t body_max(const struct connection *c)
{
    return c->route && c->route->body_max ? c->route->body_max
                                          : c->server->options.body_max;
}

static void refuse_size(struct connection *c)
{
    char text[128];

    snprintf(text, sizeof(text), "the body may have %zu bytes at most",
             body_max(c));
    refuse(c, 413, "too_large", text);
}

static void rate_check(struct connection *c)
{
    long seconds = 1;

    if (!c->server->limit || (c->route && c->route->unlimited) ||
        limit_take(c->server->limit, c->request.client, clock_steady_ms(),
                   &seconds))
        return;
    c->answer = (struct http_answer){ 0 };
    http_answer_later(&c->answer, &c->arena, 429, "rate_address", seconds);
}

static void length_check(struct connection *c)
{
    struct span text = http_request_header(&c->request, "Content-Length");
    long long len = 0;

    if (!text.len)
        return;
    if (!span_to_long(text, &len) || len < 0)
        refuse(c, 400, "bad_length", "Content-Length is no number");
    else if ((unsigned long long)len > body_max(c))
        refuse_size(c);
    else
        (void)buf_reserve(&c->body, (size_t)len);
}

/* The head is there: who is it, where does it go, will it be taken? */
static void head_take(struct connection *c, const char *method)
{
    void (*const check[])(struct connection * c) = { head_check,
                                                     length_check };

    c->request.method = span_str(method);
    c->request.came_ms = clock_now_ms();
    client_find(c);
    route_find(c);
    rate_check(c);
    for (size_t i = 0; i < sizeof(check) / sizeof(check[0]); i++)
        if (!c->answer.status)
            check[i](c);
    deadline_set(c, c->server->options.slow_ms);
}

/* False when even reading past it is too much. */
static bool body_take(struct connection *c, const char *data, size_t len)
{
    size_t max = body_max(c);

    if (!c->answer.status && c->body.len + len > max)
        refuse_size(c);
    if (!c->answer.status) {
        buf_add(&c->body, (struct span){ data, len });
        return true;
    }
    c->dropped += len;
    return c->dropped <= DROP_TIMES * max;
}

static bool answer_queue(struct connection *c)
{
    const struct http_answer *answer = &c->answer;
    struct MHD_Response *response;
    enum MHD_Result queued;
    struct meter *meter = c->server->options.meter;

    if (!answer->status)
        refuse(c, 500, "internal", "sluice could not answer; see its log");
    if (answer->stream)
        response = http_stream_response(answer->stream, c->mhd);
    else
        /* The library takes no const, and writes nothing. */
        response = MHD_create_response_from_buffer(
            answer->body.len, (void *)(uintptr_t)answer->body.ptr,
            MHD_RESPMEM_PERSISTENT);
    if (!response)
        return false;
    MHD_add_response_header(response, "Content-Type",
                            answer->type ? answer->type
                                         : "text/plain; charset=utf-8");
    for (size_t i = 0; i < answer->nr; i++)
        MHD_add_response_header(response, answer->header[i].name,
                                answer->header[i].value.ptr);
    if (c->server->draining)
        MHD_add_response_header(response, "Connection", "close");
    queued = MHD_queue_response(c->mhd, answer->status, response);
    MHD_destroy_response(response);
    c->stage = STAGE_ANSWERED;
    deadline_set(c, answer->stream ? 0 : c->server->options.slow_ms);
    if (meter)
        meter_answer(meter, c->route ? c->route->door : METER_OTHER,
                     answer->status, answer->refused,
                     clock_steady_us() - c->began_us);
    return queued == MHD_YES;
}

void http_request_suspend(struct http_request *request)
{
    struct connection *c = (struct connection *)request;

    c->stage = STAGE_SUSPENDED;
    deadline_set(c, 0);
    c->server->handling++;
    MHD_suspend_connection(c->mhd);
}

void http_request_resume(struct http_request *request,
                         const struct http_answer *answer)
{
    struct connection *c = (struct connection *)request;

    struct http_server *server = c->server;

    c->answer = *answer;
    MHD_resume_connection(c->mhd);
    server->handling--;
}

/* A refusal goes out at once where the body has not been promised yet. */
static bool waits_for_permission(struct connection *c)
{
    return http_request_header(&c->request, "Expect").len != 0;
}

/*
 * A request may come on an old connection after the last one was answered and
 * before the server stops; it must not be suspended then.
 */
static void ask_handler(struct connection *c, struct http_answer *answer)
{
    struct http_server *server = c->server;

    server->handling++;
    if (server->closed)
        http_answer_later(answer, &c->arena, 503, "draining", 1);
    else
        c->route->handler(c->route->context, &c->request, answer);
    server->handling--;
}

/* All is there. The handler answers, or somebody else will. */
static bool handle(struct connection *c)
{
    struct http_answer answer = { 0 };

    if (c->answer.status)
        return answer_queue(c);
    c->request.body = buf_span(&c->body);
    ask_handler(c, &answer);
    /* Only we read the stage, so it is ours even when the request is not. */
    if (c->stage == STAGE_SUSPENDED)
        return true;
    c->answer = answer;
    return answer_queue(c);
}

bool connection_advance(struct connection *c, const char *method,
                        const char *data, size_t *len)
{
    size_t came = *len;

    *len = 0;
    switch (c->stage) {
    case STAGE_IDLE:
    case STAGE_HEAD:
        *len = came;
        c->stage = STAGE_BODY;
        head_take(c, method);
        return c->answer.status && waits_for_permission(c) ? answer_queue(c)
                                                           : true;
    case STAGE_BODY:
        return came ? body_take(c, data, came) : handle(c);
    case STAGE_SUSPENDED:
        return answer_queue(c);
    case STAGE_ANSWERED:
        break;
    }
    return true;
}

void connection_completed(struct connection *c, bool sent)
{
    if (!sent && c->stage == STAGE_BODY && c->server->options.meter)
        meter_refuse(c->server->options.meter, "cut_off");
    c->server->active--;
    c->stage = STAGE_IDLE;
    if (c->arena.held > ARENA_KEPT)
        arena_release(&c->arena);
    else
        arena_reset(&c->arena);
    if (c->body.alloc > KEEP_BYTES) {
        buf_release(&c->body);
        buf_init(&c->body, BODY_BYTES_MAX);
    }
    buf_reset(&c->body);
    deadline_set(c, IDLE_MS);
}
