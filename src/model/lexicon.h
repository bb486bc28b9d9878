#ifndef MODEL_LEXICON_H
#define MODEL_LEXICON_H

#include "base/span.h"
#include "features/ngram.h"
#include "model/weights.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Words met before, and what the n-grams inside them weigh.
 *
 * That depends on the word, its field and the weights alone, and nearly all
 * words of a comment were met in one of the last thousand (Zipf 1949); so
 * they are taken apart once and looked up ever after.
 *
 * There are LEXICON_PLACES places, and the hash of a word names the two it
 * may be in: a newcomer takes the first, who was there moves to the second,
 * and who was in that is forgotten. Words are compared byte by byte, so
 * whatever hashes somebody finds that are alike, no word is taken for
 * another. Memory is fixed, 2.5 MiB, and touched as words come. Not for
 * threads to share.
 */
struct lexicon;

#define LEXICON_PLACES ((size_t)32 << 10)

/* Longer words are not remembered. In bytes. */
#define LEXICON_WORD_MAX 27

/*
 * What n-grams give together, before their block is brought to unit length.
 * But for the layer, in steps of the file of weights: sums of integers are
 * exact, in whatever order.
 */
struct ngram_sum {
    int64_t square;
    int64_t head[WEIGHTS_HEAD_NR];
    double layer; /* of the site's own weights; 0 without a layer */
};

/* Of all n-grams inside one word. One line of the cache, and one wait. */
struct lexicon_word {
    struct ngram_sum sum;
    bool has_kinds; /* they are few who ask, so they are added when one does */
    uint8_t tag;    /* from here on for the lexicon alone */
    uint16_t era;   /* in which it was filled; 0: never */
    uint8_t len;
    char text[LEXICON_WORD_MAX];
};

struct lexicon *lexicon_new(void);
void lexicon_free(struct lexicon *lexicon); /* NULL is fine */

/*
 * What is looked up from now on is by the weights of `model` and, where it is
 * not empty, of `layer`: their ids. All else is forgotten.
 */
void lexicon_open(struct lexicon *lexicon, struct span model,
                  struct span layer);

/* The word hashed so is looked up soon: has memory get at its places. */
void lexicon_await(const struct lexicon *lexicon, uint64_t hash);

/*
 * The place of a word of the field tagged `tag`, the lowest byte of which
 * counts; `hash` is the word's in its field. When `*met` is false the caller
 * fills the place. NULL for a word that is too long. Valid until the next
 * call.
 */
struct lexicon_word *lexicon_find(struct lexicon *lexicon, uint64_t tag,
                                  uint64_t hash, struct span word, bool *met);

/* The sums by kinds of abuse of a word that was found; WEIGHTS_KIND_NR. */
int32_t *lexicon_kinds(struct lexicon *lexicon,
                       const struct lexicon_word *word);

#endif /* MODEL_LEXICON_H */
