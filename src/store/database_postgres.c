/*
 * PostgreSQL: one connection for each database that is open.
 *
 * A connection may go away at any time: the server restarts, or another one
 * takes its place. Then we connect again, waiting longer each time, up to
 * DATABASE_BUSY_MS. What was asked outside of a transaction is asked again; a
 * transaction is lost, and its caller is told so, but for one case: when the
 * connection goes while it commits, the server is asked what became of it.
 */
#include "store/driver.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "store/dialect.h"
#include "store/escape.h"
#include "store/libpq.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* Between tries to connect: from the one, doubling, to the other. */
#define RETRY_MS 50
#define RETRY_MAX_MS 1000

/* We need what is in all versions that are still kept up. */
#define SERVER_VERSION_MIN 140000

#define PARAMETERS_MAX 32

/* Of one statement, and of its parameters' text. */
#define SQL_BYTES_MAX ((size_t)64 << 10)
#define VALUE_BYTES_MAX ((size_t)256 << 20)

/* Says whose tables these are; see database_mark. */
#define MARK "sluice_schema"

struct postgres {
    struct libpq pq;
    PGconn *connection;
    char *url;
    unsigned age; /* connections there have been: prepared statements go with
                     them */
    unsigned statements;  /* for their names */
    unsigned listens;     /* the connection that does */
    bool lost;            /* within a transaction */
    char transaction[32]; /* its number at the server */
    size_t changes;
    int64_t last_id;
};

struct statement {
    struct postgres *pg;
    struct buf sql;
    struct dialect dialect;
    char name[24];    /* empty: asked once */
    unsigned age;     /* of the connection that knows it; 0: none */
    struct buf value; /* of all parameters, each with a NUL behind it */
    size_t at[PARAMETERS_MAX];
    PGresult *result; /* once asked */
    int row;
    struct arena arena; /* of this row's texts */
};

static void on_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* The first line of what the library says, for it may be many. */
static struct span first_line(const char *text)
{
    struct span all = span_trim(span_str(text));

    return span_trim(span_cut(all, 0, span_find_char(all, '\n')));
}

static bool is_lost(const struct postgres *pg)
{
    return !pg->connection || pg->pq.PQstatus(pg->connection) != CONNECTION_OK;
}

/* What a person can do about it. */
static const char *advice_for(struct span said, const char *state)
{
    if (span_find(said, SPAN_LIT("password")) < said.len)
        return "; set the right one in the URL, PGPASSWORD or ~/.pgpass";
    if (span_find(said, SPAN_LIT("Is the server running")) < said.len ||
        span_find(said, SPAN_LIT("refused")) < said.len ||
        span_find(said, SPAN_LIT("No such file")) < said.len)
        return "; start the server, or name another one";
    if (span_ends(said, SPAN_LIT("does not exist")) &&
        span_find(said, SPAN_LIT("FATAL")) < said.len)
        return "; create it with createdb or createuser, or name another one";
    if (!strcmp(state, "25006"))
        return "; this server is a standby, name the primary as well, with "
               "target_session_attrs=read-write";
    if (!strcmp(state, "42501"))
        return "; give sluice's user the right to create and write tables";
    return "";
}

/* Why the connection failed, or `result` when it is not NULL. */
static enum error_code postgres_error(const struct database *db,
                                      const PGresult *result,
                                      struct error *err)
{
    const struct postgres *pg = db->handle;
    const char *state = NULL;
    const char *text = NULL;
    struct span said;

    if (result) {
        state = pg->pq.PQresultErrorField(result, PG_DIAG_SQLSTATE);
        text = pg->pq.PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    }
    if (!text)
        text = pg->pq.PQerrorMessage(pg->connection);
    said = first_line(text);
    return error_set(err, ERROR_STORE, "%.128s: %.*s%s%s%s%s", db->path,
                     SPAN_ARG(span_cut(said, 0, 200)),
                     advice_for(said, state ? state : ""), state ? " (" : "",
                     state ? state : "", state ? ")" : "");
}

