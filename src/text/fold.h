#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "base/arena.h"
#include "base/span.h"

#include <stddef.h>

/*
 * One spelling for what a reader sees as one word.
 *
 * Folding is what n-grams are counted over: NFKC_Casefold (UAX #31, UTS #15),
 * invisible and bidi characters gone, accents that are a disguise taken off,
 * confusable letters of a word that mixes scripts brought back to the script
 * of the word (skeletons, UTS #39), letters set one by one joined ("v i a g r
 * a"), leetspeak inside words undone ("v1agra", "sh!t", "a$$"), repeats cut:
 * of letters to two, of signs and emoji to three, of digits never.
 *
 * A word written in one script is never touched but for case and NFKC: an
 * honest Cyrillic, Greek or Arabic word folds to itself. ASCII takes a fast
 * path around ICU. Each step has a header of its own: character.h, accent.h,
 * confusable.h, spaced.h, leet.h.
 */
struct fold_counts {
    size_t invisible;    /* zero-width and other default-ignorable characters
                            after Latin, Cyrillic or Greek letters; U+FEFF,
                            soft hyphens and what emoji are made of excepted */
    size_t bidi;         /* explicit embedding, override, isolate controls */
    size_t compat;       /* full-width (but among Han, Kana, Hangul),
                            mathematical, enclosed, raised letters and small
                            capitals: letters drawn as something else */
    size_t marks;        /* combining marks beyond two on one letter; beyond
                            six of a script that has its own; accents that
                            were taken off */
    size_t mixed_words;  /* words whose letters mix Latin with Cyrillic, Greek
                            or other confusable scripts */
    size_t leet_words;   /* words in which digits or signs stood for letters */
    size_t spaced_words; /* runs of single letters joined to a word */
    size_t repeats;      /* letters, "!", "?" and emoji dropped from runs */
    size_t words;        /* words seen, about, as a measure for the above */
};

/*
 * Fold `plain`, valid UTF-8, into the arena; add what was undone to `counts`.
 * The result is valid UTF-8 in lower case. Linear in the bytes.
 */
struct span fold_text(struct arena *arena, struct span plain,
                      struct fold_counts *counts);

#endif /* TEXT_FOLD_H */
