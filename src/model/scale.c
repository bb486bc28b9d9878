#include "model/scale.h"

#include <math.h>
#include <string.h>

static float rarity(const unsigned char *idf, size_t stride, uint32_t slot)
{
    uint16_t steps;

    memcpy(&steps, idf + (slot - FEATURE_DENSE_NR) * stride, sizeof(steps));
    return (float)steps * SCALE_IDF_STEP;
}

void scale_apply(struct vector *vector, const unsigned char *idf,
                 size_t stride)
{
    float square[SCALE_BLOCK_NR] = { 0 };
    enum scale_block block = SCALE_WORDS;
    float sum = 0; /* of `block`, which seldom changes: kept in a register */

    for (size_t i = 0; i < vector->nr; i++) {
        struct vector_entry *entry = &vector->entry[i];
        enum scale_block other;

        if (entry->slot < FEATURE_DENSE_NR) {
            entry->value *= SCALE_NAMED;
            continue;
        }
        other = scale_block(entry->family);
        if (other != block) {
            square[block] = sum;
            sum = square[other];
            block = other;
        }
        entry->value *= rarity(idf, stride, entry->slot);
        sum += entry->value * entry->value;
    }
    square[block] = sum;
    for (size_t i = 0; i < SCALE_BLOCK_NR; i++)
        square[i] = square[i] > 0 ? 1 / sqrtf(square[i]) : 0;
    for (size_t i = 0; i < vector->nr; i++)
        if (vector->entry[i].slot >= FEATURE_DENSE_NR)
            vector->entry[i].value *=
                square[scale_block(vector->entry[i].family)];
}
