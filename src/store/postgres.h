#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include "store/database.h"
#include "store/libpq.h"

/*
 * PostgreSQL: one connection for each database that is open. For the driver's
 * own parts: postgres_connection.c connects, postgres_statement.c asks,
 * postgres_pipeline.c asks without waiting, database_postgres.c has the rest
 * and ties them together.
 *
 * A connection may go away at any time: the server restarts, or another one
 * takes its place. Then we connect again, waiting longer each time, up to
 * DATABASE_BUSY_MS; who asks after that is not kept waiting: one try. What was
 * asked outside of a transaction is asked again; a transaction is lost, and
 * its caller is told so, but for one case: when the connection goes while it
 * commits, the server is asked what became of it.
 */
struct postgres_queued {
    query_done *done; /* or NULL */
    void *context;
    bool numbered; /* it answers with a number (dialect.h) */
};

/*
 * Statements whose answers are not waited for. All of their answers must fit
 * into what the network holds, or both sides would wait for each other.
 */
#define POSTGRES_QUEUED_MAX 256

struct postgres {
    struct libpq pq;
    PGconn *connection;
    char *url;
    unsigned age; /* connections there have been: prepared statements go with
                     them */
    unsigned statements;  /* for their names */
    unsigned listens;     /* the connection that does */
    bool lost;            /* within a transaction */
    bool away;            /* it could not be connected with, the last time */
    int64_t standby_ms;   /* steady: when one was taken; 0: it is none */
    char transaction[32]; /* its number at the server */
    size_t changes;
    int64_t last_id;
    struct postgres_queued queue[POSTGRES_QUEUED_MAX];
    size_t queued;
};

/* Between tries to connect: from the one, doubling, to the other. */
#define POSTGRES_RETRY_MS 50
#define POSTGRES_RETRY_MAX_MS 1000

/*
 * Who only reads looks so often whether the server that takes writing is there
 * again.
 */
#define POSTGRES_STANDBY_MS 60000

/* Of one statement, or a script of them. */
#define POSTGRES_SQL_MAX ((size_t)64 << 10)

/* As the driver's namesakes. */
enum error_code postgres_open(struct database *db, const char *url,
                              struct error *err) MUST_CHECK;
void postgres_close(struct database *db);
bool postgres_is_away(const char *url);

bool postgres_is_lost(const struct postgres *pg);

/* Try for as long as one waits for another process's transaction. */
enum error_code postgres_connect_again(struct database *db,
                                       struct error *err) MUST_CHECK;

/*
 * Outside of a transaction a lost connection is made again; within one it is
 * an error.
 */
enum error_code postgres_connect_if_lost(struct database *db,
                                         struct error *err) MUST_CHECK;
enum error_code postgres_still_there(const struct database *db,
                                     struct error *err) MUST_CHECK;

/* Why the connection failed, or `result` when it is not NULL. */
enum error_code postgres_error(const struct database *db,
                               const PGresult *result, struct error *err);

/* Is `result` an answer? If not, is it for the connection having gone? */
enum error_code postgres_check(const struct database *db,
                               const PGresult *result, bool *gone,
                               struct error *err) MUST_CHECK;

/*
 * Ask `sql`, which is PostgreSQL's own, and check the answer; the caller
 * clears `result`, also after an error.
 */
enum error_code postgres_run(struct database *db, const char *sql,
                             PGresult **result, bool *gone,
                             struct error *err) MUST_CHECK;

/*
 * Within a transaction: send `sql`, and see later what came of it. Whoever
 * asks anything else waits for all of these first.
 */
enum error_code postgres_queue(struct database *db, const char *sql,
                               struct error *err) MUST_CHECK;

/* The same in two parts: before it is sent, and after. */
enum error_code postgres_pipeline_enter(struct database *db,
                                        struct error *err) MUST_CHECK;
enum error_code postgres_pipeline_add(struct database *db, bool sent,
                                      struct postgres_queued queued,
                                      struct error *err) MUST_CHECK;

/* What a statement has changed, and, if it answers with one, its number. */
void postgres_note(struct postgres *pg, const PGresult *result, bool numbered);

/* As the driver's namesakes. */
enum error_code postgres_wait(struct database *db,
                              struct error *err) MUST_CHECK;
enum error_code postgres_run_later(struct query *query, query_done *done,
                                   void *context,
                                   struct error *err) MUST_CHECK;
enum error_code postgres_prepare(struct database *db, struct span sql,
                                 bool once, void **made,
                                 struct error *err) MUST_CHECK;
void postgres_reset(void *made);
void postgres_finish(void *made);
void postgres_bind_int(struct query *query, int64_t value);
void postgres_bind_double(struct query *query, double value);
void postgres_bind_span(struct query *query, struct span value);
enum error_code postgres_step(struct query *query, bool *row,
                              struct error *err) MUST_CHECK;
int64_t postgres_column_int(struct query *query);
double postgres_column_double(struct query *query);
struct span postgres_column_span(struct query *query);

#endif /* STORE_POSTGRES_H */