/* A setting of the URL's own wins: it comes later in the list. */
static PGconn *connect_once(const struct postgres *pg)
{
    static const char *const name[] = {
        "application_name", "client_encoding",  "connect_timeout",
        "keepalives_idle",  "keepalives_count", "keepalives_interval",
        "tcp_user_timeout", "dbname",           NULL,
    };
    const char *const value[] = {
        "sluice", "UTF8", "5", "10", "3", "5", "15000", pg->url, NULL,
    };

    return pg->pq.PQconnectdbParams(name, value, 1);
}

/*
 * A lock is waited for as long as in a file; a node that hangs gives its locks
 * back by and by.
 */
static const char settle_in[] =
    "SET lock_timeout = 10000;"
    "SET idle_in_transaction_session_timeout = 60000;"
    "SET client_min_messages = error;"
    "SET standard_conforming_strings = on;"
    "SET jit = off";

static enum error_code connect_check(const struct database *db,
                                     struct error *err)
{
    const struct postgres *pg = db->handle;
    const char *encoding =
        pg->pq.PQparameterStatus(pg->connection, "server_encoding");

    if (pg->pq.PQserverVersion(pg->connection) < SERVER_VERSION_MIN)
        return error_set(err, ERROR_STORE,
                         "%.256s: the server is older than PostgreSQL %d; "
                         "update it",
                         db->path, SERVER_VERSION_MIN / 10000);
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return error_set(err, ERROR_STORE,
                         "%.256s: the database's encoding is %.32s; create "
                         "one with UTF8",
                         db->path, encoding ? encoding : "unknown");
    return ERROR_NONE;
}

static enum error_code connect_now(struct database *db, struct error *err)
{
    struct postgres *pg = db->handle;
    enum error_code rc;
    PGresult *result;

    if (pg->connection)
        pg->pq.PQfinish(pg->connection);
    pg->connection = connect_once(pg);
    pg->age++;
    pg->lost = false;
    if (is_lost(pg))
        return postgres_error(db, NULL, err);
    pg->pq.PQsetNoticeReceiver(pg->connection, on_notice, NULL);
    rc = connect_check(db, err);
    if (rc)
        return rc;
    result = pg->pq.PQexec(pg->connection, settle_in);
    if (pg->pq.PQresultStatus(result) != PGRES_COMMAND_OK)
        rc = postgres_error(db, result, err);
    pg->pq.PQclear(result);
    return rc;
}

/* For as long as one waits for another process's transaction. */
static enum error_code connect_again(struct database *db, struct error *err)
{
    int64_t until = clock_steady_ms() + DATABASE_BUSY_MS;
    unsigned wait_ms = RETRY_MS;
    enum error_code rc;

    for (;;) {
        rc = connect_now(db, err);
        if (!rc || clock_steady_ms() + wait_ms > until)
            return rc;
        usleep(wait_ms * 1000);
        wait_ms = wait_ms * 2 < RETRY_MAX_MS ? wait_ms * 2 : RETRY_MAX_MS;
    }
}

/* What libpq says of it may quote a piece of the password. */
static enum error_code url_check(const struct database *db, struct error *err)
{
    const struct postgres *pg = db->handle;
    PQconninfoOption *option = pg->pq.PQconninfoParse(pg->url, NULL);

    if (!option)
        return error_set(err, ERROR_STORE,
                         "%.256s: not a PostgreSQL URL; write "
                         "postgresql://user:password@host:port/database, with "
                         "%%40 for an @ in a password",
                         db->path);
    pg->pq.PQconninfoFree(option);
    return ERROR_NONE;
}

static enum error_code postgres_open(struct database *db, const char *url,
                                     struct error *err)
{
    struct postgres *pg = xcalloc(1, sizeof(*pg));
    enum error_code rc;

