#ifndef STORE_DIALECT_H
#define STORE_DIALECT_H

#include "base/buf.h"

/*
 * The store's SQL is written once, as SQLite has it. This is where PostgreSQL
 * has other words: dialect.c lists all of them.
 */

/* What became of a statement. */
struct dialect {
    unsigned parameters; /* $1 to $n */
    bool numbered;       /* it answers with the new row's id */
    bool reads;          /* it changes nothing */
};

/*
 * Add PostgreSQL's words for `sql`, one statement or several. Nothing is added
 * for a statement that PostgreSQL does not need.
 */
struct dialect dialect_add(struct buf *out, struct span sql);

#endif /* STORE_DIALECT_H */
