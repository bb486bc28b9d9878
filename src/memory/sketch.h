#ifndef MEMORY_SKETCH_H
#define MEMORY_SKETCH_H

#include "text/word.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a text says in 32 bytes, so that near-duplicates are found: MinHash
 * (Broder 1997) over pairs of neighbouring words, 16 bits of each minimum
 * (Li and Koenig 2010). The share of equal minima estimates the share of
 * pairs that two texts have in common. Digits count as one digit: a campaign
 * changes its sums.
 */
#define SKETCH_NR 16

struct sketch {
    uint16_t min[SKETCH_NR];
};

/* Fewer words say the same by chance ("Thanks for sharing!"). */
#define SKETCH_WORDS_MIN 6

/* Words beyond these are not looked at. */
#define SKETCH_WORDS_MAX 512

/* False when the text is too short to have one. */
bool sketch_make(struct sketch *sketch, const struct word_list *words);

/* How many of SKETCH_NR minima are equal. */
size_t sketch_alike(const struct sketch *a, const struct sketch *b);

/* From so many on two texts are near-duplicates: half of their pairs. */
#define SKETCH_NEAR 8

#endif /* MEMORY_SKETCH_H */
