#ifndef STORE_LOAD_H
#define STORE_LOAD_H

#include "store/journal.h"

/*
 * What is carried over from a journal into the store in one transaction; with
 * it goes the number of the last entry, so that each is carried over once.
 */
#define LOAD_MAX 512

struct load {
    struct span journal; /* its name; empty: from no journal */
    struct arena arena;  /* of what is noted */
    struct span *site;   /* that got events; each once */
    size_t sites;
    size_t sites_alloc;
    struct feedback
        *feedback; /* what was no echo: site, label, about, at_ms */
    size_t feedbacks;
    size_t feedbacks_alloc;
    struct event event; /* the last one; from no journal, `known` comes with
                           the end of the transaction */
    size_t entries;     /* carried over */
    int64_t last;       /* number of the last entry in the store */

    struct store *store; /* load.c's own from here on */
    int64_t run;         /* one that the store knows */
    enum error_code rc;
    struct error err;
};

void load_init(struct load *load, struct span journal);
void load_release(struct load *load);

/*
 * Carry over up to LOAD_MAX entries, within a transaction of `store`. What the
 * store will never take (of an unknown run, not whole) is named in the log and
 * passed over. ERROR_STORE: roll back, and try another time with a new load.
 */
enum error_code load_carry(struct load *load, struct journal_reader *reader,
                           struct store *store, struct error *err) MUST_CHECK;

/*
 * One entry, within a transaction of `store`. ERROR_INPUT: the store will
 * never take it. Of a journal's decisions the run must be known to the store;
 * what comes from no journal is of a run that this process has begun.
 */
enum error_code load_entry(struct load *load, struct store *store,
                           enum journal_kind kind, struct span record,
                           struct error *err) MUST_CHECK;

#endif /* STORE_LOAD_H */
