/*
 * escape_html leaves only tags for libxml2 to take for tags. libxml2 then
 * reads them as events, without a tree: it knows attributes, and which tag
 * closes which.
 *
 * libxml2 searches its stack of open elements at each end tag, which deep
 * nesting would make quadratic. So at DEPTH_MAX the parser is stopped and a
 * new one goes on from there, as if all that was open had been closed.
 */
#include "text/html.h"

#include "text/entity.h"
#include "text/escape.h"
#include "text/style.h"
#include "text/tag.h"
#include "text/writer.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <pthread.h>
#include <string.h>

#define DEPTH_MAX 200

/* More than any comment judged, and far from what libxml2 counts in int. */
#define RAW_BYTES_MAX ((size_t)64 << 20)

/*
 * An element no tag of the comment can close: text outside of all elements
 * would get paragraphs implied.
 */
#define ROOT "<sluice>"
#define ROOT_LEN (sizeof(ROOT) - 1)

struct html {
    struct arena *arena;
    struct link_list *links; /* may be NULL */
    struct markup_counts *counts;
    struct writer source;  /* what libxml2 reads */
    struct writer text;    /* what a reader sees */
    struct writer hidden;  /* what a reader does not see */
    size_t newlines;       /* to write before the next text */
    bool swallowed;        /* the source's own newline behind a <br> */
    size_t depth;          /* elements open */
    size_t hidden_at;      /* depth of the outermost hidden one; 0: none */
    struct span href;      /* of the <a> that is open; empty: none */
    struct writer *anchor; /* where its words go */
    size_t anchor_from;
    size_t parsed; /* bytes of `source` done with */
    bool stopped;  /* too deep */
};

static void write_newlines(struct html *html)
{
    while (html->newlines && html->text.len) {
        writer_add(&html->text, SPAN_LIT("\n"));
        html->newlines--;
    }
    html->newlines = 0;
    html->swallowed = false;
}

/*
 * Behind a tag that breaks the line, one newline of the source is the same
 * break again: WordPress stores "<br />\n".
 */
static struct span swallow_newline(struct html *html, struct span s)
{
    size_t len = span_starts(s, SPAN_LIT("\r\n")) ? 2
                 : span_starts(s, SPAN_LIT("\n")) ? 1
                                                  : 0;

    if (!html->newlines || html->swallowed || !len)
        return s;
    html->swallowed = true;
    return span_cut(s, len, s.len);
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct html *html = ((htmlParserCtxtPtr)ctx)->_private;
    struct span s = { (const char *)text, (size_t)len };

    if (html->hidden_at) {
        html->counts->hidden += s.len;
        writer_add(&html->hidden, s);
        return;
    }
    s = swallow_newline(html, s);
    if (!s.len)
        return;
    write_newlines(html);
    writer_add(&html->text, s);
}

/* The value of attribute `name`; a NULL pointer when it is not there. */
static struct span attribute(const xmlChar **attribs, const char *name)
{
    for (; attribs && *attribs; attribs += 2) {
        const char *value = (const char *)attribs[1];

        if (!strcmp((const char *)attribs[0], name))
            return span_str(value ? value : "");
    }
    return (struct span){ NULL, 0 };
}

static void add_link(struct html *html, struct span url, struct span anchor)
{
    if (html->links && url.len)
        link_add(html->arena, html->links, url, anchor, LINK_HTML);
}

/* Are these words a URL that leads where `href` does? link_find sees it. */
static bool shows_itself(struct html *html, struct span words,
                         struct span href)
{
    struct span shown;
    struct span host;

    if (!span_starts_nocase(words, SPAN_LIT("http://")) &&
        !span_starts_nocase(words, SPAN_LIT("https://")) &&
        !span_starts_nocase(words, SPAN_LIT("www.")))
        return false;
    return link_host(html->arena, words, &shown) &&
           link_host(html->arena, href, &host) && span_eq(shown, host);
}

static void anchor_begin(struct html *html, struct span href)
{
    html->href = arena_dup(html->arena, href);
    html->anchor = html->hidden_at ? &html->hidden : &html->text;
    html->anchor_from = html->anchor->len;
}

static void anchor_end(struct html *html)
{
    struct span words;

    if (!html->href.len)
        return;
    words = span_trim(writer_span(html->anchor, html->anchor_from));
    words = entity_decode(html->arena, words, NULL);
    if (!shows_itself(html, words, html->href))
        add_link(html, html->href, words);
    html->href.len = 0;
}

/* WordPress and forums show emoji and smileys as images. */
static bool is_emoji(const xmlChar **attribs)
{
    struct span class = attribute(attribs, "class");

    return span_find(class, SPAN_LIT("emoji")) < class.len ||
           span_find(class, SPAN_LIT("smiley")) < class.len;
}

