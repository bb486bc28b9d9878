#include "text/leet.h"

#include "base/span.h"
#include "text/ascii.h"
#include "text/unicode.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <string.h>

/* No word anybody hides is shorter or longer. */
#define WORD_MIN 4
#define WORD_MAX 24

/* Honest names with a digit inside; it is what follows them that varies. */
static const struct span honest[] = {
    { "c3po", 4 }, { "d3", 2 },   { "h1b", 3 },    { "i3", 2 },
    { "id3", 3 },  { "log4", 4 }, { "mp3", 3 },    { "mp4", 3 },
    { "neo4", 4 }, { "ps1", 3 },  { "ps3", 3 },    { "ps4", 3 },
    { "sha1", 4 }, { "usb3", 4 }, { "v1beta", 6 }, { "w3", 2 },
    { "web3", 4 },
};

/* What one word is made of. */
struct shape {
    size_t letters;
    size_t signs;
    size_t strong; /* signs that are enough by themselves */
    size_t last;   /* where the last sign is */
    bool known;    /* every sign looks like a letter, in a place for one */
};

static bool is_sign(char c)
{
    return c == '@' || c == '$' || c == '!';
}

static bool is_vowel(char c)
{
    return c && strchr("aeiouy", c);
}

/* The letter that the sign at `at` looks like, or 0. */
static char letter_for(struct span word, size_t at)
{
    char before = ascii_at(word, at - 1); /* NUL before the first, too */
    char after = ascii_at(word, at + 1);

    switch (word.ptr[at]) {
    case '0':
        return 'o';
    case '1':
        if (before == 'i' || after == 'i')
            return 'l';
        return is_vowel(before) && is_vowel(after) ? 'l' : 'i';
    case '!':
        return 'i';
    case '3':
        return 'e';
    case '4':
    case '@':
        return 'a';
    case '5':
    case '$':
        return 's';
    case '7':
        return 't';
    default:
        return 0;
    }
}

/* Is what comes before `at` too little for a word that ends there? */
static bool is_fragment(struct span word, size_t at)
{
    if (at > 3)
        return false;
    for (size_t i = 0; i < at; i++)
        if (is_vowel(word.ptr[i]))
            return at == 2 && word.ptr[1] == 'i' && /* "vi@gra", "ci@lis" */
                   !is_vowel(ascii_at(word, at + 1));
    return true;
}

/*
 * May the sign at `at` stand for a letter by its neighbours? Arabic in Latin
 * letters writes a consonant as 3, next to vowels ("ya3ni").
 */
static bool has_place(struct span word, size_t at, const struct shape *shape)
{
    char c = word.ptr[at];
    char before = word.ptr[at - 1];
    char after = ascii_at(word, at + 1);

    if (c == '3')
        return !is_vowel(before) && !is_vowel(after);
    if (c == '!' || c == '@')
        return shape->signs || after == '0' || after == '$' ||
               is_fragment(word, at);
    return true;
}

/* Two signs in a row are one letter twice ("b00bs"), or one is no digit. */
static bool is_pair(char a, char b)
{
    return a == b ? a == '0' || a == '3' || a == '5' || a == '$'
                  : is_sign(a) || is_sign(b);
}

static bool is_strong(struct span word, size_t at)
{
    char c = word.ptr[at];

    if (c == '5' || c == '7')
        return ascii_at(word, at + 1) == c;
    return true;
}

static struct shape shape_of(struct span word)
{
    struct shape shape = { .known = true };
    size_t run = 0;

    for (size_t i = 0; i < word.len; i++) {
        if (ascii_is_lower(word.ptr[i])) {
            shape.letters++;
            run = 0;
            continue;
        }
        if (++run > 2 || !letter_for(word, i) || !has_place(word, i, &shape) ||
            (run == 2 && !is_pair(word.ptr[i - 1], word.ptr[i])))
            shape.known = false;
        shape.strong += is_strong(word, i);
        shape.signs++;
        shape.last = i;
    }
    return shape;
}

