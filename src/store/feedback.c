/*
 * What people said of our verdicts, and how often they were of another mind.
 */
#include "store/tables.h"

static const char select_newest[] =
    "SELECT id, verdict FROM decision WHERE comment IN (?, ?) AND site = ?"
    " AND decided_by = '' ORDER BY id DESC LIMIT 1";

/* The same, whoever decided: what the site was told last. */
static const char select_told[] =
    "SELECT id, verdict FROM decision WHERE comment IN (?, ?) AND site = ?"
    " ORDER BY id DESC LIMIT 1";

/* It does not wait for anybody any more. */
static const char update_looked_at[] =
    "UPDATE decision SET open = 0"
    " WHERE site = ? AND comment IN (?, ?) AND open <> 0";

static const char insert_feedback[] =
    "INSERT INTO feedback (at_ms, site, comment, decision, verdict, label,"
    " source, by, wrong) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char select_stats[] =
    "SELECT"
    " (SELECT count(*) FROM decision WHERE site = ?1 AND at_ms >= ?2"
    "   AND decided_by = '' AND verdict = 'approve'),"
    " (SELECT count(*) FROM decision WHERE site = ?1 AND at_ms >= ?2"
    "   AND decided_by = '' AND verdict = 'hold'),"
    " (SELECT count(*) FROM decision WHERE site = ?1 AND at_ms >= ?2"
    "   AND decided_by = '' AND verdict = 'spam'),"
    " (SELECT count(*) FROM feedback WHERE site = ?1 AND at_ms >= ?2"
    "   AND label = 'spam' AND verdict <> 'spam'),"
    " (SELECT count(*) FROM feedback WHERE site = ?1 AND at_ms >= ?2"
    "   AND label = 'approve' AND verdict = 'spam')";

/* The decision's id, and its verdict as a word of ours: a static one. */
static enum error_code find_newest(struct database *db, const char *sql,
                                   const struct feedback *feedback,
                                   int64_t *decision, struct span *verdict,
                                   struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc = query_prepare(&query, db, sql, err);

    if (rc)
        return rc;
    *decision = 0;
    *verdict = SPAN_LIT("");
    query_bind_span(&query, feedback->comment);
    query_bind_span(&query,
                    feedback->also.len ? feedback->also : feedback->comment);
    query_bind_span(&query, feedback->site);
    rc = query_step(&query, &row, err);
    if (!rc && row) {
        enum verdict_kind kind = VERDICT_HOLD;

        *decision = query_int(&query);
        (void)verdict_parse(&kind, query_span(&query));
        *verdict = verdict_name(kind);
    }
    query_release(&query);
    return rc;
}

static enum error_code looked_at(struct database *db,
                                 const struct feedback *feedback,
                                 struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, update_looked_at, err);

    if (rc)
        return rc;
    query_bind_span(&query, feedback->site);
    query_bind_span(&query, feedback->comment);
    query_bind_span(&query,
                    feedback->also.len ? feedback->also : feedback->comment);
    return query_run(&query, err);
}

enum error_code feedback_add(struct store *store, struct feedback *feedback,
                             struct span echo_by, bool *echo,
                             struct error *err)
{
    struct database *db = store_database(store);
    struct query query;
    struct span told;
    int64_t newest;
    enum error_code rc =
        find_newest(db, select_newest, feedback, &feedback->decision,
                    &feedback->verdict, err);

    *echo = false;
    if (!rc)
        rc = find_newest(db, select_told, feedback, &newest, &told, err);
    if (rc)
        return rc;
    *echo = echo_by.len && span_eq_nocase(feedback->by, echo_by) &&
            span_eq(feedback->label, told);
    if (*echo)
        return ERROR_NONE;
    if (!span_eq(feedback->label, SPAN_LIT("hold")))
        rc = looked_at(db, feedback, err);
    if (!rc)
        rc = query_prepare(&query, db, insert_feedback, err);
    if (rc)
        return rc;
    query_bind_int(&query, feedback->at_ms);
    query_bind_span(&query, feedback->site);
    query_bind_span(&query, feedback->comment);
    query_bind_int(&query, feedback->decision);
    query_bind_span(&query, feedback->verdict);
    query_bind_span(&query, feedback->label);
    query_bind_span(&query, store_cut(feedback->source, DECISION_AUTHOR_MAX));
    query_bind_span(&query, store_cut(feedback->by, DECISION_AUTHOR_MAX));
    query_bind_int(&query, feedback->wrong);
    return query_run(&query, err);
}

enum error_code feedback_stats(struct store *store, struct span site,
                               int64_t since_ms, struct store_stats *stats,
                               struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_stats, err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    query_bind_int(&query, since_ms);
    rc = query_step(&query, &row, err);
    if (!rc && row) {
        stats->approved = (size_t)query_int(&query);
        stats->held = (size_t)query_int(&query);
        stats->spam = (size_t)query_int(&query);
        stats->missed_spam = (size_t)query_int(&query);
        stats->false_positives = (size_t)query_int(&query);
    }
    query_release(&query);
    return rc;
}
