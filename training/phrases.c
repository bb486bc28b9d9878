#include "phrases.h"

#include "sources.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "text/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LIST_BYTES_MAX ((size_t)8 << 20)
#define PHRASE_BYTES_MIN 6
#define PHRASE_BYTES_MAX 40
#define TEXT_BYTES_MAX 600
#define HOST_BYTES 48

/* Comments in a hundred whose goods are in disguise. */
#define DISGUISED_SHARE 8

/* Honest words beside them. */
#define BESIDE_BYTES_MAX 120

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Texts shorter than this are as empty as a robot's. */
#define SERVE_BYTES_MIN 40

struct phrases {
    struct span *phrase; /* points into the list */
    size_t nr;
    size_t alloc;
};

/* Words of sentences: a phrase with one flatters rather than names goods. */
static bool is_function_word(struct span word)
{
    static const char *const list[] = {
        "a",      "an",    "and",     "are",     "as",      "at",
        "be",     "but",   "can",     "do",      "for",     "from",
        "get",    "good",  "great",   "had",     "has",     "have",
        "i",      "i'm",   "in",      "is",      "it",      "it's",
        "me",     "more",  "my",      "nice",    "not",     "of",
        "on",     "or",    "our",     "out",     "so",      "some",
        "that",   "the",   "then",    "there",   "these",   "this",
        "to",     "up",    "very",    "was",     "we",      "what",
        "will",   "with",  "would",   "you",     "your",    "blog",
        "site",   "web",   "page",    "post",    "article", "articles",
        "read",   "write", "weblog",  "website", "webpage", "thank",
        "thanks", "info",  "content",
    };

    for (size_t i = 0; i < NR(list); i++)
        if (span_eq(word, span_str(list[i])))
            return true;
    return false;
}

/* Small letters of ASCII, two words or more. */
static bool is_phrase(struct span s)
{
    bool blank = false;

    if (s.len < PHRASE_BYTES_MIN || s.len > PHRASE_BYTES_MAX)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!islower((unsigned char)s.ptr[i]) && s.ptr[i] != ' ')
            return false;
        blank |= s.ptr[i] == ' ';
    }
    return blank && s.ptr[0] != ' ' && s.ptr[s.len - 1] != ' ';
}

static bool names_goods(struct span phrase)
{
    while (phrase.len) {
        size_t end = span_find_char(phrase, ' ');

        if (is_function_word(span_cut(phrase, 0, end)))
            return false;
        phrase = span_cut(phrase, end + 1, phrase.len);
    }
    return true;
}

static void add_phrase(struct phrases *phrases, struct span phrase)
{
    phrases->phrase = xgrow(phrases->phrase, phrases->nr, &phrases->alloc,
                            sizeof(*phrases->phrase));
    phrases->phrase[phrases->nr++] = phrase;
}

static void split_list(struct span list, struct phrases *goods,
                       struct phrases *talk)
{
    while (list.len) {
        size_t end = span_find_char(list, '\n');
        struct span line = span_trim(span_cut(list, 0, end));

        if (is_phrase(line))
            add_phrase(names_goods(line) ? goods : talk, line);
        list = span_cut(list, end + 1, list.len);
    }
}

/* "cheap jerseys" as "http://www.cheap-jerseys.com/" and the like. */
static struct span host_of(struct arena *arena, struct span phrase,
                           uint64_t lot)
{
    static const char *const form[][2] = {
        { "http://www.", ".com" },
        { "http://", ".com/" },
        { "http://", ".net" },
        { "https://", ".info/" },
        { "https://www.", ".co.uk" },
        { "http://", "s.org/index.php" },
        { "http://", ".blogspot.com/" },
        { "http://best", "24.com" },
        { "http://www.", "online.net/" },
        { "http://shop.", "-store.com/buy" },
    };
    size_t i = lot % NR(form);
    bool hyphen = (lot >> 8) & 1;
    char host[HOST_BYTES];
    size_t nr = 0;

    for (size_t k = 0; k < phrase.len && nr < sizeof(host); k++)
        if (phrase.ptr[k] != ' ')
            host[nr++] = phrase.ptr[k];
        else if (hyphen)
            host[nr++] = '-';
    return arena_printf(arena, "%s%.*s%s", form[i][0], (int)nr, host,
                        form[i][1]);
}

/* "Cheap Jerseys", "cheap jerseys" or "CHEAP JERSEYS". */
static struct span spelled(struct arena *arena, struct span phrase,
                           uint64_t lot)
{
    struct span copy = arena_dup(arena, phrase);
    char *byte = (char *)(uintptr_t)copy.ptr;

    for (size_t i = 0; i < copy.len; i++)
        if (lot % 8 == 7 || (lot % 8 > 3 && (!i || byte[i - 1] == ' ')))
            byte[i] = (char)toupper((unsigned char)byte[i]);
    return copy;
}

/*
 * In mathematical letters (Unicode 15, Mathematical Alphanumeric Symbols),
 * which people can read and lists of words can't.
 */
static struct span disguised(struct arena *arena, struct span s, uint64_t lot)
{
    /* Bold, bold italic, sans-serif bold and bold italic, monospace. */
    static const uint32_t alphabet[] = { 0x1D400, 0x1D468, 0x1D5D4, 0x1D63C,
                                         0x1D670 };
    uint32_t capital_a = alphabet[lot % NR(alphabet)];
    uint32_t small_a = capital_a + 26;
    char *out = arena_alloc(arena, s.len * UTF8_BYTES_MAX + 1);
    size_t nr = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint32_t c = (unsigned char)s.ptr[i];