static bool is_honest(struct span word)
{
    for (size_t i = 0; i < sizeof(honest) / sizeof(honest[0]); i++)
        if (span_starts(word, honest[i]))
            return true;
    return false;
}

/*
 * One digit, which has a meaning of its own: before a letter that marks a
 * variant ("iphone5s", "log4j", "mp3s"), or for "for" ("webhost4life").
 */
static bool is_meant(struct span word, const struct shape *shape)
{
    size_t tail = word.len - shape->last - 1;

    if (shape->signs != 1 || !ascii_is_digit(word.ptr[shape->last]))
        return false;
    if (word.ptr[shape->last] == '4' && shape->last >= 4 && tail >= 3)
        return true;
    return tail == 1 && strchr("scxgkjepv", word.ptr[word.len - 1]);
}

/* `word` begins with a letter and ends with one, or with "$$". */
static bool is_leet(struct span word)
{
    bool dollars = span_ends(word, SPAN_LIT("$$"));
    size_t min = dollars ? WORD_MIN - 1 : WORD_MIN; /* "a$$" */
    struct shape shape;

    if (word.len < min || word.len > WORD_MAX ||
        !ascii_is_lower(word.ptr[0]) ||
        (!dollars && !ascii_is_lower(word.ptr[word.len - 1])))
        return false;
    shape = shape_of(word);
    return shape.known && shape.strong && shape.signs <= 2 * shape.letters &&
           !is_honest(word) && !is_meant(word, &shape);
}

/* Without the exclamation marks and such that follow a word. */
static struct span trim_end(struct span word)
{
    while (word.len && (ascii_at(word, word.len - 1) == '!' ||
                        ascii_at(word, word.len - 1) == '@'))
        word.len--;
    return word;
}

/* Part of a name, number or address: "#c0ffee", "@d4rk", "j0e@mail.example" */
static bool is_coded(struct span text, size_t from, size_t end)
{
    struct span word = span_cut(text, from, end);

    if (from && strchr("@#/\\_=&", text.ptr[from - 1]) && text.ptr[from - 1])
        return true;
    return span_find_char(word, '@') < word.len &&
           ascii_at(text, end) == '.' &&
           ascii_is_lower(ascii_at(text, end + 1));
}

/* One run of letters, digits and signs. */
struct run {
    size_t end;
    bool mixed; /* has ASCII letters and others that might stand for one */
};

static struct run read_run(struct span text, size_t at)
{
    struct run run = { at, false };
    bool letter = false;
    bool other = false;
    bool wide = false;

    while (run.end < text.len) {
        char c = text.ptr[run.end];
        size_t next = run.end + 1;

        if (c & 0x80) {
            enum unicode_kind kind;

            next = run.end;
            kind = unicode_kind(utf8_next(text, &next));
            if (kind != UNICODE_LETTER && kind != UNICODE_MARK)
                break;
            wide = true;
        } else if (ascii_is_lower(c)) {
            letter = true;
        } else if (ascii_is_digit(c) || is_sign(c)) {
            other = true;
        } else {
            break;
        }
        run.end = next;
    }
    run.mixed = letter && other && !wide;
    return run;
}

static void undo_word(char *text, size_t from, size_t len)
{
    struct span word = { text + from, len };

    for (size_t i = 0; i < len; i++)
        if (!ascii_is_lower(text[from + i]))
            text[from + i] = letter_for(word, i);
}

void leet_undo(char *text, size_t len, struct fold_counts *counts)
{
    struct span all = { text, len };
    size_t at = 0;

    while (at < len) {
        struct run run = read_run(all, at);
        struct span word = trim_end(span_cut(all, at, run.end));

        if (run.mixed && !is_coded(all, at, run.end) && is_leet(word)) {
            undo_word(text, at, word.len);
            counts->leet_words++;
        }
        if (run.end == at)
            (void)utf8_next(all, &run.end);
        at = run.end;
    }
}
