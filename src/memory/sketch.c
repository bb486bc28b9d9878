#include "memory/sketch.h"

#include "memory/mix.h"

#include <string.h>

static uint64_t hash_word(struct span word)
{
    uint64_t hash = MIX_SEED;

    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.ptr[i];

        hash = mix_step(hash, c >= '0' && c <= '9' ? '0' : c);
    }
    return hash;
}

bool sketch_make(struct sketch *sketch, const struct word_list *words)
{
    uint64_t least[SKETCH_NR];
    uint64_t before;
    size_t nr = words->nr;

    if (nr < SKETCH_WORDS_MIN)
        return false;
    if (nr > SKETCH_WORDS_MAX)
        nr = SKETCH_WORDS_MAX;
    memset(least, 0xff, sizeof(least));
    before = hash_word(words->word[0].text);
    for (size_t i = 1; i < nr; i++) {
        uint64_t word = hash_word(words->word[i].text);
        uint64_t pair = mix_final(mix_step(before, word));

        for (size_t k = 0; k < SKETCH_NR; k++) {
            uint64_t hash = mix_step(pair, k + 1);

            if (hash < least[k])
                least[k] = hash;
        }
        before = word;
    }
    /* Of a minimum the upper bits are all alike. */
    for (size_t k = 0; k < SKETCH_NR; k++)
        sketch->min[k] = (uint16_t)mix_final(least[k]);
    return true;
}

size_t sketch_alike(const struct sketch *a, const struct sketch *b)
{
    size_t nr = 0;

    for (size_t k = 0; k < SKETCH_NR; k++)
        nr += a->min[k] == b->min[k];
    return nr;
}
