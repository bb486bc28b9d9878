/* sluice serve: comments reach us the moment they are posted. */
#include "app/command.h"
#include "app/layer.h"
#include "app/notify.h"
#include "app/serve_desk.h"
#include "app/serve_page.h"
#include "app/serve_wait.h"
#include "app/serve_worker.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/late.h"
#include "base/log.h"
#include "server/akismet.h"
#include "server/coral.h"
#include "server/http_server.h"
#include "server/judge_api.h"
#include "server/ops.h"
#include "server/webhook.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MS_PER_S 1000

/* What came before the signal is answered within this, or given up. */
#define DRAIN_MS 10000

/* How often it is seen whether the store can still be written to, and whether
 * a site has learned something. */
#define CHECK_MS 5000

/* A store that is asked for so long does not answer. */
#define ANSWER_MS 2000

#define ROUTES_MAX 32

/* The C library's pools of memory, and by how much one grows. */
#define ARENAS 4
#define TOP_PAD (1 << 20)

struct serve {
    const struct call *call;
    const sigset_t *signals; /* blocked, for the main thread to ask for */
    struct tallies tallies;
    struct meter meter;
    struct writer *writer;
    struct intake *intake;
    struct node *node;   /* this one among others */
    struct store *store; /* the main thread's */
    struct serve_desk desk;
    struct ops ops;
    struct serve_page page;
    struct http_route route[ROUTES_MAX]; /* the rest is zeroes */
    struct http_server *server;
    struct hall *hall;
    pthread_mutex_t lock;   /* for the workers */
    struct worker **worker; /* one for each site of the hall */
    size_t nr;
    atomic_bool store_fails;   /* the last check did */
    _Atomic(int64_t) asked_ms; /* steady: when the check began; 0: ended */
    atomic_bool draining;
    int64_t checked_ms;
};

static void wake_worker(struct serve *serve, struct span site,
                        void (*wake)(struct worker *worker))
{
    pthread_mutex_lock(&serve->lock);
    for (size_t i = 0; i < serve->nr; i++)
        if (serve->worker[i] &&
            span_eq(serve->hall->site[i].config->site.name, site))
            wake(serve->worker[i]);
    pthread_mutex_unlock(&serve->lock);
}

static void on_events(void *context, struct span site)
{
    wake_worker(context, site, worker_wake);
}

static void on_feedback(void *context, const struct feedback *feedback)
{
    serve_desk_learn(&((struct serve *)context)->desk, feedback);
}

/* Another node has called, or this one has looked round. */
static void on_call(void *context, struct span site)
{
    if (site.len)
        wake_worker(context, site, worker_tell);
    else
        (void)kill(getpid(), SIGHUP);
}

static void on_changed(void *context)
{
    struct serve *serve = context;

    node_call(serve->node, SPAN_LIT(""));
}

static void on_decided(void *context, struct span site)
{
    wake_worker(context, site, worker_tell);
}

static const char *not_ready(void *context)
{
    const struct serve *serve = context;
    int64_t asked_ms = serve->asked_ms;

    if (serve->draining)
        return "draining";
    if (asked_ms && clock_steady_ms() - asked_ms > ANSWER_MS)
        return "the store does not answer";
    return serve->store_fails ? "the store can't be written to" : NULL;
}

static void put_metrics(void *context, struct buf *out)
{
    struct serve *serve = context;
    struct hall *hall = serve_desk_hall(&serve->desk);
    struct arena arena;

    arena_init(&arena);
    tallies_put(out, &serve->tallies);
    serve_desk_put_depths(&serve->desk, out);
    meter_put_head(out, "sluice_model_info", "gauge",
                   "The model that judges, by site.");
    for (size_t i = 0; i < hall->nr; i++)
        buf_addf(out, "sluice_model_info{site=\"%.*s\",model=\"%.*s\"} 1\n",
                 SPAN_ARG(hall->site[i].config->site.name),
                 SPAN_ARG(judge_model(&hall->site[i].setup.judge, &arena)));
    arena_release(&arena);
    meter_put_head(out, "sluice_writer_queue", "gauge",
                   "What waits for the next commit.");
    meter_put(out, "sluice_writer_queue", SPAN_LIT(""),
              (double)writer_depth(serve->writer));
    meter_put_head(out, "sluice_intake_depth", "gauge",
                   "What was taken in and is not in the store yet.");
    meter_put(out, "sluice_intake_depth", SPAN_LIT(""),
              (double)intake_depth(serve->intake));
    hall_leave(hall);
}

