#include "text/word.h"

#include "text/ascii.h"
#include "text/unicode.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <string.h>

#define ZERO_WIDTH_JOINER 0x200D
#define KEYCAP 0x20E3

/* Asterisks that mask letters, and letters before those at the end. */
#define MASK_MAX 4
#define MASKED_END_MIN 2
#define MASKED_HEAD_MAX 3

/* Repeated signs kept. */
#define SIGNS_MAX 3

static enum unicode_kind ascii_kind(char c)
{
    if (ascii_is_letter(c))
        return UNICODE_LETTER;
    if (ascii_is_digit(c))
        return UNICODE_DIGIT;
    return c == '$' ? UNICODE_MONEY : UNICODE_OTHER;
}

/* The kind of the character at `at`; UNICODE_SPACE at the end of the text. */
static enum unicode_kind kind_at(struct span text, size_t at)
{
    if (at >= text.len)
        return UNICODE_SPACE;
    if (!(text.ptr[at] & 0x80))
        return ascii_kind(text.ptr[at]);
    return unicode_kind(utf8_next(text, &at));
}

static bool is_inside(enum unicode_kind kind)
{
    return kind == UNICODE_LETTER || kind == UNICODE_MARK ||
           kind == UNICODE_DIGIT;
}

/*
 * Asterisks at `at` that stand for letters of the word from `from` on: where
 * they end, or `at` if they don't.
 */
static size_t mask_end(struct span text, size_t from, size_t at)
{
    size_t end = at;
    bool bold = from && text.ptr[from - 1] == '*'; /* "**so**" */

    while (end < at + MASK_MAX && ascii_at(text, end) == '*')
        end++;
    if (kind_at(text, end) == UNICODE_LETTER)
        return end;
    if (bold || end - at < MASKED_END_MIN || at - from > MASKED_HEAD_MAX)
        return at;
    return end;
}

/* Where the word that was read from `from` to `at` goes on, or `at`. */
static size_t skip_inner(struct span text, size_t from, size_t at)
{
    char c = ascii_at(text, at);

    if (c == '\'' && is_inside(kind_at(text, at + 1)))
        return at + 1;
    if (c == '*')
        return mask_end(text, from, at);
    return at;
}

/* Reads the run of letters, marks and digits at `from`. */
static struct word read_letters(struct span text, size_t from)
{
    struct word word = { { text.ptr + from, 0 }, WORD_NUMBER };
    enum unicode_kind before = UNICODE_OTHER;
    size_t at = from;
    size_t nr = 0;

    while (nr < WORD_CHARS_MAX) {
        enum unicode_kind kind = kind_at(text, at);
        size_t next = at;

        if (is_inside(kind))
            (void)utf8_next(text, &next);
        else if (before == UNICODE_LETTER || before == UNICODE_MARK)
            next = skip_inner(text, from, at);
        if (next == at)
            break;
        if (kind == UNICODE_LETTER)
            word.kind = WORD_LETTERS;
        nr += is_inside(kind) ? 1 : next - at;
        before = kind;
        at = next;
    }
    word.text.len = at - from;
    return word;
}

static bool is_flag(uint32_t cp)
{
    return cp >= 0x1F1E6 && cp <= 0x1F1FF;
}

/* The code point at `at` without moving; 0 at the end of the text. */
static uint32_t peek(struct span text, size_t at)
{
    return at < text.len ? utf8_next(text, &at) : 0;
}

/* One emoji: two letters of a flag, or pictographs held by joiners. */
static struct word read_emoji(struct span text, size_t from)
{
    size_t at = from;
    bool flag = is_flag(utf8_next(text, &at));

    if (flag && is_flag(peek(text, at)))
        (void)utf8_next(text, &at);
    for (int i = 0; !flag && i < WORD_CHARS_MAX / 2; i++) {
        size_t next = at;

        if (peek(text, at) != ZERO_WIDTH_JOINER)
            break;
        (void)utf8_next(text, &next);
        if (kind_at(text, next) != UNICODE_EMOJI)
            break;
        (void)utf8_next(text, &next);
        at = next;
    }
    return (struct word){ span_cut(text, from, at), WORD_EMOJI };
}

static bool is_keycap(struct span text, size_t at)
{
    char c = text.ptr[at];

    return (ascii_is_digit(c) || c == '#' || c == '*') &&
           peek(text, at + 1) == KEYCAP;
}

