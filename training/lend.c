#include "lend.h"

#include "sources.h"

#include "base/alloc.h"
#include "features/measure.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Names that can be part of a host's. */
#define NAME_BYTES_MIN 4
#define NAME_BYTES 24

/* A word of the text that a lent link can be about. */
#define TOPIC_BYTES_MIN 5
#define TOPIC_BYTES 32

/* Honest rows in a hundred that are lent a name, a link, a mail address. */
#define NAME_SHARE 60
#define LINK_SHARE 12
#define ADDRESS_SHARE 3

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Places that honest people point to, around a word of what they say. */
static const char *const place[][2] = {
    { "http://en.wikipedia.org/wiki/", "" },
    { "https://en.wikipedia.org/wiki/", "_(disambiguation)" },
    { "https://www.youtube.com/watch?v=", "1xQ" },
    { "https://github.com/", "/issues/213" },
    { "https://stackoverflow.com/questions/4846022/", "-example" },
    { "http://www.nytimes.com/2008/06/11/us/", ".html" },
    { "http://news.bbc.co.uk/2/hi/", "/7012345.stm" },
    { "https://www.theguardian.com/commentisfree/2016/", "" },
    { "http://www.cnn.com/2012/", "/index.html" },
    { "http://www.imdb.com/title/", "/" },
    { "http://www.amazon.com/gp/product/", "/" },
    { "http://msdn.microsoft.com/en-us/library/", ".aspx" },
    { "https://docs.python.org/3/library/", ".html" },
    { "https://www.gov.uk/", "-guidance" },
    { "https://", ".blogspot.com/2007/03/post.html" },
    { "http://", "online.org/archive/2009/05/12/" },
    { "http://www.", "ed.net/blog/?p=59" },
    { "http://", "notes.com/" },
    { "http://www.", "society.org" },
    { "https://", ".wordpress.com/2013/08/24/my-answer/" },
    { "https://medium.com/@reader/", "-9f2c" },
    { "http://i.imgur.com/", ".jpg" },
    { "https://www.reddit.com/r/", "/comments/" },
    { "http://www.", ".edu/research.pdf" },
    /* One honest host in seven has a hyphen or a number in it. */
    { "http://www.", "-history.org/sources" },
    { "https://the-", "-project.com/" },
    { "https://www.", "-zeitung.de/artikel-2291.html" },
    { "https://", "-2014.github.io/slides/" },
};

/* Ways to say it: the text, the link, its words, the link again. */
enum form { FORM_END, FORM_SEE, FORM_HTML, FORM_ANCHOR, FORM_FIRST, FORM_NR };

static struct span some_word(struct span text, uint64_t lot)
{
    struct span best = { NULL, 0 };
    size_t from = text.len ? lot % text.len : 0;

    for (size_t i = from; i < text.len; i++) {
        size_t end = i;

        while (end < text.len && isalpha((unsigned char)text.ptr[end]) &&
               end < i + TOPIC_BYTES)
            end++;
        if (end - i >= TOPIC_BYTES_MIN &&
            (!i || !isalpha((unsigned char)text.ptr[i - 1])))
            return span_cut(text, i, end);
        i = end;
    }
    return best;
}

/* `text` with the link in it; what is clicked is the link or `word`. */
static struct span put_link(struct arena *arena, struct span text,
                            struct span url, struct span word, enum form form)
{
    if (form == FORM_END)
        return arena_printf(arena, "%.*s %.*s", SPAN_ARG(text), SPAN_ARG(url));
    if (form == FORM_SEE)
        return arena_printf(arena, "%.*s (see %.*s)", SPAN_ARG(text),
                            SPAN_ARG(url));
    if (form == FORM_FIRST)
        return arena_printf(arena, "%.*s\n%.*s", SPAN_ARG(url),
                            SPAN_ARG(text));
    return arena_printf(arena, "%.*s <a href=\"%.*s\">%.*s</a>",
                        SPAN_ARG(text), SPAN_ARG(url),
                        SPAN_ARG(form == FORM_HTML ? url : word));
}

