/*
 * The walk over the held comments. Page numbers shift as statuses change, so
 * the ids are collected first, and the comments then asked for by id.
 */
#include "site/wordpress.h"

#include "base/log.h"
#include "wire/comment_json.h"

/* After a failure a page of comments is asked for in this many parts. */
#define BATCH_PARTS 4

/*
 * Lists that make one page of ours. They are asked for at once: while a page
 * is read nothing is told, and the site's workers would have little to do.
 */
#define LISTS (SITE_PAGE_MAX / WORDPRESS_PER_PAGE)

struct list {
    struct http_exchange ex;
    struct arena arena; /* the URL */
    size_t nr;          /* ids asked for */
};

struct reading {
    struct wordpress *wp;
    struct arena *arena; /* the caller's, for the comments */
    struct site_page *page;
    struct wordpress_row row[SITE_PAGE_MAX];
    size_t *garbled;
};

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
static void rows_take(struct reading *reading, const struct json *list)
{
    struct site_page *page = reading->page;

    for (size_t i = 0; i < json_nr(list) && page->nr < SITE_PAGE_MAX; i++) {
        const struct json *item = json_item(list, i);
        struct comment *comment = &page->comment[page->nr];
        struct error why;

        if (rest_is_note(item))
            continue;
        if (wordpress_comment(reading->wp, reading->arena, item, comment,
                              &why)) {
            wordpress_row_garbled(reading->wp, rest_number(item, "id"), &why,
                                  reading->garbled);
            continue;
        }
        reading->row[page->nr++] = (struct wordpress_row){
            comment,
            rest_number(item, "post"),
            rest_number(item, "parent"),
        };
    }
}

static void list_init(struct list *list)
{
    list->nr = 0;
    arena_init(&list->arena);
    http_exchange_init(&list->ex, WORDPRESS_ANSWER_MAX);
}

static void list_release(struct list *list)
{
    http_exchange_release(&list->ex);
    arena_release(&list->arena);
}

/* Ask for `nr` comments by id. */
static void list_ask(struct list *list, struct wordpress *wp,
                     const long long *id, size_t nr)
{
    struct arena *arena = &list->arena;

    list->nr = nr;
    list->ex.login = true;
    list->ex.once = wp->queue.narrowed;
    list->ex.url =
        rest_url(arena, wp->root, "wp/v2/comments",
                 arena_printf(arena,
                              "%.*s&status=%s&context=edit&type=all&orderby=id"
                              "&order=asc&per_page=%zu"
                              "&_fields=" WORDPRESS_COMMENT_FIELDS,
                              SPAN_ARG(rest_include(arena, id, nr)),
                              wp->queue.status, WORDPRESS_PER_PAGE));
    http_start(wp->http, &list->ex);
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

/* The failure may be one row's, not the site's. */
static bool may_be_a_row(const struct http_exchange *ex)
{
    return rest_fault(ex) == REST_ROW_DIES || ex->status / 100 == 2;
}

/*
 * The rows of a list. `*more` is false when it can't be had as it was asked
 * for: the walk then goes on before it.
 */
static enum error_code list_take(const struct list *list,
                                 struct reading *reading, bool *more,
                                 struct error *err)
{
    struct wordpress *wp = reading->wp;
    struct json_doc doc;
    enum error_code rc = rest_read(&doc, &list->ex, err);

    *more = !rc;
    if (rc && http_stopped(wp->http))
        return ERROR_NONE;
    if (rc && may_be_a_row(&list->ex) &&
        narrow(wp, list->nr, err, reading->garbled))
        return ERROR_NONE;
    if (rc)
        return rc;
    rows_take(reading, doc.root);
    json_release(&doc);
    wp->queue.at += list->nr;
    widen(&wp->queue);
    return ERROR_NONE;
}

/* Ask for all lists of a page, or for one after a failure; then take them. */
static enum error_code lists_read(struct reading *reading, struct error *err)
{
    struct wordpress_queue *queue = &reading->wp->queue;
    struct list list[LISTS];
    enum error_code rc = ERROR_NONE;
    size_t at = queue->at;
    bool more = true;
    size_t nr = 0;

    while (at < queue->nr && nr < (queue->narrowed ? 1 : LISTS)) {
        size_t left = queue->nr - at;
        size_t ids = left < queue->batch ? left : queue->batch;

        list_init(&list[nr]);
        list_ask(&list[nr++], reading->wp, queue->id + at, ids);
        at += ids;
    }
    http_run(reading->wp->http);
    for (size_t i = 0; i < nr; i++) {
        if (!rc && more)
            rc = list_take(&list[i], reading, &more, err);
        list_release(&list[i]);
    }
    return rc;
}

enum error_code wordpress_queue_next(struct wordpress *wp, struct arena *arena,
                                     struct site_page *page, size_t *garbled,
                                     struct error *err)
{
    struct reading reading = {
        .wp = wp, .arena = arena, .page = page, .garbled = garbled
    };
    struct wordpress_queue *queue = &wp->queue;
    enum error_code rc = ERROR_NONE;

    page->comment = arena_zalloc(arena, SITE_PAGE_MAX, sizeof(struct comment));
    page->nr = 0;
    *garbled += queue->garbled;
    queue->garbled = 0;
    while (!rc && !page->nr && queue->at < queue->nr &&
           !http_stopped(wp->http))
        rc = lists_read(&reading, err);
    return rc ? rc : wordpress_context(wp, arena, reading.row, page->nr, err);
}
