#ifndef TRAINING_KINDS_H
#define TRAINING_KINDS_H

#include "corpus.h"
#include "model/model.h"

/*
 * What kind of abuse it is: a threat, hate of a group, an insult, obscenity.
 *
 * One logistic regression a kind, on the abuse that annotators were asked
 * about: given that a comment is abuse, which is it? They name reasons and
 * decide nothing, so each speaks only where it is right in most cases: its
 * threshold is the lowest at which, on comments it was not trained on, at
 * least KINDS_PRECISION of what it names is of that kind.
 */
#define KINDS_PRECISION 0.75

struct kind {
    struct linear linear; /* the threshold is in its bias; weight NULL: none */
    size_t nr;
    size_t positives;
    double precision; /* out of fold, at the threshold */
    double recall;
    double auc;
};

struct kinds {
    struct kind kind[MODEL_KIND_NR];
};

/* Train on the abuse of `corpus`, which is the abuse head's. */
void kinds_learn(struct kinds *kinds, const struct corpus *corpus);
void kinds_release(struct kinds *kinds);

#endif /* TRAINING_KINDS_H */
