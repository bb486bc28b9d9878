#ifndef PAGE_THROTTLE_H
#define PAGE_THROTTLE_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Guessing made slow: after some failures a key must wait before the next
 * try, twice as long each time, up to a ceiling; what it failed is forgotten
 * after a while, so nobody is shut out for good.
 *
 * The table has a fixed size, and of two keys that meet the newer one counts.
 * Threads may share it.
 */
struct throttle;

struct throttle_rule {
    unsigned free; /* failures before there is any waiting */
    long most_s;   /* longest wait */
};

/* Failures are forgotten after so long without one. */
#define THROTTLE_FORGET_MS ((int64_t)15 * 60 * 1000)

struct throttle *throttle_new(void);
void throttle_free(struct throttle *throttle); /* NULL is fine */

/*
 * May `key` try now? Else in `*seconds`, at least 1. `now_ms` is a steady
 * clock's.
 */
bool throttle_may(struct throttle *throttle, struct span key, int64_t now_ms,
                  long *seconds);

/* It failed. */
void throttle_failed(struct throttle *throttle, struct span key,
                     const struct throttle_rule *rule, int64_t now_ms);

/* It did not: all is forgotten. */
void throttle_worked(struct throttle *throttle, struct span key);

#endif /* PAGE_THROTTLE_H */
