/*
 * Comments that wait for people, and what is known about them.
 */
#include "store/waiting.h"

#include "store/tables.h"

#define WAITING_COLUMNS "id, site, open = 2, p_spam, p_abuse, campaign, at_ms"

/* 'open <> 0' stands in the text for SQLite to see that the index will do. */
static const char select_waiting[] =
    "SELECT " WAITING_COLUMNS " FROM decision"
    " WHERE open <> 0 ORDER BY id DESC LIMIT ?";

static const char select_waiting_at[] =
    "SELECT " WAITING_COLUMNS " FROM decision"
    " WHERE open <> 0 AND site = ? ORDER BY id DESC LIMIT ?";

static const char count_waiting[] =
    "SELECT count(*) FROM decision WHERE open <> 0";

static const char count_waiting_at[] =
    "SELECT count(*) FROM decision WHERE open <> 0 AND site = ?";

static const char select_alike[] =
    "SELECT " DECISION_COLUMNS " FROM decision INDEXED BY decision_by_campaign"
    " WHERE campaign = ? AND campaign <> 0 AND site = ? AND id <> ?"
    " AND open <> 0 ORDER BY id DESC LIMIT ?";

static const char count_earlier[] =
    "SELECT count(*), count(*) FILTER (WHERE verdict = 'approve'),"
    " count(*) FILTER (WHERE verdict = 'hold'),"
    " count(*) FILTER (WHERE verdict = 'spam')"
    " FROM decision WHERE person = ? AND person <> '' AND id < ?"
    " AND decided_by = ''";

static const char select_earlier[] =
    "SELECT " DECISION_COLUMNS " FROM decision"
    " WHERE person = ? AND person <> '' AND id < ? AND decided_by = ''"
    " ORDER BY id DESC LIMIT ?";

static const char select_pulse[] =
    "SELECT (SELECT count(*) FROM decision WHERE open <> 0),"
    " (SELECT coalesce(max(id), 0) FROM decision WHERE open <> 0),"
    " (SELECT coalesce(max(id), 0) FROM audit WHERE what = 'settings'),"
    " (SELECT coalesce(sum(id), 0) FROM site_model WHERE live = 1)";

static void waiting_take(struct query *query, struct waiting *waiting)
{
    waiting->id = query_int(query);
    waiting->site = query_span(query);
    waiting->later = query_int(query) != 0;
    waiting->p_spam = query_double(query);
    waiting->p_abuse = query_double(query);
    waiting->campaign = (uint64_t)query_int(query);
    waiting->at_ms = query_int(query);
}

enum error_code waiting_each(struct store *store, struct span site, size_t max,
                             bool (*each)(void *context,
                                          const struct waiting *waiting),
                             void *context, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc =
        query_prepare(&query, store_database(store),
                      site.len ? select_waiting_at : select_waiting, err);

    if (rc)
        return rc;
    if (site.len)
        query_bind_span(&query, site);
    query_bind_limit(&query, max);
    while (!rc) {
        struct waiting waiting;

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        waiting_take(&query, &waiting);
        if (!each(context, &waiting))
            break;
    }
    query_release(&query);
    return rc;
}

enum error_code waiting_count(struct store *store, struct span site,
                              size_t *nr, struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store),
                      site.len ? count_waiting_at : count_waiting, err);

    if (rc)
        return rc;
    if (site.len)
        query_bind_span(&query, site);
    rc = query_step(&query, &row, err);
    if (!rc && row)
        *nr = (size_t)query_int(&query);
    query_release(&query);
    return rc;
}

enum error_code waiting_alike(struct store *store, struct arena *arena,
                              const struct decision *decision, size_t max,
                              struct decision_list *list, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_alike, err);

    if (rc)
        return rc;
    query_bind_int(&query, (int64_t)decision->campaign);
    query_bind_span(&query, decision->site);
    query_bind_int(&query, decision->id);
    query_bind_limit(&query, max);
    return history_read(&query, arena, list, err);
}

static enum error_code look(struct store *store, struct pulse *pulse,
                            struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_pulse, err);

    if (rc)
        return rc;
    rc = query_step(&query, &row, err);
    if (!rc && row) {
        pulse->waiting = (size_t)query_int(&query);
        pulse->newest_waiting = query_int(&query);
        pulse->newest_setting = query_int(&query);
        pulse->live_models = query_int(&query);
    }
    query_release(&query);
    return rc;
}

enum error_code pulse_take(struct store *store, struct pulse *pulse,
                           struct error *err)
{
    int64_t version = 0;
    enum error_code rc =
        database_version(store_database(store), &version, err);

    if (rc || version == pulse->version)
        return rc;
    pulse->version = version;
    return look(store, pulse, err);
}

enum error_code judgement_find(struct store *store, struct arena *arena,
                               int64_t id, struct decision *decision,
                               bool *found, struct error *err)
{
    enum error_code rc = history_one(store, arena, id, decision, found, err);

    *found = *found && !decision->by.len;
    return rc;
}

static enum error_code earlier_count(struct store *store,
                                     const struct decision *decision,
                                     struct earlier *earlier,
                                     struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), count_earlier, err);

    if (rc)
        return rc;
    query_bind_span(&query, decision->person);
    query_bind_int(&query, decision->id);
    rc = query_step(&query, &row, err);
    if (!rc && row) {
        earlier->nr = (size_t)query_int(&query);
        earlier->approved = (size_t)query_int(&query);
        earlier->held = (size_t)query_int(&query);
        earlier->spam = (size_t)query_int(&query);
    }
    query_release(&query);
    return rc;
}

enum error_code earlier_find(struct store *store, struct arena *arena,
                             const struct decision *decision,
                             struct earlier *earlier, struct error *err)
{
    struct query query;
    enum error_code rc;

    *earlier = (struct earlier){ 0 };
    rc = earlier_count(store, decision, earlier, err);
    if (rc || !earlier->nr)
        return rc;
    rc = query_prepare(&query, store_database(store), select_earlier, err);
    if (rc)
        return rc;
    query_bind_span(&query, decision->person);
    query_bind_int(&query, decision->id);
    query_bind_limit(&query, EARLIER_MAX);
    return history_read(&query, arena, &earlier->newest, err);
}
