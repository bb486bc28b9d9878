/*
 * A store whose writing is done by the writer: each writing operation becomes
 * a job, and its caller waits; reading needs no one else.
 */
#include "store/writer.h"

#include "base/alloc.h"
#include "store/store_ops.h"

#include <pthread.h>
#include <stdlib.h>

struct writer_store {
    struct store store; /* first: what others see */
    struct writer *writer;
    struct lease lease;
};

/* One call on its way to the writer and back; each uses what it needs. */
struct call {
    struct writer_job job; /* first */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool done;
    enum error_code rc;
    struct error *err;
    struct span site;
    struct span text;
    const void *in;
    void *out;
    size_t nr;
    int64_t number;
    int64_t now_ms;
    struct lease lease; /* to be held, and what is to be done then */
    enum error_code (*guarded)(struct writer_job *job, struct store *store,
                               struct error *err);
};

static void call_done(struct writer_job *job, enum error_code rc,
                      const struct error *err)
{
    struct call *call = (struct call *)job;

    pthread_mutex_lock(&call->lock);
    call->rc = rc;
    if (rc)
        *call->err = *err;
    call->done = true;
    pthread_cond_signal(&call->wake);
    pthread_mutex_unlock(&call->lock);
}

static enum error_code call_wait(struct writer *writer, struct call *call,
                                 struct error *err)
{
    pthread_mutex_init(&call->lock, NULL);
    pthread_cond_init(&call->wake, NULL);
    call->err = err;
    call->job.done = call_done;
    writer_submit_wait(writer, &call->job);
    pthread_mutex_lock(&call->lock);
    while (!call->done)
        pthread_cond_wait(&call->wake, &call->lock);
    pthread_mutex_unlock(&call->lock);
    pthread_cond_destroy(&call->wake);
    pthread_mutex_destroy(&call->lock);
    return call->rc;
}

static enum error_code call_make(struct store *store, struct call *call,
                                 struct error *err)
{
    return call_wait(((struct writer_store *)store)->writer, call, err);
}

static enum error_code do_guarded(struct writer_job *job, struct store *store,
                                  struct error *err)
{
    struct call *call = (struct call *)job;
    enum error_code rc = store_begin(store, err);

    if (rc)
        return rc;
    rc = lease_check(store, &call->lease, err);
    if (!rc)
        rc = call->guarded(job, store, err);
    return store_end(store, rc, err);
}

/* The same, if the lease still holds. */
static enum error_code call_guarded(struct store *store, struct call *call,
                                    struct error *err)
{
    call->lease = ((struct writer_store *)store)->lease;
    if (call->lease.fence) {
        call->guarded = call->job.run;
        call->job.run = do_guarded;
    }
    return call_make(store, call, err);
}

void writer_store_guard(struct store *store, const struct lease *lease)
{
    ((struct writer_store *)store)->lease = *lease;
}

static struct readers *readers_of(struct store *store)
{
    return writer_readers(((struct writer_store *)store)->writer);
}

static void ws_close(struct store *store)
{
    free(store);
}

static enum error_code do_run_begin(struct writer_job *job,
                                    struct store *store, struct error *err)
{
    struct call *call = (struct call *)job;

    return store_run_begin(store, call->site, call->text, call->now_ms,
                           call->out, err);
}

static enum error_code ws_run_begin(struct store *store, struct span site,
                                    struct span model, int64_t now_ms,
                                    int64_t *run, struct error *err)
{
    struct call call = { .job.run = do_run_begin,
                         .site = site,
                         .text = model,
                         .now_ms = now_ms,
                         .out = run };

    return call_make(store, &call, err);
}

static enum error_code do_run_end(struct writer_job *job, struct store *store,
                                  struct error *err)
{
    struct call *call = (struct call *)job;

    return store_run_end(store, call->number, call->in, call->now_ms, err);
}

