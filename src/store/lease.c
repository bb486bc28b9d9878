/*
 * Only a server is asked these, so they are in PostgreSQL's words.
 */
#include "store/lease.h"

#include "store/tables.h"

#define NOW "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"

static const char take[] =
    "INSERT INTO lease (site, holder, fence, until_ms)"
    " VALUES (?1, ?2, 1, " NOW " + ?3)"
    " ON CONFLICT (site) DO UPDATE SET holder = excluded.holder,"
    " until_ms = excluded.until_ms, fence = lease.fence"
    "  + CASE lease.holder WHEN excluded.holder THEN 0 ELSE 1 END"
    " WHERE lease.holder = excluded.holder OR lease.until_ms < " NOW
    " RETURNING fence";

/* Who takes over has to wait for this lock. */
static const char check[] =
    "SELECT 1 FROM lease WHERE site = ? AND holder = ? AND fence = ?"
    " FOR SHARE";

static const char renew[] = "UPDATE lease SET until_ms = " NOW " + ?2"
                            " WHERE holder = ?1 AND until_ms >= " NOW;

static const char give_back[] =
    "UPDATE lease SET until_ms = 0 WHERE site = ? AND holder = ?";

/* From value to value of an index, however many rows each has. */
#define EACH_SITE(name, table, state)                                         \
    name " (site) AS (SELECT min(site) FROM " table " WHERE state = '" state  \
         "' UNION ALL SELECT (SELECT min(site) FROM " table                   \
         "  WHERE state = '" state "' AND site > " name ".site) FROM " name   \
         " WHERE site IS NOT NULL)"

static const char select_waiting[] =
    "WITH RECURSIVE " EACH_SITE("inbox", "event", "waiting") ", " EACH_SITE(
        "outbox", "decision", "pending") " SELECT site FROM (SELECT site FROM "
                                         "inbox UNION SELECT site FROM outbox)"
                                         " AS busy WHERE site IS NOT NULL AND "
                                         "NOT EXISTS (SELECT 1 FROM lease"
                                         "  WHERE lease.site = busy.site AND "
                                         "holder <> ? AND until_ms >= " NOW
                                         ")";

/* The database, when it is a server; else NULL. */
static struct database *server_of(struct store *store)
{
    struct database *db = store_database(store);

    return database_is_server(span_str(db->path)) ? db : NULL;
}

enum error_code lease_take(struct store *store, struct lease *lease,
                           bool *held, struct error *err)
{
    struct database *db = server_of(store);
    struct query query;
    enum error_code rc;

    lease->fence = db ? LEASE_NONE : 0;
    *held = !db;
    if (!db)
        return ERROR_NONE;
    rc = query_prepare(&query, db, take, err);
    if (rc)
        return rc;
    query_bind_span(&query, lease->site);
    query_bind_span(&query, lease->holder);
    query_bind_int(&query, LEASE_MS);
    rc = query_step(&query, held, err);
    if (!rc && *held)
        lease->fence = query_int(&query);
    query_release(&query);
    return rc;
}

enum error_code lease_check(struct store *store, const struct lease *lease,
                            struct error *err)
{
    struct database *db = server_of(store);
    struct query query;
    bool held = false;
    enum error_code rc;

    if (!db || !lease->fence)
        return ERROR_NONE;
    rc = query_prepare(&query, db, check, err);
    if (rc)
        return rc;
    query_bind_span(&query, lease->site);
    query_bind_span(&query, lease->holder);
    query_bind_int(&query, lease->fence);
    rc = query_step(&query, &held, err);
    query_release(&query);
    if (!rc && !held)
        rc = error_set(err, ERROR_STORE,
                       "%.256s: another node has taken over site %.*s; "
                       "nothing of this was written",
                       db->path, SPAN_ARG(span_cut(lease->site, 0, 64)));
    return rc;
}

enum error_code lease_renew(struct store *store, struct span holder,
                            struct error *err)
{
    struct database *db = server_of(store);
    struct query query;
    enum error_code rc;

    if (!db)
        return ERROR_NONE;
    rc = query_prepare(&query, db, renew, err);
    if (rc)
        return rc;
    query_bind_span(&query, holder);
    query_bind_int(&query, LEASE_MS);
    return query_run(&query, err);
}

enum error_code lease_give_back(struct store *store, const struct lease *lease,
                                struct error *err)
{
    struct database *db = server_of(store);
    struct query query;
    enum error_code rc;

    if (!db)
        return ERROR_NONE;
    rc = query_prepare(&query, db, give_back, err);
    if (rc)
        return rc;
    query_bind_span(&query, lease->site);
    query_bind_span(&query, lease->holder);
    return query_run(&query, err);
}

enum error_code lease_each(struct store *store, struct span holder,
                           void (*each)(void *context, struct span site),
                           void *context, struct error *err)
{
    struct database *db = server_of(store);
    struct query query;
    bool row;
    enum error_code rc = ERROR_NONE;

    if (!db)
        return rc;
    rc = query_prepare(&query, db, select_waiting, err);
    if (rc)
        return rc;
    query_bind_span(&query, holder);
    for (;;) {
        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        each(context, query_span(&query));
    }
    query_release(&query);
    return rc;
}
