#ifndef FEATURES_UNIT_H
#define FEATURES_UNIT_H

#include "base/arena.h"
#include "text/word.h"

#include <stddef.h>
#include <stdint.h>

/*
 * What of a text can be known or strange.
 *
 * Hashed n-grams can't tell: with 2^18 buckets every one of them was met, by
 * something. So a text is also cut into few large pieces that a model can
 * remember apart: the beginnings of words in Latin, Cyrillic and Greek, which
 * are languages, not scripts; and single letters of every other script, where
 * words are often not set apart and one comment shows most of the alphabet.
 */
struct unit_list {
    uint64_t *unit; /* hashes, in order of appearance; in the arena */
    size_t nr;
};

/* Units that are looked at; the first ones tell the language. */
#define UNIT_NR_MAX 256

/* Linear in the words looked at. Numbers, emoji and signs are no units. */
struct unit_list unit_find(struct arena *arena, const struct word_list *words);

#endif /* FEATURES_UNIT_H */
