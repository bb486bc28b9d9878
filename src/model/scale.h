#ifndef MODEL_SCALE_H
#define MODEL_SCALE_H

#include "features/features.h"
#include "features/vector.h"

#include <stdint.h>

/*
 * From counts to what the classifier was trained on.
 *
 * An n-gram counts by how rare it is (inverse document frequency, Spärck
 * Jones 1972), and each block of them, words, characters, author, web site,
 * anchors, is brought to unit length, so that neither a long comment nor a
 * long field shouts the others down. Named features are multiplied by one
 * constant: a unit of theirs then costs the regularisation less, so that they
 * are used first, and what is left over goes to the n-grams.
 */

/* What named features are multiplied by; chosen by leave-one-source-out. */
#define SCALE_NAMED 2.0F

/* Rarity is kept as a 16-bit number of these steps. */
#define SCALE_IDF_STEP (1.0F / 4096)

/* What n-grams of a family are brought to unit length with. */
enum scale_block {
    SCALE_WORDS,
    SCALE_CHARS,
    SCALE_AUTHOR,
    SCALE_URL,
    SCALE_CLICK,
    SCALE_BLOCK_NR
};

/* Of an n-gram's family; named features are in no block. */
static inline enum scale_block scale_block(enum feature_family family)
{
    static const uint8_t of[FAMILY_HASHED_NR] = {
        [FAMILY_WORD] = SCALE_WORDS, [FAMILY_PAIR] = SCALE_WORDS,
        [FAMILY_CHAR] = SCALE_CHARS, [FAMILY_AUTHOR] = SCALE_AUTHOR,
        [FAMILY_URL] = SCALE_URL,    [FAMILY_CLICK] = SCALE_CLICK,
    };

    return (enum scale_block)of[family];
}

/*
 * Scale the values of `vector` in place. The rarity of bucket i is
 * *(uint16_t *)(idf + i * stride), in steps; stride in bytes.
 */
void scale_apply(struct vector *vector, const unsigned char *idf,
                 size_t stride);

#endif /* MODEL_SCALE_H */
