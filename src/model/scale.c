#include "model/scale.h"

#include "features/features.h"

#include <math.h>
#include <string.h>

enum block {
    BLOCK_WORDS,
    BLOCK_CHARS,
    BLOCK_AUTHOR,
    BLOCK_URL,
    BLOCK_CLICK,
    BLOCK_NR
};

static const enum block block_of[FAMILY_HASHED_NR] = {
    [FAMILY_WORD] = BLOCK_WORDS, [FAMILY_PAIR] = BLOCK_WORDS,
    [FAMILY_CHAR] = BLOCK_CHARS, [FAMILY_AUTHOR] = BLOCK_AUTHOR,
    [FAMILY_URL] = BLOCK_URL,    [FAMILY_CLICK] = BLOCK_CLICK,
};

static float rarity(const unsigned char *idf, size_t stride, uint32_t slot)
{
    uint16_t steps;

    memcpy(&steps, idf + (slot - FEATURE_DENSE_NR) * stride, sizeof(steps));
    return (float)steps * SCALE_IDF_STEP;
}

void scale_apply(struct vector *vector, const unsigned char *idf,
                 size_t stride)
{
    float square[BLOCK_NR] = { 0 };
    enum block block = BLOCK_WORDS;
    float sum = 0; /* of `block`, which seldom changes: kept in a register */

    for (size_t i = 0; i < vector->nr; i++) {
        struct vector_entry *entry = &vector->entry[i];
        enum block other;

        if (entry->slot < FEATURE_DENSE_NR) {
            entry->value *= SCALE_NAMED;
            continue;
        }
        other = block_of[entry->family];
        if (other != block) {
            square[block] = sum;
            sum = square[other];
            block = other;
        }
        entry->value *= rarity(idf, stride, entry->slot);
        sum += entry->value * entry->value;
    }
    square[block] = sum;
    for (size_t i = 0; i < BLOCK_NR; i++)
        square[i] = square[i] > 0 ? 1 / sqrtf(square[i]) : 0;
    for (size_t i = 0; i < vector->nr; i++)
        if (vector->entry[i].slot >= FEATURE_DENSE_NR)
            vector->entry[i].value *=
                square[block_of[vector->entry[i].family]];
}
