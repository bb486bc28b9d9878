#ifndef TRAINING_BAYES_H
#define TRAINING_BAYES_H

#include "learn.h"

/*
 * How far an n-gram is trusted before training.
 *
 * Wang & Manning 2012 multiply every n-gram by the log-ratio of its shares in
 * the two classes: those that hardly tell the classes apart then cost more to
 * give a weight, and the many rare ones of one source less easily add up to
 * an opinion. Taken half-way, as they do for short texts: each is multiplied
 * by (1 - share) + share * |log-ratio|. Named features are left alone.
 */
struct bayes {
    float *scale;           /* by node index, LEARN_INDEX_MAX + 1 */
    struct example *scaled; /* as many as were given, in their order */
    const struct example **list;
    struct node *node; /* of all of them */
};

/* Copy the examples, scaled; `share` is between 0 and 1. */
void bayes_make(struct bayes *bayes, const struct example *const *example,
                size_t nr, double share);

/* From weights for scaled vectors to weights for vectors as they come. */
void bayes_undo(const struct bayes *bayes, struct linear *linear);

void bayes_release(struct bayes *bayes);

#endif /* TRAINING_BAYES_H */
