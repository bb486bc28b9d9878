#ifndef FEATURES_CONTEXT_FEATURES_H
#define FEATURES_CONTEXT_FEATURES_H

#include "base/arena.h"
#include "comment/comment.h"
#include "text/normalise.h"

/*
 * Whether a comment has to do with the post it stands under: FAMILY_CONTEXT.
 * Words of fewer than four letters say nothing about a topic and are passed
 * over; words of five and more are compared by their first five letters, so
 * that "missiles" meets "missile".
 *
 * Sets its slots of `dense`, FEATURE_DENSE_NR values that begin as 0.
 */
void context_features(struct arena *arena, const struct comment *comment,
                      const struct text *text, float *dense);

#endif /* FEATURES_CONTEXT_FEATURES_H */
