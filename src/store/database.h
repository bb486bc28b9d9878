#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * An SQLite file and questions to it. database.c is the only one that sees
 * SQLite's header; the other modules know SQL and this.
 *
 * All failures are ERROR_STORE, with the file's name and what to do. None of
 * the texts holds a value from a table.
 */
struct sqlite3;
struct sqlite3_stmt;
struct database_kept;

struct database {
    char *path; /* as given, for error texts */
    struct sqlite3 *handle;
    struct database_kept *kept; /* prepared statements */
    size_t nr;
    size_t alloc;
    unsigned depth; /* transactions begun and not ended */
};

/* How long we wait for another process's transaction to end. */
#define DATABASE_BUSY_MS 10000

/*
 * Open `path`, and create it, empty and with mode 0600, when it does not
 * exist. Reads and changes nothing in it: whose file it is has yet to be
 * seen. Release it even after an error.
 */
enum error_code database_open(struct database *db, const char *path,
                              struct error *err) MUST_CHECK;
void database_release(struct database *db);

/*
 * From here on a commit is on the disk when it returns (WAL with full
 * syncing), readers don't wait for writers, and references are checked.
 */
enum error_code database_make_durable(struct database *db,
                                      struct error *err) MUST_CHECK;

/* Run statements that answer nothing. */
enum error_code database_exec(struct database *db, const char *sql,
                              struct error *err) MUST_CHECK;

/*
 * A transaction. Begin takes the writer's place at once, so that no other
 * writer comes between reading and writing. End commits when `rc` is
 * ERROR_NONE and else rolls back; it returns `rc`, or why the commit failed.
 * One within another takes back only its own, and is on the disk with the
 * outer one.
 */
enum error_code database_begin(struct database *db,
                               struct error *err) MUST_CHECK;
enum error_code database_end(struct database *db, enum error_code rc,
                             struct error *err) MUST_CHECK;

/* Rows touched by the newest INSERT or UPDATE, and the newest row's id. */
size_t database_changes(const struct database *db);
int64_t database_last_id(const struct database *db);

/*
 * One statement being asked: bind its parameters in order, step through the
 * rows, take each row's columns in order, release it. A parameter that can't
 * be bound fails the next step.
 */
struct query {
    struct database *db;
    struct sqlite3_stmt *stmt;
    int bound;  /* parameters so far */
    int column; /* of this row, so far */
    int code;   /* SQLite's, of the first bind that failed */
    bool once;  /* not kept */
};

/*
 * Prepare `sql`, a static string. It is kept, by its address, for the next
 * time; so it is not for two queries at once.
 */
enum error_code query_prepare(struct query *query, struct database *db,
                              const char *sql, struct error *err) MUST_CHECK;

/* Prepare any `sql`, and keep nothing. */
enum error_code query_prepare_once(struct query *query, struct database *db,
                                   struct span sql,
                                   struct error *err) MUST_CHECK;

void query_bind_int(struct query *query, int64_t value);
void query_bind_double(struct query *query, double value);

/* The bytes are not copied: they must live until the last step. */
void query_bind_span(struct query *query, struct span value);

/* `value` as a LIMIT: sizes beyond SQLite's integers mean "all". */
void query_bind_limit(struct query *query, size_t value);

enum error_code query_step(struct query *query, bool *row,
                           struct error *err) MUST_CHECK;

int64_t query_int(struct query *query);
double query_double(struct query *query);

/* Points into SQLite's memory, until the next step or release. */
struct span query_span(struct query *query);

/* Harmless on a zeroed query and after a failed prepare. */
void query_release(struct query *query);

/* Step once, for a statement that answers nothing, and release. */
enum error_code query_run(struct query *query, struct error *err) MUST_CHECK;

#endif /* STORE_DATABASE_H */
