#include "store/parcel.h"

#include "base/alloc.h"
#include "store/record.h"

#include <stdlib.h>

/* Most records fit, and so grow but once. */
#define ROOM ((size_t)2 << 10)

/* What is kept for the next time: so many, and none that a long text grew. */
#define SPARES 1024
#define SPARE_BYTES ((size_t)8 << 10)

static enum error_code keep(struct writer_job *job, struct store *store,
                            struct error *err)
{
    struct parcel *parcel = (struct parcel *)job;
    struct span record = buf_span(&parcel->record);

    if (parcel->record.full)
        return error_set(err, ERROR_INPUT,
                         "more than %zu bytes can't be remembered of one "
                         "comment",
                         PARCEL_BYTES_MAX);
    if (parcel->journal)
        return journal_add(parcel->journal, parcel->kind, record, err);
    return load_entry(&parcel->load, store, parcel->kind, record, err);
}

void parcel_pool_init(struct parcel_pool *pool)
{
    *pool = (struct parcel_pool){ .nr = 0 };
    pthread_mutex_init(&pool->lock, NULL);
}

static void parcel_free(struct parcel *parcel)
{
    buf_release(&parcel->record);
    free(parcel);
}

void parcel_pool_release(struct parcel_pool *pool)
{
    while (pool->first) {
        struct parcel *parcel = pool->first;

        pool->first = parcel->next;
        parcel_free(parcel);
    }
    pthread_mutex_destroy(&pool->lock);
}

static struct parcel *spare_take(struct parcel_pool *pool)
{
    struct parcel *parcel;

    pthread_mutex_lock(&pool->lock);
    parcel = pool->first;
    if (parcel) {
        pool->first = parcel->next;
        pool->nr--;
    }
    pthread_mutex_unlock(&pool->lock);
    return parcel;
}

void parcel_give_back(struct parcel *parcel)
{
    struct parcel_pool *pool = parcel->pool;
    bool spare = parcel->record.alloc <= SPARE_BYTES;

    load_release(&parcel->load);
    pthread_mutex_lock(&pool->lock);
    spare = spare && pool->nr < SPARES;
    if (spare) {
        parcel->next = pool->first;
        pool->first = parcel;
        pool->nr++;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!spare)
        parcel_free(parcel);
}

static struct parcel *parcel_new(struct parcel_pool *pool)
{
    struct parcel *made = xmalloc(sizeof(*made));

    made->pool = pool;
    buf_init(&made->record, PARCEL_BYTES_MAX);
    (void)buf_reserve(&made->record, ROOM);
    return made;
}

static struct parcel *parcel_begin(struct parcel_pool *pool,
                                   enum journal_kind kind,
                                   struct record *record)
{
    struct parcel *made = spare_take(pool);

    if (!made)
        made = parcel_new(pool);
    made->job.run = keep;
    made->job.patient = kind != JOURNAL_EVENT;
    made->kind = kind;
    made->journal = NULL;
    made->done = NULL;
    load_init(&made->load, SPAN_LIT(""));
    buf_reset(&made->record);
    *record = record_write(&made->record);
    return made;
}

struct parcel *parcel_event(struct parcel_pool *pool,
                            const struct event *event)
{
    struct event copy = *event;
    struct record record;
    struct parcel *made = parcel_begin(pool, JOURNAL_EVENT, &record);

    record_event(&record, &copy);
    return made;
}

struct parcel *parcel_decision(struct parcel_pool *pool,
                               const struct decision *decision)
{
    struct decision copy = *decision;
    struct record record;
    struct parcel *made = parcel_begin(pool, JOURNAL_DECISION, &record);

    record_decision(&record, &copy);
    return made;
}

struct parcel *parcel_feedback(struct parcel_pool *pool,
                               const struct feedback *feedback,
                               struct span echo_by)
{
    struct feedback copy = *feedback;
    struct record record;
    struct parcel *made = parcel_begin(pool, JOURNAL_FEEDBACK, &record);

    record_feedback(&record, &copy, &echo_by);
    return made;
}
