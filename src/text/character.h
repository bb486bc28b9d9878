#ifndef TEXT_CHARACTER_H
#define TEXT_CHARACTER_H

#include "base/arena.h"
#include "base/span.h"
#include "text/fold.h"

#include <stdbool.h>

/*
 * The first step of folding, character by character: one code point for what
 * a reader sees as one character.
 *
 * Lower case and NFKC_Casefold; what shows nothing is dropped (but for the
 * joiners that hold an emoji together), and so are skin tones, and marks
 * piled higher than any script does; letters drawn as symbols ("🅰", "ᴀ") are
 * letters; quotes and hyphens have their plain form.
 */
struct character_text {
    char *ptr; /* in the arena */
    size_t len;
    bool accents; /* some are left that are no part of a letter */
    bool foreign; /* may have letters that are taken for Latin ones */
    bool ascii;   /* and nothing else was in it */
};

/*
 * Fold the characters of `plain`, valid UTF-8. Adds to `invisible`, `bidi`,
 * `compat` and `marks` of `counts`. Linear.
 */
struct character_text character_fold(struct arena *arena, struct span plain,
                                     struct fold_counts *counts);

#endif /* TEXT_CHARACTER_H */
