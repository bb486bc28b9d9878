#include "learn/promise.h"

#include <math.h>

/* ln of the binomial coefficient. */
static double ln_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* Probability of at most `hits` of `nr` when each has chance `p`. */
static double at_most(size_t hits, size_t nr, double p)
{
    double sum = 0;

    if (p <= 0)
        return 1;
    if (p >= 1)
        return hits >= nr;
    for (size_t k = 0; k <= hits; k++)
        sum += exp(ln_choose((double)nr, (double)k) + (double)k * log(p) +
                   (double)(nr - k) * log1p(-p));
    return sum;
}

double promise_upper_bound(size_t hits, size_t nr, double confidence)
{
    double low = 0;
    double high = 1;

    if (hits >= nr)
        return 1;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;

        if (at_most(hits, nr, middle) > 1 - confidence)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double promise_threshold(const double *score, size_t nr, double share,
                         double confidence)
{
    size_t hits = 0;

    while (hits < nr && promise_upper_bound(hits + 1, nr, confidence) <= share)
        hits++;
    if (!nr)
        return INFINITY;
    /* `hits` may lie above; the next one must not. */
    return hits < nr ? nextafter(score[hits], INFINITY) : score[nr - 1];
}