static void check_store(struct serve *serve)
{
    struct error err;
    bool fails;

    serve->asked_ms = clock_steady_ms();
    fails = store_check(serve->store, &err) != ERROR_NONE;
    serve->asked_ms = 0;
    if (fails && !serve->store_fails)
        log_error("store_fails", "error=%s",
                  log_quote(span_str(err.text)).text);
    serve->store_fails = fails;
}

static void stop_workers(struct serve *serve)
{
    struct worker **worker = serve->worker;
    size_t nr = serve->nr;

    pthread_mutex_lock(&serve->lock);
    serve->worker = NULL;
    serve->nr = 0;
    pthread_mutex_unlock(&serve->lock);
    for (size_t i = 0; i < nr; i++)
        worker_stop(worker[i]);
    free(worker);
}

/* Those that did not start are named; the others work. */
static void start_workers(struct serve *serve, struct hall *hall)
{
    struct worker **worker = xcalloc(hall->nr, sizeof(*worker));
    struct error err;

    for (size_t i = 0; i < hall->nr; i++)
        if (worker_start(&worker[i], &hall->site[i], serve->writer,
                         serve->node, &err))
            log_error("no_worker", "site=%s error=%s",
                      hall->site[i].tally->name,
                      log_quote(span_str(err.text)).text);
    pthread_mutex_lock(&serve->lock);
    serve->worker = worker;
    serve->nr = hall->nr;
    serve->hall = hall;
    pthread_mutex_unlock(&serve->lock);
}

/*
 * Read everything anew and go on with it; on an error, with what we have. The
 * old hall's workers end before the new ones begin, for two must not work off
 * one inbox. Meanwhile events are taken in as ever.
 */
static enum error_code enter_new_hall(struct serve *serve, struct error *err)
{
    struct hall *old = serve->hall;
    struct hall *hall = NULL;
    enum error_code rc = hall_new(&hall, serve->call, &serve->tallies, err);

    if (rc)
        return rc;
    rc = hall_begin_runs(hall, serve->store, err);
    if (rc) {
        hall_leave(hall);
        return rc;
    }
    serve_desk_open_hall(&serve->desk, hall);
    stop_workers(serve);
    start_workers(serve, hall);
    if (old)
        hall_leave(old);
    return ERROR_NONE;
}

static void reload(struct serve *serve)
{
    struct error err;

    notify_reloading();
    if (enter_new_hall(serve, &err))
        log_error("not_reloaded", "error=%s hint=%s",
                  log_quote(span_str(err.text)).text,
                  log_quote(SPAN_LIT("all goes on as it was")).text);
    else
        log_info("reloaded", "sites=%zu", serve->hall->nr);
    notify("READY=1");
}

/* 'sluice learn' and 'sluice models' leave what they did in the store. */
static bool has_learned(struct serve *serve)
{
    const struct hall *hall = serve->hall;
    bool changed = false;
    struct error err;

    for (size_t i = 0; !changed && i < hall->nr; i++)
        if (layer_changed(&hall->site[i].setup, serve->store,
                          hall->site[i].config, &changed, &err))
            log_error("layer_unknown", "site=%s error=%s",
                      hall->site[i].tally->name,
                      log_quote(span_str(err.text)).text);
    return changed;
}

static void look_round(struct serve *serve)
{
    if (clock_steady_ms() - serve->checked_ms < CHECK_MS)
        return;
    check_store(serve);
    if (!serve->store_fails && has_learned(serve))
        reload(serve);
    serve->checked_ms = clock_steady_ms();
}

