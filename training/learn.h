#ifndef TRAINING_LEARN_H
#define TRAINING_LEARN_H

#include "features/features.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Training, by libsvm and liblinear; the only place that knows both.
 *
 * Either library takes rows of (index, value) pairs of the same layout, so an
 * example is made once and serves both. Neither takes a weight per row: a
 * weight of 2.4 becomes two copies and, for two rows in five, a third; copies
 * cost a pointer.
 */
struct node {
    int index; /* slot + 1, LEARN_BIAS or an origin's; -1 ends the row */
    double value;
};

/* The index of the constant that every row ends with, of value 1. */
#define LEARN_BIAS ((int)FEATURE_NR + 1)

/*
 * Beyond it, an intercept for each origin: what one source calls abuse the
 * next calls rude, and that must not be laid to its words. They are dropped
 * when the classifier is used.
 */
#define LEARN_ORIGIN_NR 32
#define LEARN_INDEX_MAX (LEARN_BIAS + LEARN_ORIGIN_NR)

struct example {
    struct node *node; /* ascending, ended by -1 */
    double weight;
    int positive; /* 1 or 0 */
};

struct linear {
    double *weight; /* FEATURE_NR; caller frees */
    double bias;
};

enum learner {
    LEARNER_LIBSVM,  /* C-SVC, linear kernel, collapsed */
    LEARNER_SVM,     /* the same objective by liblinear */
    LEARNER_LOGISTIC /* L2-regularised logistic regression, liblinear */
};

struct learn_options {
    enum learner learner;
    double cost;    /* C of a row of weight one */
    double balance; /* weight of the positive class against the other */
    uint64_t seed;
    double bayes; /* share of naive-Bayes scaling: bayes.h */
};

/* Train on the examples; `example[i]` is not kept. */
struct linear learn(const struct example *const *example, size_t nr,
                    const struct learn_options *options);

/* <w, x> + bias. */
double linear_margin(const struct linear *linear, const struct node *node);

void linear_release(struct linear *linear);

#endif /* TRAINING_LEARN_H */