    db->handle = pg;
    pg->url = xstrdup(url);
    rc = libpq_load(&pg->pq, err);
    if (!rc)
        rc = url_check(db, err);
    return rc ? rc : connect_now(db, err);
}

static void postgres_close(struct database *db)
{
    struct postgres *pg = db->handle;

    if (!pg)
        return;
    if (pg->connection)
        pg->pq.PQfinish(pg->connection);
    free(pg->url);
    free(pg);
}

/* That is the server's to see to. */
static enum error_code postgres_make_durable(struct database *db,
                                             struct error *err)
{
    (void)db;
    (void)err;
    return ERROR_NONE;
}

/*
 * A failure that is the connection's and not the statement's: gone, or (25006)
 * with a server that was the primary and is one no more.
 */
static bool is_gone(struct postgres *pg, const PGresult *result)
{
    const char *state = pg->pq.PQresultErrorField(result, PG_DIAG_SQLSTATE);

    return is_lost(pg) || !state || !strncmp(state, "57P0", 4) ||
           !strncmp(state, "08", 2) || !strcmp(state, "25006");
}

/* A transaction goes with its connection. */
static enum error_code still_there(const struct database *db,
                                   struct error *err)
{
    const struct postgres *pg = db->handle;

    if (!is_lost(pg) && !pg->lost)
        return ERROR_NONE;
    return error_set(err, ERROR_STORE,
                     "%.256s: the connection was lost in the midst of a "
                     "transaction; nothing of it was written",
                     db->path);
}

/* Outside of a transaction a lost connection is made again. */
static enum error_code connect_if_lost(struct database *db, struct error *err)
{
    const struct postgres *pg = db->handle;

    if (db->depth)
        return still_there(db, err);
    return is_lost(pg) || pg->lost ? connect_again(db, err) : ERROR_NONE;
}

/* Is `result` an answer? If not, is it for the connection having gone? */
static enum error_code check(const struct database *db, const PGresult *result,
                             bool *gone, struct error *err)
{
    struct postgres *pg = db->handle;
    ExecStatusType status = pg->pq.PQresultStatus(result);

    *gone = false;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
        status == PGRES_EMPTY_QUERY)
        return ERROR_NONE;
    *gone = is_gone(pg, result);
    if (*gone)
        pg->lost = true;
    return postgres_error(db, result, err);
}

/* Text that is the driver's own, or a whole script. */
static enum error_code run(struct database *db, const char *sql,
                           PGresult **result, bool *gone, struct error *err)
{
    const struct postgres *pg = db->handle;

    *result = pg->pq.PQexec(pg->connection, sql);
    return check(db, *result, gone, err);
}

static enum error_code postgres_exec(struct database *db, const char *sql,
                                     struct error *err)
{
    const struct postgres *pg = db->handle;
    enum error_code rc = connect_if_lost(db, err);
    PGresult *result;
    struct buf script;
    bool gone;

    if (rc)
        return rc;
    buf_init(&script, SQL_BYTES_MAX);
    (void)dialect_add(&script, span_str(sql));
    rc = run(db, script.ptr, &result, &gone, err);
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
    enum error_code rc =
        run(db, "BEGIN; SELECT pg_current_xact_id()", &result, gone, err);

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
    enum error_code rc = connect_if_lost(db, err);

    if (rc)
        return rc;
    rc = run(db, sql, &result, &gone, err);
    pg->pq.PQclear(result);
    return rc;
}

static enum error_code postgres_begin(struct database *db, struct error *err)
{
    enum error_code rc;
    bool gone;

    if (db->depth)
        return inner_run(db, "SAVEPOINT part", err);
    rc = connect_if_lost(db, err);
    if (rc)
        return rc;
    rc = outer_begin(db, &gone, err);
    if (!rc || !gone)
        return rc;
    /* It had gone while nothing was asked. */
    rc = connect_again(db, err);
    return rc ? rc : outer_begin(db, &gone, err);
}

/* A savepoint is written over by the next of its name. */
static enum error_code inner_end(struct database *db, enum error_code rc,
                                 struct error *err)
{
    struct error second;

