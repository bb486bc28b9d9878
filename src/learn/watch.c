#include "learn/watch.h"

#include <math.h>

/* The worse rates that are bet on, as multiples of the promised one. */
static const double worse[WATCH_RATES] = { 2, 4, 8 };

/* Nearly all honest comments marked is as bad as it gets. */
#define RATE_MAX 0.99

void watch_begin(struct watch *watch, double promised)
{
    *watch = (struct watch){ .promised = promised };
    for (int i = 0; i < WATCH_RATES; i++)
        watch->stake[i] = 1;
}

void watch_see(struct watch *watch, bool marked)
{
    double p = watch->promised;

    watch->honest++;
    watch->marked += marked;
    if (!(p > 0 && p < 1))
        return;
    for (int i = 0; i < WATCH_RATES; i++) {
        double q = fmax(p, fmin(RATE_MAX, worse[i] * p));

        watch->stake[i] *= marked ? q / p : (1 - q) / (1 - p);
    }
}

double watch_stake(const struct watch *watch)
{
    double total = 0;

    for (int i = 0; i < WATCH_RATES; i++)
        total += watch->stake[i];
    return total / WATCH_RATES;
}

bool watch_broken(const struct watch *watch, double confidence)
{
    return watch_stake(watch) >= 1 / (1 - confidence);
}
