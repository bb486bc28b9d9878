/*
 * The ids of all comments that have the walk's status now. Page numbers shift
 * as statuses change, and a walk by them would leave comments out; ids stay.
 */
#include "site/wordpress.h"

#include "base/alloc.h"
#include "base/log.h"

#include <stdlib.h>

#define PAGES_MAX (WORDPRESS_QUEUE_MAX / WORDPRESS_PER_PAGE)

/* After a failure a page is asked for in this many parts. */
#define PARTS 4

static void queue_add(struct wordpress_queue *queue, long long id)
{
    if (id <= 0 || queue->nr >= WORDPRESS_QUEUE_MAX)
        return;
    queue->id = xgrow(queue->id, queue->nr, &queue->alloc, sizeof(*queue->id));
    queue->id[queue->nr++] = id;
}

static int id_order(const void *a, const void *b)
{
    long long x = *(const long long *)a;
    long long y = *(const long long *)b;

    return (x > y) - (x < y);
}

/* A row that moved to the next page meanwhile is seen twice. */
static void queue_sort(struct wordpress_queue *queue)
{
    size_t nr = 0;

    if (queue->nr)
        qsort(queue->id, queue->nr, sizeof(*queue->id), id_order);
    for (size_t i = 0; i < queue->nr; i++)
        if (!nr || queue->id[nr - 1] != queue->id[i])
            queue->id[nr++] = queue->id[i];
    queue->nr = nr;
}

struct snapshot {
    struct wordpress *wp;
    struct arena arena;
    size_t pages; /* in all; PAGES_MAX while the site has not said */
    size_t rows;  /* seen */
    size_t total; /* that the site counts */
    bool ended;   /* by a page without rows */
};

/* The rows [from, from + nr) of the list. */
static void ask(struct snapshot *snap, struct http_exchange *ex, size_t from,
                size_t nr)
{
    ex->login = true;
    ex->failed = 0;
    ex->url = rest_url(
        &snap->arena, snap->wp->root, "wp/v2/comments",
        arena_printf(&snap->arena,
                     "status=%s&context=edit&type=all&orderby=id&order=asc"
                     "&per_page=%zu&offset=%zu&_fields=id,type",
                     snap->wp->queue.status, nr, from));
    http_start(snap->wp->http, ex);
}

static size_t header_number(const struct http_exchange *ex, struct span name,
                            size_t otherwise)
{
    struct span value;
    long long number;
    size_t at = 0;

    if (!http_header(ex, name, &at, &value) || !span_to_long(value, &number) ||
        number < 0)
        return otherwise;
    return (size_t)number;
}

static void take_rows(struct snapshot *snap, const struct json *list)
{
    for (size_t i = 0; i < json_nr(list); i++) {
        const struct json *row = json_item(list, i);

        if (!rest_is_note(row))
            queue_add(&snap->wp->queue, rest_number(row, "id"));
    }
    snap->rows += json_nr(list);
}

static enum error_code take_part(struct snapshot *snap, size_t from, size_t nr,
                                 struct error *err);

/*
 * WordPress died over these rows. One of them is to blame, and must not hide
 * the others: ask for parts, down to that row alone. That one has no id for
 * us; it stays held, for people.
 */
static enum error_code take_in_parts(struct snapshot *snap, size_t from,
                                     size_t nr, struct error *err)
{
    struct wordpress_queue *queue = &snap->wp->queue;
    size_t part = (nr + PARTS - 1) / PARTS;
    enum error_code rc = ERROR_NONE;

    if (nr == 1) {
        queue->garbled++;
        snap->rows++;
        log_warn("site_row_garbled", "site=%.*s row=%zu error=%s",
                 SPAN_ARG(snap->wp->name), from,
                 log_quote(span_str(err->text)).text);
        return ++queue->lost < WORDPRESS_GONE_IN_ROW ? ERROR_NONE : err->code;
    }
    for (size_t i = 0; i < nr && !rc; i += part)
        rc = take_part(snap, from + i, part < nr - i ? part : nr - i, err);
    return rc;
}

