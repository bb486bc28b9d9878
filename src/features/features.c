#include "features/features.h"

#include "features/bag.h"

static void add_named(struct arena *arena, struct vector *vector,
                      const float *named)
{
    for (uint32_t slot = 0; slot < FEATURE_DENSE_NR; slot++)
        vector_add(arena, vector,
                   (struct vector_entry){
                       .slot = slot,
                       .value = named[slot],
                       .word = slot,
                       .family = (uint8_t)bag_family(slot),
                   });
}

void features_extract(struct arena *arena, const struct comment *comment,
                      const struct text *text, struct vector *vector)
{
    struct bag bag;

    bag_fill(arena, NULL, comment, text, &bag);
    *vector = (struct vector){ NULL, 0, 0 };
    add_named(arena, vector, bag.named);
    for (size_t i = 0; i < bag.nr; i++)
        ngram_spell(arena, vector, &bag.field[i]);
}
