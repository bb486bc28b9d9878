#ifndef FEATURES_SHAPE_FEATURES_H
#define FEATURES_SHAPE_FEATURES_H

#include "features/glossary.h"
#include "text/normalise.h"

/*
 * How the text looks, whatever it says: FAMILY_SHAPE and FAMILY_DISGUISE.
 * Shares of letters and words, never of a script: no alphabet is a fault.
 *
 * `facts` are those of the words of the body. Sets its slots of `dense`,
 * FEATURE_DENSE_NR values that begin as 0.
 */
void shape_features(const struct text *text, const struct word_facts *facts,
                    float *dense);

#endif /* FEATURES_SHAPE_FEATURES_H */
