/*
 * What a comment says, whatever it was dressed in: bytes are repaired, markup
 * is taken off, links are listed and taken out, the rest is folded and split
 * into words. Every field goes the same way; the body is also counted over,
 * for what it took to undress it tells something about who dressed it.
 */
#include "text/normalise.h"

#include "text/ascii.h"
#include "text/shelf.h"
#include "text/utf8.h"

#include <string.h>

/* U+FEFF. Editors and exports leave it behind; it never means a thing. */
#define BYTE_ORDER_MARK SPAN_LIT("\xEF\xBB\xBF")

static bool is_continuation(char c)
{
    return (c & 0xC0) == 0x80;
}

/* `at` moved back to the beginning of the code point it may be inside. */
static size_t code_point_start(struct span bytes, size_t at)
{
    size_t from = at;

    while (from && at - from < UTF8_BYTES_MAX &&
           is_continuation(bytes.ptr[from]))
        from--;
    return is_continuation(bytes.ptr[from]) ? at : from;
}

static struct span head_of(struct span bytes, size_t max)
{
    if (bytes.len <= max)
        return bytes;
    return span_cut(bytes, 0, code_point_start(bytes, max));
}

/* Both ends of a body that is longer than is judged: spam hides in either. */
static struct span ends_of(struct arena *arena, struct span bytes, bool *cut)
{
    struct span head;
    struct span tail;
    char *out;

    if (bytes.len <= COMMENT_TEXT_HEAD + COMMENT_TEXT_TAIL)
        return bytes;
    *cut = true;
    head = head_of(bytes, COMMENT_TEXT_HEAD);
    tail =
        span_cut(bytes, code_point_start(bytes, bytes.len - COMMENT_TEXT_TAIL),
                 bytes.len);
    out = arena_alloc(arena, head.len + 1 + tail.len);
    memcpy(out, head.ptr, head.len);
    out[head.len] = '\n';
    memcpy(out + head.len + 1, tail.ptr, tail.len);
    return (struct span){ out, head.len + 1 + tail.len };
}

static struct span drop_marks(struct arena *arena, struct span text)
{
    struct span mark = BYTE_ORDER_MARK;
    size_t at = span_find_char(text, mark.ptr[0]);
    size_t len = 0;
    char *out;

    /* Its first byte alone is rare, and found faster. */
    if (at < text.len)
        at = span_find(text, mark);
    if (at == text.len)
        return text;
    out = arena_alloc(arena, text.len);
    while (text.len) {
        memcpy(out + len, text.ptr, at);
        len += at;
        text = span_cut(text, at + mark.len, text.len);
        at = span_find(text, mark);
    }
    return (struct span){ out, len };
}

static struct span clean(struct arena *arena, struct span bytes,
                         size_t *repaired)
{
    return drop_marks(arena, utf8_repair(arena, bytes, repaired));
}

/* `plain` with blanks in the place of `links`, which point into it. */
static struct span blank_links(struct arena *arena, struct span plain,
                               const struct link_list *links)
{
    struct span copy;

    if (!links->nr)
        return plain;
    copy = arena_dup(arena, plain);
    for (size_t i = 0; i < links->nr; i++) {
        struct span url = links->link[i].url;

        memset((char *)copy.ptr + (url.ptr - plain.ptr), ' ', url.len);
    }
    return copy;
}

static void fold_field(struct arena *arena, struct text_field *field,
                       const struct link_list *written,
                       struct fold_counts *fold)
{
    struct span prose = blank_links(arena, field->plain, written);

    field->folded = fold_text(arena, prose, fold);
    field->words = word_split(arena, field->folded);
}

/* A field that is not the body: its links are of no interest. */
static struct text_field take_field(struct arena *arena, struct span bytes,
                                    struct fold_counts *fold)
{
    struct text_field field = { 0 };
    struct link_list written = { 0 };
    struct markup_counts markup = { 0 };
    size_t repaired = 0;
    struct span raw =
        clean(arena, head_of(bytes, COMMENT_FIELD_MAX), &repaired);

    field.plain = markup_strip(arena, raw, NULL, &markup);
    link_find(arena, field.plain, &written);
    fold_field(arena, &field, &written, fold);
    return field;
}

/*
 * Is the link `bare`, written out in the text, what is clicked of one in
 * `links` ("<a href=X>go to X</a>", "[url]X[/url]")? Each link takes one such;
 * as both are in the order of the text, `*from` is where to look on.
 */
