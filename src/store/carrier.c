#include "store/carrier.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* After the store failed: a full disk does not empty within a second. */
#define PAUSE_MS 2000

#define MS_PER_S 1000
#define NS_PER_MS 1000000L

struct carrier {
    struct carrier_way way;
    struct journal_reader *reader;
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
    struct carrier *carrier;
    struct load load;
};

/* On the writer's thread, within a transaction. */
static enum error_code carry(void *context, struct store *store,
                             struct error *err)
{
    struct passage *passage = context;

    return load_carry(&passage->load, passage->carrier->reader, store, err);
}

static enum error_code forget(void *context, struct store *store,
                              struct error *err)
{
    struct passage *passage = context;

    (void)store;
    return journal_forget(passage->carrier->way.journal, passage->load.last,
                          err);
}

void carrier_tell(const struct intake_listener *listener,
                  const struct load *load)
{
    const struct event *event = &load->event;

    if (!load->journal.len && event->site.len && !event->known)
        listener->on_events(listener->context, event->site);
    for (size_t i = 0; i < load->sites; i++)
        listener->on_events(listener->context, load->site[i]);
    for (size_t i = 0; i < load->feedbacks; i++)
        listener->on_feedback(listener->context, &load->feedback[i]);
}

/* The store has them; that the journal has them too does no harm. */
static void carried_over(struct passage *passage)
{
    struct carrier *carrier = passage->carrier;
    const struct load *load = &passage->load;
    struct error err;

    pthread_mutex_lock(&carrier->lock);
    carrier->carried = load->last;
    pthread_cond_broadcast(&carrier->room);
    pthread_mutex_unlock(&carrier->lock);
    carrier_tell(carrier->way.listener, load);
    if (load->entries &&
        writer_call(carrier->way.keeper, forget, passage, &err))
        log_warn("intake_grows", "error=%s",
                 log_quote(span_str(err.text)).text);
}

static enum error_code carry_some(struct carrier *carrier, struct error *err)
{
    struct passage passage = { .carrier = carrier };
    enum error_code rc;

    load_init(&passage.load, journal_name(carrier->way.journal));
    rc = writer_call(carrier->way.writer, carry, &passage, err);
    if (!rc)
        carried_over(&passage);
    load_release(&passage.load);
    return rc;
}

/* The lock is held. */
static void wait_for(struct carrier *carrier, pthread_cond_t *cond, int64_t ms)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / MS_PER_S;
    until.tv_nsec += ms % MS_PER_S * NS_PER_MS;
    until.tv_sec += until.tv_nsec / (MS_PER_S * NS_PER_MS);
    until.tv_nsec %= MS_PER_S * NS_PER_MS;
    (void)pthread_cond_timedwait(cond, &carrier->lock, &until);
}

/* Until so many milliseconds are over, or the end has come. */
static void rest(struct carrier *carrier, int64_t ms)
{
    int64_t until = clock_steady_ms() + ms;

    pthread_mutex_lock(&carrier->lock);
    while (!carrier->end_ms && clock_steady_ms() < until)
        wait_for(carrier, &carrier->wake, until - clock_steady_ms());
    pthread_mutex_unlock(&carrier->lock);
}

/* Until there is something to carry over. False: end. */
static bool wait_for_work(struct carrier *carrier)
{
    bool more;

    pthread_mutex_lock(&carrier->lock);
    while (!carrier->end_ms && !carrier_depth(carrier))
        pthread_cond_wait(&carrier->wake, &carrier->lock);
    more = carrier_depth(carrier) &&
           (!carrier->end_ms || clock_steady_ms() < carrier->end_ms);
    pthread_mutex_unlock(&carrier->lock);
    return more;
}

/* It is kept, and tried again; but once only when the end has come. */
static void carrying_failed(struct carrier *carrier, const struct error *err)
{
    log_error("not_carried_over", "error=%s hint=%s",
              log_quote(span_str(err->text)).text,
              log_quote(SPAN_LIT("it is kept, and tried again")).text);
    rest(carrier, PAUSE_MS);
    pthread_mutex_lock(&carrier->lock);
    if (carrier->end_ms)
        carrier->end_ms = clock_steady_ms();
    pthread_mutex_unlock(&carrier->lock);
}

/*
 * In a rush more comes than is carried over. Then whoever waits for an answer
 * goes first, and the store takes an eighth of the time, while there is room.
 */
static void *carry_all(void *context)
{
    struct carrier *carrier = context;
    struct error err;

    while (wait_for_work(carrier)) {
        size_t depth = carrier_depth(carrier);
        int64_t began = clock_steady_ms();

        if (carry_some(carrier, &err))
            carrying_failed(carrier, &err);
        else if (carrier_depth(carrier) > depth && depth < INTAKE_MAX / 2)
            rest(carrier, 7 * (clock_steady_ms() - began));
    }
    return NULL;
}

/* On the keeper's thread: entries are on the disk. */
static void on_commit(void *context)
{
    struct carrier *carrier = context;

    pthread_mutex_lock(&carrier->lock);
    pthread_cond_signal(&carrier->wake);
    pthread_mutex_unlock(&carrier->lock);
}

static enum error_code count_on(void *context, struct store *store,
                                struct error *err)
{
    struct carrier *carrier = context;

    (void)store;
    return journal_count_on(carrier->way.journal, carrier->carried, err);
}

static enum error_code begin(struct carrier *carrier, struct error *err)
{
    const struct carrier_way *way = &carrier->way;
    enum error_code rc = journal_reader_open(&carrier->reader, way->path, err);

    if (!rc)
        rc = carry_some(carrier, err);
    if (!rc && journal_newest(way->journal) < carrier->carried)
        rc = writer_call(way->keeper, count_on, carrier, err);
    if (rc)
        return rc;
    journal_listen(way->journal, on_commit, carrier);
    if (pthread_create(&carrier->thread, NULL, carry_all, carrier) != 0)
        return error_set(err, ERROR_STORE, "no thread could be started");
    carrier->running = true;
    return ERROR_NONE;
}

enum error_code carrier_start(struct carrier **carrier,
                              const struct carrier_way *way, struct error *err)
{
    struct carrier *made = xcalloc(1, sizeof(*made));
    enum error_code rc;

    made->way = *way;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->wake, NULL);
    pthread_cond_init(&made->room, NULL);
    rc = begin(made, err);
    if (rc)
        (void)carrier_stop(made, 0);
    else
        *carrier = made;
    return rc;
}

size_t carrier_depth(struct carrier *carrier)
{
    int64_t nr = journal_newest(carrier->way.journal) - carrier->carried;

    return nr > 0 ? (size_t)nr : 0;
}

void carrier_wait(struct carrier *carrier, int64_t ms)
{
    pthread_mutex_lock(&carrier->lock);
    wait_for(carrier, &carrier->room, ms);
    pthread_mutex_unlock(&carrier->lock);
}

size_t carrier_stop(struct carrier *carrier, int64_t ms)
{
    size_t left;

    if (carrier->running) {
        pthread_mutex_lock(&carrier->lock);
        carrier->end_ms = clock_steady_ms() + ms;
        pthread_cond_signal(&carrier->wake);
        pthread_mutex_unlock(&carrier->lock);
        pthread_join(carrier->thread, NULL);
    }
    left = carrier_depth(carrier);
    journal_reader_close(carrier->reader);
    pthread_cond_destroy(&carrier->room);
    pthread_cond_destroy(&carrier->wake);
    pthread_mutex_destroy(&carrier->lock);
    free(carrier);
    return left;
}
