/*
 * The queue: what waits, in the order in which people's answers teach most
 * (learn/ask.h), one of each campaign; last what somebody left for later. The
 * order is made anew for each page of it; a page goes on behind the comment
 * that the one before ended with, also when that was decided in the meantime.
 */
#include "page/queue_api.h"

#include "base/alloc.h"
#include "learn/ask.h"
#include "page/item.h"
#include "page/put.h"

#include <inttypes.h>
#include <stdlib.h>

/* That are put into order; the older ones of more must wait for their turn. */
#define QUEUE_MAX 5000

#define QUEUE_PAGE 20
#define QUEUE_PAGE_MOST 50

struct queue {
    struct visit *visit;
    struct page_site_list sites;
    struct span site; /* asked for; empty: all */
    struct ask_item *item;
    int64_t *id;
    bool *later;
    size_t nr;
    size_t *order;
    size_t heads; /* of the order: one of each campaign */
};

static const struct page_site *site_of(const struct queue *queue,
                                       struct span name)
{
    for (size_t i = 0; i < queue->sites.nr; i++)
        if (span_eq(queue->sites.site[i].name, name))
            return &queue->sites.site[i];
    return NULL;
}

/* Copies are folded within their site only. */
static uint64_t campaign_at(struct span site, uint64_t campaign)
{
    uint64_t hash = 0xCBF29CE484222325ULL;

    for (size_t i = 0; i < site.len; i++)
        hash = (hash ^ (unsigned char)site.ptr[i]) * 0x100000001B3ULL;
    return campaign ? campaign ^ hash : 0;
}

static bool add(void *context, const struct waiting *waiting)
{
    struct queue *queue = context;
    const struct page_site *site = site_of(queue, waiting->site);

    queue->id[queue->nr] = waiting->id;
    queue->later[queue->nr] = waiting->later;
    queue->item[queue->nr++] = (struct ask_item){
        .p_spam = waiting->p_spam,
        .approve_below = site ? site->approve_below : 0,
        .spam_at = site ? site->spam_at : 1,
        .campaign = campaign_at(waiting->site, waiting->campaign),
        .at_ms = waiting->at_ms,
    };
    return true;
}

static size_t find(const struct queue *queue, int64_t id)
{
    size_t i = 0;

    while (i < queue->nr && queue->id[i] != id)
        i++;
    return i;
}

/* The comment a page ended with keeps its place, with no copies. */
static enum error_code add_last_seen(struct queue *queue, int64_t after,
                                     struct error *err)
{
    struct visit *visit = queue->visit;
    struct decision decision;
    bool found = false;
    enum error_code rc;

    if (!after || find(queue, after) < queue->nr)
        return ERROR_NONE;
    rc = judgement_find(visit->store, visit->arena, after, &decision, &found,
                        err);
    if (!rc && found)
        add(queue, &(struct waiting){ .id = decision.id,
                                      .site = decision.site,
                                      .p_spam = decision.verdict.p_spam,
                                      .at_ms = decision.at_ms });
    return rc;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;

    return (*x > *y) - (*x < *y);
}

/* ask_order puts all copies behind: before them are the heads. */
static void count_heads(struct queue *queue)
{
    uint64_t *campaign =
        arena_alloc(queue->visit->arena, (queue->nr + 1) * sizeof(*campaign));

    for (size_t i = 0; i < queue->nr; i++)
        campaign[i] = queue->item[i].campaign;
    qsort(campaign, queue->nr, sizeof(*campaign), by_number);
    for (size_t i = 0; i < queue->nr; i++)
        queue->heads += !campaign[i] || !i || campaign[i] != campaign[i - 1];
}

/* Each of the two parts keeps its order. */
static void put_later_last(struct queue *queue)
{
    size_t *order =
        arena_alloc(queue->visit->arena, (queue->nr + 1) * sizeof(*order));
    size_t nr = 0;

    for (int later = 0; later < 2; later++)
        for (size_t i = 0; i < queue->heads; i++)
            if (queue->later[queue->order[i]] == (later == 1))
                order[nr++] = queue->order[i];
    queue->order = order;
}