static bool is_clicked(const struct link_list *links, size_t *from,
                       const struct link *bare)
{
    for (size_t i = *from; i < links->nr; i++) {
        const struct link *link = &links->link[i];

        if (link->url.ptr != bare->url.ptr &&
            (!span_eq(link->domain, bare->domain) ||
             span_find(link->anchor, bare->url) == link->anchor.len))
            continue;
        *from = i + 1;
        return true;
    }
    return false;
}

/* Appends those of `written` that the markup has not listed. */
static void merge_links(struct arena *arena, struct text *text,
                        const struct link_list *written)
{
    struct link_list marked = text->links;
    struct link_list *all = &text->links;
    size_t from = 0;

    all->alloc = marked.nr + written->nr;
    all->link = arena_alloc(arena, all->alloc * sizeof(*all->link));
    if (marked.nr)
        memcpy(all->link, marked.link, marked.nr * sizeof(*all->link));
    for (size_t i = 0; i < written->nr; i++) {
        if (is_clicked(&marked, &from, &written->link[i]))
            continue;
        if (all->nr < LINK_NR_MAX)
            all->link[all->nr++] = written->link[i];
        else
            all->nr_more++;
    }
    all->nr_more += written->nr_more;
    text->links_more = all->nr_more;
}

static void take_body(struct arena *arena, struct text *text,
                      struct span bytes)
{
    struct link_list written = { 0 };
    struct span raw =
        clean(arena, ends_of(arena, bytes, &text->cut), &text->repaired);

    text->body.plain = markup_strip(arena, raw, &text->links, &text->markup);
    link_find(arena, text->body.plain, &written);
    merge_links(arena, text, &written);
    fold_field(arena, &text->body, &written, &text->fold);
}

static struct link take_author_url(struct arena *arena, struct span bytes)
{
    struct link link = { .how = LINK_BARE };
    size_t repaired = 0;
    struct span url =
        clean(arena, head_of(bytes, COMMENT_FIELD_MAX), &repaired);

    link.url = span_trim(url);
    if (link_host(arena, link.url, &link.host))
        link.domain = link_domain(link.host);
    return link;
}

static struct span lower(struct arena *arena, struct span s)
{
    char *out = arena_alloc(arena, s.len);

    for (size_t i = 0; i < s.len; i++)
        out[i] = ascii_lower(s.ptr[i]);
    return (struct span){ out, s.len };
}

/* What is behind the last "@". Spelling counts: nothing else is folded. */
static struct span take_email_domain(struct arena *arena, struct span bytes)
{
    size_t repaired = 0;
    struct span email =
        clean(arena, head_of(bytes, COMMENT_FIELD_MAX), &repaired);
    size_t at = email.len;

    while (at && email.ptr[at - 1] != '@')
        at--;
    if (!at)
        return SPAN_LIT("");
    return lower(arena, span_trim(span_cut(email, at, email.len)));
}

static struct shelf_post take_post(struct arena *arena,
                                   const struct comment *comment)
{
    struct fold_counts ignored = { 0 };

    return (struct shelf_post){
        take_field(arena, comment->post_title, &ignored),
        take_field(arena, comment->post_text, &ignored),
    };
}

static struct shelf_post find_post(struct arena *arena, struct shelf *shelf,
                                   const struct comment *comment)
{
    struct span title = head_of(comment->post_title, COMMENT_FIELD_MAX);
    struct span text = head_of(comment->post_text, COMMENT_FIELD_MAX);
    const struct shelf_post *found = shelf_find(shelf, title, text);
    struct shelf_post post;

    if (found)
        return *found;
    post = take_post(arena, comment);
    shelf_keep(shelf, title, text, &post);
    return post;
}

/* All but the post. */
static struct text *take_comment(struct arena *arena,
                                 const struct comment *comment)
{
    struct text *text = arena_zalloc(arena, 1, sizeof(*text));
    struct fold_counts ignored = { 0 };

    take_body(arena, text, comment->text);
    text->author = take_field(arena, comment->author, &text->author_fold);
    text->parent = take_field(arena, comment->parent_text, &ignored);
    text->author_link = take_author_url(arena, comment->author_url);
    text->email_domain = take_email_domain(arena, comment->author_email);
    return text;
}

static struct text *set_post(struct text *text, struct shelf_post post)
{
    text->post_title = post.title;
    text->post_text = post.text;
    return text;
}

struct text *text_normalise(struct arena *arena, const struct comment *comment)
{
    return set_post(take_comment(arena, comment), take_post(arena, comment));
}

struct text *text_normalise_next(struct arena *arena, struct shelf *shelf,
                                 const struct comment *comment)
{
    return set_post(take_comment(arena, comment),
                    find_post(arena, shelf, comment));
}
