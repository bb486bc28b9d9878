/*
 * One statement being asked. The server knows it by a name, for as long as the
 * connection lasts; all parameters and answers are text.
 */
#include "store/postgres.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "store/dialect.h"
#include "store/escape.h"

#include <assert.h>
#include <stdlib.h>

#define PARAMETERS_MAX 32

/* Of all parameters' text. */
#define VALUE_BYTES_MAX ((size_t)256 << 20)

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

enum error_code postgres_prepare(struct database *db, struct span sql,
                                 bool once, void **made, struct error *err)
{
    struct postgres *pg = db->handle;
    struct statement *stmt = xcalloc(1, sizeof(*stmt));

    (void)err;
    stmt->pg = pg;
    buf_init(&stmt->sql, POSTGRES_SQL_MAX);
    buf_init(&stmt->value, VALUE_BYTES_MAX);
    arena_init(&stmt->arena);
    stmt->dialect = dialect_add(&stmt->sql, sql);
    assert(stmt->dialect.parameters <= PARAMETERS_MAX && !stmt->sql.full);
    if (!once)
        snprintf(stmt->name, sizeof(stmt->name), "s%u", ++pg->statements);
    *made = stmt;
    return ERROR_NONE;
}

void postgres_reset(void *made)
{
    struct statement *stmt = made;

    if (stmt->result)
        stmt->pg->pq.PQclear(stmt->result);
    stmt->result = NULL;
    buf_reset(&stmt->value);
    arena_reset(&stmt->arena);
}

void postgres_finish(void *made)
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

void postgres_bind_int(struct query *query, int64_t value)
{
    struct buf *out = next_value(query);

    buf_addf(out, "%lld", (long long)value);
    buf_add_char(out, '\0');
}

void postgres_bind_double(struct query *query, double value)
{
    struct buf *out = next_value(query);

    buf_addf(out, "%.17g", value);
    buf_add_char(out, '\0');
}

void postgres_bind_span(struct query *query, struct span value)
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
    rc = postgres_check(db, result, gone, err);
    if (!rc)
        stmt->age = pg->age;
    pg->pq.PQclear(result);
    return rc;
}

static void list_values(const struct query *query,
                        const char *value[PARAMETERS_MAX])
{
    const struct statement *stmt = query->stmt;

    for (int i = 0; i < query->bound; i++)
        value[i] = stmt->value.ptr + stmt->at[i];
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
    list_values(query, value);
    if (stmt->name[0])
        stmt->result = pg->pq.PQexecPrepared(
            pg->connection, stmt->name, query->bound, value, NULL, NULL, 0);
    else
        stmt->result =
            pg->pq.PQexecParams(pg->connection, stmt->sql.ptr, query->bound,
                                NULL, value, NULL, NULL, 0);
    return postgres_check(query->db, stmt->result, gone, err);
}

void postgres_note(struct postgres *pg, const PGresult *result, bool numbered)
{
    long long changes = 0;

    /* The library does not change it. */
    (void)span_to_long(span_str(pg->pq.PQcmdTuples((PGresult *)result)),
                       &changes);
    pg->changes = (size_t)changes;
    if (numbered && pg->pq.PQntuples(result))
        pg->last_id = strtoll(pg->pq.PQgetvalue(result, 0, 0), NULL, 10);
}

static enum error_code may_ask(struct query *query, struct error *err)
{
    const struct statement *stmt = query->stmt;

    if (stmt->value.full)
        return error_set(err, ERROR_STORE,
                         "%.256s: more than %zu bytes at once",
                         query->db->path, VALUE_BYTES_MAX);
    return postgres_connect_if_lost(query->db, err);
}

/* A question whose connection had gone is asked once more. */
static enum error_code ask(struct query *query, struct error *err)
{
    struct statement *stmt = query->stmt;
    struct postgres *pg = stmt->pg;
    enum error_code rc = may_ask(query, err);
    bool gone;

    if (!rc)
        rc = postgres_wait(query->db, err);
    if (rc)
        return rc;
    rc = ask_once(query, &gone, err);
    if (rc && gone && !query->db->depth && stmt->dialect.reads) {
        if (stmt->result)
            pg->pq.PQclear(stmt->result);
        stmt->result = NULL;
        rc = postgres_connect_again(query->db, err);
        if (!rc)
            rc = ask_once(query, &gone, err);
    }
    if (!rc)
        postgres_note(pg, stmt->result, stmt->dialect.numbered);
    return rc;
}

/* To be introduced to a statement is something to wait for. */
static enum error_code send(struct query *query, query_done *done,
                            void *context, struct error *err)
{
    struct database *db = query->db;
    struct statement *stmt = query->stmt;
    const struct postgres *pg = stmt->pg;
    const char *value[PARAMETERS_MAX];
    enum error_code rc = ERROR_NONE;
    bool gone;

    if (stmt->age != pg->age)
        rc = postgres_wait(db, err);
    if (!rc)
        rc = introduce(db, stmt, &gone, err);
    if (!rc)
        rc = postgres_pipeline_enter(db, err);
    if (rc)
        return rc;
    list_values(query, value);
    return postgres_pipeline_add(
        db,
        pg->pq.PQsendQueryPrepared(pg->connection, stmt->name, query->bound,
                                   value, NULL, NULL, 0),
        (struct postgres_queued){ done, context, stmt->dialect.numbered },
        err);
}

enum error_code postgres_run_later(struct query *query, query_done *done,
                                   void *context, struct error *err)
{
    struct statement *stmt = query->stmt;
    enum error_code rc;

    if (!stmt->sql.len)
        return ERROR_NONE;
    if (query->db->depth && stmt->name[0]) {
        rc = may_ask(query, err);
        return rc ? rc : send(query, done, context, err);
    }
    rc = ask(query, err);
    if (!rc && done)
        done(context, stmt->pg->changes, stmt->pg->last_id);
    return rc;
}

enum error_code postgres_step(struct query *query, bool *row,
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
int64_t postgres_column_int(struct query *query)
{
    struct span value = column(query);

    return value.ptr[0] == 't' ? 1 : strtoll(value.ptr, NULL, 10);
}

double postgres_column_double(struct query *query)
{
    return strtod(column(query).ptr, NULL);
}

struct span postgres_column_span(struct query *query)
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