static enum error_code queue_make(struct queue *queue, int64_t after,
                                  struct error *err)
{
    struct visit *visit = queue->visit;
    struct arena *arena = visit->arena;
    enum error_code rc;

    queue->site = visit_query(visit, "site");
    queue->sites = visit->house->sites(visit->house->context, arena);
    queue->item = arena_alloc(arena, (QUEUE_MAX + 1) * sizeof(*queue->item));
    queue->later = arena_alloc(arena, (QUEUE_MAX + 1) * sizeof(*queue->later));
    queue->id = arena_alloc(arena, (QUEUE_MAX + 1) * sizeof(*queue->id));
    rc = waiting_each(visit->store, queue->site, QUEUE_MAX, add, queue, err);
    if (!rc)
        rc = add_last_seen(queue, after, err);
    if (rc)
        return rc;
    queue->order = arena_alloc(arena, (queue->nr + 1) * sizeof(*queue->order));
    ask_order(queue->order, queue->item, queue->nr);
    count_heads(queue);
    put_later_last(queue);
    return ERROR_NONE;
}

/* The place behind `after`; the beginning when it is not there. */
static size_t begin_of(const struct queue *queue, int64_t after)
{
    for (size_t i = 0; after && i < queue->heads; i++)
        if (queue->id[queue->order[i]] == after)
            return i + 1;
    return 0;
}

static enum error_code put_one(struct visit *visit, int64_t id,
                               struct error *err)
{
    struct decision decision;
    bool found = false;
    enum error_code rc =
        judgement_find(visit->store, visit->arena, id, &decision, &found, err);

    if (rc || !found)
        return rc;
    return item_put(visit, NULL, &decision, false, err);
}

static enum error_code put_queue(struct queue *queue, int64_t after,
                                 size_t limit, struct error *err)
{
    struct visit *visit = queue->visit;
    size_t from = begin_of(queue, after);
    size_t to = from + limit < queue->heads ? from + limit : queue->heads;
    size_t waiting = 0;
    enum error_code rc =
        waiting_count(visit->store, queue->site, &waiting, err);

    put_open(&visit->out, NULL, '{');
    put_open(&visit->out, "items", '[');
    for (size_t i = from; i < to && !rc; i++)
        rc = put_one(visit, queue->id[queue->order[i]], err);
    put_close(&visit->out, ']');
    if (to < queue->heads)
        put_text(&visit->out, "next",
                 arena_printf(visit->arena, "%" PRId64,
                              queue->id[queue->order[to - 1]]));
    else
        put_null(&visit->out, "next");
    put_int(&visit->out, "waiting", (int64_t)waiting);
    put_close(&visit->out, '}');
    return rc;
}

void queue_get(struct visit *visit)
{
    struct queue queue = { .visit = visit };
    int64_t limit = QUEUE_PAGE;
    int64_t after = 0;
    struct error err;

    if (!visit_query_int(visit, "limit", 1, QUEUE_PAGE_MOST, &limit) ||
        !visit_query_int(visit, "after", 1, INT64_MAX, &after))
        return;
    if (queue_make(&queue, after, &err) ||
        put_queue(&queue, after, (size_t)limit, &err))
        visit_fail(visit, &err);
}

void queue_alike(struct visit *visit)
{
    struct decision_list list = { NULL, 0 };
    struct decision decision;
    struct error err;

    if (!visit_judgement(visit, &decision))
        return;
    if (waiting_alike(visit->store, visit->arena, &decision,
                      ITEM_ALIKE_MAX + 1, &list, &err)) {
        visit_fail(visit, &err);
        return;
    }
    put_open(&visit->out, NULL, '{');
    if (briefs_put(visit, "items", &list, &err))
        visit_fail(visit, &err);
    put_null(&visit->out, "next");
    put_close(&visit->out, '}');
}