static enum error_code ws_run_end(struct store *store, int64_t run,
                                  const struct run_totals *totals,
                                  int64_t now_ms, struct error *err)
{
    struct call call = {
        .job.run = do_run_end, .number = run, .in = totals, .now_ms = now_ms
    };

    return call_make(store, &call, err);
}

static enum error_code do_decide(struct writer_job *job, struct store *store,
                                 struct error *err)
{
    struct call *call = (struct call *)job;

    return store_decide(store, call->out, call->nr, err);
}

static enum error_code ws_decide(struct store *store,
                                 struct decision *decision, size_t nr,
                                 struct error *err)
{
    struct call call = { .job.run = do_decide, .out = decision, .nr = nr };

    return call_guarded(store, &call, err);
}

static enum error_code do_settle(struct writer_job *job, struct store *store,
                                 struct error *err)
{
    struct call *call = (struct call *)job;

    return store_settle(store, call->in, call->nr, call->now_ms, err);
}

static enum error_code ws_settle(struct store *store,
                                 const struct settlement *settlement,
                                 size_t nr, int64_t now_ms, struct error *err)
{
    struct call call = {
        .job.run = do_settle, .in = settlement, .nr = nr, .now_ms = now_ms
    };

    return call_guarded(store, &call, err);
}

static enum error_code do_event_add(struct writer_job *job,
                                    struct store *store, struct error *err)
{
    return store_event_add(store, ((struct call *)job)->out, err);
}

static enum error_code ws_event_add(struct store *store, struct event *event,
                                    struct error *err)
{
    struct call call = { .job.run = do_event_add, .out = event };

    return call_make(store, &call, err);
}

struct feedback_call {
    struct feedback *feedback;
    bool *echo;
};

static enum error_code do_feedback(struct writer_job *job, struct store *store,
                                   struct error *err)
{
    struct call *call = (struct call *)job;
    struct feedback_call *more = call->out;

    return store_feedback(store, more->feedback, call->text, more->echo, err);
}

static enum error_code ws_feedback(struct store *store,
                                   struct feedback *feedback,
                                   struct span echo_by, bool *echo,
                                   struct error *err)
{
    struct feedback_call more = { feedback, echo };
    struct call call = { .job.run = do_feedback,
                         .text = echo_by,
                         .out = &more };

    return call_make(store, &call, err);
}

static enum error_code do_event_settle(struct writer_job *job,
                                       struct store *store, struct error *err)
{
    struct call *call = (struct call *)job;

    return store_event_settle(store, call->out, call->nr, call->now_ms, err);
}

static enum error_code ws_event_settle(struct store *store,
                                       struct event_result *result, size_t nr,
                                       int64_t now_ms, struct error *err)
{
    struct call call = {
        .job.run = do_event_settle, .out = result, .nr = nr, .now_ms = now_ms
    };

    return call_guarded(store, &call, err);
}

static enum error_code do_check(struct writer_job *job, struct store *store,
                                struct error *err)
{
    (void)job;
    return store_check(store, err);
}

static enum error_code ws_check(struct store *store, struct error *err)
{
    struct call call = { .job.run = do_check };

    return call_make(store, &call, err);
}

/* What is between the two would not be one transaction with other jobs. */
static enum error_code ws_begin(struct store *store, struct error *err)
{
    (void)store;
    return error_set(err, ERROR_STORE,
                     "store: a store of the writer's has no transactions");
}

static enum error_code ws_end(struct store *store, enum error_code rc,
                              struct error *err)
{
    return rc ? rc : ws_begin(store, err);
}

