#ifndef APP_SERVE_TALLY_H
#define APP_SERVE_TALLY_H

#include "comment/verdict.h"
#include "server/meter.h"
#include "store/event.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/*
 * What is counted about each site, for the metrics. It outlives the loading
 * of a new configuration: counters never go back.
 */
#define TALLY_VERDICTS (VERDICT_SPAM + 1)
#define TALLY_EVENTS (EVENT_FAILED + 1)

struct tally {
    struct tally *next;
    char *name; /* of the site */
    atomic_ullong verdict[METER_DOOR_NR][TALLY_VERDICTS];
    atomic_ullong event[TALLY_EVENTS]; /* done, by how they ended */
    atomic_ullong feedback;            /* persons' words that were kept */
    atomic_ullong told;                /* verdicts the site took */
    atomic_ullong failed;              /* that it refuses for good */
    atomic_bool resting;               /* its circuit breaker is open */
    struct histogram judged;           /* from received to judged */
};

struct tallies {
    pthread_mutex_t lock;
    struct tally *first;
};

void tallies_init(struct tallies *tallies);
void tallies_release(struct tallies *tallies);

/* The site's tally, made when there is none; lives as long as `tallies`. */
struct tally *tallies_of(struct tallies *tallies, struct span site);

/* Append all of them, but for what the store knows. */
void tallies_put(struct buf *out, struct tallies *tallies);

#endif /* APP_SERVE_TALLY_H */
