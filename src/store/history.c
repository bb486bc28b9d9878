/*
 * Decisions on their way out: what is still to be told, what can be taken
 * back, and what people ask about.
 */
#include "store/tables.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

/* 'pending' stands in the text for SQLite to see that the index will do. */
static const char select_outbox[] =
    "SELECT " DECISION_COLUMNS " FROM decision"
    " WHERE site = ? AND state = 'pending' AND id > ? ORDER BY id LIMIT ?";

static const char select_undoable[] =
    "SELECT " DECISION_COLUMNS " FROM decision"
    " WHERE run = ? AND state = 'applied' AND id > ? AND decided_by = ''"
    " ORDER BY id LIMIT ?";

static const char select_one[] =
    "SELECT " DECISION_COLUMNS " FROM decision WHERE id = ?";

static const char select_reasons[] =
    "SELECT feature, weight, evidence FROM reason"
    " WHERE decision = ? ORDER BY position LIMIT ?";

/* Room for the longest history query there is. */
#define SQL_BYTES_MAX ((size_t)2048)

static enum error_code reasons_read(struct database *db, struct arena *arena,
                                    struct decision *d, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc = query_prepare(&query, db, select_reasons, err);

    if (rc)
        return rc;
    query_bind_int(&query, d->id);
    query_bind_int(&query, VERDICT_REASONS_MAX);
    for (;;) {
        struct reason *reason = &d->verdict.reason[d->verdict.nr];

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        reason->feature = arena_dup(arena, query_span(&query));
        reason->weight = query_double(&query);
        reason->evidence = arena_dup(arena, query_span(&query));
        d->verdict.nr++;
    }
    query_release(&query);
    return rc;
}

static struct digest digest_take(struct query *query)
{
    struct digest digest = { "" };
    struct span hex = span_cut(query_span(query), 0, DIGEST_HEX_LEN);

    if (hex.len)
        memcpy(digest.hex, hex.ptr, hex.len);
    return digest;
}

/* The row's columns, in the order of DECISION_COLUMNS; false: not ours. */
static bool decision_take(struct query *query, struct arena *arena,
                          struct decision *d)
{
    bool ok;

    memset(d, 0, sizeof(*d));
    d->id = query_int(query);
    d->run = query_int(query);
    d->at_ms = query_int(query);
    d->site = arena_dup(arena, query_span(query));
    d->comment = arena_dup(arena, query_span(query));
    d->digest = digest_take(query);
    d->was = arena_dup(arena, query_span(query));
    d->author = arena_dup(arena, query_span(query));
    d->excerpt = arena_dup(arena, query_span(query));
    ok = verdict_parse(&d->verdict.kind, query_span(query));
    d->verdict.p_spam = query_double(query);
    d->verdict.p_abuse = query_double(query);
    d->verdict.model = arena_dup(arena, query_span(query));
    ok = decision_state_parse(&d->state, query_span(query)) && ok;
    d->detail = arena_dup(arena, query_span(query));
    d->person = arena_dup(arena, query_span(query));
    d->by = arena_dup(arena, query_span(query));
    d->campaign = (uint64_t)query_int(query);
    return ok;
}

/* The next decision of a query; `*row` is false after the last. */
static enum error_code decision_read(struct query *query, struct arena *arena,
                                     struct decision *d, bool *row,
                                     struct error *err)
{
    enum error_code rc = query_step(query, row, err);

    if (rc || !*row)
        return rc;
    if (!decision_take(query, arena, d))
        return error_set(err, ERROR_STORE,
                         "%.256s: decision %lld has a verdict or state that "
                         "is none; the store is damaged, restore a backup",
                         query->db->path, (long long)d->id);
    return reasons_read(query->db, arena, d, err);
}

enum error_code history_read(struct query *query, struct arena *arena,
                             struct decision_list *list, struct error *err)
{
    struct decision *decision = NULL;
    enum error_code rc;
    size_t alloc = 0;
    size_t nr = 0;
    bool row;

    for (;;) {
        decision = xgrow(decision, nr, &alloc, sizeof(*decision));
        rc = decision_read(query, arena, &decision[nr], &row, err);
        if (rc || !row)
            break;
        nr++;
    }
    query_release(query);
    if (!rc) {
        list->decision = arena_alloc(arena, nr * sizeof(*decision));
        memcpy(list->decision, decision, nr * sizeof(*decision));
        list->nr = nr;
    }
    free(decision);
    return rc;
}

