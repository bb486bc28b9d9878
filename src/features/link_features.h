#ifndef FEATURES_LINK_FEATURES_H
#define FEATURES_LINK_FEATURES_H

#include "base/arena.h"
#include "comment/comment.h"
#include "text/normalise.h"

/*
 * What the links of a comment, their anchors and other ways to be reached give
 * away: FAMILY_LINK and FAMILY_ANCHOR.
 *
 * Sets its slots of `dense`, FEATURE_DENSE_NR values that begin as 0.
 */
void link_features(struct arena *arena, const struct comment *comment,
                   const struct text *text, float *dense);

#endif /* FEATURES_LINK_FEATURES_H */