static enum error_code take_part(struct snapshot *snap, size_t from, size_t nr,
                                 struct error *err)
{
    struct http_exchange ex;
    struct json_doc doc;
    enum error_code rc;

    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    ex.once = true;
    ask(snap, &ex, from, nr);
    http_run(snap->wp->http);
    rc = rest_read(&doc, &ex, err);
    if (!rc) {
        take_rows(snap, doc.root);
        json_release(&doc);
        snap->wp->queue.lost = 0;
    } else if (rest_fault(&ex) == REST_ROW_DIES) {
        rc = take_in_parts(snap, from, nr, err);
    }
    http_exchange_release(&ex);
    return rc;
}

static enum error_code take_page(struct snapshot *snap,
                                 const struct http_exchange *ex, size_t from,
                                 struct error *err)
{
    struct json_doc doc;
    enum error_code rc = rest_read(&doc, ex, err);

    if (rc && rest_fault(ex) == REST_ROW_DIES)
        return take_in_parts(snap, from, WORDPRESS_PER_PAGE, err);
    if (rc)
        return rc;
    snap->pages = header_number(ex, SPAN_LIT("X-WP-TotalPages"), PAGES_MAX);
    snap->total = header_number(ex, SPAN_LIT("X-WP-Total"), 0);
    take_rows(snap, doc.root);
    /* A page may be empty because its rows are hidden from the user. */
    if (!json_nr(doc.root) && snap->pages == PAGES_MAX)
        snap->ended = true;
    json_release(&doc);
    return ERROR_NONE;
}

/* Fetch `nr` pages from `first` on, at the same time. */
static enum error_code take_pages(struct snapshot *snap,
                                  struct http_exchange *ex, size_t first,
                                  size_t nr, struct error *err)
{
    enum error_code rc = ERROR_NONE;

    for (size_t i = 0; i < nr; i++)
        ask(snap, &ex[i], (first + i) * WORDPRESS_PER_PAGE,
            WORDPRESS_PER_PAGE);
    http_run(snap->wp->http);
    for (size_t i = 0; i < nr && !rc; i++)
        rc = take_page(snap, &ex[i], (first + i) * WORDPRESS_PER_PAGE, err);
    return rc;
}

static enum error_code take_all(struct snapshot *snap, struct error *err)
{
    size_t in_flight = snap->wp->in_flight;
    struct http_exchange *ex = xcalloc(in_flight, sizeof(*ex));
    enum error_code rc = ERROR_NONE;
    size_t page = 0;

    for (size_t i = 0; i < in_flight; i++)
        http_exchange_init(&ex[i], WORDPRESS_ANSWER_MAX);
    while (!rc && !snap->ended && page < snap->pages && page < PAGES_MAX) {
        size_t nr = snap->pages - page;

        /* Only an answer tells how many there are. */
        if (snap->pages == PAGES_MAX)
            nr = 1;
        if (nr > in_flight)
            nr = in_flight;
        rc = take_pages(snap, ex, page, nr, err);
        page += nr;
    }
    for (size_t i = 0; i < in_flight; i++)
        http_exchange_release(&ex[i]);
    free(ex);
    return rc;
}

enum error_code wordpress_snapshot(struct wordpress *wp, struct error *err)
{
    struct snapshot snap = { .wp = wp, .pages = PAGES_MAX };
    enum error_code rc;

    arena_init(&snap.arena);
    rc = take_all(&snap, err);
    arena_release(&snap.arena);
    wp->queue.lost = 0;
    if (rc)
        return rc;
    queue_sort(&wp->queue);
    if (snap.total > snap.rows)
        log_warn("site_rows_hidden",
                 "site=%.*s counted=%zu listed=%zu hint=\"the user may not "
                 "see all comments; an administrator sees those of private "
                 "posts too\"",
                 SPAN_ARG(wp->name), snap.total, snap.rows);
    return ERROR_NONE;
}
