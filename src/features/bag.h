#ifndef FEATURES_BAG_H
#define FEATURES_BAG_H

#include "base/arena.h"
#include "comment/comment.h"
#include "features/features.h"
#include "features/glossary.h"
#include "features/ngram.h"
#include "text/normalise.h"

/*
 * What is counted of a comment: the named features, and the words and pairs
 * of each field.
 *
 * All that the vector holds is in the bag, but for the n-grams inside words,
 * nine entries in ten. features_extract spells them out, for those who teach
 * and explain; who only judges can do without them (model/weighing.h).
 */

/* Links whose anchors are looked at: the first ones. */
#define BAG_ANCHORS_MAX 8

/* The text, the author's name, the author's web site, and anchors. */
#define BAG_FIELDS_MAX (3 + BAG_ANCHORS_MAX)

struct bag {
    float named[FEATURE_DENSE_NR];
    struct ngram_field field[BAG_FIELDS_MAX]; /* the text is the first */
    size_t nr;
};

/* The families of the named features. */
enum feature_family bag_family(uint32_t slot);

/*
 * Fill `bag`, all of whose lists are in the arena; `text` is text_normalise's
 * for the same comment. Pure; linear in the words. The bag is the same with
 * any glossary, and with none (NULL).
 */
void bag_fill(struct arena *arena, struct glossary *glossary,
              const struct comment *comment, const struct text *text,
              struct bag *bag);

#endif /* FEATURES_BAG_H */
