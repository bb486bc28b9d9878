#include "store/tables.h"

#define RUN_COLUMNS                                                           \
    "id, site, model, began_ms, ended_ms,"                                    \
    " seen, known, approved, held, spam, applied, skipped, failed"

static const char insert_run[] =
    "INSERT INTO run (site, model, began_ms) VALUES (?, ?, ?)";

static const char update_run[] =
    "UPDATE run SET seen = ?, known = ?, approved = ?, held = ?, spam = ?,"
    " applied = ?, skipped = ?, failed = ?, ended_ms = ? WHERE id = ?";

static const char select_run[] =
    "SELECT " RUN_COLUMNS " FROM run WHERE id = ?";

static const char select_site[] =
    "SELECT " RUN_COLUMNS " FROM run WHERE site = ? ORDER BY id DESC";

static const char select_all[] =
    "SELECT " RUN_COLUMNS " FROM run ORDER BY id DESC";

enum error_code runs_begin(struct store *store, struct span site,
                           struct span model, int64_t now_ms, int64_t *run,
                           struct error *err)
{
    struct database *db = store_database(store);
    struct query query;
    enum error_code rc = query_prepare(&query, db, insert_run, err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    query_bind_span(&query, model);
    query_bind_int(&query, now_ms);
    rc = query_run(&query, err);
    if (!rc)
        *run = database_last_id(db);
    return rc;
}

enum error_code runs_end(struct store *store, int64_t run,
                         const struct run_totals *totals, int64_t now_ms,
                         struct error *err)
{
    struct database *db = store_database(store);
    struct query query;
    enum error_code rc = query_prepare(&query, db, update_run, err);

    if (rc)
        return rc;
    query_bind_int(&query, (int64_t)totals->seen);
    query_bind_int(&query, (int64_t)totals->known);
    query_bind_int(&query, (int64_t)totals->approved);
    query_bind_int(&query, (int64_t)totals->held);
    query_bind_int(&query, (int64_t)totals->spam);
    query_bind_int(&query, (int64_t)totals->applied);
    query_bind_int(&query, (int64_t)totals->skipped);
    query_bind_int(&query, (int64_t)totals->failed);
    query_bind_int(&query, now_ms);
    query_bind_int(&query, run);
    rc = query_run(&query, err);
    if (!rc && !database_changes(db))
        rc = error_set(err, ERROR_STORE, "%.256s: there is no run %lld",
                       db->path, (long long)run);
    return rc;
}

/* In the order of RUN_COLUMNS; the spans are SQLite's. */
static void run_take(struct query *query, struct run *run)
{
    run->id = query_int(query);
    run->site = query_span(query);
    run->model = query_span(query);
    run->began_ms = query_int(query);
    run->ended_ms = query_int(query);
    run->totals.seen = (size_t)query_int(query);
    run->totals.known = (size_t)query_int(query);
    run->totals.approved = (size_t)query_int(query);
    run->totals.held = (size_t)query_int(query);
    run->totals.spam = (size_t)query_int(query);
    run->totals.applied = (size_t)query_int(query);
    run->totals.skipped = (size_t)query_int(query);
    run->totals.failed = (size_t)query_int(query);
}

enum error_code runs_each(struct store *store, struct span site,
                          bool (*each)(void *context, const struct run *run),
                          void *context, struct error *err)
{
    const char *sql = site.len ? select_site : select_all;
    struct query query;
    bool row;
    /* Not kept: `each` may come back here. */
    enum error_code rc =
        query_prepare_once(&query, store_database(store), span_str(sql), err);

    if (rc)
        return rc;
    if (site.len)
        query_bind_span(&query, site);
    for (;;) {
        struct run run;

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        run_take(&query, &run);
        if (!each(context, &run))
            break;
    }
    query_release(&query);
    return rc;
}

enum error_code runs_find(struct store *store, struct arena *arena, int64_t id,
                          struct run *run, bool *found, struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_run, err);

    if (rc)
        return rc;
    query_bind_int(&query, id);
    rc = query_step(&query, &row, err);
    if (!rc && row) {
        run_take(&query, run);
        run->site = arena_dup(arena, run->site);
        run->model = arena_dup(arena, run->model);
    }
    if (!rc)
        *found = row;
    query_release(&query);
    return rc;
}
