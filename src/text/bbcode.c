#include "text/bbcode.h"

#include "text/ascii.h"
#include "text/writer.h"

#include <stdbool.h>
#include <string.h>

/* Longest name of a shortcode looked at. */
#define NAME_LEN_MAX 32

enum shape {
    SHAPE_INLINE,
    SHAPE_BLOCK, /* begins and ends on a line of its own */
    SHAPE_VOID,  /* never closed; a line break */
    SHAPE_ITEM,  /* "[*]": within a list only */
    SHAPE_LINK,
    SHAPE_IMAGE,
};

static const struct {
    const char *name;
    enum shape shape;
} code[] = {
    { "b", SHAPE_INLINE },         { "i", SHAPE_INLINE },
    { "u", SHAPE_INLINE },         { "s", SHAPE_INLINE },
    { "del", SHAPE_INLINE },       { "strike", SHAPE_INLINE },
    { "em", SHAPE_INLINE },        { "strong", SHAPE_INLINE },
    { "bold", SHAPE_INLINE },      { "italic", SHAPE_INLINE },
    { "underline", SHAPE_INLINE }, { "sub", SHAPE_INLINE },
    { "sup", SHAPE_INLINE },       { "color", SHAPE_INLINE },
    { "colour", SHAPE_INLINE },    { "size", SHAPE_INLINE },
    { "font", SHAPE_INLINE },      { "style", SHAPE_INLINE },
    { "highlight", SHAPE_INLINE }, { "noparse", SHAPE_INLINE },
    { "email", SHAPE_INLINE },     { "user", SHAPE_INLINE },
    { "quote", SHAPE_BLOCK },      { "code", SHAPE_BLOCK },
    { "list", SHAPE_BLOCK },       { "ul", SHAPE_BLOCK },
    { "ol", SHAPE_BLOCK },         { "li", SHAPE_BLOCK },
    { "center", SHAPE_BLOCK },     { "left", SHAPE_BLOCK },
    { "right", SHAPE_BLOCK },      { "justify", SHAPE_BLOCK },
    { "align", SHAPE_BLOCK },      { "indent", SHAPE_BLOCK },
    { "table", SHAPE_BLOCK },      { "tr", SHAPE_BLOCK },
    { "td", SHAPE_BLOCK },         { "th", SHAPE_BLOCK },
    { "h1", SHAPE_BLOCK },         { "h2", SHAPE_BLOCK },
    { "h3", SHAPE_BLOCK },         { "spoiler", SHAPE_BLOCK },
    { "hide", SHAPE_BLOCK },       { "caption", SHAPE_BLOCK },
    { "gallery", SHAPE_BLOCK },    { "sourcecode", SHAPE_BLOCK },
    { "php", SHAPE_BLOCK },        { "html", SHAPE_BLOCK },
    { "pre", SHAPE_BLOCK },        { "video", SHAPE_BLOCK },
    { "audio", SHAPE_BLOCK },      { "media", SHAPE_BLOCK },
    { "youtube", SHAPE_BLOCK },    { "embed", SHAPE_BLOCK },
    { "hr", SHAPE_VOID },          { "br", SHAPE_VOID },
    { "*", SHAPE_ITEM },           { "url", SHAPE_LINK },
    { "link", SHAPE_LINK },        { "img", SHAPE_IMAGE },
};

#define CODE_NR (sizeof(code) / sizeof(code[0]))
#define CODE_UNKNOWN CODE_NR

/* One bracket that may be a tag. */
struct bracket {
    size_t which; /* index in code[], or CODE_UNKNOWN */
    size_t end;   /* behind its ']' */
    bool close;
    struct span value; /* behind "=", without quotes */
    struct span attributes;
};

struct bbcode {
    struct arena *arena;
    struct link_list *links; /* may be NULL */
    struct span text;
    struct writer out;
    size_t last_close[CODE_NR]; /* offset of the last "[/name]" */
    size_t open[CODE_NR];       /* opened and not closed */
    bool in_link;
    struct span href; /* of the link that is open; empty: its words are */
    size_t anchor_from;
};

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static size_t code_find(struct span name)
{
    for (size_t i = 0; i < CODE_NR; i++)
        if (span_eq_nocase(name, span_str(code[i].name)))
            return i;
    return CODE_UNKNOWN;
}

