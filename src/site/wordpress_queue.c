/*
 * The walk over the held comments. Page numbers shift as statuses change, so
 * the ids are collected first, and the comments then asked for by id.
 */
#include "site/wordpress.h"

#include "base/log.h"
#include "wire/comment_json.h"

/* After a failure a page of comments is asked for in this many parts. */
#define BATCH_PARTS 4

enum error_code wordpress_queue(struct wordpress *wp, size_t *total,
                                struct error *err)
{
    enum error_code rc;

    *total = 0;
    wp->queue.nr = 0;
    wp->queue.at = 0;
    wp->queue.batch = WORDPRESS_PER_PAGE;
    wp->queue.narrowed = false;
    wp->queue.lost = 0;
    wp->queue.garbled = 0;
    rc = wordpress_root(wp, err);
    if (!rc)
        rc = wordpress_snapshot(wp, err);
    if (http_stopped(wp->http)) {
        wp->queue.nr = 0;
        return ERROR_NONE;
    }
    if (!rc)
        *total = wp->queue.nr;
    return rc;
}

void wordpress_queue_skip(struct wordpress *wp, long long after)
{
    struct wordpress_queue *queue = &wp->queue;

    while (queue->at < queue->nr && queue->id[queue->at] <= after)
        queue->at++;
}

void wordpress_row_garbled(const struct wordpress *wp, long long id,
                           const struct error *why, size_t *garbled)
{
    (*garbled)++;
    log_warn("site_row_garbled", "site=%.*s comment=%lld error=%s",
             SPAN_ARG(wp->name), id, log_quote(span_str(why->text)).text);
}

enum error_code wordpress_comment(struct wordpress *wp, struct arena *arena,
                                  const struct json *row,
                                  struct comment *comment, struct error *err)
{
    enum error_code rc = comment_from_json(comment, arena, row, err);

    if (rc)
        return rc;
    comment->site = arena_dup(arena, wp->name);
    comment->status = arena_dup(arena, site_status(rest_text(row, "status")));
    return ERROR_NONE;
}

/* Fill page and rows from an answer; both have room for all of it. */
static void rows_take(struct wordpress *wp, struct arena *arena,
                      const struct json *list, struct site_page *page,
                      struct wordpress_row *row, size_t *garbled)
{
    for (size_t i = 0; i < json_nr(list) && page->nr < WORDPRESS_PER_PAGE;
         i++) {
        const struct json *item = json_item(list, i);
        struct comment *comment = &page->comment[page->nr];
        struct error why;

        if (rest_is_note(item))
            continue;
        if (wordpress_comment(wp, arena, item, comment, &why)) {
            wordpress_row_garbled(wp, rest_number(item, "id"), &why, garbled);
            continue;
        }
        row[page->nr++] = (struct wordpress_row){
            comment,
            rest_number(item, "post"),
            rest_number(item, "parent"),
        };
    }
}

/*
 * Ask for `nr` comments by id. `*alone` is set when the failure may be one
 * row's: WordPress died over the request, or its answer is no use.
 */
static enum error_code batch_fetch(struct wordpress *wp, struct json_doc *doc,
                                   const long long *id, size_t nr, bool *alone,
                                   struct error *err)
{
    struct http_exchange ex;
    struct arena arena;
    enum error_code rc;

    arena_init(&arena);
    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    ex.login = true;
    ex.once = wp->queue.narrowed;
    ex.url =
        rest_url(&arena, wp->root, "wp/v2/comments",
                 arena_printf(&arena,
                              "%.*s&status=%s&context=edit&type=all&orderby=id"
                              "&order=asc&per_page=%zu"
                              "&_fields=" WORDPRESS_COMMENT_FIELDS,
                              SPAN_ARG(rest_include(&arena, id, nr)),
                              wp->queue.status, WORDPRESS_PER_PAGE));
    http_start(wp->http, &ex);
    http_run(wp->http);
    rc = rest_read(doc, &ex, err);
    *alone = rest_fault(&ex) == REST_ROW_DIES || ex.status / 100 == 2;
    http_exchange_release(&ex);
    arena_release(&arena);
    return rc;
}

/*
 * One row on which the site chokes must not hide the others: ask for fewer,
 * down to that row alone, and leave it to people. False when it is the site
 * itself that fails.
 */
static bool narrow(struct wordpress *wp, size_t asked, const struct error *why,
                   size_t *garbled)
{
    struct wordpress_queue *queue = &wp->queue;

    /* It came after all tries; the parts need not be that patient. */
    queue->narrowed = true;
    if (asked > 1) {
        queue->batch = (asked + BATCH_PARTS - 1) / BATCH_PARTS;
        log_warn("site_list_narrowed", "site=%.*s asked=%zu next=%zu error=%s",
                 SPAN_ARG(wp->name), asked, queue->batch,
                 log_quote(span_str(why->text)).text);
        return true;
    }
    if (++queue->lost >= WORDPRESS_GONE_IN_ROW)
        return false;
    wordpress_row_garbled(wp, queue->id[queue->at++], why, garbled);
    return true;
}

static void widen(struct wordpress_queue *queue)
{
    queue->lost = 0;
    queue->narrowed = false;
    queue->batch *= 2;
    if (queue->batch > WORDPRESS_PER_PAGE)
        queue->batch = WORDPRESS_PER_PAGE;
}

enum error_code wordpress_queue_next(struct wordpress *wp, struct arena *arena,
                                     struct site_page *page, size_t *garbled,
                                     struct error *err)
{
    struct wordpress_queue *queue = &wp->queue;
    struct wordpress_row row[WORDPRESS_PER_PAGE];

    page->comment =
        arena_zalloc(arena, WORDPRESS_PER_PAGE, sizeof(struct comment));
    page->nr = 0;
    *garbled += queue->garbled;
    queue->garbled = 0;
    while (!page->nr && queue->at < queue->nr && !http_stopped(wp->http)) {
        size_t left = queue->nr - queue->at;
        size_t nr = left < queue->batch ? left : queue->batch;
        struct json_doc doc;
        bool alone;
        enum error_code rc =
            batch_fetch(wp, &doc, queue->id + queue->at, nr, &alone, err);

        if (http_stopped(wp->http) && rc)
            break;
        if (rc && !(alone && narrow(wp, nr, err, garbled)))
            return rc;
        if (rc)
            continue;
        rows_take(wp, arena, doc.root, page, row, garbled);
        json_release(&doc);
        queue->at += nr;
        widen(queue);
    }
    if (!page->nr)
        return ERROR_NONE;
    return wordpress_context(wp, arena, row, page->nr, err);
}
