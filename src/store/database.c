/*
 * What is alike for all databases: which driver it is, prepared statements
 * that are kept, and transactions within others.
 */
#include "store/database.h"

#include "base/alloc.h"
#include "store/driver.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct database_kept {
    const char *sql; /* its address is the key */
    void *stmt;
};

bool database_is_server(struct span url)
{
    return span_starts(url, SPAN_LIT("postgresql://")) ||
           span_starts(url, SPAN_LIT("postgres://"));
}

/* What comes before the last '@' may be a password, whatever is in it. */
char *database_name(const char *url)
{
    struct span rest = span_str(url);
    size_t host;
    size_t size;
    char *name;

    if (!database_is_server(rest))
        return xstrdup(url);
    rest = span_cut(rest, span_find(rest, SPAN_LIT("://")) + 3,
                    span_find_char(rest, '?'));
    for (host = rest.len; host && rest.ptr[host - 1] != '@';)
        host--;
    rest = span_cut(rest, host, rest.len);
    size = sizeof("postgresql://") + rest.len;
    name = xmalloc(size);
    snprintf(name, size, "postgresql://%.*s", SPAN_ARG(rest));
    return name;
}

static enum error_code open_for(struct database *db, const char *url,
                                bool to_read, struct error *err)
{
    memset(db, 0, sizeof(*db));
    db->to_read = to_read;
    db->path = database_name(url);
    db->driver =
        database_is_server(span_str(url)) ? &postgres_driver : &sqlite_driver;
    return db->driver->open(db, url, err);
}

enum error_code database_open(struct database *db, const char *url,
                              struct error *err)
{
    return open_for(db, url, false, err);
}

enum error_code database_open_to_read(struct database *db, const char *url,
                                      struct error *err)
{
    return open_for(db, url, true, err);
}

bool database_is_away(const char *url)
{
    return database_is_server(span_str(url)) && postgres_driver.is_away(url);
}

void database_forget(struct database *db)
{
    for (size_t i = 0; i < db->nr; i++)
        db->driver->finish(db->kept[i].stmt);
    db->nr = 0;
}

void database_release(struct database *db)
{
    if (!db->driver)
        return;
    database_forget(db);
    free(db->kept);
    db->driver->close(db);
    free(db->path);
    memset(db, 0, sizeof(*db));
}

enum error_code database_make_durable(struct database *db, struct error *err)
{
    return db->driver->make_durable(db, err);
}

enum error_code database_exec(struct database *db, const char *sql,
                              struct error *err)
{
    return db->driver->exec(db, sql, err);
}

/* The outermost transaction, and one within, of which the driver hears. */
#define DEPTH_MAX 2

enum error_code database_begin(struct database *db, struct error *err)
{
    enum error_code rc =
        db->depth < DEPTH_MAX ? db->driver->begin(db, err) : ERROR_NONE;

    if (!rc)
        db->depth++;
    return rc;
}

enum error_code database_end(struct database *db, enum error_code rc,
                             struct error *err)
{
    if (--db->depth >= DEPTH_MAX) {
        db->spoilt = db->spoilt || rc;
        return rc;
    }
    if (db->spoilt && !rc)
        rc = error_set(err, ERROR_STORE,
                       "%.256s: a part of this has failed, so all of it is "
                       "taken back",
                       db->path);
    db->spoilt = false;
    return db->driver->end(db, rc, err);
}

enum error_code database_reserve(struct database *db, struct span one,
                                 struct span two, struct error *err)
{
    return db->driver->reserve(db, one, two, err);
}

size_t database_changes(const struct database *db)
{
    return db->driver->changes(db);
}

int64_t database_last_id(const struct database *db)
{
    return db->driver->last_id(db);
}

enum error_code database_count_on(struct database *db, const char *table,
                                  struct error *err)
{
    return db->driver->count_on(db, table, err);
}

enum error_code database_mark_read(struct database *db,
                                   struct database_mark *mark,
                                   struct error *err)
{
    return db->driver->mark_read(db, mark, err);
}

enum error_code database_mark_write(struct database *db, int64_t version,
                                    struct error *err)
{
    return db->driver->mark_write(db, version, err);
}

enum error_code database_touch(struct database *db, struct error *err)
{
    return db->driver->touch(db, err);
}

enum error_code database_version(struct database *db, int64_t *version,
                                 struct error *err)
{
    return db->driver->version(db, version, err);
}

enum error_code database_listen(struct database *db, const char *channel,
                                int ms,
                                void (*each)(void *context, struct span said),
                                void *context, struct error *err)
{
    assert(db->driver->listen);
    return db->driver->listen(db, channel, ms, each, context, err);
}

enum error_code query_prepare(struct query *query, struct database *db,
                              const char *sql, struct error *err)
{
    enum error_code rc;

    *query = (struct query){ .db = db };
    for (size_t i = 0; i < db->nr && !query->stmt; i++)
        if (db->kept[i].sql == sql)
            query->stmt = db->kept[i].stmt;
    if (query->stmt)
        return ERROR_NONE;
    rc = db->driver->prepare(db, span_str(sql), false, &query->stmt, err);
    if (rc)
        return rc;
    db->kept = xgrow(db->kept, db->nr, &db->alloc, sizeof(*db->kept));
    db->kept[db->nr++] = (struct database_kept){ sql, query->stmt };
    return ERROR_NONE;
}

enum error_code query_prepare_once(struct query *query, struct database *db,
                                   struct span sql, struct error *err)
{
    *query = (struct query){ .db = db, .once = true };
    return db->driver->prepare(db, sql, true, &query->stmt, err);
}

void query_bind_int(struct query *query, int64_t value)
{
    query->db->driver->bind_int(query, value);
}

void query_bind_double(struct query *query, double value)
{
    query->db->driver->bind_double(query, value);
}

void query_bind_span(struct query *query, struct span value)
{
    query->db->driver->bind_span(query, value);
}

void query_bind_limit(struct query *query, size_t value)
{
    query_bind_int(query, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

enum error_code query_step(struct query *query, bool *row, struct error *err)
{
    query->column = 0;
    return query->db->driver->step(query, row, err);
}

int64_t query_int(struct query *query)
{
    return query->db->driver->column_int(query);
}

double query_double(struct query *query)
{
    return query->db->driver->column_double(query);
}

struct span query_span(struct query *query)
{
    return query->db->driver->column_span(query);
}

void query_release(struct query *query)
{
    if (!query->stmt)
        return;
    if (query->once)
        query->db->driver->finish(query->stmt);
    else
        query->db->driver->reset(query->stmt);
    query->stmt = NULL;
}

enum error_code query_run(struct query *query, struct error *err)
{
    bool row;
    enum error_code rc = query_step(query, &row, err);

    query_release(query);
    return rc;
}

static enum error_code run_now(struct query *query, query_done *done,
                               void *context, struct error *err)
{
    bool row;
    enum error_code rc = query_step(query, &row, err);

    if (!rc && done)
        done(context, database_changes(query->db),
             database_last_id(query->db));
    return rc;
}

enum error_code query_run_later(struct query *query, query_done *done,
                                void *context, struct error *err)
{
    const struct driver *driver = query->db->driver;
    enum error_code rc = driver->run_later
                             ? driver->run_later(query, done, context, err)
                             : run_now(query, done, context, err);

    query_release(query);
    return rc;
}

enum error_code database_wait(struct database *db, struct error *err)
{
    return db->driver->wait ? db->driver->wait(db, err) : ERROR_NONE;
}
