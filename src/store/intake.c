#include "store/intake.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/journal.h"
#include "store/record.h"
#include "store/sqlite.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX "-intake"
#define URL_PREFIX "sqlite:"

/* Carried over in one transaction, which other writers wait for. */
#define BATCH 512

/* After the store failed: a full disk does not empty within a second. */
#define PAUSE_MS 2000

#define MS_PER_S 1000
#define NS_PER_MS 1000000L

struct intake {
    struct writer *writer;   /* the store's */
    struct writer *keeper;   /* the journal's; NULL: none */
    struct journal *journal; /* the keeper's */
    struct journal_reader *reader;
    struct intake_listener listener;
    _Atomic(int64_t) carried; /* number of the last entry in the store */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake; /* something has been written */
    pthread_cond_t room;
    int64_t end_ms; /* steady; 0: not yet */
    bool running;
};

static const char select_carried[] =
    "SELECT carried FROM intake WHERE journal = ?";

static const char upsert_carried[] =
    "INSERT INTO intake (journal, carried) VALUES (?1, ?2)"
    " ON CONFLICT (journal) DO UPDATE SET carried = ?2";

/* What is being carried over in one transaction. */
struct load {
    struct intake *intake;
    struct store *store; /* the store proper */
    struct arena arena;  /* of the sites' names */
    struct span *site;   /* that got events; each once where they repeat */
    size_t nr;
    size_t alloc;
    size_t entries;
    int64_t run; /* one that the store knows */
    int64_t last;
    enum error_code rc;
    struct error err;
};

static enum error_code carried_get(struct intake *intake, struct store *store,
                                   int64_t *carried, struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, sqlite_database(store), select_carried, err);

    *carried = 0;
    if (rc)
        return rc;
    query_bind_span(&query, journal_name(intake->journal));
    rc = query_step(&query, &row, err);
    if (!rc && row)
        *carried = query_int(&query);
    query_release(&query);
    return rc;
}

static enum error_code carried_put(struct intake *intake, struct store *store,
                                   int64_t carried, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, sqlite_database(store), upsert_carried, err);

    if (rc)
        return rc;
    query_bind_span(&query, journal_name(intake->journal));
    query_bind_int(&query, carried);
    return query_run(&query, err);
}

static void note_site(struct load *load, struct span site)
{
    for (size_t i = 0; i < load->nr; i++)
        if (span_eq(load->site[i], site))
            return;
    load->site = xgrow(load->site, load->nr, &load->alloc, sizeof(site));
    load->site[load->nr++] = arena_dup(&load->arena, site);
}

static enum error_code carry_event(struct load *load, struct record *record,
                                   struct error *err)
{
    struct event event = { 0 };

    record_event(record, &event);
    if (!record_is_whole(record))
        return error_set(err, ERROR_INPUT, "not an event");
    note_site(load, event.site);
    return store_event_add(load->store, &event, err);
}

/* A run that the store does not know is of a store that was here before. */
static enum error_code must_know_run(struct load *load, int64_t id,
                                     struct error *err)
{
    struct run run;
    bool found = false;
    enum error_code rc;

    if (id == load->run)
        return ERROR_NONE;
    rc = store_run_find(load->store, &load->arena, id, &run, &found, err);
    if (!rc && !found)
        rc = error_set(err, ERROR_INPUT,
                       "of a run that the store does not know; was the store "
                       "replaced by another?");
    if (!rc)
        load->run = id;
    return rc;
}

static enum error_code carry_decision(struct load *load, struct record *record,
                                      struct error *err)
{
    struct decision decision = { 0 };
    enum error_code rc;

    record_decision(record, &decision);
    if (!record_is_whole(record))
        return error_set(err, ERROR_INPUT, "not a decision");
    rc = must_know_run(load, decision.run, err);
    if (rc)
        return rc;
    return store_decide(load->store, &decision, 1, err);
}

static enum error_code carry_feedback(struct load *load, struct record *record,
                                      struct error *err)
{
    const struct intake_listener *listener = &load->intake->listener;
    struct feedback feedback = { 0 };
    struct span echo_by = { 0 };
    bool echo = false;
    enum error_code rc;

    record_feedback(record, &feedback, &echo_by);
    if (!record_is_whole(record))
        return error_set(err, ERROR_INPUT, "not feedback");
    rc = store_feedback(load->store, &feedback, echo_by, &echo, err);
    if (!rc && !echo)
        listener->on_feedback(listener->context, &feedback);
    return rc;
}

static enum error_code (*const carry[])(struct load *load,
                                        struct record *record,
                                        struct error *err) = {
    [JOURNAL_EVENT] = carry_event,
    [JOURNAL_DECISION] = carry_decision,
    [JOURNAL_FEEDBACK] = carry_feedback,
};

#define KIND_NR (sizeof(carry) / sizeof(carry[0]))

