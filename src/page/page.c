/*
 * A request's way at the page: from the server's thread into a queue, from
 * there to one of the page's threads; is it private, is it ours, who is it,
 * may he; then to whoever answers.
 */
#include "page/page.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "page/guard.h"
#include "page/route.h"
#include "page/visit.h"

#include <pthread.h>
#include <stdlib.h>

/* Of an answer: a page of long comments. */
#define ANSWER_BYTES_MAX ((size_t)8 << 20)

#define BUSY_S 2

struct desk_clerk {
    struct page *page;
    struct store *store;
    pthread_t thread;
    bool started;
};

struct page {
    struct page_options options;
    struct throttle *throttle;
    struct listeners *listeners;
    struct desk_clerk clerk[PAGE_THREADS];
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t wake;
    struct visit *first;
    struct visit **last;
    size_t waiting;
    bool stopping;
};

static bool is_reading(const struct visit *visit)
{
    return span_eq(visit->request->method, SPAN_LIT("GET"));
}

static void find_session(struct visit *visit)
{
    struct span cookie = guard_cookie(visit->request);
    struct error err;
    bool found;

    if (!cookie.len)
        return;
    visit->token =
        arena_dup(visit->arena, span_str(secret_sha256(cookie).text));
    if (session_find(visit->store, visit->arena, visit->token,
                     visit->request->came_ms, &visit->session, &found, &err))
        visit_fail(visit, &err);
}

static enum error_code touch(void *context, struct store *store,
                             struct error *err)
{
    const struct visit *visit = context;

    return session_touch(store, visit->token, visit->request->came_ms, err);
}

/*
 * Use of a session is noted now and then; while the store takes no writing,
 * another time.
 */
static void note_use(const struct visit *visit)
{
    struct error err;

    if (visit->session.login.len &&
        visit->request->came_ms - visit->session.seen_ms > SESSION_TOUCH_MS &&
        writer_call(visit->writer, touch, (void *)visit, &err))
        log_warn("use_not_noted", "error=%s",
                 log_quote(span_str(err.text)).text);
}

static void may_it(struct visit *visit, const struct route *route)
{
    struct span csrf = http_request_header(visit->request, "X-CSRF-Token");
    bool known = visit->session.login.len > 0;

    if (!is_reading(visit) && (!csrf.len || !guard_is_own(visit->request)))
        visit_refuse(visit, 403, "origin",
                     "this can only be asked by the page itself, with the "
                     "header X-CSRF-Token");
    else if (route->need != ROUTE_OPEN && !known)
        visit_refuse(visit, 401, "auth", "sign in first");
    else if (route->need != ROUTE_OPEN && !is_reading(visit) &&
             !secret_eq(csrf, visit->session.csrf))
        visit_refuse(visit, 403, "csrf",
                     "X-CSRF-Token is not this session's; load the page "
                     "again");
    else if (route->need == ROUTE_ADMIN &&
             visit->session.role != ACCOUNT_ADMIN)
        visit_refuse(visit, 403, "role", "only an admin may do this");
}

static void read_body(struct visit *visit, const struct route *route,
                      struct json_doc *doc)
{
    struct error err;

    if (!route->body)
        return;
    if (!http_request_is_type(visit->request, "application/json"))
        visit_refuse(visit, 400, "content_type", "send application/json");
    else if (json_parse(doc, visit->request->body, &err))
        visit_refuse(visit, 400, "invalid", err.text);
    else if (!json_is_object(doc->root))
        visit_refuse(visit, 400, "invalid", "the body must be a JSON object");
    else
        visit->body = doc->root;
}

static const struct route *find_route(struct visit *visit)
{
    struct span allow;
    const struct route *route =
        route_find(visit->arena, visit->request->method, visit->request->path,
                   &visit->param, &allow);

    if (route)
        return route;
    if (!allow.len) {
        visit_refuse(visit, 404, "no_such_path",
                     "there is nothing at this path");
        return NULL;
    }
    visit_refuse(visit, 405, "method",
                 "this path wants another method; see Allow");
    http_answer_header(&visit->answer, "Allow", allow);
    return NULL;
}

static void read_query(struct visit *visit)
{
    struct error err;

    if (form_parse(&visit->query, visit->arena, visit->request->query, &err))
        visit_refuse(visit, 400, "invalid", err.text);
}

/* Step by step, as long as nothing has settled the answer. */
static void answer_visit(struct visit *visit)
{
    struct http_answer *answer = &visit->answer;
    const struct route *route = find_route(visit);
    struct json_doc doc = { NULL };

    if (!answer->status)
        find_session(visit);
    if (!answer->status)
        may_it(visit, route);
    if (!answer->status)
        read_query(visit);
    if (!answer->status)
        read_body(visit, route, &doc);
    if (!answer->status)
        note_use(visit);
    if (!answer->status)
        route->answer(visit);
    if (doc.root)
        json_release(&doc);
}

static void finish(struct visit *visit)
{
    struct http_answer *answer = &visit->answer;

    if (visit->out.full)
        visit_refuse(visit, 500, "too_large", "the answer is too large");
    if (!answer->status)
        answer->status = 200;
    /* A refusal has its own; what was written before it is dropped. */
    if (visit->out.len && !answer->body.len)
        answer->body = arena_dup(visit->arena, buf_span(&visit->out));
    if (!answer->stream)
        answer->type = "application/json";
    guard_headers(answer);
    http_answer_header(answer, "Cache-Control", SPAN_LIT("no-store"));
    buf_release(&visit->out);
    http_request_resume(visit->request, answer);
}

