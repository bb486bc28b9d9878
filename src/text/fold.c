/*
 * Folding runs from the small to the large: characters (character.c), accents
 * that hide them (accent.c), the script of a word (confusable.c), letters set
 * apart (spaced.c), letters in leetspeak (leet.c), and last the repeats, which
 * the steps before bring out ("a$$$$"). Each step leaves valid UTF-8 in lower
 * case; the last three work in place, for they only make text shorter.
 *
 * Most comments play no tricks. One look at each byte tells which of the last
 * three steps may find any, and the others are left out.
 */
#include "text/fold.h"

#include "text/accent.h"
#include "text/character.h"
#include "text/confusable.h"
#include "text/leet.h"
#include "text/spaced.h"
#include "text/unicode.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* What a byte of lower-case UTF-8 may be part of. */
enum {
    BYTE_WORD = 1,
    BYTE_LETTER = 2,    /* of ASCII */
    BYTE_SIGN = 4,      /* that may stand for a letter */
    BYTE_SEPARATOR = 8, /* that may be set between letters */
    BYTE_INNER = 16,    /* not the first of its character */
};

#define BYTE_DIGIT (BYTE_WORD | BYTE_SIGN)

static const uint8_t byte_class[256] = {
    ['a' ... 'z'] = BYTE_WORD | BYTE_LETTER,
    ['0' ... '1'] = BYTE_DIGIT,
    ['2'] = BYTE_WORD,
    ['3' ... '5'] = BYTE_DIGIT,
    ['6'] = BYTE_WORD,
    ['7'] = BYTE_DIGIT,
    ['8' ... '9'] = BYTE_WORD,
    ['@'] = BYTE_SIGN,
    ['$'] = BYTE_SIGN,
    ['!'] = BYTE_SIGN,
    [' '] = BYTE_SEPARATOR,
    ['.'] = BYTE_SEPARATOR,
    ['-'] = BYTE_SEPARATOR,
    ['_'] = BYTE_SEPARATOR,
    ['*'] = BYTE_SEPARATOR,
    [0x80 ... 0xBF] = BYTE_INNER,
    /* What begins with E2, EF or F0 is mostly punctuation and emoji. */
    [0xC3 ... 0xE1] = BYTE_WORD,
    [0xE3 ... 0xEE] = BYTE_WORD,
};

/* Separators two bytes apart in a row that make setting apart worth a look. */
#define STEPS_MIN 2

struct tricks {
    size_t words;
    bool spaced;
    bool leet;
    bool repeats;
};

/*
 * Likewise of ASCII, without a branch: what the last four bytes were is all
 * there is to know. The bits of a class are shifted to the lowest.
 */
static struct tricks look_in_ascii(struct span text)
{
    struct tricks tricks = { 0 };
    unsigned leet = 0;
    unsigned spaced = 0;
    unsigned repeats = 0;
    unsigned third = 0;
    unsigned before = 0;
    unsigned last = 0;
    char c1 = '\0';
    char c2 = '\0';
    char c3 = '\0';
    char c4 = '\0';

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        unsigned this = byte_class[(unsigned char)c];

        tricks.words += this & ~last & BYTE_WORD;
        leet |= before / BYTE_LETTER & last / BYTE_SIGN &
                (this / BYTE_LETTER | this / BYTE_SIGN);
        repeats |= (c == c1) & (c == c2);
        spaced |= this / BYTE_SEPARATOR & (c == c2) & (c == c4) &
                  ~(last | third) / BYTE_SEPARATOR;
        third = before;
        before = last;
        last = this;
        c4 = c3;
        c3 = c2;
        c2 = c1;
        c1 = c;
    }
    tricks.leet = leet & 1;
    tricks.spaced = spaced & 1;
    tricks.repeats = repeats & 1;
    return tricks;
}

/* Which tricks may be in `text`. May be wrong, but never by a "no". */
static struct tricks look_for_tricks(struct span text)
{
    struct tricks tricks = { 0 };
    size_t separator = 0; /* where the last one is */
    size_t steps = 0;
    uint8_t before = 0;
    uint8_t last = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        uint8_t this = byte_class[(unsigned char)c];

        if (this & BYTE_INNER)
            continue;
        tricks.words += this & ~last & BYTE_WORD;
        tricks.leet |= before & BYTE_LETTER && last & BYTE_SIGN &&
                       this & (BYTE_LETTER | BYTE_SIGN);
        tricks.repeats |= c & 0x80 || (i > 1 && c == text.ptr[i - 1] &&
                                       c == text.ptr[i - 2]);
        if (this & BYTE_SEPARATOR) {
            size_t step = i - separator;
            bool one = step == 2 || (step && step <= 1 + UTF8_BYTES_MAX &&
                                     text.ptr[i - 1] & 0x80);

            steps = one && text.ptr[separator] == c ? steps + 1 : 0;
            tricks.spaced |= steps >= STEPS_MIN;
            separator = i;
        }
        before = last;
        last = this;
    }
    return tricks;
}

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
    tricks = text.ascii ? look_in_ascii(folded) : look_for_tricks(folded);
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