    if (!rc)
        return inner_run(db, "RELEASE SAVEPOINT part", err);
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
        enum error_code rc = connect_again(db, err);

        if (rc)
            return rc;
        rc = run(db, sql, &result, &gone, err);
        if (!rc) {
            const char *status = pg->pq.PQgetvalue(result, 0, 0);

            done = !strcmp(status, "committed");
            going = !strcmp(status, "in progress");
        }
        pg->pq.PQclear(result);
        if (rc && !gone)
            return rc;
        if (going)
            usleep(RETRY_MS * 1000);
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
    enum error_code rc = still_there(db, err);
    PGresult *result;
    bool gone;

    if (rc)
        return rc;
    rc = run(db, "COMMIT", &result, &gone, err);
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

    if (db->depth)
        return inner_end(db, rc, err);
    if (!rc)
        return commit(db, err);
    if (!is_lost(pg))
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
    return query_run(&query, err);
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
    enum error_code rc = connect_if_lost(db, err);
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

static enum error_code postgres_prepare(struct database *db, struct span sql,
                                        bool once, void **made,
                                        struct error *err)
{
    struct postgres *pg = db->handle;
    struct statement *stmt = xcalloc(1, sizeof(*stmt));

    (void)err;
    stmt->pg = pg;
    buf_init(&stmt->sql, SQL_BYTES_MAX);
    buf_init(&stmt->value, VALUE_BYTES_MAX);
    arena_init(&stmt->arena);
    stmt->dialect = dialect_add(&stmt->sql, sql);
    assert(stmt->dialect.parameters <= PARAMETERS_MAX && !stmt->sql.full);
    if (!once)
        snprintf(stmt->name, sizeof(stmt->name), "s%u", ++pg->statements);
    *made = stmt;
    return ERROR_NONE;
}

static void postgres_reset(void *made)
{
    struct statement *stmt = made;

    if (stmt->result)
        stmt->pg->pq.PQclear(stmt->result);
    stmt->result = NULL;
    buf_reset(&stmt->value);
    arena_reset(&stmt->arena);
}

static void postgres_finish(void *made)
{
    struct statement *stmt = made;

    if (!stmt)
        return;
    postgres_reset(stmt);
    buf_release(&stmt->sql);
    buf_release(&stmt->value);
    arena_release(&stmt->arena);
    free(stmt);
}

/* Where the next parameter's text goes. */
static struct buf *next_value(struct query *query)
{
    struct statement *stmt = query->stmt;

    assert(query->bound < PARAMETERS_MAX && !stmt->result);
    stmt->at[query->bound++] = stmt->value.len;
    return &stmt->value;
}

static void postgres_bind_int(struct query *query, int64_t value)
{
    struct buf *out = next_value(query);

    buf_addf(out, "%lld", (long long)value);
    buf_add_char(out, '\0');
}

static void postgres_bind_double(struct query *query, double value)
{
    struct buf *out = next_value(query);

    buf_addf(out, "%.17g", value);
    buf_add_char(out, '\0');
}

static void postgres_bind_span(struct query *query, struct span value)
{
    struct buf *out = next_value(query);

    escape_add(out, value);
    buf_add_char(out, '\0');
}

/* A new connection does not know the statement yet. */
static enum error_code introduce(struct database *db, struct statement *stmt,
                                 bool *gone, struct error *err)
{
    const struct postgres *pg = db->handle;
    enum error_code rc;
    PGresult *result;

    if (!stmt->name[0] || stmt->age == pg->age)
        return ERROR_NONE;
    result =
        pg->pq.PQprepare(pg->connection, stmt->name, stmt->sql.ptr, 0, NULL);
    rc = check(db, result, gone, err);
    if (!rc)
        stmt->age = pg->age;
    pg->pq.PQclear(result);
    return rc;
}

static enum error_code ask_once(struct query *query, bool *gone,
                                struct error *err)
{
    struct postgres *pg = query->db->handle;
    struct statement *stmt = query->stmt;
    const char *value[PARAMETERS_MAX];
    enum error_code rc = introduce(query->db, stmt, gone, err);

