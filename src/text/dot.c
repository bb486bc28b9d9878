#include "text/dot.h"

#include "text/ascii.h"

/* Bytes of a label looked at ahead; no top-level domain is longer. */
#define AHEAD_MAX 63

/* Blanks put around a dressed dot: one or two, more is layout. */
#define BLANKS_MAX 2

/* UTF-8 of U+3002, U+FF0E and U+FF61: IDNA reads them as dots. */
static const struct span wide_dot[] = {
    { "\xe3\x80\x82", 3 },
    { "\xef\xbc\x8e", 3 },
    { "\xef\xbd\xa1", 3 },
};

/* Before "dot com" these speak of a dot-com, not of a host. */
static const struct span no_label[] = {
    { "a", 1 },     { "an", 2 },    { "and", 3 },   { "another", 7 },
    { "any", 3 },   { "big", 3 },   { "by", 2 },    { "during", 6 },
    { "each", 4 },  { "early", 5 }, { "every", 5 }, { "failed", 6 },
    { "first", 5 }, { "for", 3 },   { "from", 4 },  { "her", 3 },
    { "his", 3 },   { "in", 2 },    { "its", 3 },   { "last", 4 },
    { "many", 4 },  { "most", 4 },  { "my", 2 },    { "new", 3 },
    { "of", 2 },    { "old", 3 },   { "or", 2 },    { "our", 3 },
    { "post", 4 },  { "pre", 3 },   { "some", 4 },  { "that", 4 },
    { "the", 3 },   { "their", 5 }, { "these", 5 }, { "this", 4 },
    { "those", 5 }, { "to", 2 },    { "with", 4 },  { "your", 4 },
};

/*
 * Suffixes believed after a dot between blanks; after a mere stop only the
 * first few, for the others are words too. "Dot net" is a framework.
 */
static const struct span believed[] = {
    { "com", 3 },    { "org", 3 },  { "ru", 2 },   { "info", 4 },
    { "co", 2 },     { "biz", 3 },  { "xyz", 3 },  { "top", 3 },
    { "online", 6 }, { "shop", 4 }, { "site", 4 }, { "club", 4 },
    { "store", 5 },  { "io", 2 },
};

#define BELIEVED_AFTER_STOP 3
#define BELIEVED_AFTER_WORD (sizeof(believed) / sizeof(believed[0]))

static bool is_one_of(struct span word, const struct span *list, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        if (span_eq_nocase(word, list[i]))
            return true;
    return false;
}

static size_t skip_blanks(struct span text, size_t at)
{
    for (int i = 0; i < BLANKS_MAX && ascii_at(text, at) == ' '; i++)
        at++;
    return at;
}

/* Behind the "." or "dot" at `at`; `at` itself if neither is there. */
static size_t skip_name(struct span text, size_t at)
{
    if (ascii_at(text, at) == '.')
        return at + 1;
    if (span_starts_nocase(span_cut(text, at, at + 3), SPAN_LIT("dot")))
        return at + 3;
    return at;
}

static char closer_of(char open)
{
    switch (open) {
    case '[':
        return ']';
    case '(':
        return ')';
    case '{':
        return '}';
    default:
        return '\0';
    }
}

/* "[.]" and its like, with blanks around and within. */
static bool read_bracketed(struct span text, size_t at, struct dot *dot)
{
    char closer;
    size_t name;
    size_t end;

    at = skip_blanks(text, at);
    closer = closer_of(ascii_at(text, at));
    if (!closer)
        return false;
    name = skip_blanks(text, at + 1);
    end = skip_name(text, name);
    if (end == name)
        return false;
    end = skip_blanks(text, end);
    if (ascii_at(text, end) != closer)
        return false;
    *dot = (struct dot){ skip_blanks(text, end + 1), true, false, false };
    return true;
}

/* " dot " and " . ": a blank on both sides, or it is no dot. */
static bool read_spaced(struct span text, size_t at, struct dot *dot)
{
    size_t name = skip_blanks(text, at);
    size_t end = skip_name(text, name);
    size_t next = skip_blanks(text, end);

    if (name == at || end == name || next == end)
        return false;
    *dot = (struct dot){ next, true, true, text.ptr[name] != '.' };
    return true;
}

bool dot_read(struct span text, size_t at, struct dot *dot)
{
    char c = ascii_at(text, at);

    if (c == '.') {
        *dot = (struct dot){ at + 1, false, false, false };
        return true;
    }
    if (c == ' ')
        return read_bracketed(text, at, dot) || read_spaced(text, at, dot);
    if (closer_of(c))
        return read_bracketed(text, at, dot);
    for (size_t i = 0; i < sizeof(wide_dot) / sizeof(wide_dot[0]); i++) {
        if (span_starts(span_cut(text, at, at + 3), wide_dot[i])) {
            *dot = (struct dot){ at + 3, true, false, false };
            return true;
        }
    }
    return false;
}

/* The end of the word at `at`, as far as a label may go. */
static size_t word_end(struct span text, size_t at)
{
    size_t max = at + AHEAD_MAX;

    while (at < max &&
           (ascii_is_alnum(ascii_at(text, at)) || ascii_at(text, at) == '-'))
        at++;
    return at;
}

bool dot_is_meant(struct span text, struct span label, const struct dot *dot)
{
    size_t end = word_end(text, dot->end);
    struct dot more;

    if (is_one_of(label, no_label, sizeof(no_label) / sizeof(no_label[0])))
        return false;
    /* "the red dot example.com": the host begins behind the dot. */
    if (ascii_at(text, end) == '.' && ascii_is_alnum(ascii_at(text, end + 1)))
        return false;
    if (is_one_of(span_cut(text, dot->end, end), believed,
                  dot->word ? BELIEVED_AFTER_WORD : BELIEVED_AFTER_STOP))
        return true;
    /* "www dot shop dot com" */
    return dot->word && dot_read(text, end, &more) && more.word;
}
