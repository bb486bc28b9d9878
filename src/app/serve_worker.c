#include "app/serve_worker.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "pipeline/breaker.h"
#include "pipeline/inbox.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MS_PER_S 1000
#define NS_PER_MS 1000000L
#define US_PER_MS 1000

#define NICE 15

/* With nothing else to do the outbox is looked at so often. */
#define OUTBOX_MS 30000

/* After the store failed: a full disk does not empty within a second. */
#define STORE_PAUSE_MS 2000

struct worker {
    struct hall_site *site;
    struct store *store;
    struct node *node;
    struct lease lease;  /* taken last */
    struct turn turn;    /* what the lease means to who talks to the site */
    struct site *remote; /* NULL: nobody to tell */
    volatile bool stop;  /* end also in the middle of talking to the site */
    struct moderate moderate;
    struct run_totals totals;
    size_t counted; /* of totals.applied, in the tally */
    size_t counted_failed;
    struct course course;
    struct inbox inbox;
    struct breaker breaker;
    int64_t outbox_ms; /* steady: when to look at it */
    pthread_t thread;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t wake;
    bool woken;
    bool to_tell; /* the outbox is to be looked at now */
};

static void on_verdict(void *context, const struct comment *comment,
                       const struct verdict *verdict)
{
    struct worker *worker = context;

    (void)comment;
    worker->site->tally->verdict[METER_HOOK][verdict->kind]++;
}

static void on_done(void *context, const struct event *event,
                    const struct event_result *result)
{
    struct worker *worker = context;
    struct tally *tally = worker->site->tally;
    int64_t ms = clock_now_ms() - event->received_ms;

    tally->event[result->state]++;
    if (result->state == EVENT_NOTED)
        tally->feedback++;
    if (result->decision)
        histogram_add(&tally->judged, ms * US_PER_MS);
    if (result->state == EVENT_FAILED)
        log_warn("event_failed", "site=%s event=%" PRId64 " error=%s",
                 tally->name, event->id, log_quote(result->detail).text);
    else if (result->decision)
        log_info("judged",
                 "site=%s event=%" PRId64 " comment=%s decision=%" PRId64
                 " verdict=%.*s ms=%" PRId64,
                 tally->name, event->id,
                 log_quote(result->decision->comment).text,
                 result->decision->id,
                 SPAN_ARG(verdict_name(result->decision->verdict.kind)), ms);
}

/* Until woken, or `until_ms` (steady) has come. */
static void wait_until(struct worker *worker, int64_t until_ms)
{
    int64_t ms = until_ms - clock_steady_ms();
    struct timespec until;

    if (ms < 0)
        ms = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / MS_PER_S;
    until.tv_nsec += ms % MS_PER_S * NS_PER_MS;
    until.tv_sec += until.tv_nsec / (MS_PER_S * NS_PER_MS);
    until.tv_nsec %= MS_PER_S * NS_PER_MS;
    pthread_mutex_lock(&worker->lock);
    while (!worker->woken && !worker->stop)
        if (pthread_cond_timedwait(&worker->wake, &worker->lock, &until))
            break;
    worker->woken = false;
    pthread_mutex_unlock(&worker->lock);
}

static bool turn_over(void *context)
{
    const struct worker *worker = context;

    return !node_holds(worker->node, &worker->lease);
}

/* The store does not take what the site answered; the site will say it again.
 */
static void not_settled(struct worker *worker, const struct error *err)
{
    worker->outbox_ms = clock_steady_ms() + STORE_PAUSE_MS;
    log_error("not_settled", "site=%s error=%s", worker->site->tally->name,
              log_quote(span_str(err->text)).text);
}

/* What came of telling the site: is it there, and does something still wait?
 */
static void told(struct worker *worker, enum error_code rc,
                 const struct error *err)
{
    struct tally *tally = worker->site->tally;
    int64_t now = clock_steady_ms();

    tally->told += worker->totals.applied - worker->counted;
    tally->failed += worker->totals.failed - worker->counted_failed;
    worker->counted = worker->totals.applied;
    worker->counted_failed = worker->totals.failed;
    if (turn_over(worker))
        worker->outbox_ms = now;
    if (!rc) {
        breaker_worked(&worker->breaker);
        tally->resting = false;
        return;
    }
    if (rc == ERROR_STORE) {
        not_settled(worker, err);
        return;
    }
    breaker_failed(&worker->breaker, now);
    tally->resting = true;
    worker->outbox_ms = worker->breaker.until_ms;
    log_warn("site_rests", "site=%s s=%" PRId64 " error=%s", tally->name,
             (worker->breaker.until_ms - now) / MS_PER_S,
             log_quote(span_str(err->text)).text);
}

/* Is it this node's turn, still or again? A server that is away has none. */
static bool take_turn(struct worker *worker)
{
    struct error err;
    bool held = false;

    if (node_take(worker->node, worker->site->config->site.name,
                  &worker->lease, &held, &err)) {
        log_error("no_lease", "site=%s error=%s", worker->site->tally->name,
                  log_quote(span_str(err.text)).text);
        wait_until(worker, clock_steady_ms() + STORE_PAUSE_MS);
        return false;
    }
    writer_store_guard(worker->store, &worker->lease);
    return held;
}

