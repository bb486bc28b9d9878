#ifndef FEATURES_SHAPE_FEATURES_H
#define FEATURES_SHAPE_FEATURES_H

#include "base/arena.h"
#include "comment/comment.h"
#include "text/normalise.h"

/*
 * How the text looks, whatever it says: FAMILY_SHAPE and FAMILY_DISGUISE.
 * Shares of letters and words, never of a script: no alphabet is a fault.
 *
 * Sets its slots of `dense`, FEATURE_DENSE_NR values that begin as 0.
 */
void shape_features(struct arena *arena, const struct comment *comment,
                    const struct text *text, float *dense);

#endif /* FEATURES_SHAPE_FEATURES_H */