/* Those of the page, behind the first `nr`. */
static void list_page_routes(struct serve *serve, size_t nr)
{
    static const char *const method[] = { "GET", "POST", "PUT", "PATCH",
                                          "DELETE" };
    void *page = serve->page.page;
    void *assets = &serve->page.assets;

    serve->route[nr++] =
        (struct http_route){ "GET",      "/", assets_handle, assets,
                             METER_PAGE, 0,   false };
    serve->route[nr++] =
        (struct http_route){ "GET",      "/page/*", assets_handle, assets,
                             METER_PAGE, 0,         false };
    for (size_t i = 0; i < sizeof(method) / sizeof(method[0]); i++)
        serve->route[nr++] =
            (struct http_route){ method[i],  "/v1/page/*",  page_handle, page,
                                 METER_PAGE, PAGE_BODY_MAX, false };
}

static void list_routes(struct serve *serve)
{
    const struct http_route route[] = {
        { "POST", "/v1/hooks/*", webhook_handle, &serve->desk.desk, METER_HOOK,
          0, false },
        { "POST", "/v1/judge", judge_api_handle, &serve->desk.desk,
          METER_JUDGE, 0, false },
        { "POST", "/1.1/*", akismet_handle, &serve->desk.desk, METER_AKISMET,
          0, false },
        { "GET", "/1.1/*", akismet_handle, &serve->desk.desk, METER_AKISMET, 0,
          false },
        { "POST", "/1.2/*", akismet_handle, &serve->desk.desk, METER_AKISMET,
          0, false },
        { "GET", "/1.2/*", akismet_handle, &serve->desk.desk, METER_AKISMET, 0,
          false },
        { "POST", "/v1/coral/*", coral_handle, &serve->desk.desk, METER_CORAL,
          0, false },
        { "GET", "/healthz", ops_health, &serve->ops, METER_OPS, 0, true },
        { "GET", "/readyz", ops_ready, &serve->ops, METER_OPS, 0, true },
        { "GET", "/metrics", ops_metrics, &serve->ops, METER_OPS, 0, true },
    };

    memcpy(serve->route, route, sizeof(route));
    if (serve->page.page)
        list_page_routes(serve, sizeof(route) / sizeof(route[0]));
}

static enum error_code start_server(struct serve *serve, struct error *err)
{
    const struct config *config = &serve->hall->call.config;
    struct http_server_options options = {
        .listen = config->listen,
        .proxies = config->serve.proxies,
        .threads = config->serve.threads,
        .connections = config->serve.connections,
        .body_max = config->serve.body_max,
        .slow_ms = config->serve.slow_s * MS_PER_S,
        .rate = config->serve.rate_address,
        .route = serve->route,
        .meter = &serve->meter,
    };

    list_routes(serve);
    return http_server_start(&serve->server, &options, err);
}

/* `*told`: a signal came first, and there is none. */
static enum error_code open_store(struct serve *serve, bool *told,
                                  struct error *err)
{
    const struct config *config = &serve->call->config;
    const char *url = config->store.ptr;
    enum error_code rc = writer_start(&serve->writer, url, err);

    while (rc == ERROR_STORE && store_is_away(url)) {
        rc = serve_wait(config, serve->signals, err, told, err);
        if (rc || *told)
            return rc;
        rc = writer_start(&serve->writer, url, err);
    }
    return rc;
}

static enum error_code begin(struct serve *serve, struct error *err)
{
    const char *url = serve->call->config.store.ptr;
    const struct intake_listener listener = { serve, on_events, on_feedback };
    enum error_code rc;

    serve_desk_init(&serve->desk, serve->writer, &serve->tallies);
    serve->ops = (struct ops){ serve, not_ready, put_metrics, &serve->meter };
    rc = writer_store(serve->writer, &serve->store, err);
    if (!rc)
        rc = node_start(&serve->node, url, on_call, serve, err);
    if (!rc)
        rc = enter_new_hall(serve, err);
    if (!rc)
        rc = intake_start(&serve->intake, serve->writer, &listener, err);
    serve->desk.intake = serve->intake;
    serve->page.on_decided = on_decided;
    serve->page.on_changed = on_changed;
    serve->page.context = serve;
    if (!rc && serve->hall->call.config.serve.page)
        rc = serve_page_start(&serve->page, &serve->desk,
                              &serve->hall->call.config, err);
    return rc ? rc : start_server(serve, err);
}