        if (isupper((int)c))
            c = capital_a + c - 'A';
        else if (islower((int)c))
            c = small_a + c - 'a';
        nr += utf8_put(out + nr, c);
    }
    return (struct span){ out, nr };
}

static struct span pick(const struct phrases *phrases, uint64_t lot)
{
    return phrases->phrase[lot % phrases->nr];
}

/* Where spam shows such words, in sixteenths of the comments. */
enum place {
    PLACE_NAME = 3,    /* in the author's name alone */
    PLACE_SITE = 9,    /* there and in the host of the web site */
    PLACE_ANCHOR = 12, /* in a link under the text */
    PLACE_NR = 16,     /* all the text is flattery, too */
};

/* Goods in disguise: as the author's name, or before or after honest words. */
static struct comment make_disguised(struct arena *arena,
                                     const struct comment *honest,
                                     struct span phrase, uint64_t lot)
{
    struct span words = span_cut(honest->text, 0, BESIDE_BYTES_MAX);
    bool first = (lot >> 4) & 1;
    struct comment comment = {
        .text = span_cut(honest->text, 0, TEXT_BYTES_MAX),
        .author = honest->author,
        .author_url = honest->author_url,
        .post_title = honest->post_title,
        .post_text = honest->post_text,
    };

    phrase = disguised(arena, spelled(arena, phrase, lot >> 40), lot >> 45);
    if (lot % PLACE_NR < PLACE_NAME)
        comment.author = phrase;
    else
        comment.text =
            arena_printf(arena, "%.*s %.*s", SPAN_ARG(first ? phrase : words),
                         SPAN_ARG(first ? words : phrase));
    return comment;
}

static struct comment make(struct arena *arena, const struct comment *honest,
                           const struct phrases *goods,
                           const struct phrases *talk, uint64_t lot)
{
    struct span phrase = pick(goods, lot >> 6);
    struct span url = host_of(arena, phrase, lot >> 24);
    struct comment comment = {
        .text = span_cut(honest->text, 0, TEXT_BYTES_MAX),
        .author = spelled(arena, phrase, lot >> 40),
        .post_title = honest->post_title,
        .post_text = honest->post_text,
    };
    unsigned place = (unsigned)(lot % PLACE_NR);

    if ((lot >> 52) % 100 < DISGUISED_SHARE)
        return make_disguised(arena, honest, phrase, lot);
    if (place < PLACE_NAME)
        return comment;
    comment.author_url = url;
    if (place < PLACE_SITE)
        return comment;
    if (place < PLACE_ANCHOR) {
        comment.author = honest->author;
        comment.author_url = honest->author_url;
        comment.text = arena_printf(arena, "%.*s <a href=\"%.*s\">%.*s</a>",
                                    SPAN_ARG(comment.text), SPAN_ARG(url),
                                    SPAN_ARG(phrase));
        return comment;
    }
    comment.text = arena_printf(
        arena, "%.*s %.*s. %.*s %.*s", SPAN_ARG(pick(talk, lot >> 13)),
        SPAN_ARG(pick(talk, lot >> 23)), SPAN_ARG(pick(talk, lot >> 33)),
        SPAN_ARG(pick(talk, lot >> 5)));
    return comment;
}

/*
 * Honest rows that serve in every fold of leave-one-source-out: the text of
 * one left out must not come back as spam.
 */
static bool may_serve(const struct row *row)
{
    const struct source *source = &source_list[row->source];

    return row->label == LABEL_HAM && (source->kind & SOURCE_ABUSE) &&
           strcmp(source->origin, "written") != 0 &&
           row->comment.text.len > SERVE_BYTES_MIN;
}

static size_t *servants_of(const struct row_list *rows, size_t *nr)
{
    size_t *servant = xcalloc(rows->nr + 1, sizeof(*servant));

    *nr = 0;
    for (size_t i = 0; i < rows->nr; i++)
        if (may_serve(&rows->row[i]))
            servant[(*nr)++] = i;
    return servant;
}

static void make_all(struct row_list *rows, const struct phrases *goods,
                     const struct phrases *talk, int source, size_t nr,
                     uint64_t seed)
{
    size_t servants;
    size_t *servant = servants_of(rows, &servants);

    for (size_t i = 0; servants && i < nr; i++) {
        struct row row = { .label = LABEL_SPAM, .source = source };
        struct span id = arena_printf(&rows->arena, "phrases:%zu", i);
        size_t honest = servant[rows_lot(seed + 7, id) % servants];

        row.comment = make(&rows->arena, &rows->row[honest].comment, goods,
                           talk, rows_lot(seed + 8, id));
        row.comment.id = id;
        rows->row = xgrow(rows->row, rows->nr, &rows->alloc, sizeof(row));
        rows->row[rows->nr++] = row;
    }
    free(servant);
}

enum error_code phrases_make(struct row_list *rows, const char *path,
                             int source, size_t nr, uint64_t seed,
                             struct error *err)
{
    struct phrases goods = { NULL, 0, 0 };
    struct phrases talk = { NULL, 0, 0 };
    enum error_code rc;
    struct buf list;

    buf_init(&list, LIST_BYTES_MAX);
    rc = buf_read_file(&list, path, err);
    if (rc)
        goto out;
    split_list(buf_span(&list), &goods, &talk);
    if (goods.nr && talk.nr)
        make_all(rows, &goods, &talk, source, nr, seed);
out:
    free(goods.phrase);
    free(talk.phrase);
    buf_release(&list);
    return rc;
}