/* The curly double quotes and primes that WordPress makes of '"'. */
static bool is_curly(struct span s, size_t at)
{
    struct span quote = span_cut(s, at, at + 3);

    return span_eq(quote, SPAN_LIT("\xe2\x80\x9c")) ||
           span_eq(quote, SPAN_LIT("\xe2\x80\x9d")) ||
           span_eq(quote, SPAN_LIT("\xe2\x80\xb3"));
}

/* The first value in `s`, without quotes around it. */
static struct span unquote(struct span s)
{
    size_t end = 0;

    s = span_trim(s);
    if (s.len && (s.ptr[0] == '"' || s.ptr[0] == '\'')) {
        end = 1 + span_find_char(span_cut(s, 1, s.len), s.ptr[0]);
        return span_cut(s, 1, end);
    }
    if (is_curly(s, 0))
        s = span_cut(s, 3, s.len);
    while (end < s.len && s.ptr[end] != ' ' && !is_curly(s, end))
        end++;
    return span_cut(s, 0, end);
}

/*
 * The bracket at `at`, where there is a '['. It ends on its line, and before
 * the next bracket begins.
 */
static bool bracket_read(struct span text, size_t at, struct bracket *bracket)
{
    size_t from = at + 1 + (ascii_at(text, at + 1) == '/');
    size_t end = from;
    size_t close;

    if (ascii_at(text, end) == '*')
        end++;
    else
        while (end - from < NAME_LEN_MAX && is_name_char(ascii_at(text, end)))
            end++;
    for (close = end; close < text.len; close++)
        if (strchr("[]\n", text.ptr[close]))
            break;
    if (end == from || ascii_at(text, close) != ']' ||
        !strchr("]= ", text.ptr[end]))
        return false;
    *bracket = (struct bracket){ .which = code_find(span_cut(text, from, end)),
                                 .end = close + 1,
                                 .close = from > at + 1 };
    if (text.ptr[end] == '=')
        bracket->value = unquote(span_cut(text, end + 1, close));
    if (text.ptr[end] == ' ')
        bracket->attributes = span_trim(span_cut(text, end, close));
    return true;
}

/* Does it begin like "key=", and if `quoted`, with a quote behind? */
static bool has_attribute(struct span s, bool quoted)
{
    size_t at = 0;
    char quote;

    while (is_name_char(ascii_at(s, at)))
        at++;
    if (!at || ascii_at(s, at) != '=')
        return false;
    quote = ascii_at(s, at + 1);
    return !quoted || quote == '"' || quote == '\'' || is_curly(s, at + 1);
}

static bool opens(const struct bbcode *bb, size_t at,
                  const struct bracket *bracket)
{
    size_t which = bracket->which;

    if (bracket->attributes.len)
        return has_attribute(bracket->attributes, which == CODE_UNKNOWN);
    if (which == CODE_UNKNOWN)
        return false;
    if (bracket->value.ptr)
        return code[which].name[1] && bracket->value.len;
    if (code[which].shape == SHAPE_VOID)
        return true;
    if (code[which].shape == SHAPE_ITEM)
        return bb->open[code_find(SPAN_LIT("list"))] > 0;
    return bb->last_close[which] > at;
}

static bool is_code(const struct bbcode *bb, size_t at,
                    const struct bracket *bracket)
{
    if (!bracket->close)
        return opens(bb, at, bracket);
    return bracket->which != CODE_UNKNOWN && bb->open[bracket->which];
}

static void break_line(struct bbcode *bb)
{
    if (bb->out.len && bb->out.ptr[bb->out.len - 1] != '\n')
        writer_add(&bb->out, SPAN_LIT("\n"));
}

static void add_link(struct bbcode *bb, struct span url, struct span anchor)
{
    if (bb->links)
        link_add(bb->arena, bb->links, url, anchor, LINK_BBCODE);
}

