/*
 * The inbox: events that came, until something has become of them.
 */
#include "store/tables.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Of bodies that are handed out together; one is, whatever its size. */
#define INBOX_BYTES_MAX ((size_t)4 << 20)

static const char insert_event[] =
    "INSERT INTO event (site, delivery, kind, body, received_ms)"
    " VALUES (?, ?, ?, ?, ?) ON CONFLICT (delivery, site) DO NOTHING";

static const char select_delivery[] =
    "SELECT id FROM event WHERE delivery = ? AND site = ?";

static const char select_inbox[] =
    "SELECT id, delivery, kind, body, received_ms FROM event"
    " WHERE site = ? AND state = 'waiting' ORDER BY id LIMIT ?";

/* The visitor's words are not needed any more. */
static const char update_done[] =
    "UPDATE event SET state = ?, detail = ?, decision = ?, done_ms = ?,"
    " body = '' WHERE id = ? AND state = 'waiting'";

static const char select_waiting[] =
    "SELECT 1 FROM event WHERE id = ? AND state = 'waiting'";

static const char select_depth[] =
    "SELECT"
    " (SELECT count(*) FROM event WHERE site = ?1 AND state = 'waiting'),"
    " (SELECT received_ms FROM event WHERE site = ?1 AND state = 'waiting'"
    "  ORDER BY id LIMIT 1),"
    " (SELECT count(*) FROM decision WHERE site = ?1 AND state = 'pending'),"
    " (SELECT at_ms FROM decision WHERE site = ?1 AND state = 'pending'"
    "  ORDER BY id LIMIT 1)";

static enum error_code find_delivery(struct database *db, struct event *event,
                                     struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc = query_prepare(&query, db, select_delivery, err);

    if (rc)
        return rc;
    query_bind_span(&query, event->delivery);
    query_bind_span(&query, event->site);
    rc = query_step(&query, &row, err);
    if (!rc && row)
        event->id = query_int(&query);
    query_release(&query);
    return rc;
}

/* `query` is released by whoever runs it. */
static enum error_code event_bind(struct query *query, struct store *store,
                                  const struct event *event, struct error *err)
{
    enum error_code rc = event_check(event, err);

    if (!rc)
        rc = query_prepare(query, store_database(store), insert_event, err);
    if (rc)
        return rc;
    query_bind_span(query, event->site);
    query_bind_span(query, event->delivery);
    query_bind_span(query, event->kind);
    query_bind_span(query, event->body);
    query_bind_int(query, event->received_ms);
    return ERROR_NONE;
}

enum error_code events_add(struct store *store, struct event *event,
                           struct error *err)
{
    struct database *db = store_database(store);
    struct query query;
    enum error_code rc = event_bind(&query, store, event, err);

    if (!rc)
        rc = query_run(&query, err);
    if (rc)
        return rc;
    event->known = !database_changes(db);
    event->id = database_last_id(db);
    return event->known ? find_delivery(db, event, err) : ERROR_NONE;
}

static void event_added(void *context, size_t changes, int64_t last_id)
{
    (void)last_id;
    ((struct event *)context)->known = !changes;
}

enum error_code events_add_later(struct store *store, struct event *event,
                                 struct error *err)
{
    struct query query;
    enum error_code rc = event_bind(&query, store, event, err);

    return rc ? rc : query_run_later(&query, event_added, event, err);
}

static void event_take(struct query *query, struct arena *arena,
                       struct span site, struct event *event)
{
    *event = (struct event){ .site = site };
    event->id = query_int(query);
    event->delivery = arena_dup(arena, query_span(query));
    event->kind = arena_dup(arena, query_span(query));
    event->body = arena_dup(arena, query_span(query));
    event->received_ms = query_int(query);
}

