/*
 * Decisions on their way in: judged, superseded, answered by the site.
 */
#include "store/tables.h"

#include <assert.h>
#include <string.h>

/*
 * The newest decision says what the comment is like now; an older one may
 * be of a text that was edited away, and back.
 */
static const char select_known[] =
    "SELECT 1 FROM decision WHERE site = ?1 AND comment = ?2"
    " AND digest = ?3 AND (state = 'undone' OR decided_by <> '' OR id ="
    "  (SELECT max(id) FROM decision"
    "   WHERE site = ?1 AND comment = ?2 AND model = ?4))"
    " LIMIT 1";

static const char supersede_pending[] =
    "UPDATE decision SET state = 'skipped',"
    " detail = 'superseded by a newer verdict', settled_ms = ?1"
    " WHERE site = ?2 AND comment = ?3 AND state = 'pending'";

/* A person who decided on this text while it was judged. */
static const char select_person[] =
    "SELECT 1 FROM decision WHERE comment = ?2 AND site = ?1 AND digest = ?3"
    " AND decided_by <> '' AND id = (SELECT max(id) FROM decision"
    "  WHERE comment = ?2 AND site = ?1)";

/* A newer verdict takes its place among what waits for people. */
static const char update_looked_at[] =
    "UPDATE decision SET open = 0"
    " WHERE site = ? AND comment = ? AND open <> 0";

static const char insert_decision[] =
    "INSERT INTO decision (run, at_ms, site, comment, digest, was, author,"
    " excerpt, verdict, p_spam, p_abuse, model, state, detail, person,"
    " decided_by, campaign, open)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char insert_reason[] =
    "INSERT INTO reason (decision, position, feature, weight, evidence)"
    " VALUES (?, ?, ?, ?, ?)";

static const char update_settled[] =
    "UPDATE decision SET state = ?1, detail = ?2, settled_ms = ?3,"
    " digest = CASE ?5 WHEN '' THEN digest ELSE ?5 END"
    " WHERE id = ?4 AND state <> 'undone'"
    " AND (?1 <> 'pending' OR state = 'pending')";

/*
 * The site took a decision that a person's newer one had superseded already;
 * the newer one then starts from there.
 */
static const char update_newer[] =
    "UPDATE decision SET was = (SELECT CASE verdict"
    "   WHEN 'approve' THEN 'approved' ELSE verdict END"
    "  FROM decision WHERE id = ?1)"
    " WHERE (comment, site) ="
    "  (SELECT comment, site FROM decision WHERE id = ?1)"
    " AND id > ?1 AND state = 'pending' AND decided_by <> ''";

static const char select_exists[] = "SELECT 1 FROM decision WHERE id = ?";

/* Does the query, its parameters bound, find a row? Releases it. */
static enum error_code query_finds(struct query *query, bool *found,
                                   struct error *err)
{
    bool row;
    enum error_code rc = query_step(query, &row, err);

    if (!rc)
        *found = row;
    query_release(query);
    return rc;
}

static struct span digest_span(const struct digest *digest)
{
    return (struct span){ digest->hex, strnlen(digest->hex, DIGEST_HEX_LEN) };
}

enum error_code decisions_know(struct store *store, struct span site,
                               struct span comment,
                               const struct digest *digest, struct span model,
                               bool *known, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_known, err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    query_bind_span(&query, comment);
    query_bind_span(&query, digest_span(digest));
    query_bind_span(&query, model);
    return query_finds(&query, known, err);
}

/* Take older decisions on the same comment as decision[at] off the outbox. */
static enum error_code decision_supersede(struct database *db,
                                          struct decision *decision, size_t at,
                                          struct error *err)
{
    const struct decision *newer = &decision[at];
    struct query query;
    enum error_code rc = query_prepare(&query, db, supersede_pending, err);

    if (rc)
        return rc;
    query_bind_int(&query, newer->at_ms);
    query_bind_span(&query, newer->site);
    query_bind_span(&query, newer->comment);
    rc = query_run(&query, err);
    if (rc || !database_changes(db))
        return rc;
    /* It may be one that this very call has brought. */
    for (size_t i = 0; i < at; i++)
        if (decision[i].state == DECISION_PENDING &&
            span_eq(decision[i].site, newer->site) &&
            span_eq(decision[i].comment, newer->comment))
            decision[i].state = DECISION_SKIPPED;
    return ERROR_NONE;
}

/* Has a person decided on the text of `d` meanwhile? */
static enum error_code person_was_faster(struct database *db,
                                         const struct decision *d,
                                         bool *faster, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, select_person, err);

    *faster = false;
    if (rc)
        return rc;
    query_bind_span(&query, d->site);
    query_bind_span(&query, d->comment);
    query_bind_span(&query, digest_span(&d->digest));
    return query_finds(&query, faster, err);
}

static enum error_code take_place(struct database *db,
                                  struct decision *decision, size_t at,
                                  struct error *err)
{
    struct decision *d = &decision[at];
    struct query query;
    bool faster = false;
    enum error_code rc = database_reserve(db, d->site, d->comment, err);

    if (!rc && !d->by.len)
        rc = person_was_faster(db, d, &faster, err);
    if (rc)
        return rc;
    if (faster) {
        d->state = DECISION_SKIPPED;
        d->detail = SPAN_LIT("a person has decided");
        return ERROR_NONE;
    }
    rc = decision_supersede(db, decision, at, err);
    if (!rc)
        rc = query_prepare(&query, db, update_looked_at, err);
    if (rc)
        return rc;
    query_bind_span(&query, d->site);
    query_bind_span(&query, d->comment);
    return query_run_later(&query, NULL, NULL, err);
}