/* What the store will never take is told to the log; the rest goes on. */
static bool carry_entry(void *context, const struct journal_entry *entry)
{
    struct load *load = context;
    struct record record = record_read(entry->body);
    struct error err;
    enum error_code rc =
        entry->kind < KIND_NR
            ? carry[entry->kind](load, &record, &err)
            : error_set(&err, ERROR_INPUT, "of an unknown kind");

    if (rc == ERROR_INPUT) {
        log_error("not_remembered", "entry=%" PRId64 " error=%s", entry->id,
                  log_quote(span_str(err.text)).text);
    } else if (rc) {
        load->rc = rc;
        load->err = err;
        return false;
    }
    load->last = entry->id;
    return ++load->entries < BATCH;
}

/* On the writer's thread, within a transaction. */
static enum error_code carry_batch(void *context, struct store *store,
                                   struct error *err)
{
    struct load *load = context;
    struct intake *intake = load->intake;
    enum error_code rc = carried_get(intake, store, &load->last, err);

    load->store = store;
    if (!rc)
        rc = journal_read(intake->reader, load->last, carry_entry, load, err);
    if (!rc && load->rc) {
        *err = load->err;
        rc = load->rc;
    }
    return rc || !load->entries ? rc
                                : carried_put(intake, store, load->last, err);
}

static enum error_code forget(void *context, struct store *store,
                              struct error *err)
{
    struct load *load = context;

    (void)store;
    return journal_forget(load->intake->journal, load->last, err);
}

/* The store has them; that the journal has them too does no harm. */
static void carried_over(struct load *load)
{
    struct intake *intake = load->intake;
    const struct intake_listener *listener = &intake->listener;
    struct error err;

    pthread_mutex_lock(&intake->lock);
    intake->carried = load->last;
    pthread_cond_broadcast(&intake->room);
    pthread_mutex_unlock(&intake->lock);
    for (size_t i = 0; i < load->nr; i++)
        listener->on_events(listener->context, load->site[i]);
    if (load->entries && writer_call(intake->keeper, forget, load, &err))
        log_warn("intake_grows", "error=%s",
                 log_quote(span_str(err.text)).text);
}

static enum error_code carry_some(struct intake *intake, struct error *err)
{
    struct load load = { .intake = intake };
    enum error_code rc;

    arena_init(&load.arena);
    rc = writer_call(intake->writer, carry_batch, &load, err);
    if (!rc)
        carried_over(&load);
    free(load.site);
    arena_release(&load.arena);
    return rc;
}

static void wait_until(struct intake *intake, int64_t ms)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / MS_PER_S;
    until.tv_nsec += ms % MS_PER_S * NS_PER_MS;
    until.tv_sec += until.tv_nsec / (MS_PER_S * NS_PER_MS);
    until.tv_nsec %= MS_PER_S * NS_PER_MS;
    (void)pthread_cond_timedwait(&intake->wake, &intake->lock, &until);
}

/* Until there is something to carry over. False: end. */
static bool wait_for_work(struct intake *intake)
{
    bool more;

    pthread_mutex_lock(&intake->lock);
    while (!intake->end_ms && !intake_depth(intake))
        pthread_cond_wait(&intake->wake, &intake->lock);
    more = intake_depth(intake) &&
           (!intake->end_ms || clock_steady_ms() < intake->end_ms);
    pthread_mutex_unlock(&intake->lock);
    return more;
}

static void *carry_all(void *context)
{
    struct intake *intake = context;
    struct error err;

    while (wait_for_work(intake)) {
        if (!carry_some(intake, &err))
            continue;
        log_error("not_carried_over", "error=%s hint=%s",
                  log_quote(span_str(err.text)).text,
                  log_quote(SPAN_LIT("it is kept, and tried again")).text);
        pthread_mutex_lock(&intake->lock);
        if (!intake->end_ms)
            wait_until(intake, PAUSE_MS);
        else
            intake->end_ms = clock_steady_ms();
        pthread_mutex_unlock(&intake->lock);
    }
    return NULL;
}

/* On the keeper's thread: entries are on the disk. */
static void on_commit(void *context)
{
    struct intake *intake = context;

    pthread_mutex_lock(&intake->lock);
    pthread_cond_signal(&intake->wake);
    pthread_mutex_unlock(&intake->lock);
}

/* The journal's path, beside the store that `url` names. */
static char *path_beside(const char *url)
{
    struct span path = span_str(url);
    size_t size = path.len + sizeof(SUFFIX);
    char *made = xmalloc(size);

    if (span_starts(path, SPAN_LIT(URL_PREFIX)))
        path = span_cut(path, strlen(URL_PREFIX), path.len);
    snprintf(made, size, "%.*s" SUFFIX, SPAN_ARG(path));
    return made;
}

static enum error_code open_journal(struct intake *intake, struct error *err)
{
    char *path = path_beside(writer_url(intake->writer));
    enum error_code rc = journal_open(&intake->journal, path, err);