    if (rc)
        return rc;
    for (int i = 0; i < query->bound; i++)
        value[i] = stmt->value.ptr + stmt->at[i];
    if (stmt->name[0])
        stmt->result = pg->pq.PQexecPrepared(
            pg->connection, stmt->name, query->bound, value, NULL, NULL, 0);
    else
        stmt->result =
            pg->pq.PQexecParams(pg->connection, stmt->sql.ptr, query->bound,
                                NULL, value, NULL, NULL, 0);
    return check(query->db, stmt->result, gone, err);
}

static void note_changes(struct postgres *pg, const struct statement *stmt)
{
    long long changes = 0;

    (void)span_to_long(span_str(pg->pq.PQcmdTuples(stmt->result)), &changes);
    pg->changes = (size_t)changes;
    if (stmt->dialect.numbered && pg->pq.PQntuples(stmt->result))
        pg->last_id = strtoll(pg->pq.PQgetvalue(stmt->result, 0, 0), NULL, 10);
}

/* A question whose connection had gone is asked once more. */
static enum error_code ask(struct query *query, struct error *err)
{
    struct statement *stmt = query->stmt;
    struct postgres *pg = stmt->pg;
    enum error_code rc = connect_if_lost(query->db, err);
    bool gone;

    if (!rc && stmt->value.full)
        rc = error_set(err, ERROR_STORE, "%.256s: more than %zu bytes at once",
                       query->db->path, VALUE_BYTES_MAX);
    if (rc)
        return rc;
    rc = ask_once(query, &gone, err);
    if (rc && gone && !query->db->depth && stmt->dialect.reads) {
        if (stmt->result)
            pg->pq.PQclear(stmt->result);
        stmt->result = NULL;
        rc = connect_again(query->db, err);
        if (!rc)
            rc = ask_once(query, &gone, err);
    }
    if (!rc)
        note_changes(pg, stmt);
    return rc;
}

static enum error_code postgres_step(struct query *query, bool *row,
                                     struct error *err)
{
    struct statement *stmt = query->stmt;
    enum error_code rc = ERROR_NONE;

    *row = false;
    if (!stmt->sql.len)
        return ERROR_NONE;
    if (stmt->result) {
        stmt->row++;
    } else {
        stmt->row = 0;
        rc = ask(query, err);
    }
    arena_reset(&stmt->arena);
    if (!rc && !stmt->dialect.numbered)
        *row = stmt->row < stmt->pg->pq.PQntuples(stmt->result);
    return rc;
}

static struct span column(struct query *query)
{
    const struct statement *stmt = query->stmt;
    int at = query->column++;

    return (struct span){ stmt->pg->pq.PQgetvalue(stmt->result, stmt->row, at),
                          (size_t)stmt->pg->pq.PQgetlength(stmt->result,
                                                           stmt->row, at) };
}

/* A truth value is a number, too. */
static int64_t postgres_int(struct query *query)
{
    struct span value = column(query);

    return value.ptr[0] == 't' ? 1 : strtoll(value.ptr, NULL, 10);
}

static double postgres_double(struct query *query)
{
    return strtod(column(query).ptr, NULL);
}

static struct span postgres_span(struct query *query)
{
    struct statement *stmt = query->stmt;
    struct span value = column(query);
    struct buf bytes;

    if (!escape_used(value))
        return value;
    buf_init(&bytes, value.len + 1);
    escape_undo(&bytes, value);
    value = arena_dup(&stmt->arena, buf_span(&bytes));
    buf_release(&bytes);
    return value;
}

const struct driver postgres_driver = {
    .open = postgres_open,
    .close = postgres_close,
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
    .column_int = postgres_int,
    .column_double = postgres_double,
    .column_span = postgres_span,
};
