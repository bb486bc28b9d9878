/*
 * Statements that nobody waits for: sent one behind the other, their answers
 * read together (libpq's pipeline mode). The library is in that mode only
 * while there are such.
 */
#include "store/postgres.h"

#include <string.h>

enum error_code postgres_pipeline_enter(struct database *db, struct error *err)
{
    struct postgres *pg = db->handle;
    enum error_code rc = ERROR_NONE;

    if (pg->queued == POSTGRES_QUEUED_MAX)
        rc = postgres_wait(db, err);
    if (!rc && !pg->queued && !pg->pq.PQenterPipelineMode(pg->connection))
        rc = postgres_error(db, NULL, err);
    return rc;
}

enum error_code postgres_pipeline_add(struct database *db, bool sent,
                                      struct postgres_queued queued,
                                      struct error *err)
{
    struct postgres *pg = db->handle;

    if (sent) {
        pg->queue[pg->queued++] = queued;
        return ERROR_NONE;
    }
    pg->lost = true;
    return postgres_error(db, NULL, err);
}

enum error_code postgres_queue(struct database *db, const char *sql,
                               struct error *err)
{
    const struct postgres *pg = db->handle;
    enum error_code rc = postgres_still_there(db, err);

    if (!rc)
        rc = postgres_pipeline_enter(db, err);
    if (rc)
        return rc;
    return postgres_pipeline_add(db,
                                 pg->pq.PQsendQueryParams(pg->connection, sql,
                                                          0, NULL, NULL, NULL,
                                                          NULL, 0),
                                 (struct postgres_queued){ 0 }, err);
}

/* The next answer, behind which there is nothing more of its statement. */
static PGresult *next_answer(const struct postgres *pg)
{
    PGresult *result = pg->pq.PQgetResult(pg->connection);

    if (result && pg->pq.PQresultStatus(result) != PGRES_PIPELINE_SYNC)
        pg->pq.PQclear(pg->pq.PQgetResult(pg->connection));
    return result;
}

static enum error_code take_answer(struct database *db,
                                   const struct postgres_queued *queued,
                                   struct error *err)
{
    struct postgres *pg = db->handle;
    PGresult *result = next_answer(pg);
    bool gone;
    enum error_code rc = postgres_check(db, result, &gone, err);

    if (!rc) {
        postgres_note(pg, result, queued->numbered);
        if (queued->done)
            queued->done(queued->context, pg->changes, pg->last_id);
    }
    pg->pq.PQclear(result);
    return rc;
}

enum error_code postgres_wait(struct database *db, struct error *err)
{
    struct postgres *pg = db->handle;
    size_t nr = pg->queued;
    enum error_code rc = ERROR_NONE;

    if (!nr)
        return ERROR_NONE;
    pg->queued = 0;
    if (!pg->pq.PQpipelineSync(pg->connection)) {
        pg->lost = true;
        return postgres_error(db, NULL, err);
    }
    /* After one that failed the server does none of the others. */
    for (size_t i = 0; i < nr; i++) {
        if (!rc)
            rc = take_answer(db, &pg->queue[i], err);
        else if (!postgres_is_lost(pg))
            pg->pq.PQclear(next_answer(pg));
    }
    if (postgres_is_lost(pg))
        return rc ? rc : postgres_error(db, NULL, err);
    pg->pq.PQclear(next_answer(pg));
    if (!pg->pq.PQexitPipelineMode(pg->connection)) {
        pg->lost = true;
        rc = rc ? rc : postgres_error(db, NULL, err);
    }
    return rc;
}
