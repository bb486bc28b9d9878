#ifndef LEARN_CORRECTION_H
#define LEARN_CORRECTION_H

#include "features/features.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a site's own labels add to the general model: one small weight per
 * slot.
 *
 * The general model's log-odds enter with weight one, fixed, and the labels
 * teach only what it gets wrong here:
 *
 *     log-odds(comment) = general(comment) + <w, comment> + bias
 *
 * Logistic regression with an offset, strongly regularised: few labels move
 * little, and a slot that no label speaks of is not moved at all. Refitting
 * the weight of the general score as well was tried and fails on few labels.
 *
 * Each label pulls with at most its weight, however wrong it is, so what a
 * group of labels can do is bounded by the sum of their weights.
 *
 * Pure and deterministic: the same examples in the same order give the same
 * bytes. liblinear, which trains the general model, takes no offset; this is
 * its dual coordinate descent (Yu, Huang and Lin 2011) with one.
 */
struct correction_entry {
    uint32_t slot;
    float value;
};

struct correction_example {
    const struct correction_entry *entry; /* each slot once */
    size_t nr;
    double general; /* the general model's log-odds */
    double weight;  /* above 0; of all, about 1 on average */
    bool spam;
};

struct correction {
    double *weight; /* FEATURE_NR */
    double bias;
};

struct correction_options {
    double cost;  /* how far a label of weight one may pull */
    double named; /* named features pull this much harder than n-grams */
    uint64_t seed;
};

/* What learn-bench chose. */
extern const struct correction_options correction_recipe;

/* Learn from `nr` examples; the caller releases. */
void correction_learn(struct correction *correction,
                      const struct correction_example *example, size_t nr,
                      const struct correction_options *options);
void correction_release(struct correction *correction);

/* What the correction adds to the log-odds of an example. */
double correction_of(const struct correction *correction,
                     const struct correction_entry *entry, size_t nr);

#endif /* LEARN_CORRECTION_H */
