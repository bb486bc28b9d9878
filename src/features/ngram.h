#ifndef FEATURES_NGRAM_H
#define FEATURES_NGRAM_H

#include "base/arena.h"
#include "features/features.h"
#include "features/vector.h"
#include "text/word.h"

/*
 * Hashed n-grams of one field: single words, pairs of words, and the 2- to
 * 5-grams of characters inside each word with its edges marked.
 *
 * A field is counted first: each different word, and each different pair,
 * with how often it comes. Then it is spelled out into a vector; or weighed
 * without one (model/weighing.h). A word that comes again is taken apart once
 * and its count goes into all its n-grams, so the cost is that of the
 * different words.
 */
/* The tag of the text; others are bag.c's. */
#define NGRAM_TAG_TEXT 0x51

struct ngram_plan {
    uint64_t tag;             /* of the field; mixed into every hash */
    enum feature_family word; /* family of single words */
    enum feature_family pair; /* family of pairs */
    enum feature_family character;
};

/* A different word or pair. */
struct ngram {
    uint64_t hash;
    uint32_t first; /* index of the word, or of its first one, in the field */
    uint32_t count;
};

struct ngram_list {
    struct ngram *ngram; /* in the arena, in order of appearance */
    size_t nr;
};

struct ngram_field {
    const struct ngram_plan *plan; /* outlives the field */
    struct word_list words;
    struct ngram_list word;
    struct ngram_list pair;
};

/* N-grams of characters in one word, at most. */
#define NGRAM_CHARACTERS_MAX (4 * (WORD_CHARS_MAX + 2))

/* The hash of a word of the field tagged `tag`. */
uint64_t ngram_word_hash(uint64_t tag, struct span word);

/* Count the words and pairs of a field. Linear in the bytes. */
struct ngram_field ngram_count(struct arena *arena,
                               const struct ngram_plan *plan,
                               const struct word_list *words);

/* The same of words whose hashes are known; `hash` is written over. */
struct ngram_field ngram_count_hashed(struct arena *arena,
                                      const struct ngram_plan *plan,
                                      const struct word_list *words,
                                      uint64_t *hash);

/*
 * The hashes of all n-grams of characters in `word`, into `hash`, which has
 * room for NGRAM_CHARACTERS_MAX; returns their number.
 */
size_t ngram_characters(uint64_t *hash, uint64_t tag, struct span word);

/* Are characters of a word of this kind (enum word_kind) looked at? */
static inline bool ngram_has_characters(uint8_t kind)
{
    return kind != WORD_PUNCT;
}

/* What an n-gram that comes `count` times counts, before its sign. */
float ngram_value(uint32_t count);

/* The bucket of a hash, and whether it counts as below nothing. */
static inline uint32_t ngram_bucket(uint64_t hash)
{
    return (uint32_t)(hash >> (64 - FEATURE_HASH_BITS));
}

static inline bool ngram_is_negative(uint64_t hash)
{
    return hash & 1;
}

/* Append all n-grams of `field`. */
void ngram_spell(struct arena *arena, struct vector *vector,
                 const struct ngram_field *field);

#endif /* FEATURES_NGRAM_H */
