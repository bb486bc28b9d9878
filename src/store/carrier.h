#ifndef STORE_CARRIER_H
#define STORE_CARRIER_H

#include "store/intake.h"
#include "store/journal.h"
#include "store/load.h"

/*
 * A thread that carries what a journal holds into the store, a load at a time.
 */
struct carrier;

struct carrier_way {
    const char *path; /* the journal's file */
    struct journal *journal;
    struct writer *keeper; /* the journal's */
    struct writer *writer; /* the store's */
    const struct intake_listener *listener;
};

/*
 * Begin; some of what an earlier one left is carried over before this returns.
 * All that `way` names lives longer. ERROR_STORE when it can't be read, or not
 * be stored.
 */
enum error_code carrier_start(struct carrier **carrier,
                              const struct carrier_way *way,
                              struct error *err) MUST_CHECK;

/* Tell the listener what a load has brought. */
void carrier_tell(const struct intake_listener *listener,
                  const struct load *load);

/* Entries that wait. */
size_t carrier_depth(struct carrier *carrier);

/* Wait, for `ms` at most, until some have been carried over. */
void carrier_wait(struct carrier *carrier, int64_t ms);

/*
 * Carry over what can be in `ms`, and end. Returns how many entries are left.
 */
size_t carrier_stop(struct carrier *carrier, int64_t ms);

#endif /* STORE_CARRIER_H */
