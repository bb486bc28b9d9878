#ifndef APP_SERVE_DESK_H
#define APP_SERVE_DESK_H

#include "app/serve_hall.h"
#include "server/desk.h"
#include "store/intake.h"

#include <pthread.h>

/*
 * What the doors ask of the house, answered with pipeline and store.
 */
struct serve_desk {
    struct desk desk;      /* for the doors */
    struct writer *writer; /* the store's */
    struct intake *intake; /* before it */
    struct tallies *tallies;

    pthread_mutex_t lock; /* for what follows */
    struct hall *hall;    /* the newest */
    struct scratch *free; /* jurors who judge nothing just now */

    pthread_mutex_t reading;
    struct store *reader; /* for statistics */
};

void serve_desk_init(struct serve_desk *desk, struct writer *writer,
                     struct tallies *tallies);

/* What a person said has come to the store; the memory learns it at once. */
void serve_desk_learn(struct serve_desk *desk,
                      const struct feedback *feedback);
void serve_desk_release(struct serve_desk *desk);

/*
 * From now on this hall; what is asked already is answered in the old one.
 * The desk has entered it, and leaves it for the next.
 */
void serve_desk_open_hall(struct serve_desk *desk, struct hall *hall);

/* The hall as it is now, entered; the caller leaves. NULL before the first. */
struct hall *serve_desk_hall(struct serve_desk *desk);

/* What waits, at each site, as metrics. */
void serve_desk_put_depths(struct serve_desk *desk, struct buf *out);

#endif /* APP_SERVE_DESK_H */