    if (!rc) {
        journal_listen(intake->journal, on_commit, intake);
        rc = journal_reader_open(&intake->reader, path, err);
    }
    if (!rc)
        rc = writer_start_on(&intake->keeper, journal_store(intake->journal),
                             err);
    free(path);
    return rc;
}

static enum error_code begin_journal(struct intake *intake, struct error *err)
{
    enum error_code rc = open_journal(intake, err);

    if (!rc)
        rc = carry_some(intake, err);
    if (!rc && pthread_create(&intake->thread, NULL, carry_all, intake) != 0)
        rc = error_set(err, ERROR_STORE, "no thread could be started");
    intake->running = !rc;
    return rc;
}

enum error_code intake_start(struct intake **intake, struct writer *writer,
                             const struct intake_listener *listener,
                             struct error *err)
{
    struct intake *made = xcalloc(1, sizeof(*made));
    enum error_code rc;

    made->writer = writer;
    made->listener = *listener;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->wake, NULL);
    pthread_cond_init(&made->room, NULL);
    rc = store_is_server(span_str(writer_url(writer)))
             ? ERROR_NONE
             : begin_journal(made, err);
    if (rc)
        (void)intake_stop(made, 0);
    else
        *intake = made;
    return rc;
}

struct writer *intake_writer(struct intake *intake)
{
    return intake->keeper ? intake->keeper : intake->writer;
}

void intake_kept_event(struct intake *intake, const struct event *event)
{
    if (!intake->keeper && !event->known)
        intake->listener.on_events(intake->listener.context, event->site);
}

void intake_kept_feedback(struct intake *intake,
                          const struct feedback *feedback, bool echo)
{
    if (!intake->keeper && !echo)
        intake->listener.on_feedback(intake->listener.context, feedback);
}

size_t intake_depth(struct intake *intake)
{
    int64_t nr =
        intake->keeper ? journal_newest(intake->journal) - intake->carried : 0;

    return nr > 0 ? (size_t)nr : 0;
}

bool intake_is_full(struct intake *intake)
{
    return intake_depth(intake) >= (size_t)INTAKE_MAX;
}

void intake_wait(struct intake *intake)
{
    if (!intake_is_full(intake))
        return;
    pthread_mutex_lock(&intake->lock);
    while (intake_is_full(intake))
        pthread_cond_wait(&intake->room, &intake->lock);
    pthread_mutex_unlock(&intake->lock);
}

static enum error_code nothing(void *context, struct store *store,
                               struct error *err)
{
    (void)context;
    (void)store;
    (void)err;
    return ERROR_NONE;
}

/* All that was handed in is in the journal; carry it over while there is time.
 */
static void finish(struct intake *intake, int64_t ms)
{
    struct error err;

    if (writer_call(intake->keeper, nothing, NULL, &err))
        log_error("intake_fails", "error=%s",
                  log_quote(span_str(err.text)).text);
    pthread_mutex_lock(&intake->lock);
    intake->end_ms = clock_steady_ms() + ms;
    pthread_cond_signal(&intake->wake);
    pthread_mutex_unlock(&intake->lock);
    pthread_join(intake->thread, NULL);
}

size_t intake_stop(struct intake *intake, int64_t ms)
{
    size_t left = 0;

    if (!intake)
        return 0;
    if (intake->running)
        finish(intake, ms);
    writer_stop(intake->keeper);
    journal_reader_close(intake->reader);
    if (intake->journal) {
        left = intake_depth(intake);
        store_close(journal_store(intake->journal));
    }
    pthread_cond_destroy(&intake->room);
    pthread_cond_destroy(&intake->wake);
    pthread_mutex_destroy(&intake->lock);
    free(intake);
    return left;
}

static void nothing_came(void *context, struct span site)
{
    (void)context;
    (void)site;
}

static void nothing_said(void *context, const struct feedback *feedback)
{
    (void)context;
    (void)feedback;
}

static enum error_code empty_it(const char *url, struct error *err)
{
    const struct intake_listener listener = { NULL, nothing_came,
                                              nothing_said };
    struct writer *writer;
    struct intake *intake;
    size_t left = 0;
    enum error_code rc = writer_start(&writer, url, err);

    if (rc)
        return rc;
    rc = intake_start(&intake, writer, &listener, err);
    if (!rc)
        left = intake_stop(intake, INT32_MAX);
    writer_stop(writer);
    if (!rc && left)
        rc = error_set(err, ERROR_STORE,
                       "%.256s%s: %zu entries can't be carried over; start "
                       "'sluice serve' and see its log",
                       url, SUFFIX, left);
    return rc;
}

enum error_code intake_empty(const char *url, struct error *err)
{
    char *path = path_beside(url);
    bool any = !store_is_server(span_str(url)) && !access(path, F_OK);

    free(path);
    return any ? empty_it(url, err) : ERROR_NONE;
}