static void lend_link(struct arena *arena, struct comment *comment,
                      uint64_t lot)
{
    struct span word = some_word(comment->text, lot >> 8);
    size_t i = lot % NR(place);
    char low[TOPIC_BYTES];
    struct span topic = { low, measure_squeeze(low, sizeof(low), word) };
    struct span url;

    if (!topic.len)
        return;
    url = arena_printf(arena, "%s%.*s%s", place[i][0], SPAN_ARG(topic),
                       place[i][1]);
    comment->text = put_link(arena, comment->text, url, word,
                             (enum form)((lot >> 32) % FORM_NR));
}

static void lend_address(struct arena *arena, struct comment *comment,
                         uint64_t lot)
{
    static const char *const at[] = {
        "gmail.com",   "yahoo.com", "aol.com",
        "hotmail.com", "web.de",    "bbc.co.uk"
    };
    struct span word = some_word(comment->text, lot >> 8);

    if (word.len)
        comment->text = arena_printf(
            arena, "%.*s %.*s%u@%s", SPAN_ARG(comment->text), SPAN_ARG(word),
            (unsigned)(lot >> 20) % 100, at[lot % NR(at)]);
}

/* A web site of the author's own name. */
static struct span web_site(struct arena *arena, struct span name,
                            uint64_t lot)
{
    static const char *const form[][2] = {
        { "http://", ".com" },
        { "http://www.", ".net" },
        { "https://", ".org" },
        { "https://", ".me" },
        { "http://", ".blogspot.com/" },
        { "https://", ".wordpress.com" },
        { "https://github.com/", "" },
        { "https://twitter.com/", "" },
        { "https://www.", ".co.uk/" },
        { "http://", ".de/blog" },
        { "http://www.familie-", ".de" },
        { "https://", "74.wordpress.com" },
        { "https://", "-photos.net" },
    };
    size_t i = lot % NR(form);

    return arena_printf(arena, "%s%.*s%s", form[i][0], SPAN_ARG(name),
                        form[i][1]);
}

static void lend_site(struct arena *arena, struct comment *comment,
                      uint64_t lot)
{
    char squeezed[NAME_BYTES];
    struct span name = { squeezed, measure_squeeze(squeezed, sizeof(squeezed),
                                                   comment->author) };

    if (!comment->author_url.len && name.len >= NAME_BYTES_MIN)
        comment->author_url = web_site(arena, name, lot);
}

/* Names of honest people, from what was written for sluice. */
static struct span *names_of(const struct row_list *rows, size_t *nr)
{
    struct span *name = xcalloc(rows->nr + 1, sizeof(*name));

    *nr = 0;
    for (size_t i = 0; i < rows->nr; i++)
        if (rows->row[i].label == LABEL_HAM &&
            !strcmp(source_list[rows->row[i].source].origin, "written") &&
            rows->row[i].comment.author.len)
            name[(*nr)++] = rows->row[i].comment.author;
    return name;
}

static bool has_link(struct span text)
{
    return span_find_nocase(text, SPAN_LIT("http")) < text.len ||
           span_find_nocase(text, SPAN_LIT("www.")) < text.len;
}

void lend_fields(struct row_list *rows, uint64_t seed)
{
    size_t names;
    struct span *name = names_of(rows, &names);

    for (size_t i = 0; i < rows->nr; i++) {
        struct comment *comment = &rows->row[i].comment;
        uint64_t lot = rows_lot(seed + 1, comment->id);
        uint64_t other = rows_lot(seed + 2, comment->id);

        if (rows->row[i].label != LABEL_HAM)
            continue;
        if (!comment->author.len && names && other % 100 < NAME_SHARE)
            comment->author = name[(other >> 8) % names];
        if (lot % 3 == 0)
            lend_site(&rows->arena, comment, lot / 8);
        other = rows_lot(seed + 3, comment->id);
        if (other % 100 < LINK_SHARE && !has_link(comment->text))
            lend_link(&rows->arena, comment, other >> 7);
        else if (other % 100 >= 100 - ADDRESS_SHARE)
            lend_address(&rows->arena, comment, other >> 7);
    }
    free(name);
}
