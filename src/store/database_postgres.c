/*
 * The driver that asks a PostgreSQL server (postgres.h): transactions, marks
 * and calls.
 */
#include "store/driver.h"

#include "base/buf.h"
#include "base/clock.h"
#include "store/dialect.h"
#include "store/postgres.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Says whose tables these are; see database_mark. */
#define MARK "sluice_schema"

/* That is the server's to see to. */
static enum error_code postgres_make_durable(struct database *db,
                                             struct error *err)
{
    (void)db;
    (void)err;
    return ERROR_NONE;
}

static enum error_code postgres_exec(struct database *db, const char *sql,
                                     struct error *err)
{
    const struct postgres *pg = db->handle;
    enum error_code rc = postgres_connect_if_lost(db, err);
    PGresult *result;
    struct buf script;
    bool gone;

    if (rc)
        return rc;
    buf_init(&script, POSTGRES_SQL_MAX);
    (void)dialect_add(&script, span_str(sql));
    rc = postgres_run(db, script.ptr, &result, &gone, err);
    pg->pq.PQclear(result);
    buf_release(&script);
    return rc;
}

/* The server gives a transaction its number; see what_became. */
static enum error_code outer_begin(struct database *db, bool *gone,
                                   struct error *err)
{
    struct postgres *pg = db->handle;
    PGresult *result;
    enum error_code rc = postgres_run(db, "BEGIN; SELECT pg_current_xact_id()",
                                      &result, gone, err);

    if (!rc)
        snprintf(pg->transaction, sizeof(pg->transaction), "%s",
                 pg->pq.PQgetvalue(result, 0, 0));
    pg->pq.PQclear(result);
    return rc;
}

static enum error_code inner_run(struct database *db, const char *sql,
                                 struct error *err)
{
    const struct postgres *pg = db->handle;
    PGresult *result;
    bool gone;
    enum error_code rc = postgres_connect_if_lost(db, err);

    if (rc)
        return rc;
    rc = postgres_run(db, sql, &result, &gone, err);
    pg->pq.PQclear(result);
    return rc;
}

static enum error_code postgres_begin(struct database *db, struct error *err)
{
    enum error_code rc;
    bool gone;

    if (db->depth)
        return postgres_queue(db, "SAVEPOINT part", err);
    rc = postgres_connect_if_lost(db, err);
    if (rc)
        return rc;
    rc = outer_begin(db, &gone, err);
    if (!rc || !gone)
        return rc;
    /* It had gone while nothing was asked. */
    rc = postgres_connect_again(db, err);
    return rc ? rc : outer_begin(db, &gone, err);
}

/* A savepoint is written over by the next of its name. */
static enum error_code inner_end(struct database *db, enum error_code rc,
                                 struct error *err)
{
    struct error second;

    if (!rc)
        rc = postgres_queue(db, "RELEASE SAVEPOINT part", err);
    if (!rc)
        rc = postgres_wait(db, err);
    if (!rc)
        return ERROR_NONE;
    (void)!postgres_wait(db, &second);
    (void)!inner_run(db, "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part",
                     &second);
    return rc;
}

/*
 * The connection went while a transaction was being committed: only the server
 * knows whether it was. It may still be at it.
 */
static enum error_code what_became(struct database *db, struct error *err)
{
    struct postgres *pg = db->handle;
    int64_t until = clock_steady_ms() + DATABASE_BUSY_MS;
    char sql[96];
    bool going = true;
    bool done = false;
    bool gone;

    snprintf(sql, sizeof(sql), "SELECT pg_xact_status('%s')", pg->transaction);
    while (going && clock_steady_ms() < until) {
        PGresult *result;
        enum error_code rc = postgres_connect_again(db, err);

        if (rc)
            return rc;
        rc = postgres_run(db, sql, &result, &gone, err);
        if (!rc) {
            const char *status = pg->pq.PQgetvalue(result, 0, 0);

            done = !strcmp(status, "committed");
            going = !strcmp(status, "in progress");
        }
        pg->pq.PQclear(result);
        if (rc && !gone)
            return rc;
        if (going)
            usleep(POSTGRES_RETRY_MS * 1000);
    }
    return done ? ERROR_NONE
                : error_set(err, ERROR_STORE,
                            "%.256s: the connection was lost before a "
                            "transaction was committed; nothing of it was "
                            "written",
                            db->path);
}

static enum error_code commit(struct database *db, struct error *err)
{
    const struct postgres *pg = db->handle;
    enum error_code rc = postgres_still_there(db, err);
    PGresult *result;
    bool gone;

    if (rc)
        return rc;
    rc = postgres_run(db, "COMMIT", &result, &gone, err);
    /* Where a statement had failed, the server does not commit. */
    if (!rc && !strcmp(pg->pq.PQcmdStatus(result), "ROLLBACK"))
        rc = error_set(err, ERROR_STORE,
                       "%.256s: a part of a transaction failed; nothing of it "
                       "was written",
                       db->path);
    pg->pq.PQclear(result);
    return rc && gone ? what_became(db, err) : rc;
}

static enum error_code postgres_end(struct database *db, enum error_code rc,
                                    struct error *err)
{
    const struct postgres *pg = db->handle;
    struct error second;

    if (db->depth)
        return inner_end(db, rc, err);
    if (!rc)
        return commit(db, err);
    (void)!postgres_wait(db, &second);
    if (!postgres_is_lost(pg))
        pg->pq.PQclear(pg->pq.PQexec(pg->connection, "ROLLBACK"));
    return rc;
}

static const char reserve[] =
    "SELECT pg_advisory_xact_lock(hashtextextended("
    "concat_ws(chr(1), current_schema(), ?::text, ?::text), 0))";

