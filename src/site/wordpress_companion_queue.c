/*
 * The walk over the held comments by the companion. It goes by id, "all after
 * this one", so that no change of status moves a comment from one page to
 * another. While a page is judged and told, the site makes the next one.
 */
#include "site/wordpress_companion.h"

#include "base/log.h"

#include <string.h>

/* After a failure a page is asked for with so many times fewer comments. */
#define BATCH_PARTS 4

#define QUEUE_ROUTE COMPANION_NAMESPACE "/queue"

static void ask(struct wordpress *wp, size_t nr)
{
    struct wordpress_companion *companion = &wp->companion;
    struct http_exchange *ex = &companion->page;

    arena_reset(&companion->arena);
    ex->login = true;
    ex->once = companion->narrowed;
    ex->failed = 0;
    ex->url = rest_url(&companion->arena, wp->root, QUEUE_ROUTE,
                       arena_printf(&companion->arena,
                                    "status=%s&after=%lld&per_page=%zu",
                                    wp->queue.status, companion->after, nr));
    http_start(wp->http, ex);
    companion->asked = true;
}

/* An answer that we understand; another gives up the companion. */
static enum error_code read_page(struct wordpress *wp, struct json_doc *doc,
                                 struct error *err)
{
    struct http_exchange *ex = &wp->companion.page;
    enum error_code rc = rest_read(doc, ex, err);

    if (rc) {
        if (companion_is_gone(ex))
            companion_lose(wp, "its REST route is gone");
        return rc;
    }
    if (rest_number(doc->root, "api") == COMPANION_API)
        return ERROR_NONE;
    json_release(doc);
    companion_lose(wp, "it speaks another version than this program; bring "
                       "both up to date");
    return error_set(err, ERROR_SITE, "%.*s: an answer of another version",
                     SPAN_ARG(http_url_brief(ex->url)));
}

/*
 * The first page says how many there are, and whether the companion does what
 * its name promises. It is kept for companion_queue_next.
 */
enum error_code companion_queue(struct wordpress *wp, size_t *total,
                                struct error *err)
{
    struct wordpress_companion *companion = &wp->companion;
    struct json_doc doc;
    enum error_code rc;

    /* A walk that was given up may have left one. */
    http_wait(wp->http, &companion->page);
    companion->after = 0;
    companion->batch = COMPANION_BATCH_MAX;
    companion->narrowed = false;
    companion->ended = false;
    companion->walking = true;
    ask(wp, companion->batch);
    http_wait(wp->http, &companion->page);
    rc = read_page(wp, &doc, err);
    companion->asked = !rc;
    if (rc && (http_stopped(wp->http) || !companion->there ||
               rest_fault(&companion->page) == REST_ROW_DIES))
        return ERROR_NONE;
    if (rc)
        return rc;
    if (rest_number(doc.root, "total") > 0)
        *total = (size_t)rest_number(doc.root, "total");
    json_release(&doc);
    return ERROR_NONE;
}

/* A post of the page, copied once for all its comments. */
struct post {
    long long id;
    struct span title;
    struct span text;
    struct span date;
    struct span permalink;
};

struct taking {
    struct wordpress *wp;
    struct arena *arena;
    const struct json *posts;
    struct site_page *page;
    size_t *garbled;
    struct post *post;
    size_t post_nr;
};

static const struct post *post_of(struct taking *taking, long long id)
{
    char name[sizeof("-9223372036854775808")];
    struct post *post = taking->post;
    const struct json *found;

    for (size_t i = 0; i < taking->post_nr; i++)
        if (post[i].id == id)
            return &post[i];
    snprintf(name, sizeof(name), "%lld", id);
    found = json_member(taking->posts, name);
    post += taking->post_nr++;
    *post = (struct post){
        .id = id,
        .title = rest_beginning(taking->arena, rest_text(found, "title")),
        .text = rest_beginning(taking->arena, rest_text(found, "text")),
        .date = rest_beginning(taking->arena, rest_text(found, "date")),
        .permalink =
            rest_beginning(taking->arena, rest_text(found, "permalink")),
    };
    return post;
}

/*
 * The site compares by its own fingerprint. Where it is not ours, a verdict
 * would be refused for ever as one on another text: better said at once.
 */
