#include "store/intake.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/load.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX "-intake"
#define URL_PREFIX "sqlite:"

/* After the store failed: a full disk does not empty within a second. */
#define PAUSE_MS 2000

/* Who is answered at once waits so long for room. */
#define FULL_MS 1000

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

/* On its way over. */
struct passage {
    struct intake *intake;
    struct load load;
};

/* On the writer's thread, within a transaction. */
static enum error_code carry(void *context, struct store *store,
                             struct error *err)
{
    struct passage *passage = context;

    return load_carry(&passage->load, passage->intake->reader, store, err);
}

static enum error_code forget(void *context, struct store *store,
                              struct error *err)
{
    struct passage *passage = context;

    (void)store;
    return journal_forget(passage->intake->journal, passage->load.last, err);
}

/* The store has them; that the journal has them too does no harm. */
static void carried_over(struct passage *passage)
{
    struct intake *intake = passage->intake;
    const struct load *load = &passage->load;
    const struct intake_listener *listener = &intake->listener;
    struct error err;

    pthread_mutex_lock(&intake->lock);
    intake->carried = load->last;
    pthread_cond_broadcast(&intake->room);
    pthread_mutex_unlock(&intake->lock);
    for (size_t i = 0; i < load->sites; i++)
        listener->on_events(listener->context, load->site[i]);
    for (size_t i = 0; i < load->feedbacks; i++)
        listener->on_feedback(listener->context, &load->feedback[i]);
    if (load->entries && writer_call(intake->keeper, forget, passage, &err))
        log_warn("intake_grows", "error=%s",
                 log_quote(span_str(err.text)).text);
}

static enum error_code carry_some(struct intake *intake, struct error *err)
{
    struct passage passage = { .intake = intake };
    enum error_code rc;

    load_init(&passage.load, journal_name(intake->journal));
    rc = writer_call(intake->writer, carry, &passage, err);
    if (!rc)
        carried_over(&passage);
    load_release(&passage.load);
    return rc;
}

static void wait_for(struct intake *intake, pthread_cond_t *cond, int64_t ms)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / MS_PER_S;
    until.tv_nsec += ms % MS_PER_S * NS_PER_MS;
    until.tv_sec += until.tv_nsec / (MS_PER_S * NS_PER_MS);
    until.tv_nsec %= MS_PER_S * NS_PER_MS;
    (void)pthread_cond_timedwait(cond, &intake->lock, &until);
}

/* Until so many milliseconds are over, or the end has come. */
static void rest(struct intake *intake, int64_t ms)
{
    int64_t until = clock_steady_ms() + ms;

    pthread_mutex_lock(&intake->lock);
    while (!intake->end_ms && clock_steady_ms() < until)
        wait_for(intake, &intake->wake, until - clock_steady_ms());
    pthread_mutex_unlock(&intake->lock);
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

/* It is kept, and tried again; but once only when the end has come. */
static void carrying_failed(struct intake *intake, const struct error *err)
{
    log_error("not_carried_over", "error=%s hint=%s",
              log_quote(span_str(err->text)).text,
              log_quote(SPAN_LIT("it is kept, and tried again")).text);
    rest(intake, PAUSE_MS);
    pthread_mutex_lock(&intake->lock);
    if (intake->end_ms)
        intake->end_ms = clock_steady_ms();
    pthread_mutex_unlock(&intake->lock);
}

/*
 * In a rush more comes than is carried over. Then whoever waits for an answer
 * goes first, and the store takes a fourth of the time, while there is room.
 */
static void *carry_all(void *context)
{
    struct intake *intake = context;
    struct error err;

    while (wait_for_work(intake)) {
        size_t depth = intake_depth(intake);
        int64_t began = clock_steady_ms();

        if (carry_some(intake, &err))
            carrying_failed(intake, &err);
        else if (intake_depth(intake) > depth && depth < INTAKE_MAX / 2)
            rest(intake, 3 * (clock_steady_ms() - began));
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

static enum error_code count_on(void *context, struct store *store,
                                struct error *err)
{
    struct intake *intake = context;

    (void)store;
    return journal_count_on(intake->journal, intake->carried, err);
}

static enum error_code begin_journal(struct intake *intake, struct error *err)
{
    enum error_code rc = open_journal(intake, err);

    if (!rc)
        rc = carry_some(intake, err);
    if (!rc && journal_newest(intake->journal) < intake->carried)
        rc = writer_call(intake->keeper, count_on, intake, err);
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
    wait_for(intake, &intake->room, FULL_MS);
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