/*
 * The run of one sign that begins at `*at`, cut; empty if it says nothing.
 * Moves `*at` behind all of it.
 */
static struct word read_sign(struct span text, size_t *at,
                             enum unicode_kind kind)
{
    struct word word = { span_cut(text, *at, *at), WORD_PUNCT };
    char c = text.ptr[*at];
    size_t from = *at;
    size_t size;
    size_t nr = 1;

    (void)utf8_next(text, at);
    if (kind != UNICODE_MONEY && c != '!' && c != '?' && c != '%' && c != '.')
        return word;
    size = *at - from;
    while (*at + size <= text.len &&
           !memcmp(text.ptr + from, text.ptr + *at, size)) {
        *at += size;
        nr++;
    }
    if (c != '.' || nr > 1)
        word.text.len = size * (nr < SIGNS_MAX ? nr : SIGNS_MAX);
    return word;
}

/* The word that begins at `*at`, empty if none does; `*at` behind it. */
static struct word read_word(struct span text, size_t *at)
{
    enum unicode_kind kind = kind_at(text, *at);
    struct word word;
    size_t next = *at + 1;

    if (kind == UNICODE_EMOJI) {
        word = read_emoji(text, *at);
    } else if (is_keycap(text, *at)) {
        (void)utf8_next(text, &next);
        word = (struct word){ span_cut(text, *at, next), WORD_EMOJI };
    } else if (kind == UNICODE_LETTER || kind == UNICODE_DIGIT) {
        word = read_letters(text, *at);
    } else {
        return read_sign(text, at, kind);
    }
    *at += word.text.len;
    return word;
}

/* What an ASCII byte can do, whatever is around it. */
enum {
    BYTE_LOWER = 1,
    BYTE_SKIPPED = 2, /* begins no word */
    BYTE_END = 4,     /* ends a word of letters */
};

#define BYTE_BLANK (BYTE_SKIPPED | BYTE_END)

static const uint8_t byte_class[256] = {
    ['a' ... 'z'] = BYTE_LOWER,
    [0x00 ... ' '] = BYTE_BLANK,
    ['!'] = BYTE_END,
    ['"'] = BYTE_BLANK,
    ['#'] = BYTE_END,
    ['$' ... '%'] = BYTE_END,
    ['&'] = BYTE_BLANK,
    ['\''] = BYTE_SKIPPED,
    ['(' ... ')'] = BYTE_BLANK,
    ['+' ... '-'] = BYTE_BLANK,
    ['.'] = BYTE_END,
    ['/'] = BYTE_BLANK,
    [':' ... '>'] = BYTE_BLANK,
    ['?'] = BYTE_END,
    ['@'] = BYTE_BLANK,
    ['[' ... '`'] = BYTE_BLANK,
    ['{' ... 0x7F] = BYTE_BLANK,
};

static uint8_t class_at(struct span text, size_t at)
{
    return at < text.len ? byte_class[(unsigned char)text.ptr[at]] : BYTE_END;
}

/*
 * Most words are lower-case letters between blanks and signs: where such a
 * word that begins at `at` ends, or `at`.
 */
static size_t plain_end(struct span text, size_t at)
{
    size_t end = at + ascii_lower_run(span_cut(text, at, at + WORD_CHARS_MAX));

    return class_at(text, end) & BYTE_END ? end : at;
}

struct word_list word_split(struct arena *arena, struct span folded)
{
    size_t max = folded.len < WORD_NR_MAX ? folded.len : WORD_NR_MAX;
    size_t size = sizeof(struct word);
    struct word_list list = { arena_alloc(arena, max * size), 0 };
    size_t at = 0;

    while (list.nr < max) {
        struct word word = { .kind = WORD_LETTERS };
        size_t from;

        while (at < folded.len && class_at(folded, at) & BYTE_SKIPPED)
            at++;
        if (at == folded.len)
            break;
        from = at;
        at = plain_end(folded, from);
        if (at > from)
            word.text = span_cut(folded, from, at);
        else
            word = read_word(folded, &at);
        if (word.text.len)
            list.word[list.nr++] = word;
    }
    arena_shrink(arena, list.word, max * size, list.nr * size);
    return list;
}
