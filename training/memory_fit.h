#ifndef TRAINING_MEMORY_FIT_H
#define TRAINING_MEMORY_FIT_H

#include "folds.h"

#include "memory/memory.h"
#include "model/calibration.h"

/*
 * What is recalled of a comment, weighed against what it says.
 *
 * Sites are played with the corpus: the spam of one source and the ham of
 * another come mixed, in the order of time where there is one; some are
 * labelled by people a while after they came. Each comment is recalled as the
 * program would at that moment. The weights are those of a logistic
 * regression whose offset is the log-odds of a classifier that never saw the
 * comment's source, so what is learned is what memory adds to it.
 *
 * No source has network addresses. Many people may share one, as they do a
 * mail domain, so they get that one's weight.
 */
struct memory_site {
    const char *name;
    size_t nr;        /* comments played */
    size_t spam;      /* of them */
    double recall[2]; /* of spam at 0.5 % false positives, without memory and
                         with it, in the later half */
    size_t marked[2]; /* honest ones in it at or above `marked_at` */
    size_t ham;
};

#define MEMORY_SITES_MAX 16

struct memory_fit {
    double weight[RECALL_NR];
    struct memory_site site[MEMORY_SITES_MAX]; /* each by weights that the
                                                  others gave */
    size_t nr;
};

/* `marked_at` is the probability from which on spam is marked. */
void memory_fit(struct memory_fit *fit, const struct folds *folds,
                const struct calibration *calibration, double marked_at,
                uint64_t seed);

#endif /* TRAINING_MEMORY_FIT_H */
