#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "store/store.h"

/*
 * All that one store remembers, put into another: from a file to a server, or
 * back.
 *
 * The new store is empty, or what an earlier copy has left; it goes on from
 * there. Rows keep their numbers. A window of rows is one transaction, so that
 * what is there is whole. In the end each table is counted on both sides, and
 * its rows' fingerprints added up. Nothing may be written to either meanwhile.
 */
struct copy_table {
    const char *name;
    size_t copied; /* by this call */
    size_t rows;   /* on both sides, when it is over */
};

/*
 * Copy all tables. `on_table` hears of each that is through, in order, and
 * once more, with `rows`, when it has been compared. ERROR_STORE names the
 * table that differs.
 */
enum error_code copy_all(struct store *from, struct store *to,
                         void (*on_table)(void *context,
                                          const struct copy_table *table),
                         void *context, struct error *err) MUST_CHECK;

#endif /* STORE_COPY_H */