static bool same_host(struct bbcode *bb, struct span a, struct span b)
{
    struct span host_a;
    struct span host_b;

    return link_host(bb->arena, a, &host_a) &&
           link_host(bb->arena, b, &host_b) && span_eq(host_a, host_b);
}

/* The words so far are the link's; of one left open, those on its line. */
static void link_end(struct bbcode *bb)
{
    struct span words = writer_span(&bb->out, bb->anchor_from);

    if (!bb->in_link)
        return;
    bb->in_link = false;
    words = span_trim(span_cut(words, 0, span_find_char(words, '\n')));
    if (!bb->href.len || same_host(bb, bb->href, words))
        add_link(bb, words, SPAN_LIT(""));
    else
        add_link(bb, bb->href, words);
}

/* The URL that `[link url="..."]` and its like name; else the tag's value. */
static struct span find_href(const struct bracket *bracket)
{
    struct span attributes = bracket->attributes;
    size_t at = span_find_char(attributes, '=');

    if (!attributes.len)
        return bracket->value;
    return unquote(span_cut(attributes, at + 1, attributes.len));
}

static void link_begin(struct bbcode *bb, const struct bracket *bracket)
{
    link_end(bb);
    bb->in_link = true;
    bb->href = find_href(bracket);
    bb->anchor_from = bb->out.len;
}

/* Behind "http://...[/img]" when that is what follows an [img] at `at`. */
static size_t take_image(struct bbcode *bb, size_t at)
{
    struct span rest = span_cut(bb->text, at, bb->text.len);
    struct span url = span_cut(rest, 0, span_find_char(rest, '['));
    struct span host;
    struct bracket bracket;

    if (url.len == rest.len || !bracket_read(bb->text, at + url.len, &bracket))
        return at;
    url = span_trim(url);
    if (!bracket.close || bracket.which == CODE_UNKNOWN ||
        code[bracket.which].shape != SHAPE_IMAGE ||
        span_find_char(url, ' ') < url.len ||
        !link_host(bb->arena, url, &host))
        return at;
    add_link(bb, url, SPAN_LIT(""));
    return bracket.end;
}

/* Leave out the code that `bracket` is; returns where the text goes on. */
static size_t take_code(struct bbcode *bb, const struct bracket *bracket)
{
    enum shape shape = bracket->which == CODE_UNKNOWN
                           ? SHAPE_INLINE
                           : code[bracket->which].shape;

    if (bracket->which != CODE_UNKNOWN) {
        if (bracket->close)
            bb->open[bracket->which]--;
        else
            bb->open[bracket->which]++;
    }
    if (shape == SHAPE_LINK && bracket->close)
        link_end(bb);
    else if (shape == SHAPE_LINK)
        link_begin(bb, bracket);
    else if (shape == SHAPE_IMAGE && !bracket->close)
        return take_image(bb, bracket->end);
    else if (shape != SHAPE_INLINE && shape != SHAPE_IMAGE)
        break_line(bb);
    return bracket->end;
}

/* Note where each code is closed for the last time. */
static void find_closes(struct bbcode *bb)
{
    struct span text = bb->text;
    struct bracket bracket;

    for (size_t at = 0; at + 1 < text.len; at++)
        if (text.ptr[at] == '[' && text.ptr[at + 1] == '/' &&
            bracket_read(text, at, &bracket) && bracket.which != CODE_UNKNOWN)
            bb->last_close[bracket.which] = at;
}

struct span bbcode_strip(struct arena *arena, struct span text,
                         struct link_list *links, size_t *nr)
{
    struct bbcode bb = { .arena = arena, .links = links, .text = text };
    struct bracket bracket;
    size_t done = 0;

    writer_init(&bb.out, arena, text.len);
    find_closes(&bb);
    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] != '[' || !bracket_read(text, at, &bracket) ||
            !is_code(&bb, at, &bracket)) {
            at++;
            continue;
        }
        *nr += !bracket.close;
        writer_add(&bb.out, span_cut(text, done, at));
        at = take_code(&bb, &bracket);
        done = at;
    }
    if (!done)
        return text;
    writer_add(&bb.out, span_cut(text, done, text.len));
    link_end(&bb);
    return writer_span(&bb.out, 0);
}
