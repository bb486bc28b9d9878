#ifndef FEATURES_AUTHOR_FEATURES_H
#define FEATURES_AUTHOR_FEATURES_H

#include "base/arena.h"
#include "comment/comment.h"
#include "text/normalise.h"

/*
 * What the author's fields, and how they fit together, give away:
 * FAMILY_AUTHOR_CUE. Each stays 0 when the field it needs is empty.
 *
 * Sets its slots of `dense`, FEATURE_DENSE_NR values that begin as 0.
 */
void author_features(struct arena *arena, const struct comment *comment,
                     const struct text *text, float *dense);

#endif /* FEATURES_AUTHOR_FEATURES_H */