static enum error_code postgres_reserve(struct database *db, struct span one,
                                        struct span two, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, reserve, err);

    if (rc)
        return rc;
    query_bind_span(&query, one);
    query_bind_span(&query, two);
    return query_run_later(&query, NULL, NULL, err);
}

static size_t postgres_changes(const struct database *db)
{
    return ((const struct postgres *)db->handle)->changes;
}

static int64_t postgres_last_id(const struct database *db)
{
    return ((const struct postgres *)db->handle)->last_id;
}

static enum error_code postgres_count_on(struct database *db, const char *name,
                                         struct error *err)
{
    char sql[256];

    snprintf(sql, sizeof(sql),
             "SELECT setval(pg_get_serial_sequence('%s', 'id'),"
             " coalesce(max(id), 0) + 1, false) FROM %s",
             name, name);
    return postgres_exec(db, sql, err);
}

/* Of the schema that comes first in the search path. */
static const char count_tables[] =
    "SELECT count(*), count(*) FILTER (WHERE relname = '" MARK "'),"
    " current_schema() IS NULL FROM pg_class WHERE relkind IN ('r', 'p')"
    " AND relnamespace = (SELECT oid FROM pg_namespace"
    "  WHERE nspname = current_schema())";

static const char select_mark[] = "SELECT max(version) FROM " MARK;

/* Ask for the numbers of one row. */
static enum error_code numbers_read(struct database *db, const char *sql,
                                    int64_t *number, size_t nr,
                                    struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc = query_prepare(&query, db, sql, err);

    if (!rc)
        rc = query_step(&query, &row, err);
    for (size_t i = 0; !rc && row && i < nr; i++)
        number[i] = query_int(&query);
    query_release(&query);
    return rc;
}

static enum error_code postgres_mark_read(struct database *db,
                                          struct database_mark *mark,
                                          struct error *err)
{
    int64_t number[3] = { 0 };
    enum error_code rc = numbers_read(db, count_tables, number, 3, err);

    if (!rc && number[2])
        rc = error_set(err, ERROR_STORE,
                       "%.256s: the search path names no schema that is "
                       "there; create one with CREATE SCHEMA",
                       db->path);
    mark->empty = !number[0];
    mark->ours = number[1] > 0;
    mark->version = 0;
    if (!rc && mark->ours)
        rc = numbers_read(db, select_mark, &mark->version, 1, err);
    return rc;
}

static enum error_code postgres_mark_write(struct database *db,
                                           int64_t version, struct error *err)
{
    char sql[192];

    snprintf(sql, sizeof(sql),
             "CREATE TABLE IF NOT EXISTS " MARK " (version bigint NOT NULL);"
             "DELETE FROM " MARK ";"
             "INSERT INTO " MARK " (version) VALUES (%lld)",
             (long long)version);
    return postgres_exec(db, sql, err);
}

/* It goes to the log that a commit waits for, and nowhere else. */
static enum error_code postgres_touch(struct database *db, struct error *err)
{
    return inner_run(db, "SELECT pg_logical_emit_message(true, 'sluice', '')",
                     err);
}

static enum error_code postgres_version(struct database *db, int64_t *version,
                                        struct error *err)
{
    (void)db;
    (void)err;
    *version = clock_steady_us();
    return ERROR_NONE;
}

/* A new connection does not listen yet. */
static enum error_code listen_again(struct database *db, const char *channel,
                                    struct error *err)
{
    struct postgres *pg = db->handle;
    enum error_code rc = postgres_connect_if_lost(db, err);
    char sql[64];

    if (rc || pg->listens == pg->age)
        return rc;
    snprintf(sql, sizeof(sql), "LISTEN %s", channel);
    rc = inner_run(db, sql, err);
    if (!rc)
        pg->listens = pg->age;
    return rc;
}

static enum error_code
postgres_listen(struct database *db, const char *channel, int ms,
                void (*each)(void *context, struct span said), void *context,
                struct error *err)
{
    struct postgres *pg = db->handle;
    enum error_code rc = listen_again(db, channel, err);
    struct pollfd wait = { .events = POLLIN };
    PGnotify *call;

    if (rc)
        return rc;
    wait.fd = pg->pq.PQsocket(pg->connection);
    (void)poll(&wait, 1, ms);
    if (!pg->pq.PQconsumeInput(pg->connection)) {
        pg->lost = true;
        return postgres_error(db, NULL, err);
    }
    while ((call = pg->pq.PQnotifies(pg->connection)) != NULL) {
        each(context, span_str(call->extra));
        pg->pq.PQfreemem(call);
    }
    return ERROR_NONE;
}

const struct driver postgres_driver = {
    .open = postgres_open,
    .close = postgres_close,
    .is_away = postgres_is_away,
    .make_durable = postgres_make_durable,
    .exec = postgres_exec,
    .begin = postgres_begin,
    .end = postgres_end,
    .reserve = postgres_reserve,
    .changes = postgres_changes,
    .last_id = postgres_last_id,
    .count_on = postgres_count_on,
    .mark_read = postgres_mark_read,
    .mark_write = postgres_mark_write,
    .touch = postgres_touch,
    .version = postgres_version,
    .listen = postgres_listen,
    .prepare = postgres_prepare,
    .reset = postgres_reset,
    .finish = postgres_finish,
    .bind_int = postgres_bind_int,
    .bind_double = postgres_bind_double,
    .bind_span = postgres_bind_span,
    .step = postgres_step,
    .run_later = postgres_run_later,
    .wait = postgres_wait,
    .column_int = postgres_column_int,
    .column_double = postgres_column_double,
    .column_span = postgres_column_span,
};
