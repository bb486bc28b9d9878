#include "text/escape.h"

#include "text/tag.h"

#include <stdbool.h>

struct escape {
    struct span raw;
    struct writer html;
    struct writer hidden;
    struct markup_counts *counts;
};

static bool is_page(struct span name)
{
    return span_eq_nocase(name, SPAN_LIT("html")) ||
           span_eq_nocase(name, SPAN_LIT("head")) ||
           span_eq_nocase(name, SPAN_LIT("body"));
}

/* Paragraphs and breaks are what sites make of plain text. */
static bool is_plain(struct span name)
{
    return span_eq_nocase(name, SPAN_LIT("p")) ||
           span_eq_nocase(name, SPAN_LIT("br"));
}

/* Write what is to stand for the tag at `at`. */
static void write_tag(struct escape *escape, size_t at, const struct tag *tag)
{
    struct span whole = span_cut(escape->raw, at, tag->end);

    if (tag->kind == TAG_HIDDEN) {
        escape->counts->hidden += whole.len;
        writer_add(&escape->hidden, whole);
        writer_add(&escape->hidden, SPAN_LIT("\n"));
    } else if (tag->kind == TAG_CLOSE && !is_page(tag->name)) {
        writer_add(&escape->html, SPAN_LIT("</"));
        writer_add(&escape->html, tag->name);
        writer_add(&escape->html, SPAN_LIT(">"));
    } else if (!is_page(tag->name)) {
        writer_add(&escape->html, whole);
    }
    if (tag->kind != TAG_CLOSE && tag->name.len && !is_plain(tag->name))
        escape->counts->tags++;
}

/* The offset of the next '<' or '&' from `at` on. */
static size_t next_sign(struct span raw, size_t at)
{
    while (at < raw.len && raw.ptr[at] != '<' && raw.ptr[at] != '&')
        at++;
    return at;
}

/* Room for `raw` escaped: each '&' grows by 4 bytes, each '<' by 3. */
static size_t escaped_len(struct span raw)
{
    size_t len = raw.len;

    for (size_t at = next_sign(raw, 0); at < raw.len;
         at = next_sign(raw, at + 1))
        len += raw.ptr[at] == '&' ? 4 : 3;
    return len;
}

static size_t write_all(struct escape *escape)
{
    struct span raw = escape->raw;
    struct tag_reader reader = { .text = raw };
    size_t nr = 0;
    size_t at = 0;

    for (;;) {
        struct tag tag = { .kind = TAG_NONE };
        size_t sign = next_sign(raw, at);

        writer_add(&escape->html, span_cut(raw, at, sign));
        if (sign == raw.len)
            return nr;
        if (raw.ptr[sign] == '<')
            tag = tag_read(&reader, sign);
        if (tag.kind == TAG_NONE) {
            writer_add(&escape->html, raw.ptr[sign] == '<'
                                          ? SPAN_LIT("&lt;")
                                          : SPAN_LIT("&amp;"));
            at = sign + 1;
            continue;
        }
        write_tag(escape, sign, &tag);
        at = tag.end;
        nr++;
    }
}

struct escaped escape_html(struct arena *arena, struct span raw,
                           struct span root, struct markup_counts *counts)
{
    struct escape escape = { .raw = raw, .counts = counts };
    struct escaped escaped;

    writer_init(&escape.html, arena, root.len + escaped_len(raw));
    writer_init(&escape.hidden, arena, raw.len * 2);
    writer_add(&escape.html, root);
    escaped.nr = write_all(&escape);
    escaped.html = escape.html;
    escaped.hidden = writer_span(&escape.hidden, 0);
    return escaped;
}