enum error_code history_outbox(struct store *store, struct arena *arena,
                               struct span site, int64_t after, size_t max,
                               struct decision_list *list, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_outbox, err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    query_bind_int(&query, after);
    query_bind_limit(&query, max);
    return history_read(&query, arena, list, err);
}

enum error_code history_one(struct store *store, struct arena *arena,
                            int64_t id, struct decision *decision, bool *found,
                            struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_one, err);

    *found = false;
    if (rc)
        return rc;
    query_bind_int(&query, id);
    rc = decision_read(&query, arena, decision, found, err);
    query_release(&query);
    return rc;
}

enum error_code history_undoable(struct store *store, struct arena *arena,
                                 int64_t run, int64_t after, size_t max,
                                 struct decision_list *list, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_undoable, err);

    if (rc)
        return rc;
    query_bind_int(&query, run);
    query_bind_int(&query, after);
    query_bind_limit(&query, max);
    return history_read(&query, arena, list, err);
}

/*
 * Only what is asked for is in the text: a condition that is always there,
 * and switched off by a parameter, would keep SQLite from its indexes.
 */
static void filter_write(const struct history_filter *filter, struct buf *sql)
{
    buf_add(sql, SPAN_LIT("SELECT " DECISION_COLUMNS " FROM decision"
                          " WHERE at_ms >= ?"));
    if (filter->site.len)
        buf_add(sql, SPAN_LIT(" AND site = ?"));
    if (filter->comment.len)
        buf_add(sql, SPAN_LIT(" AND comment = ?"));
    if (filter->run)
        buf_add(sql, SPAN_LIT(" AND run = ?"));
    if (filter->has_kind)
        buf_add(sql, SPAN_LIT(" AND verdict = ?"));
    if (filter->has_state)
        buf_add(sql, SPAN_LIT(" AND state = ?"));
    if (filter->text.len)
        buf_add(sql, SPAN_LIT(" AND (instr(lower(author), lower(?)) > 0"
                              " OR instr(lower(excerpt), lower(?)) > 0)"));
    buf_add(sql, SPAN_LIT(" ORDER BY id DESC LIMIT ?"));
}

/* The same steps as filter_write. */
static void filter_bind(const struct history_filter *filter,
                        struct query *query)
{
    query_bind_int(query, filter->since_ms ? filter->since_ms : INT64_MIN);
    if (filter->site.len)
        query_bind_span(query, filter->site);
    if (filter->comment.len)
        query_bind_span(query, filter->comment);
    if (filter->run)
        query_bind_int(query, filter->run);
    if (filter->has_kind)
        query_bind_span(query, verdict_name(filter->kind));
    if (filter->has_state)
        query_bind_span(query, decision_state_name(filter->state));
    if (filter->text.len) {
        query_bind_span(query, filter->text);
        query_bind_span(query, filter->text);
    }
    query_bind_limit(query, filter->limit ? filter->limit : SIZE_MAX);
}

/* Hand on decision after decision, with one decision's memory. */
static enum error_code rows_each(struct query *query,
                                 bool (*each)(void *context,
                                              const struct decision *d),
                                 void *context, struct error *err)
{
    struct arena arena;
    struct decision d;
    enum error_code rc;
    bool row;

    arena_init(&arena);
    do {
        arena_reset(&arena);
        rc = decision_read(query, &arena, &d, &row, err);
    } while (!rc && row && each(context, &d));
    arena_release(&arena);
    return rc;
}

enum error_code
history_each(struct store *store, const struct history_filter *filter,
             bool (*each)(void *context, const struct decision *decision),
             void *context, struct error *err)
{
    struct query query = { 0 };
    struct buf sql;
    enum error_code rc;

    buf_init(&sql, SQL_BYTES_MAX);
    filter_write(filter, &sql);
    /* Not kept: there are many of these texts, and `each` may come back. */
    rc =
        query_prepare_once(&query, store_database(store), buf_span(&sql), err);
    if (!rc) {
        filter_bind(filter, &query);
        rc = rows_each(&query, each, context, err);
    }
    query_release(&query);
    buf_release(&sql);
    return rc;
}
