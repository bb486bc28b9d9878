#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A database and questions to it: an SQLite file, or a PostgreSQL server. A
 * driver (driver.h) knows the library; the other modules know SQL and this.
 * They write SQL as SQLite has it, in words that both understand where there
 * are any; for what is left, dialect.h finds PostgreSQL's words.
 *
 * All failures are ERROR_STORE, with the database's name and what to do. None
 * of the texts holds a value from a table, or a password.
 */
struct driver;
struct database_kept;

struct database {
    char *path; /* as given, without a password: for error texts */
    const struct driver *driver;
    void *handle;               /* the driver's */
    struct database_kept *kept; /* prepared statements */
    size_t nr;
    size_t alloc;
    unsigned depth; /* transactions begun and not ended */
    bool spoilt;    /* one within one within another has failed */
    bool to_read;   /* nothing is to be written */
};

/*
 * How long we wait for another process's transaction to end, and for a server
 * that we were connected with to come back.
 */
#define DATABASE_BUSY_MS 10000

/* Does `url` name a server, and not a file? */
bool database_is_server(struct span url);

/* How to name it in a text: no user, password or parameters. In memory of its
 * own. */
char *database_name(const char *url);

/*
 * Open `url`: "postgresql://..." is a PostgreSQL server, anything else the
 * path of an SQLite file, which is created, empty and with mode 0600, when it
 * does not exist. Reads and changes nothing in it: whose it is has yet to be
 * seen. Release it even after an error.
 */
enum error_code database_open(struct database *db, const char *url,
                              struct error *err) MUST_CHECK;
void database_release(struct database *db);

/*
 * The same for who writes nothing: where the URL names several servers and
 * none of them takes writing, a standby will do, which may be a little behind.
 */
enum error_code database_open_to_read(struct database *db, const char *url,
                                      struct error *err) MUST_CHECK;

/* Is it a server's, and does none answer yet, or none that takes writing? */
bool database_is_away(const char *url);

/*
 * From here on a commit is on the disk when it returns, readers don't wait for
 * writers, and references are checked.
 */
enum error_code database_make_durable(struct database *db,
                                      struct error *err) MUST_CHECK;

/* Run statements that answer nothing. */
enum error_code database_exec(struct database *db, const char *sql,
                              struct error *err) MUST_CHECK;

/*
 * A transaction. End commits when `rc` is ERROR_NONE and else rolls back; it
 * returns `rc`, or why the commit failed. One within another takes back only
 * its own, and is on the disk with the outer one. One within that has no life
 * of its own: when it fails, what it is in fails, too. To take back a part, a
 * database copies each page that the part is the first to touch, which costs
 * several times as much as what is written.
 *
 * In a file, begin takes the writer's place at once, so that no other writer
 * comes between reading and writing. A server has many writers: see
 * database_reserve.
 */
enum error_code database_begin(struct database *db,
                               struct error *err) MUST_CHECK;
enum error_code database_end(struct database *db, enum error_code rc,
                             struct error *err) MUST_CHECK;

/*
 * Until the end of the transaction no one else gets past this with the same
 * two names, such as a site and a comment of it. At a server it is a lock of
 * its own; in a file the transaction is one already.
 */
enum error_code database_reserve(struct database *db, struct span one,
                                 struct span two,
                                 struct error *err) MUST_CHECK;

/* Rows touched by the newest INSERT or UPDATE, and the newest row's id. */
size_t database_changes(const struct database *db);
int64_t database_last_id(const struct database *db);

/*
 * Rows with numbers of their own have been put into `table`: the next new one
 * gets a number above them.
 */
enum error_code database_count_on(struct database *db, const char *table,
                                  struct error *err) MUST_CHECK;

/* Keep no statements from here on that were prepared before. */
void database_forget(struct database *db);

/* Whose database this is, and how far it has been migrated. */
struct database_mark {
    bool empty;      /* nothing is in it */
    bool ours;       /* schema_* has made it */
    int64_t version; /* migrations it has seen */
};

enum error_code database_mark_read(struct database *db,
                                   struct database_mark *mark,
                                   struct error *err) MUST_CHECK;

/* Mark it as ours, and of this version. */
enum error_code database_mark_write(struct database *db, int64_t version,
                                    struct error *err) MUST_CHECK;

/* Within a transaction: write something of no meaning. */
enum error_code database_touch(struct database *db,
                               struct error *err) MUST_CHECK;

/*
 * A number that is another one when another connection has written. A server
 * does not say, and gives another one each time.
 */
enum error_code database_version(struct database *db, int64_t *version,
                                 struct error *err) MUST_CHECK;

/*
 * At a server: wait up to `ms` for what others call out on `channel` (NOTIFY),
 * and hand each call to `each`. What was called while the connection was away
 * is lost.
 */
enum error_code database_listen(struct database *db, const char *channel,
                                int ms,
                                void (*each)(void *context, struct span said),
                                void *context, struct error *err) MUST_CHECK;

/*
 * One statement being asked: bind its parameters in order, step through the
 * rows, take each row's columns in order, release it. A parameter that can't
 * be bound fails the next step.
 */
struct query {
    struct database *db;
    void *stmt; /* the driver's */
    int bound;  /* parameters so far */
    int column; /* of this row, so far */
    int code;   /* the driver's, of the first bind that failed */
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

/* `value` as a LIMIT: sizes beyond SQL's integers mean "all". */
void query_bind_limit(struct query *query, size_t value);

enum error_code query_step(struct query *query, bool *row,
                           struct error *err) MUST_CHECK;

int64_t query_int(struct query *query);
double query_double(struct query *query);

/* Points into the driver's memory, until the next step or release. */
struct span query_span(struct query *query);

/* Harmless on a zeroed query and after a failed prepare. */
void query_release(struct query *query);

/* Step once, for a statement that answers nothing, and release. */
enum error_code query_run(struct query *query, struct error *err) MUST_CHECK;

/*
 * The same, for what need not be known at once: a server is asked, and its
 * answer waited for with others, at the latest when something else is asked or
 * the transaction ends; that one then brings the error, too. `done`, if there
 * is one, is called when the answer is here, in order, and not after an error.
 */
typedef void query_done(void *context, size_t changes, int64_t last_id);
enum error_code query_run_later(struct query *query, query_done *done,
                                void *context, struct error *err) MUST_CHECK;

/* Until all of those are done. */
enum error_code database_wait(struct database *db,
                              struct error *err) MUST_CHECK;

#endif /* STORE_DATABASE_H */
