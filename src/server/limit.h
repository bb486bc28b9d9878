#ifndef SERVER_LIMIT_H
#define SERVER_LIMIT_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Token buckets: each key may act `rate` times a second, and after a pause
 * twice that at once.
 *
 * The table has a fixed size. A key that finds its places taken gets that of
 * the fullest bucket, whose owner loses least by it: so strangers can't make
 * it grow, and those who behave are never shut out. Threads may share it.
 */
struct limit;

/* `rate` is at least 1. The caller frees. */
struct limit *limit_new(long rate);
void limit_free(struct limit *limit); /* NULL is fine */

/*
 * Take a token of `key`'s bucket. False when it is empty; then `*seconds`
 * until there is one again, at least 1. `now_ms` is a steady clock's.
 */
bool limit_take(struct limit *limit, struct span key, int64_t now_ms,
                long *seconds);

#endif /* SERVER_LIMIT_H */
