/*
 * Connecting, and what a lost connection means.
 */
#include "store/postgres.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* We need what is in all versions that are still kept up. */
#define SERVER_VERSION_MIN 140000

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

bool postgres_is_lost(const struct postgres *pg)
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
enum error_code postgres_error(const struct database *db,
                               const PGresult *result, struct error *err)
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

/*
 * A link that was cut says nothing; it is given up after some six seconds. A
 * setting of the URL's own wins: it comes later in the list.
 */
static const char *const option_name[] = {
    "application_name", "client_encoding",
    "connect_timeout",  "keepalives_idle",
    "keepalives_count", "keepalives_interval",
    "tcp_user_timeout", "target_session_attrs",
    "dbname",           NULL,
};

/* `attrs`: of several servers, or of one, which will do. */
static PGconn *connect_to(const struct libpq *pq, const char *url,
                          const char *attrs)
{
    const char *const value[] = {
        "sluice", "UTF8", "3", "3", "3", "1", "6000", attrs, url, NULL,
    };

    return pq->PQconnectdbParams(option_name, value, 1);
}

static bool is_connected(const struct libpq *pq, const PGconn *connection)
{
    return pq->PQstatus(connection) == CONNECTION_OK;
}

static void connect_once(struct postgres *pg, bool to_read)
{
    pg->connection = connect_to(&pg->pq, pg->url, "read-write");
    pg->standby_ms = 0;
    if (!to_read || is_connected(&pg->pq, pg->connection))
        return;
    pg->pq.PQfinish(pg->connection);
    pg->connection = connect_to(&pg->pq, pg->url, "any");
    pg->standby_ms = clock_steady_ms();
}

/*
 * A lock is waited for as long as in a file. A node that hangs, or is cut off,
 * in the middle of a transaction gives its locks back soon: others wait for
 * its leases.
 */
static const char settle_in[] =
    "SET lock_timeout = 10000;"
    "SET idle_in_transaction_session_timeout = 6000;"
    "SET tcp_keepalives_idle = 3;"
    "SET tcp_keepalives_interval = 1;"
    "SET tcp_keepalives_count = 3;"
    "SET tcp_user_timeout = 6000;"
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
    connect_once(pg, db->to_read);
    pg->age++;
    pg->lost = false;
    pg->queued = 0;
    if (postgres_is_lost(pg))
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
enum error_code postgres_connect_again(struct database *db, struct error *err)
{
    struct postgres *pg = db->handle;
    int64_t until = clock_steady_ms() + (pg->away ? 0 : DATABASE_BUSY_MS);
    unsigned wait_ms = POSTGRES_RETRY_MS;
    enum error_code rc;

    for (;;) {
        rc = connect_now(db, err);
        pg->away = rc != ERROR_NONE;
        if (!rc || clock_steady_ms() + wait_ms > until)
            return rc;
        usleep(wait_ms * 1000);
        wait_ms = wait_ms * 2 < POSTGRES_RETRY_MAX_MS ? wait_ms * 2
                                                      : POSTGRES_RETRY_MAX_MS;
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

enum error_code postgres_open(struct database *db, const char *url,
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

static bool takes_nothing_but_reading(const struct libpq *pq, const char *url)
{
    PGconn *connection = connect_to(pq, url, "read-only");
    bool there = is_connected(pq, connection);

    pq->PQfinish(connection);
    if (!there)
        return false;
    connection = connect_to(pq, url, "read-write");
    there = is_connected(pq, connection);
    pq->PQfinish(connection);
    return !there;
}

/* One that refuses us, for a password, is there. */
bool postgres_is_away(const char *url)
{
    const char *const value[] = {
        "sluice", "UTF8", "3", NULL, NULL, NULL, NULL, NULL, url, NULL,
    };
    struct libpq pq;
    struct error err;

    if (libpq_load(&pq, &err))
        return false;
    switch (pq.PQpingParams(option_name, value, 1)) {
    case PQPING_NO_RESPONSE:
    case PQPING_REJECT:
        return true;
    case PQPING_OK:
        return takes_nothing_but_reading(&pq, url);
    case PQPING_NO_ATTEMPT:
        break;
    }
    return false;
}

void postgres_close(struct database *db)
{
    struct postgres *pg = db->handle;

    if (!pg)
        return;
    if (pg->connection)
        pg->pq.PQfinish(pg->connection);
    free(pg->url);
    free(pg);
}

/*
 * A failure that is the connection's and not the statement's: gone, or (25006)
 * with a server that was the primary and is one no more.
 */
static bool is_gone(struct postgres *pg, const PGresult *result)
{
    const char *state = pg->pq.PQresultErrorField(result, PG_DIAG_SQLSTATE);

    return postgres_is_lost(pg) || !state || !strncmp(state, "57P0", 4) ||
           !strncmp(state, "08", 2) || !strcmp(state, "25006");
}

/* A transaction goes with its connection. */
enum error_code postgres_still_there(const struct database *db,
                                     struct error *err)
{
    const struct postgres *pg = db->handle;

    if (!postgres_is_lost(pg) && !pg->lost)
        return ERROR_NONE;
    return error_set(err, ERROR_STORE,
                     "%.256s: the connection was lost in the midst of a "
                     "transaction; nothing of it was written",
                     db->path);
}

/* Has a standby done for long enough? */
static bool is_left(const struct postgres *pg)
{
    return pg->standby_ms &&
           clock_steady_ms() - pg->standby_ms > POSTGRES_STANDBY_MS;
}

/* Outside of a transaction a lost connection is made again. */
enum error_code postgres_connect_if_lost(struct database *db,
                                         struct error *err)
{
    const struct postgres *pg = db->handle;

    if (db->depth)
        return postgres_still_there(db, err);
    return postgres_is_lost(pg) || pg->lost || is_left(pg)
               ? postgres_connect_again(db, err)
               : ERROR_NONE;
}

/* Is `result` an answer? If not, is it for the connection having gone? */
enum error_code postgres_check(const struct database *db,
                               const PGresult *result, bool *gone,
                               struct error *err)
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
enum error_code postgres_run(struct database *db, const char *sql,
                             PGresult **result, bool *gone, struct error *err)
{
    const struct postgres *pg = db->handle;
    enum error_code rc = postgres_wait(db, err);

    *result = NULL;
    *gone = pg->lost;
    if (rc)
        return rc;
    *result = pg->pq.PQexec(pg->connection, sql);
    return postgres_check(db, *result, gone, err);
}
