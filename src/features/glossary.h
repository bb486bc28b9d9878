#ifndef FEATURES_GLOSSARY_H
#define FEATURES_GLOSSARY_H

#include "base/arena.h"
#include "text/word.h"

#include <stdint.h>

/*
 * What the features ask of each word of a text, whatever is around it.
 *
 * Each answer takes a loop over the bytes of the word, whose end the
 * processor guesses wrong; and most words were asked about a moment ago. So
 * the answers are kept, each word of up to 15 bytes in the one place that its
 * bytes name, and a newcomer takes the place of who was there. What is kept
 * of a word is all of it, so no word is taken for another. Memory is fixed,
 * 512 KiB. Not for threads to share.
 */
struct glossary;

/* Three arrays, one item a word; in the arena. */
struct word_facts {
    uint64_t *hash; /* ngram_word_hash, as of the text */
    uint32_t *mark; /* FNV-1a, shorter */
    float *random;  /* measure_random */
};

struct glossary *glossary_new(void);
void glossary_free(struct glossary *glossary); /* NULL is fine */

/*
 * The facts of all words of a text. With `glossary` NULL they are worked out
 * anew, and are the same.
 */
struct word_facts glossary_look(struct glossary *glossary, struct arena *arena,
                                const struct word_list *words);

#endif /* FEATURES_GLOSSARY_H */
