#ifndef STORE_PARCEL_H
#define STORE_PARCEL_H

#include "base/buf.h"
#include "store/load.h"
#include "store/writer.h"

#include <pthread.h>

struct intake;

/*
 * Something on its way in: made bytes of, a record, by whoever brings it. So
 * it lives by itself, and the one thread that writes has the least to do.
 */
struct parcel {
    struct writer_job job; /* first; its `done` is the giver's to set */
    enum journal_kind kind;
    struct buf record;
    struct journal *journal; /* for which it is; NULL: for the writer's store,
                                and `load` is what became of it there */
    struct load load;
    struct intake *intake; /* the rest is the giver's */
    void (*done)(void *context, enum error_code rc, const struct error *err);
    void *context;
    struct parcel_pool *pool; /* parcel.c's own from here on */
    struct parcel *next;
};

/*
 * Parcels that were used before: one thread makes them and another is done
 * with them, which is what malloc is worst at.
 */
struct parcel_pool {
    pthread_mutex_t lock;
    struct parcel *first;
    size_t nr;
};

void parcel_pool_init(struct parcel_pool *pool);
void parcel_pool_release(struct parcel_pool *pool); /* all are back in it */

/*
 * From the pool; the caller gives it back. A record of more than
 * PARCEL_BYTES_MAX is not kept: the job fails with ERROR_INPUT.
 */
struct parcel *parcel_event(struct parcel_pool *pool,
                            const struct event *event);
struct parcel *parcel_decision(struct parcel_pool *pool,
                               const struct decision *decision);
struct parcel *parcel_feedback(struct parcel_pool *pool,
                               const struct feedback *feedback,
                               struct span echo_by);
void parcel_give_back(struct parcel *parcel);

#define PARCEL_BYTES_MAX ((size_t)8 << 20)

#endif /* STORE_PARCEL_H */
