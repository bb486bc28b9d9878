#ifndef FEATURES_FEATURES_H
#define FEATURES_FEATURES_H

#include "base/arena.h"
#include "comment/comment.h"
#include "features/vector.h"
#include "text/normalise.h"

/*
 * The second stage: from what a comment says to what can be counted.
 *
 * Two kinds of features share one vector. Named ones (features.def) say one
 * thing each, in words a moderator understands. Hashed n-grams, of words and
 * of characters inside words, carry what is said; each field has its own tag,
 * so "casino" as an author's name is not "casino" in a sentence. Hashing is
 * signed (Weinberger et al. 2009): collisions cancel rather than add up.
 *
 * Values of n-grams are 1 + ln(count); the model scales them by how rare they
 * are and brings each block to unit length.
 */

/* Raised whenever the same comment would give another vector. */
#define FEATURES_VERSION 3

enum feature_family {
    FAMILY_WORD,   /* single words of the text */
    FAMILY_PAIR,   /* two words in a row */
    FAMILY_CHAR,   /* 2 to 5 characters inside a word */
    FAMILY_AUTHOR, /* words, pairs and characters of the author's name */
    FAMILY_URL,    /* host of the author's web site and mail domain */
    FAMILY_CLICK,  /* words and characters of anchors */
    FAMILY_HASHED_NR,
    FAMILY_LINK = FAMILY_HASHED_NR, /* named features from here on */
    FAMILY_ANCHOR,
    FAMILY_AUTHOR_CUE,
    FAMILY_CONTEXT,
    FAMILY_SHAPE,
    FAMILY_DISGUISE,
    FAMILY_NR,
};

/* The named features' slots. */
enum feature {
#define FEATURE(name, family, meaning) FEATURE_##name,
#include "features/features.def"
#undef FEATURE
    FEATURE_DENSE_NR,
};

#define FEATURE_HASH_BITS 18
#define FEATURE_HASH_NR ((uint32_t)1 << FEATURE_HASH_BITS)
#define FEATURE_NR ((uint32_t)FEATURE_DENSE_NR + FEATURE_HASH_NR)

/*
 * The vector of a comment, in the arena. `text` is text_normalise's for the
 * same comment. Pure; linear in the words.
 */
void features_extract(struct arena *arena, const struct comment *comment,
                      const struct text *text, struct vector *vector);

/* "link_many", or "word_ngram" and the like for hashed ones. */
struct span feature_name(const struct vector_entry *entry);

/* What it means, in a few words; "words of the text" for hashed ones. */
struct span feature_meaning(const struct vector_entry *entry);

/* "link", "word", ... */
struct span feature_family_name(enum feature_family family);

/*
 * What in the comment an entry stands for: the word or words of an n-gram,
 * the host of a link, the author's name; empty where the whole is meant. In
 * the arena or pointing into `text`.
 */
struct span feature_evidence(struct arena *arena, const struct text *text,
                             const struct vector_entry *entry);

#endif /* FEATURES_FEATURES_H */
