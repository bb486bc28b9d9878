#ifndef TEXT_WORD_H
#define TEXT_WORD_H

#include "base/arena.h"
#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Words of a folded text, in order of appearance.
 *
 * A word is a run of letters, marks and digits, with single apostrophes
 * inside ("don't") and asterisks that mask letters ("f*ck", "f***"); or one
 * emoji, however many code points that takes; or a run of one repeated sign
 * that says something ("!", "?", "%", "$" and other money, two and more full
 * stops), cut to three ("!!!"). Other punctuation separates and is no word.
 *
 * Scripts written without spaces (Han, Hiragana, Katakana, Thai, Lao, Khmer,
 * Myanmar) give runs that the features take apart into character n-grams;
 * nothing here needs a dictionary.
 */
struct word {
    struct span text; /* points into the folded text */
    uint8_t kind;     /* enum word_kind */
};

enum word_kind {
    WORD_LETTERS, /* has a letter */
    WORD_NUMBER,  /* digits only */
    WORD_EMOJI,
    WORD_PUNCT,
};

struct word_list {
    struct word *word;
    size_t nr;
};

/* Words beyond these are not looked at; what came first decides. */
#define WORD_NR_MAX ((size_t)16 << 10)

/* Code points of a word; a longer run is several words. */
#define WORD_CHARS_MAX 64

/*
 * Split `folded`, valid UTF-8 as fold_text gives it, into words; the list is
 * in the arena. Linear in the bytes. No way to fail.
 */
struct word_list word_split(struct arena *arena, struct span folded);

#endif /* TEXT_WORD_H */
