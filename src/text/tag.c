#include "text/tag.h"

#include "text/ascii.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#define NAME_MAX_LEN 15

/* More attributes than any honest tag; libxml2 compares each with each. */
#define ATTRIBUTES_MAX 64

/* Elements that came with HTML 5, unknown to libxml2. */
static const struct {
    const char *name;
    enum tag_shape shape;
} html5_tag[] = {
    { "article", TAG_BLOCK },    { "aside", TAG_BLOCK },
    { "audio", TAG_INLINE },     { "bdi", TAG_INLINE },
    { "canvas", TAG_INLINE },    { "data", TAG_INLINE },
    { "details", TAG_BLOCK },    { "dialog", TAG_BLOCK },
    { "figcaption", TAG_BLOCK }, { "figure", TAG_BLOCK },
    { "footer", TAG_BLOCK },     { "header", TAG_BLOCK },
    { "main", TAG_BLOCK },       { "mark", TAG_INLINE },
    { "nav", TAG_BLOCK },        { "picture", TAG_INLINE },
    { "ruby", TAG_INLINE },      { "rt", TAG_INLINE },
    { "section", TAG_BLOCK },    { "source", TAG_INLINE },
    { "summary", TAG_BLOCK },    { "svg", TAG_INLINE },
    { "time", TAG_INLINE },      { "video", TAG_INLINE },
    { "wbr", TAG_INLINE },
};

/* What ends a stretch that is no text. Indices of no_close. */
enum { CLOSE_COMMENT, CLOSE_SCRIPT, CLOSE_STYLE, CLOSE_QUOTE };

static const struct {
    struct span name;
    struct span close;
} hidden_tag[] = {
    [CLOSE_COMMENT] = { { "", 0 }, { "-->", 3 } },
    [CLOSE_SCRIPT] = { { "script", 6 }, { "</script", 8 } },
    [CLOSE_STYLE] = { { "style", 5 }, { "</style", 7 } },
};

static const htmlElemDesc *html4_tag(const char *name)
{
    return htmlTagLookup((const xmlChar *)name);
}

enum tag_shape tag_shape(const char *name)
{
    const htmlElemDesc *desc;

    if (!strcmp(name, "br"))
        return TAG_BREAK;
    for (size_t i = 0; i < sizeof(html5_tag) / sizeof(html5_tag[0]); i++)
        if (!strcmp(html5_tag[i].name, name))
            return html5_tag[i].shape;
    desc = html4_tag(name);
    return desc && !desc->isinline ? TAG_BLOCK : TAG_INLINE;
}

static bool is_known(struct span name)
{
    char lower[NAME_MAX_LEN + 1];

    if (!name.len || name.len > NAME_MAX_LEN)
        return false;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = (char)(ascii_is_letter(name.ptr[i]) ? name.ptr[i] | 32
                                                       : name.ptr[i]);
    lower[name.len] = '\0';
    for (size_t i = 0; i < sizeof(html5_tag) / sizeof(html5_tag[0]); i++)
        if (!strcmp(html5_tag[i].name, lower))
            return true;
    return html4_tag(lower) != NULL;
}

/* The name at `at`; empty unless a letter begins it and a blank or '>' ends.
 */
static struct span read_name(struct span text, size_t at)
{
    size_t end = at;

    while (end - at <= NAME_MAX_LEN &&
           (ascii_is_letter(ascii_at(text, end)) ||
            (end > at && ascii_at(text, end) >= '0' &&
             ascii_at(text, end) <= '9')))
        end++;
    if (!ascii_is_blank(ascii_at(text, end)) && ascii_at(text, end) != '>' &&
        ascii_at(text, end) != '/')
        end = at;
    return span_cut(text, at, end);
}

/* Behind the quote that closes the one at `at`; 0 if none does. */
static size_t skip_quoted(struct tag_reader *reader, size_t at)
{
    struct span text = reader->text;
    char quote = text.ptr[at];
    bool *gone = &reader->no_close[CLOSE_QUOTE + (quote == '"')];
    size_t len;

    if (*gone)
        return 0;
    len = span_find_char(span_cut(text, at + 1, text.len), quote);
    if (at + 1 + len < text.len)
        return at + 1 + len + 1;
    *gone = true;
    return 0;
}

/* Behind the '>' of a tag whose attributes begin at `at`; 0 if it has none. */
static size_t skip_attributes(struct tag_reader *reader, size_t at)
{
    struct span text = reader->text;
    bool value = false; /* behind a '=' */
    size_t nr = 0;

    while (at < text.len && nr < ATTRIBUTES_MAX) {
        char c = text.ptr[at];

        if (c == '>')
            return at + 1;
        if (c == '<')
            return 0;
        if (value && (c == '"' || c == '\'')) {
            at = skip_quoted(reader, at);
            if (!at)
                return 0;
            value = false;
            nr++;
            continue;
        }
        nr += ascii_is_blank(c) && !ascii_is_blank(ascii_at(text, at + 1));
        value = c == '=' || (value && ascii_is_blank(c));
        at++;
    }
    return 0;
}

/* Behind the `close` of a hidden stretch that goes on at `at`; 0 if none. */
static size_t skip_hidden(struct tag_reader *reader, size_t at, size_t which)
{
    struct span text = reader->text;
    struct span close = hidden_tag[which].close;
    size_t end;

    if (reader->no_close[which])
        return 0;
    end = at + span_find_nocase(span_cut(text, at, text.len), close);
    if (end < text.len && which != CLOSE_COMMENT)
        end += span_find_char(span_cut(text, end, text.len), '>') + 1;
    else
        end += close.len;
    if (end <= text.len)
        return end;
    reader->no_close[which] = true;
    return 0;
}

static struct tag read_comment(struct tag_reader *reader, size_t at)
{
    struct tag tag = { TAG_NONE, { "", 0 }, at };

    tag.end = skip_hidden(reader, at + 4, CLOSE_COMMENT);
    tag.kind = tag.end ? TAG_HIDDEN : TAG_NONE;
    return tag;
}

struct tag tag_read(struct tag_reader *reader, size_t at)
{
    struct span text = reader->text;
    bool close = ascii_at(text, at + 1) == '/';
    struct tag tag = { TAG_NONE, { "", 0 }, at };

    if (span_starts(span_cut(text, at, at + 4), SPAN_LIT("<!--")))
        return read_comment(reader, at);
    tag.name = read_name(text, at + 1 + close);
    if (!is_known(tag.name))
        return tag;
    tag.end = skip_attributes(reader, at + 1 + close + tag.name.len);
    if (!tag.end)
        return tag;
    tag.kind = close ? TAG_CLOSE : TAG_OPEN;
    for (size_t i = CLOSE_SCRIPT; i <= CLOSE_STYLE && !close; i++) {
        if (!span_eq_nocase(tag.name, hidden_tag[i].name))
            continue;
        tag.end = skip_hidden(reader, tag.end, i);
        tag.kind = tag.end ? TAG_HIDDEN : TAG_NONE;
    }
    return tag;
}