static enum error_code reason_insert(struct database *db, int64_t decision,
                                     const struct verdict *verdict,
                                     size_t position, struct error *err)
{
    const struct reason *reason = &verdict->reason[position];
    struct query query;
    enum error_code rc = query_prepare(&query, db, insert_reason, err);

    if (rc)
        return rc;
    query_bind_int(&query, decision);
    query_bind_int(&query, (int64_t)position);
    query_bind_span(&query, reason->feature);
    query_bind_double(&query, reason->weight);
    query_bind_span(&query,
                    store_cut(reason->evidence, DECISION_EVIDENCE_MAX));
    return query_run_later(&query, NULL, NULL, err);
}

static void decision_bind(struct query *query, const struct decision *d)
{
    query_bind_int(query, d->run);
    query_bind_int(query, d->at_ms);
    query_bind_span(query, d->site);
    query_bind_span(query, d->comment);
    query_bind_span(query, digest_span(&d->digest));
    query_bind_span(query, d->was);
    query_bind_span(query, store_cut(d->author, DECISION_AUTHOR_MAX));
    query_bind_span(query, store_cut(d->excerpt, DECISION_EXCERPT_MAX));
    query_bind_span(query, verdict_name(d->verdict.kind));
    query_bind_double(query, d->verdict.p_spam);
    query_bind_double(query, d->verdict.p_abuse);
    query_bind_span(query, d->verdict.model);
    query_bind_span(query, decision_state_name(d->state));
    query_bind_span(query, store_cut(d->detail, DECISION_DETAIL_MAX));
    query_bind_span(query, d->person);
    query_bind_span(query, d->by);
    query_bind_int(query, (int64_t)d->campaign);
    query_bind_int(query, !d->by.len && d->state != DECISION_SKIPPED &&
                              d->verdict.kind == VERDICT_HOLD);
}

/* What a decision begins as; a hold of ours needs no telling. */
static enum decision_state state_at_first(const struct decision *d)
{
    if (d->state == DECISION_ANSWERED || d->state == DECISION_SKIPPED)
        return d->state;
    return !d->by.len && d->verdict.kind == VERDICT_HOLD ? DECISION_KEPT
                                                         : DECISION_PENDING;
}

static enum error_code decision_insert(struct database *db, struct decision *d,
                                       struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, insert_decision, err);

    if (rc)
        return rc;
    assert(d->verdict.nr <= VERDICT_REASONS_MAX);
    d->state = state_at_first(d);
    decision_bind(&query, d);
    rc = query_run(&query, err);
    d->id = database_last_id(db);
    for (size_t i = 0; !rc && i < d->verdict.nr; i++)
        rc = reason_insert(db, d->id, &d->verdict, i, err);
    if (!rc && !d->by.len)
        rc = content_add(db, d->id, &d->content, err);
    return rc;
}

enum error_code decisions_add(struct store *store, struct decision *decision,
                              size_t nr, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = nr ? database_begin(db, err) : ERROR_NONE;

    if (rc || !nr)
        goto out;
    for (size_t i = 0; !rc && i < nr; i++) {
        rc = take_place(db, decision, i, err);
        if (!rc)
            rc = decision_insert(db, &decision[i], err);
    }
    rc = database_end(db, rc, err);
out:
    /* The numbers of what was rolled back will be given to others. */
    for (size_t i = 0; rc && i < nr; i++)
        decision[i].id = 0;
    return rc;
}

/* An answer that changed nothing is fine, unless nobody asked. */
static enum error_code decision_must_exist(struct database *db, int64_t id,
                                           struct error *err)
{
    struct query query;
    bool found = false;
    enum error_code rc = query_prepare(&query, db, select_exists, err);

    if (rc)
        return rc;
    query_bind_int(&query, id);
    rc = query_finds(&query, &found, err);
    if (!rc && !found)
        rc = error_set(err, ERROR_STORE, "%.256s: there is no decision %lld",
                       db->path, (long long)id);
    return rc;
}

static enum error_code start_from_there(struct database *db, int64_t id,
                                        struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, update_newer, err);

    if (rc)
        return rc;
    query_bind_int(&query, id);
    return query_run(&query, err);
}

static enum error_code decision_settle(struct database *db,
                                       const struct settlement *settlement,
                                       int64_t now_ms, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, update_settled, err);

    if (rc)
        return rc;
    query_bind_span(&query, decision_state_name(settlement->state));
    query_bind_span(&query,
                    store_cut(settlement->detail, DECISION_DETAIL_MAX));
    query_bind_int(&query, now_ms);
    query_bind_int(&query, settlement->decision);
    query_bind_span(&query, digest_span(&settlement->digest));
    rc = query_run(&query, err);
    if (!rc && !database_changes(db))
        rc = decision_must_exist(db, settlement->decision, err);
    if (!rc && settlement->state == DECISION_APPLIED)
        rc = start_from_there(db, settlement->decision, err);
    return rc;
}

enum error_code decisions_settle(struct store *store,
                                 const struct settlement *settlement,
                                 size_t nr, int64_t now_ms, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = nr ? database_begin(db, err) : ERROR_NONE;

    if (rc || !nr)
        return rc;
    for (size_t i = 0; !rc && i < nr; i++)
        rc = decision_settle(db, &settlement[i], now_ms, err);
    return database_end(db, rc, err);
}