/* Where a tag leads, or what it loads. */
static void read_links(struct html *html, const char *name,
                       const xmlChar **attribs)
{
    static const char *const loads[] = { "href", "src", "data", "action" };

    if (!strcmp(name, "a")) {
        anchor_end(html);
        anchor_begin(html, attribute(attribs, "href"));
        return;
    }
    if (!strcmp(name, "img") && is_emoji(attribs))
        return;
    for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
        struct span url = attribute(attribs, loads[i]);

        add_link(html, arena_dup(html->arena, url), SPAN_LIT(""));
    }
}

/* An element of `shape` begins or ends: is a line to be broken? */
static void break_line(struct html *html, enum tag_shape shape, bool begins)
{
    const struct writer *text = &html->text;

    if (html->hidden_at)
        return;
    if (shape == TAG_BREAK && begins) {
        html->newlines++;
        html->swallowed = false;
    }
    if (shape == TAG_BLOCK && !html->newlines &&
        (!text->len || text->ptr[text->len - 1] != '\n'))
        html->newlines = 1;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **attribs)
{
    htmlParserCtxtPtr parser = ctx;
    struct html *html = parser->_private;
    const char *tag = (const char *)name;

    html->depth++;
    if (!html->hidden_at &&
        (attribute(attribs, "hidden").ptr ||
         style_hides(html->arena, attribute(attribs, "style"))))
        html->hidden_at = html->depth;
    break_line(html, tag_shape(tag), true);
    read_links(html, tag, attribs);
    if (!strcmp(tag, "img") && is_emoji(attribs)) {
        struct span alt = attribute(attribs, "alt");

        on_text(ctx, (const xmlChar *)alt.ptr, (int)alt.len);
    }
    if (parser->nameNr > DEPTH_MAX && !html->stopped) {
        html->parsed += (size_t)xmlByteConsumed(parser);
        html->stopped = true;
        xmlStopParser(parser);
    }
}

static void on_end(void *ctx, const xmlChar *name)
{
    struct html *html = ((htmlParserCtxtPtr)ctx)->_private;
    const char *tag = (const char *)name;

    break_line(html, tag_shape(tag), false);
    if (!strcmp(tag, "a"))
        anchor_end(html);
    if (html->hidden_at == html->depth)
        html->hidden_at = 0;
    if (html->depth)
        html->depth--;
}

static struct span unparsed(const struct html *html)
{
    return writer_span(&html->source, html->parsed);
}

/* Parse from html->parsed to the end, or until it gets too deep. */
static void parse(struct html *html)
{
    struct span rest = unparsed(html);
    htmlParserCtxtPtr parser =
        htmlCreateMemoryParserCtxt(rest.ptr, (int)rest.len);

    html->stopped = false;
    html->depth = 0;
    html->hidden_at = 0;
    if (!parser)
        return;
    memset(parser->sax, 0, sizeof(*parser->sax));
    parser->sax->startElement = on_start;
    parser->sax->endElement = on_end;
    parser->sax->characters = on_text;
    parser->sax->ignorableWhitespace = on_text;
    parser->sax->cdataBlock = on_text;
    parser->_private = html;
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                   HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                   HTML_PARSE_NOIMPLIED |
                                   HTML_PARSE_IGNORE_ENC);
    /* Else libxml2 takes what does not say so for Latin-1. */
    parser->charset = XML_CHAR_ENCODING_UTF8;
    htmlParseDocument(parser);
    htmlFreeParserCtxt(parser);
    anchor_end(html);
}

/* Parse all of the source, with a new parser wherever one was stopped. */
static void parse_all(struct html *html)
{
    parse(html);
    while (html->stopped) {
        html->parsed += span_find_char(unparsed(html), '>') + 1;
        /* What was parsed makes room for another root. */
        html->parsed -= ROOT_LEN;
        memcpy(html->source.ptr + html->parsed, ROOT, ROOT_LEN);
        parse(html);
    }
}

struct span html_strip(struct arena *arena, struct span raw,
                       struct link_list *links, struct markup_counts *counts)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct html html = { .arena = arena, .links = links, .counts = counts };
    struct escaped escaped;

    if (raw.len > RAW_BYTES_MAX)
        return raw;
    escaped = escape_html(arena, raw, SPAN_LIT(ROOT), counts);
    if (!escaped.nr)
        return raw;
    /* The one function of libxml2 that one thread must call first. */
    pthread_once(&once, xmlInitParser);
    html.source = escaped.html;
    writer_init(&html.hidden, arena, escaped.html.len);
    /* Each tag, and each end that it implies, breaks one line at most. */
    writer_init(&html.text, arena, raw.len * 2);
    parse_all(&html);
    if (links) {
        link_find(arena, escaped.hidden, links);
        link_find(arena, writer_span(&html.hidden, 0), links);
    }
    return writer_span(&html.text, 0);
}