static enum error_code ws_runs(struct store *store, struct span site,
                               bool (*each)(void *context,
                                            const struct run *run),
                               void *context, struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_runs(reader, site, each, context, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code ws_run_find(struct store *store, struct arena *arena,
                                   int64_t id, struct run *run, bool *found,
                                   struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_run_find(reader, arena, id, run, found, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code ws_knows(struct store *store, struct span site,
                                struct span comment,
                                const struct digest *digest, struct span model,
                                bool *known, struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_knows(reader, site, comment, digest, model, known, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code ws_outbox(struct store *store, struct arena *arena,
                                 struct span site, int64_t after, size_t max,
                                 struct decision_list *list, struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_outbox(reader, arena, site, after, max, list, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code ws_undoable(struct store *store, struct arena *arena,
                                   int64_t run, int64_t after, size_t max,
                                   struct decision_list *list,
                                   struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_undoable(reader, arena, run, after, max, list, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code
ws_history(struct store *store, const struct history_filter *filter,
           bool (*each)(void *context, const struct decision *decision),
           void *context, struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_history(reader, filter, each, context, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code ws_inbox(struct store *store, struct arena *arena,
                                struct span site, size_t max,
                                struct event_list *list, struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_inbox(reader, arena, site, max, list, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code ws_depth(struct store *store, struct span site,
                                struct store_depth *depth, struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_depth(reader, site, depth, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code ws_stats(struct store *store, struct span site,
                                int64_t since_ms, struct store_stats *stats,
                                struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_stats(reader, site, since_ms, stats, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code ws_labels(struct store *store, struct span site,
                                 bool (*each)(void *context,
                                              const struct kept_label *label),
                                 void *context, struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_labels(reader, site, each, context, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code ws_models(struct store *store, struct span site,
                                 bool (*each)(void *context,
                                              const struct kept_model *model),
                                 void *context, struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_models(reader, site, each, context, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static enum error_code
ws_outcomes(struct store *store, struct span site, int64_t since_ms,
            bool (*each)(void *context, const struct outcome *outcome),
            void *context, struct error *err)
{
    struct store *reader;
    enum error_code rc = readers_take(readers_of(store), &reader, err);

    if (rc)
        return rc;
    rc = store_outcomes(reader, site, since_ms, each, context, err);
    readers_give(readers_of(store), reader);
    return rc;
}

static const struct store_ops writer_ops = {
    .close = ws_close,
    .run_begin = ws_run_begin,
    .run_end = ws_run_end,
    .runs = ws_runs,
    .run_find = ws_run_find,
    .knows = ws_knows,
    .decide = ws_decide,
    .settle = ws_settle,
    .outbox = ws_outbox,
    .undoable = ws_undoable,
    .history = ws_history,
    .event_add = ws_event_add,
    .inbox = ws_inbox,
    .feedback = ws_feedback,
    .event_settle = ws_event_settle,
    .depth = ws_depth,
    .stats = ws_stats,
    .labels = ws_labels,
    .models = ws_models,
    .outcomes = ws_outcomes,
    .begin = ws_begin,
    .end = ws_end,
    .check = ws_check,
};

struct task {
    struct call call; /* first */
    enum error_code (*run)(void *context, struct store *store,
                           struct error *err);
    void *context;
};

static enum error_code do_task(struct writer_job *job, struct store *store,
                               struct error *err)
{
    struct task *task = (struct task *)job;
    enum error_code rc = store_begin(store, err);

    if (rc)
        return rc;
    rc = task->run(task->context, store, err);
    return store_end(store, rc, err);
}

enum error_code writer_call(struct writer *writer,
                            enum error_code (*run)(void *context,
                                                   struct store *store,
                                                   struct error *err),
                            void *context, struct error *err)
{
    struct task task = { .call.job.run = do_task,
                         .run = run,
                         .context = context };

    return call_wait(writer, &task.call, err);
}

/* Whether it can be read is seen here, and not in the middle of work. */
enum error_code writer_store(struct writer *writer, struct store **store,
                             struct error *err)
{
    struct writer_store *made;
    struct store *reader;
    enum error_code rc = readers_take(writer_readers(writer), &reader, err);

    if (rc)
        return rc;
    readers_give(writer_readers(writer), reader);
    made = xcalloc(1, sizeof(*made));
    made->store.ops = &writer_ops;
    made->writer = writer;
    *store = &made->store;
    return ERROR_NONE;
}