static struct visit *take(struct page *page)
{
    struct visit *visit;

    pthread_mutex_lock(&page->lock);
    while (!page->first && !page->stopping)
        pthread_cond_wait(&page->wake, &page->lock);
    visit = page->first;
    if (visit) {
        page->first = visit->next;
        page->waiting--;
        if (!page->first)
            page->last = &page->first;
    }
    pthread_mutex_unlock(&page->lock);
    return visit;
}

static void *work(void *context)
{
    struct desk_clerk *clerk = context;
    struct visit *visit = take(clerk->page);

    while (visit) {
        visit->store = clerk->store;
        answer_visit(visit);
        finish(visit);
        visit = take(clerk->page);
    }
    return NULL;
}

static bool put_in_queue(struct page *page, struct visit *visit)
{
    bool room;

    pthread_mutex_lock(&page->lock);
    room = page->waiting < PAGE_WAITING_MAX;
    if (room) {
        *page->last = visit;
        page->last = &visit->next;
        page->waiting++;
        pthread_cond_signal(&page->wake);
    }
    pthread_mutex_unlock(&page->lock);
    return room;
}

void page_handle(void *context, struct http_request *request,
                 struct http_answer *answer)
{
    struct page *page = context;
    struct visit *visit = arena_zalloc(request->arena, 1, sizeof(*visit));
    struct http_answer busy = { 0 };

    if (!page->options.over_http && !guard_is_private(request)) {
        http_answer_refuse(answer, request->arena, 403, "plain_http",
                           "the page is served by https only");
        return;
    }
    visit->page = page;
    visit->writer = page->options.writer;
    visit->house = page->options.house;
    visit->throttle = page->throttle;
    visit->listeners = page->listeners;
    visit->request = request;
    visit->arena = request->arena;
    buf_init(&visit->out, ANSWER_BYTES_MAX);
    http_request_suspend(request);
    if (put_in_queue(page, visit))
        return;
    http_answer_later(&busy, request->arena, 503, "busy", BUSY_S);
    http_request_resume(request, &busy);
}

static enum error_code clerk_start(struct desk_clerk *clerk, struct page *page,
                                   struct error *err)
{
    enum error_code rc = store_open_to_read(
        &clerk->store, writer_url(page->options.writer), err);

    clerk->page = page;
    if (!rc && pthread_create(&clerk->thread, NULL, work, clerk) != 0)
        rc = error_set(err, ERROR_CONFIG, "no thread could be started");
    clerk->started = !rc;
    return rc;
}

enum error_code page_start(struct page **page,
                           const struct page_options *options,
                           struct error *err)
{
    struct page *made = xcalloc(1, sizeof(*made));
    enum error_code rc = ERROR_NONE;

    made->options = *options;
    made->throttle = throttle_new();
    made->last = &made->first;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->wake, NULL);
    for (size_t i = 0; i < PAGE_THREADS && !rc; i++)
        rc = clerk_start(&made->clerk[i], made, err);
    if (!rc)
        rc = listeners_start(&made->listeners, writer_url(options->writer),
                             err);
    if (rc)
        page_stop(made);
    else
        *page = made;
    return rc;
}

void page_end_streams(struct page *page)
{
    if (page)
        listeners_end(page->listeners);
}

void page_stop(struct page *page)
{
    if (!page)
        return;
    pthread_mutex_lock(&page->lock);
    page->stopping = true;
    pthread_cond_broadcast(&page->wake);
    pthread_mutex_unlock(&page->lock);
    for (size_t i = 0; i < PAGE_THREADS; i++) {
        if (page->clerk[i].started)
            pthread_join(page->clerk[i].thread, NULL);
        store_close(page->clerk[i].store);
    }
    listeners_stop(page->listeners);
    throttle_free(page->throttle);
    pthread_cond_destroy(&page->wake);
    pthread_mutex_destroy(&page->lock);
    free(page);
}

struct first_link {
    struct secret_token token;
    bool made;
};

static enum error_code make_first_link(void *context, struct store *store,
                                       struct error *err)
{
    struct first_link *link = context;
    struct secret_token hash = secret_sha256(span_str(link->token.text));
    const struct invite invite = {
        .role = ACCOUNT_ADMIN,
        .expires_ms = clock_now_ms() + PAGE_LINK_MS,
    };
    size_t nr = 0;
    enum error_code rc = account_count(store, ACCOUNT_ADMIN, &nr, err);

    if (rc || nr)
        return rc;
    link->made = true;
    return invite_put(store, span_str(hash.text), &invite, err);
}

enum error_code page_first_link(struct page *page, struct arena *arena,
                                struct span *link, struct error *err)
{
    struct first_link made = { secret_token(), false };
    enum error_code rc =
        writer_call(page->options.writer, make_first_link, &made, err);

    *link = SPAN_LIT("");
    if (!rc && made.made)
        *link = arena_printf(arena, "/#/setup?token=%s", made.token.text);
    return rc;
}
