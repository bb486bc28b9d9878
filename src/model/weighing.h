#ifndef MODEL_WEIGHING_H
#define MODEL_WEIGHING_H

#include "base/arena.h"
#include "features/bag.h"
#include "model/lexicon.h"
#include "model/scale.h"
#include "model/weights.h"

/*
 * A comment weighed without its vector.
 *
 * The vector of a comment has about a thousand entries, which are scaled to
 * blocks of unit length and multiplied by their weights (model/scale.h). But
 * length and products are sums over the block, so a block can be added up as
 * it is counted, and its length be divided by at the end. What is added is
 * the same for a word wherever it comes, so most of it is looked up in a
 * lexicon. The sums of each word and pair are kept: the reasons are made of
 * them. For the same comment the result is that of the vector, but for its
 * rounding to single precision.
 */

/* With what is weighed. */
struct weigher {
    const struct weights *weights;
    const float *layer;      /* FEATURE_NR, the site's own; NULL: none */
    struct lexicon *lexicon; /* opened for these two; NULL: none is used */
};

/* What some n-grams give; times the unit of their block it is final. */
struct weighing_sum {
    double square;
    double head[WEIGHTS_HEAD_NR]; /* margin */
    double layer;                 /* log-odds of spam */
};

static inline void weighing_add(struct weighing_sum *sum,
                                const struct weighing_sum *more)
{
    sum->square += more->square;
    for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
        sum->head[head] += more->head[head];
    sum->layer += more->layer;
}

/* Of the text, by where a word, or pair of words, came first. */
struct weighing_word {
    struct weighing_sum word;
    struct weighing_sum characters;
    struct weighing_sum pair; /* that begins with this word */
};

struct weighing {
    struct weighing_sum named;                 /* all of them; final */
    struct weighing_sum block[SCALE_BLOCK_NR]; /* all n-grams */
    double unit[SCALE_BLOCK_NR]; /* 1 / length; 0 when it is empty */
    struct weighing_word *word;  /* one a word of the text; in the arena */
};

void weighing_take(struct weighing *weighing, struct arena *arena,
                   const struct weigher *weigher, const struct bag *bag);

/* The margins of both heads, biases included. */
void weighing_margins(const struct weighing *weighing,
                      const struct weights *weights,
                      double margin[WEIGHTS_HEAD_NR]);

/* The log-odds that the layer adds. */
double weighing_layer(const struct weighing *weighing);

/* By kinds of abuse; all are final. */
struct weighing_kinds {
    double margin[WEIGHTS_KIND_NR];  /* biases included */
    double (*word)[WEIGHTS_KIND_NR]; /* what each word of the text adds, and
                                        the pairs it begins; in the arena */
};

/* Weigh a bag, of which `weighing` was taken, by kinds of abuse. */
void weighing_take_kinds(struct weighing_kinds *kinds, struct arena *arena,
                         const struct weigher *weigher, const struct bag *bag,
                         const struct weighing *weighing);

#endif /* MODEL_WEIGHING_H */