/* In the order in which nobody is left waiting for somebody who is gone. */
static bool end(struct serve *serve)
{
    bool drained = true;
    size_t left = 0;

    serve_page_end_streams(&serve->page);
    if (serve->server)
        drained = http_server_drain(serve->server, DRAIN_MS);
    stop_workers(serve);
    if (serve->writer) {
        store_close(serve->store);
        http_server_stop(serve->server);
        serve_page_stop(&serve->page);
        left = intake_stop(serve->intake, DRAIN_MS);
        serve_desk_release(&serve->desk);
    }
    if (left)
        log_info("intake_left", "entries=%zu hint=%s", left,
                 log_quote(SPAN_LIT("they are kept for the next start")).text);
    node_stop(serve->node);
    writer_stop(serve->writer);
    if (serve->hall)
        hall_leave(serve->hall);
    return drained;
}

/* Signals come to the main thread alone, when it asks. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void serve_until_told(struct serve *serve, const sigset_t *set)
{
    const struct timespec second = { 1, 0 };

    for (;;) {
        int number = sigtimedwait(set, NULL, &second);

        if (number == SIGHUP)
            reload(serve);
        else if (number > 0)
            return;
        look_round(serve);
    }
}

/*
 * Each request takes and gives back some memory; without this the library
 * would ask the system for it, and give it back, as often.
 */
static void keep_memory(void)
{
    mallopt(M_ARENA_MAX, ARENAS);
    mallopt(M_TOP_PAD, TOP_PAD);
    mallopt(M_TRIM_THRESHOLD, 4 * TOP_PAD);
}

static void serve_until_end(struct serve *serve)
{
    log_info("serving", "listen=%s sites=%zu",
             log_quote(serve->hall->call.config.listen).text, serve->hall->nr);
    notify("READY=1\nSTATUS=");
    serve_until_told(serve, serve->signals);
    serve->draining = true;
    notify("STOPPING=1");
    log_info("draining", "hint=%s",
             log_quote(SPAN_LIT("what came is answered first")).text);
    if (!end(serve))
        log_warn("cut_short", "hint=%s",
                 log_quote(SPAN_LIT("a caller did not take its answer")).text);
    log_info("stopped", "hint=%s",
             log_quote(SPAN_LIT("inbox and outbox are kept")).text);
}

static enum exit_code run_serve(struct call *call)
{
    struct serve *serve = xcalloc(1, sizeof(*serve));
    enum exit_code code = EXIT_DONE;
    bool told = false;
    enum error_code rc;
    struct error err;
    sigset_t set;

    late_bind_all();
    keep_memory();
    block_signals(&set);
    serve->call = call;
    tallies_init(&serve->tallies);
    pthread_mutex_init(&serve->lock, NULL);
    serve->signals = &set;
    rc = open_store(serve, &told, &err);
    if (!rc && !told)
        rc = begin(serve, &err);
    if (rc) {
        code = call_failed(call, &err);
        (void)end(serve);
    } else if (!told) {
        serve_until_end(serve);
    }
    pthread_mutex_destroy(&serve->lock);
    tallies_release(&serve->tallies);
    free(serve);
    return code;
}

const struct command command_serve = {
    .name = "serve",
    .operands = "",
    .summary = "take comments by webhook, judge them, and tell the site",
    .help =
        "Listen for comments as they are posted: signed webhooks at "
        "/v1/hooks/<site>, and\n"
        "/v1/judge for programs. What was answered with 202 is on the disk, "
        "and will be\n"
        "judged and told to the site whatever happens. SIGTERM ends it when "
        "all is\n"
        "answered; SIGHUP reads configuration, lists and model anew. What "
        "'sluice learn'\n"
        "finds out is put to use within seconds.\n\n"
        "  SLUICE_SITE_HOOK_SECRET=whsec_... sluice serve --listen "
        "127.0.0.1:8080 \\\n      --site-name blog --site-kind wordpress "
        "--site-url https://blog.example\n",
    .run = run_serve,
};
