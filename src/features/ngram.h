#ifndef FEATURES_NGRAM_H
#define FEATURES_NGRAM_H

#include "base/arena.h"
#include "features/features.h"
#include "features/vector.h"
#include "text/word.h"

/*
 * Hashed n-grams of one field: single words, pairs of words, and the 2- to
 * 5-grams of characters inside each word with its edges marked.
 *
 * A word that comes again is taken apart once and its count goes into all its
 * n-grams, so the cost is that of the different words.
 */
struct ngram_plan {
    uint64_t tag;             /* of the field; mixed into every hash */
    enum feature_family word; /* family of single words */
    enum feature_family pair; /* family of pairs */
    enum feature_family character;
};

void ngram_add(struct arena *arena, struct vector *vector,
               const struct ngram_plan *plan, const struct word_list *words);

#endif /* FEATURES_NGRAM_H */