enum error_code events_inbox(struct store *store, struct arena *arena,
                             struct span site, size_t max,
                             struct event_list *list, struct error *err)
{
    struct event *event = NULL;
    struct query query;
    size_t alloc = 0;
    size_t bytes = 0;
    size_t nr = 0;
    bool row;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_inbox, err);

    if (rc)
        return rc;
    site = arena_dup(arena, site);
    query_bind_span(&query, site);
    query_bind_limit(&query, max);
    while (bytes < INBOX_BYTES_MAX) {
        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        event = xgrow(event, nr, &alloc, sizeof(*event));
        event_take(&query, arena, site, &event[nr]);
        bytes += event[nr++].body.len;
    }
    query_release(&query);
    if (!rc) {
        list->event = arena_zalloc(arena, nr, sizeof(*event));
        if (nr)
            memcpy(list->event, event, nr * sizeof(*event));
        list->nr = nr;
    }
    free(event);
    return rc;
}

static enum error_code is_waiting(struct database *db, int64_t id,
                                  bool *waiting, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, select_waiting, err);

    if (rc)
        return rc;
    query_bind_int(&query, id);
    rc = query_step(&query, waiting, err);
    query_release(&query);
    return rc;
}

static enum error_code event_done(struct database *db,
                                  const struct event_result *result,
                                  int64_t now_ms, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, update_done, err);

    if (rc)
        return rc;
    query_bind_span(&query, event_state_name(result->state));
    query_bind_span(&query, store_cut(result->detail, DECISION_DETAIL_MAX));
    query_bind_int(&query, result->decision ? result->decision->id : 0);
    query_bind_int(&query, now_ms);
    query_bind_int(&query, result->event);
    return query_run_later(&query, NULL, NULL, err);
}

static enum error_code settle_one(struct store *store,
                                  struct event_result *result, int64_t now_ms,
                                  struct error *err)
{
    struct database *db = store_database(store);
    bool waiting = false;
    bool echo = false;
    enum error_code rc = is_waiting(db, result->event, &waiting, err);

    if (rc || !waiting)
        return rc;
    if (result->decision)
        rc = decisions_add(store, result->decision, 1, err);
    if (!rc && result->feedback)
        rc =
            feedback_add(store, result->feedback, result->echo_by, &echo, err);
    if (echo) {
        result->state = EVENT_SKIPPED;
        result->detail = SPAN_LIT("the echo of our own change");
    }
    return rc ? rc : event_done(db, result, now_ms, err);
}

/* A newer decision of the same call may have taken an older one's place. */
static void mark_superseded(struct event_result *result, size_t nr)
{
    for (size_t i = 0; i < nr; i++) {
        struct decision *older = result[i].decision;

        for (size_t j = i + 1; older && j < nr; j++)
            if (result[j].decision && result[j].decision->id &&
                older->state == DECISION_PENDING &&
                span_eq(older->site, result[j].decision->site) &&
                span_eq(older->comment, result[j].decision->comment))
                older->state = DECISION_SKIPPED;
    }
}

enum error_code events_settle(struct store *store, struct event_result *result,
                              size_t nr, int64_t now_ms, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = nr ? database_begin(db, err) : ERROR_NONE;

    if (rc || !nr)
        return rc;
    for (size_t i = 0; i < nr; i++)
        if (result[i].decision)
            result[i].decision->id = 0;
    for (size_t i = 0; !rc && i < nr; i++)
        rc = settle_one(store, &result[i], now_ms, err);
    rc = database_end(db, rc, err);
    if (!rc)
        mark_superseded(result, nr);
    for (size_t i = 0; rc && i < nr; i++)
        if (result[i].decision)
            result[i].decision->id = 0;
    return rc;
}

enum error_code events_depth(struct store *store, struct span site,
                             struct store_depth *depth, struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_depth, err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    rc = query_step(&query, &row, err);
    if (!rc && row) {
        depth->inbox = (size_t)query_int(&query);
        depth->inbox_oldest_ms = query_int(&query);
        depth->outbox = (size_t)query_int(&query);
        depth->outbox_oldest_ms = query_int(&query);
    }
    query_release(&query);
    return rc;
}
