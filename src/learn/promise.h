#ifndef LEARN_PROMISE_H
#define LEARN_PROMISE_H

#include <stddef.h>

/*
 * Thresholds that keep a promise about comments not seen yet.
 *
 * "At most one honest comment in 200 is marked, with 95 % confidence": from
 * the scores of honest comments of sources the classifier was not trained on,
 * take the lowest threshold at which the upper Clopper-Pearson bound
 * (Clopper and Pearson 1934) of the share above it is still within the
 * promise.
 */

/*
 * Upper end of the one-sided interval for a share, of which `hits` of `nr`
 * were seen, at `confidence` (0.95).
 */
double promise_upper_bound(size_t hits, size_t nr, double confidence);

/*
 * The lowest score such that the share of `score` (sorted falling, `nr` of
 * them) at or above it is at most `share`, with `confidence`. Above the
 * highest score when there are too few to promise anything.
 */
double promise_threshold(const double *score, size_t nr, double share,
                         double confidence);

#endif /* LEARN_PROMISE_H */
