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

    for (size_t i = 0; i < vector->nr; i++) {
        struct vector_entry *entry = &vector->entry[i];

        if (entry->slot < FEATURE_DENSE_NR) {
            entry->value *= SCALE_NAMED;
            continue;
        }
        entry->value *= rarity(idf, stride, entry->slot);
        square[block_of[entry->family]] += entry->value * entry->value;
    }
    for (size_t block = 0; block < BLOCK_NR; block++)
        square[block] = square[block] > 0 ? 1 / sqrtf(square[block]) : 0;
    for (size_t i = 0; i < vector->nr; i++)
        if (vector->entry[i].slot >= FEATURE_DENSE_NR)
            vector->entry[i].value *=
                square[block_of[vector->entry[i].family]];
}