static enum error_code compare_hash(const struct comment *comment,
                                    const struct json *row, struct error *err)
{
    struct digest ours = comment_digest(comment);

    if (span_eq(rest_text(row, "hash"), span_str(ours.hex)))
        return ERROR_NONE;
    return error_set(err, ERROR_INPUT,
                     "the companion's fingerprint of this comment is not "
                     "ours; is it of the same version as this program?");
}

static void take_row(struct taking *taking, const struct json *row)
{
    struct site_page *page = taking->page;
    struct comment *comment = &page->comment[page->nr];
    const struct post *post;
    struct error why;
    enum error_code rc =
        wordpress_comment(taking->wp, taking->arena, row, comment, &why);

    if (!rc)
        rc = compare_hash(comment, row, &why);
    if (rc) {
        wordpress_row_garbled(taking->wp, rest_number(row, "id"), &why,
                              taking->garbled);
        return;
    }
    post = post_of(taking, rest_number(row, "post"));
    comment->post_title = post->title;
    comment->post_text = post->text;
    comment->post_date = post->date;
    if (!comment->permalink.len)
        comment->permalink = post->permalink;
    page->nr++;
}

static void take_page(struct wordpress *wp, struct arena *arena,
                      const struct json *answer, struct site_page *page,
                      size_t *garbled)
{
    const struct json *list = json_member(answer, "comments");
    long long next = rest_number(answer, "next");
    struct taking taking = {
        .wp = wp,
        .arena = arena,
        .posts = json_member(answer, "posts"),
        .page = page,
        .garbled = garbled,
        .post = arena_zalloc(arena, SITE_PAGE_MAX, sizeof(struct post)),
    };

    for (size_t i = 0; i < json_nr(list) && i < SITE_PAGE_MAX; i++)
        if (!rest_is_note(json_item(list, i)))
            take_row(&taking, json_item(list, i));
    /* A cursor that stands still would go round for ever. */
    wp->companion.ended = next <= wp->companion.after;
    if (!wp->companion.ended)
        wp->companion.after = next;
}

/*
 * The site died over a page: ask for less, down to one comment. Whose id that
 * is nobody can tell us here, but core's list can.
 */
static void narrow(struct wordpress *wp, const struct error *why)
{
    struct wordpress_companion *companion = &wp->companion;

    companion->narrowed = true;
    if (companion->batch == 1) {
        companion_lose(wp, "the site dies over its list");
        return;
    }
    companion->batch = (companion->batch + BATCH_PARTS - 1) / BATCH_PARTS;
    log_warn("site_list_narrowed", "site=%.*s after=%lld next=%zu error=%s",
             SPAN_ARG(wp->name), companion->after, companion->batch,
             log_quote(span_str(why->text)).text);
}

static void widen(struct wordpress_companion *companion)
{
    companion->narrowed = false;
    companion->batch *= 2;
    if (companion->batch > COMPANION_BATCH_MAX)
        companion->batch = COMPANION_BATCH_MAX;
}

/* One page, as asked for ahead; then the next is asked for. */
static enum error_code next_page(struct wordpress *wp, struct arena *arena,
                                 struct site_page *page, size_t *garbled,
                                 struct error *err)
{
    struct wordpress_companion *companion = &wp->companion;
    struct json_doc doc;
    enum error_code rc;

    if (!companion->asked)
        ask(wp, companion->batch);
    http_wait(wp->http, &companion->page);
    companion->asked = false;
    rc = read_page(wp, &doc, err);
    if (rc && (http_stopped(wp->http) || !companion->there))
        return ERROR_NONE;
    if (rc && rest_fault(&companion->page) == REST_ROW_DIES) {
        narrow(wp, err);
        return ERROR_NONE;
    }
    if (rc)
        return rc;
    take_page(wp, arena, doc.root, page, garbled);
    widen(companion);
    if (!companion->ended) {
        ask(wp, companion->batch);
        http_push(wp->http);
    }
    json_release(&doc);
    return ERROR_NONE;
}

enum error_code companion_queue_next(struct wordpress *wp, struct arena *arena,
                                     struct site_page *page, size_t *garbled,
                                     struct error *err)
{
    struct wordpress_companion *companion = &wp->companion;
    enum error_code rc = ERROR_NONE;

    page->comment = arena_zalloc(arena, SITE_PAGE_MAX, sizeof(struct comment));
    page->nr = 0;
    while (!rc && !page->nr && companion->there && !companion->ended &&
           !http_stopped(wp->http))
        rc = next_page(wp, arena, page, garbled, err);
    return rc;
}
