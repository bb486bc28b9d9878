#ifndef TRAINING_FOLDS_H
#define TRAINING_FOLDS_H

#include "corpus.h"

/*
 * Margins of comments under classifiers that never saw their origin.
 *
 * The origins are dealt into folds (with one origin only, its posts are); each
 * fold's comments are scored by a classifier trained on the other folds. What
 * comes out is the only honest material for calibration and thresholds.
 */
struct folds {
    double *margin;
    unsigned char *positive;
    double *weight; /* balances the classes, and the origins within each */
    const struct row **row;
    size_t nr;
};

/*
 * Score every example of the corpus that has all its fields. Uses liblinear
 * in place of libsvm, which solves the same problem in a fraction of the
 * time.
 */
void folds_run(struct folds *folds, const struct corpus *corpus,
               const struct learn_options *options);
void folds_release(struct folds *folds);

#endif /* TRAINING_FOLDS_H */