/* The server is asked only where the answer is not certain. */
static bool has_turn(struct worker *worker)
{
    return !turn_over(worker) || take_turn(worker);
}

/* All that waits, also what a row's own trouble left there. */
static void empty_outbox(struct worker *worker)
{
    struct error err;
    enum error_code rc;

    worker->outbox_ms = clock_steady_ms() + OUTBOX_MS;
    rc = tell_waiting(&worker->course, &err);
    told(worker, rc, &err);
}

static void tell(struct worker *worker, const struct decision_list *list)
{
    struct error err;
    enum error_code rc;

    if (!list->nr || !breaker_may(&worker->breaker, clock_steady_ms()))
        return;
    rc = tell_batch(&worker->course, list->decision, list->nr, &err);
    told(worker, rc, &err);
}

/* One batch of the inbox. False when there was nothing in it. */
static bool work(struct worker *worker)
{
    struct decision_list list;
    struct error err;
    size_t nr;

    if (inbox_work(&worker->inbox, &nr, &list, &err)) {
        log_error("inbox_failed", "site=%s error=%s",
                  worker->site->tally->name,
                  log_quote(span_str(err.text)).text);
        wait_until(worker, clock_steady_ms() + STORE_PAUSE_MS);
        return false;
    }
    if (worker->remote)
        tell(worker, &list);
    return nr != 0;
}

static void be_nice(void)
{
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
}

/* The outbox is due: somebody said so, or it is time. */
static bool outbox_is_due(struct worker *worker, int64_t now)
{
    bool due;

    pthread_mutex_lock(&worker->lock);
    due = worker->to_tell || now >= worker->outbox_ms;
    worker->to_tell = false;
    pthread_mutex_unlock(&worker->lock);
    return worker->remote && due && breaker_may(&worker->breaker, now);
}

/* While there is something to do. */
static void work_turn(struct worker *worker)
{
    do {
        if (outbox_is_due(worker, clock_steady_ms()))
            empty_outbox(worker);
    } while (!worker->stop && has_turn(worker) && work(worker));
    node_give_back(worker->node, &worker->lease);
}

static void *work_all(void *context)
{
    struct worker *worker = context;

    be_nice();
    while (!worker->stop) {
        int64_t until = clock_steady_ms() + OUTBOX_MS;

        if (take_turn(worker)) {
            work_turn(worker);
            if (worker->remote && worker->outbox_ms < until)
                until = worker->outbox_ms;
        }
        if (!worker->stop)
            wait_until(worker, until);
    }
    return NULL;
}

static void worker_init(struct worker *worker)
{
    const struct site_options *options = &worker->site->config->site;

    worker->moderate = (struct moderate){
        .judge = &worker->site->setup.judge,
        .site = worker->remote,
        .store = worker->store,
        .site_name = options->name,
        .stop = &worker->stop,
        .turn = &worker->turn,
        .on_verdict = on_verdict,
        .context = worker,
    };
    course_init(&worker->course, &worker->moderate, &worker->totals);
    worker->course.run = worker->site->run;
    worker->inbox = (struct inbox){ .course = &worker->course,
                                    .echo_by = options->user,
                                    .on_done = on_done,
                                    .context = worker };
}

static enum error_code open_remote(struct worker *worker, struct error *err)
{
    struct site_options options = worker->site->config->site;

    if (!options.url.len)
        return ERROR_NONE;
    options.stop = &worker->stop;
    options.turn = &worker->turn;
    options.key = worker->site->config->site_key;
    return site_open(&worker->remote, &options, err);
}

enum error_code worker_start(struct worker **worker, struct hall_site *site,
                             struct writer *writer, struct node *node,
                             struct error *err)
{
    struct worker *made = xcalloc(1, sizeof(*made));
    enum error_code rc;

    made->site = site;
    made->node = node;
    made->turn = (struct turn){ .over = turn_over, .context = made };
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->wake, NULL);
    rc = open_remote(made, err);
    if (!rc)
        rc = writer_store(writer, &made->store, err);
    worker_init(made);
    if (!rc && pthread_create(&made->thread, NULL, work_all, made) != 0)
        rc = error_set(err, ERROR_CONFIG, "no thread could be started");
    if (rc)
        worker_stop(made);
    else
        *worker = made;
    return rc;
}

void worker_wake(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    if (!worker->woken)
        pthread_cond_signal(&worker->wake);
    worker->woken = true;
    pthread_mutex_unlock(&worker->lock);
}

void worker_tell(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    worker->to_tell = true;
    worker->woken = true;
    pthread_cond_signal(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
}

static void end_run(struct worker *worker)
{
    struct error err;

    if (store_run_end(worker->store, worker->site->run, &worker->totals,
                      clock_now_ms(), &err))
        log_error("run_end_failed", "site=%s error=%s",
                  worker->site->tally->name,
                  log_quote(span_str(err.text)).text);
}

void worker_stop(struct worker *worker)
{
    if (!worker)
        return;
    if (worker->thread) {
        pthread_mutex_lock(&worker->lock);
        worker->stop = true;
        pthread_cond_signal(&worker->wake);
        pthread_mutex_unlock(&worker->lock);
        pthread_join(worker->thread, NULL);
        end_run(worker);
    }
    course_release(&worker->course);
    site_close(worker->remote);
    store_close(worker->store);
    pthread_cond_destroy(&worker->wake);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}
