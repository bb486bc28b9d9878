#include "text/spaced.h"

#include "base/span.h"
#include "text/ascii.h"
#include "text/unicode.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <string.h>

#define LETTERS_MIN 4

/* With full stops and one at the end, fewer are an abbreviation. */
#define DOTTED_MIN 6

/* Of letters that are words in chats, so many in a row are none. */
#define UNTELLING_MIN 6

/* A run of single letters. */
struct run {
    size_t end; /* behind the last letter */
    size_t letters;
    size_t signs; /* digits and signs that may stand for one */
    char separator;
    bool differ;  /* the letters are not all the same */
    bool telling; /* one of them is seldom a word */
};

static bool is_separator(char c)
{
    return c == ' ' || c == '.' || c == '-' || c == '_' || c == '*';
}

/* A sign that may stand for a letter, but never is all of a word. */
static bool is_sign(char c)
{
    return c == '@' || c == '$' || ascii_is_digit(c);
}

/* A letter of an alphabet in which words are longer than a letter? */
static bool is_alphabetic(uint32_t cp)
{
    return unicode_kind(cp) == UNICODE_LETTER &&
           unicode_script(cp) >= UNICODE_LATIN;
}

/* Is the letter at `at` one that no chat writes as a word ("o q é o")? */
static bool is_telling(struct span text, size_t at)
{
    char c = text.ptr[at];

    if (!(c & 0x80))
        return ascii_is_lower(c) && !strchr("aeinoquy", c);
    return unicode_script(utf8_next(text, &at)) != UNICODE_LATIN;
}

/* Behind the letter or sign at `at`; `at` itself if none is there. */
static size_t skip_letter(struct span text, size_t at)
{
    size_t next = at;
    char c = ascii_at(text, at);

    if (!(c & 0x80))
        return ascii_is_lower(c) || is_sign(c) ? at + 1 : at;
    return is_alphabetic(utf8_next(text, &next)) ? next : at;
}

/* Is there nothing at `at` that would belong to a word before it? */
static bool is_gap(struct span text, size_t at)
{
    if (at >= text.len)
        return true;
    if (text.ptr[at] & 0x80) {
        enum unicode_kind kind = unicode_kind(utf8_next(text, &at));

        return kind != UNICODE_LETTER && kind != UNICODE_MARK &&
               kind != UNICODE_DIGIT;
    }
    return !ascii_is_lower(text.ptr[at]) && !is_sign(text.ptr[at]) &&
           text.ptr[at] != '\'';
}

/* Is the letter before `at` the first of a word such as "e.g" or "x-ray"? */
static bool is_glued(struct span text, size_t at, char separator)
{
    return at < text.len && is_separator(text.ptr[at]) &&
           text.ptr[at] != ' ' && text.ptr[at] != separator &&
           !is_gap(text, at + 1);
}

/* The run that begins with the word at `at`; no letters if that is longer. */
static struct run read_run(struct span text, size_t at)
{
    struct run run = { .end = at };
    size_t from = at;

    for (;;) {
        size_t next = skip_letter(text, at);

        if (next == at || !is_gap(text, next) ||
            (run.separator && is_glued(text, next, run.separator)))
            return run;
        run.signs += is_sign(text.ptr[at]);
        run.letters += !is_sign(text.ptr[at]);
        run.differ |= text.ptr[next - 1] != text.ptr[from];
        run.differ |= next - at > 1 &&
                      memcmp(text.ptr + from, text.ptr + at, next - at) != 0;
        run.telling |= is_telling(text, at);
        run.end = next;
        if (next == text.len || !is_separator(text.ptr[next]) ||
            (run.separator && text.ptr[next] != run.separator))
            return run;
        run.separator = text.ptr[next];
        at = next + 1;
    }
}

static bool is_spaced(struct span text, const struct run *run)
{
    bool goes_on = run->end < text.len && run->separator != ' ' &&
                   text.ptr[run->end] == run->separator;
    bool glued = goes_on && !is_gap(text, run->end + 1);

    if (run->letters < LETTERS_MIN || run->signs * 3 > run->letters ||
        !run->differ || glued)
        return false;
    if (!run->telling && run->letters < UNTELLING_MIN)
        return false;
    return run->separator != '.' || !goes_on || run->letters >= DOTTED_MIN;
}

/* Behind the word at `at`, or behind the one character that begins none. */
static size_t skip_word(struct span text, size_t at)
{
    bool gap = is_gap(text, at) || text.ptr[at] == '\'';

    do
        (void)utf8_next(text, &at);
    while (!gap && !is_gap(text, at));
    return at;
}

/* Moves [from, end) down to `out`, all but the bytes `drop`. */
static size_t move(char *text, size_t out, size_t from, size_t end, char drop)
{
    for (; from < end; from++)
        if (!drop || text[from] != drop)
            text[out++] = text[from];
    return out;
}

size_t spaced_join(char *text, size_t len, struct fold_counts *counts)
{
    struct span all = { text, len };
    size_t out = 0;
    size_t at = 0;

    while (at < len) {
        struct run run = read_run(all, at);
        bool spaced = is_spaced(all, &run);
        size_t end = run.end;

        counts->spaced_words += spaced;
        if (end == at)
            end = skip_word(all, at);
        if (!spaced)
            run.separator = '\0';
        out = move(text, out, at, end, run.separator);
        at = end;
    }
    return out;
}
