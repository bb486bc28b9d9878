/*
 * Folding runs from the small to the large: characters (character.c), accents
 * that hide them (accent.c), the script of a word (confusable.c), letters set
 * apart (spaced.c), letters in leetspeak (leet.c), and last the repeats, which
 * the steps before bring out ("a$$$$"). Each step leaves valid UTF-8 in lower
 * case; the last three work in place, for they only make text shorter, and
 * are left out where tricks.c sees nothing for them to do.
 */
#include "text/fold.h"

#include "text/accent.h"
#include "text/character.h"
#include "text/confusable.h"
#include "text/leet.h"
#include "text/spaced.h"
#include "text/tricks.h"
#include "text/unicode.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* How many of the same character in a row are kept. */
#define LETTERS_KEPT 2
#define SIGNS_KEPT 3 /* word_split tells one "!" from many */

struct repeat {
    size_t kept;
    bool counted; /* rows of dots, dashes and blanks are only layout */
};

static struct repeat repeat_ascii(uint32_t cp)
{
    if (cp >= 'a' && cp <= 'z')
        return (struct repeat){ LETTERS_KEPT, true };
    if (cp >= '0' && cp <= '9')
        return (struct repeat){ SIZE_MAX, false };
    if (cp <= ' ')
        return (struct repeat){ LETTERS_KEPT, false };
    return (struct repeat){ SIGNS_KEPT, cp == '!' || cp == '?' };
}

static struct repeat repeat_of(uint32_t cp)
{
    if (cp < 0x80)
        return repeat_ascii(cp);
    switch (unicode_kind(cp)) {
    case UNICODE_LETTER:
    case UNICODE_MARK:
        return (struct repeat){ LETTERS_KEPT, true };
    case UNICODE_DIGIT:
        return (struct repeat){ SIZE_MAX, false };
    case UNICODE_EMOJI:
        return (struct repeat){ SIGNS_KEPT, true };
    default:
        return (struct repeat){ SIGNS_KEPT, false };
    }
}

/* How often the `size` bytes at `at` come in a row. */
static size_t count_run(struct span text, size_t at, size_t size)
{
    size_t nr = 1;
    size_t next = at + size;

    while (next + size <= text.len &&
           !memcmp(text.ptr + at, text.ptr + next, size)) {
        next += size;
        nr++;
    }
    return nr;
}

/* Cuts the runs in place; returns the new length. */
static size_t cut_repeats(char *text, size_t len, struct fold_counts *counts)
{
    struct span all = { text, len };
    size_t out = 0;
    size_t at = 0;

    while (at < len) {
        size_t from = at;
        uint32_t cp = utf8_next(all, &at);
        size_t size = at - from;
        size_t nr = at < len && text[at] == text[from]
                        ? count_run(all, from, size)
                        : 1;
        struct repeat repeat = { nr, false };

        at = from + nr * size;
        if (nr > LETTERS_KEPT)
            repeat = repeat_of(cp);
        if (nr > repeat.kept) {
            counts->repeats += repeat.counted ? nr - repeat.kept : 0;
            nr = repeat.kept;
        }
        if (nr * size == 1)
            text[out] = text[from];
        else if (out != from)
            memmove(text + out, text + from, nr * size);
        out += nr * size;
    }
    return out;
}

struct span fold_text(struct arena *arena, struct span plain,
                      struct fold_counts *counts)
{
    struct character_text text = character_fold(arena, plain, counts);
    struct span folded = { text.ptr, text.len };
    struct tricks tricks;
    char *ptr;

    if (text.accents)
        folded = accent_undo(arena, folded, counts);
    if (text.foreign)
        folded = confusable_undo(arena, folded, counts);
    tricks = text.ascii ? tricks_look_ascii(folded) : tricks_look(folded);
    counts->words += tricks.words;
    /* Either is a copy in the arena, and ours to write to. */
    ptr = (char *)folded.ptr;
    if (tricks.spaced)
        folded.len = spaced_join(ptr, folded.len, counts);
    if (tricks.leet || tricks.spaced)
        leet_undo(ptr, folded.len, counts);
    if (tricks.repeats || tricks.leet || tricks.spaced)
        folded.len = cut_repeats(ptr, folded.len, counts);
    return folded;
}
