#ifndef PIPELINE_BREAKER_H
#define PIPELINE_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A circuit breaker: who does not answer is left alone for a while, longer
 * after each time, so that it can recover, and so that we do not wait for it.
 *
 * After n failures in a row the pause is drawn from the upper half of
 * BREAKER_FIRST_MS * 2^(n-1), up to BREAKER_MOST_MS: drawn, so that many of
 * us do not come back in step. Pure but for the dice.
 */
#define BREAKER_FIRST_MS 1000
#define BREAKER_MOST_MS 60000

/* Zeroed is closed. */
struct breaker {
    unsigned failures; /* in a row */
    int64_t until_ms;  /* steady; leave it alone until then */
};

/* May it be tried at this time? */
bool breaker_may(const struct breaker *breaker, int64_t now_ms);

void breaker_failed(struct breaker *breaker, int64_t now_ms);
void breaker_worked(struct breaker *breaker);

#endif /* PIPELINE_BREAKER_H */
