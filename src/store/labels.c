/*
 * Labels coming, and going for good.
 */
#include "store/tables.h"

static const char insert_label[] =
    "INSERT INTO label (site, comment, spam, source, giver, weight, at_ms,"
    " labelled_ms, person, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (comment, site) DO UPDATE SET spam = excluded.spam,"
    " source = excluded.source, giver = excluded.giver,"
    " weight = excluded.weight, at_ms = excluded.at_ms,"
    " labelled_ms = excluded.labelled_ms, person = excluded.person,"
    " body = excluded.body"
    " WHERE label.forgotten_ms = 0 AND (label.spam <> excluded.spam"
    "  OR label.weight < excluded.weight OR label.body <> excluded.body)";

static const char select_labels[] =
    "SELECT id, site, comment, spam, source, giver, weight, at_ms,"
    " labelled_ms, person, body FROM label"
    " WHERE site = ? AND forgotten_ms = 0 ORDER BY comment";

/* What was known of it goes; that it was forgotten stays. */
#define FORGET                                                                \
    "UPDATE label SET forgotten_ms = ?1, source = '', giver = '',"            \
    " weight = 0, at_ms = 0, person = '', body = ''"

static const char forget_comment[] =
    FORGET " WHERE site = ?2 AND comment = ?3 AND forgotten_ms = 0";

static const char forget_person[] =
    FORGET " WHERE person = ?2 AND forgotten_ms = 0";

/* Layers made since the label came had it among their lessons. */
static const char drop_taught_comment[] =
    "UPDATE site_model SET bytes = '', live = 0,"
    " reason = 'taken away: a label it was taught was taken back'"
    " WHERE bytes <> '' AND site = ?1 AND made_ms >="
    "  (SELECT labelled_ms FROM label WHERE site = ?1 AND comment = ?2)";

static const char drop_taught_person[] =
    "UPDATE site_model SET bytes = '', live = 0,"
    " reason = 'taken away: a label it was taught was taken back'"
    " WHERE bytes <> '' AND EXISTS (SELECT 1 FROM label"
    "  WHERE label.site = site_model.site AND label.person = ?1"
    "  AND label.labelled_ms <= site_model.made_ms)";

static const char erase_reasons[] =
    "UPDATE reason SET evidence = '' WHERE decision IN"
    " (SELECT id FROM decision WHERE person = ?1 OR (comment, site) IN"
    "   (SELECT comment, site FROM label WHERE person = ?1))";

static const char erase_decisions[] =
    "UPDATE decision SET author = '', excerpt = '', person = ''"
    " WHERE person = ?1 OR (comment, site) IN"
    "  (SELECT comment, site FROM label WHERE person = ?1)";

static const char erase_events[] =
    "UPDATE event SET body = '', state = CASE state WHEN 'waiting'"
    " THEN 'skipped' ELSE state END, detail = 'erased'"
    " WHERE instr(lower(body), lower(?1)) > 0";

static const char select_outcomes[] =
    "SELECT decision.at_ms, decision.verdict, label.spam FROM label"
    " JOIN decision ON decision.id = (SELECT max(id) FROM decision"
    "  WHERE decision.comment = label.comment AND decision.site = label.site"
    "  AND decision.decided_by = '')"
    " WHERE label.site = ? AND label.forgotten_ms = 0"
    " AND decision.at_ms >= ? ORDER BY decision.at_ms, decision.id";

/* Of the newest decision and the newest report; zero rows' worth of NULLs. */
static const char select_last_word[] =
    "SELECT coalesce(decision.state, ''), coalesce(decision.verdict, ''),"
    " coalesce(decision.at_ms, 0), coalesce(feedback.label, ''),"
    " coalesce(feedback.source, ''), coalesce(feedback.by, '')"
    " FROM (SELECT 1) AS one LEFT JOIN decision ON decision.id ="
    "  (SELECT max(id) FROM decision WHERE comment = ?1 AND site = ?2"
    "   AND decided_by = '')"
    " LEFT JOIN feedback ON feedback.id ="
    "  (SELECT max(id) FROM feedback WHERE comment = ?1 AND site = ?2"
    "   AND label IN ('spam', 'approve'))";

static enum error_code put(struct database *db, const struct kept_label *label,
                           struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, insert_label, err);

    if (rc)
        return rc;
    query_bind_span(&query, label->site);
    query_bind_span(&query, label->comment);
    query_bind_int(&query, label->spam);
    query_bind_span(&query, label->source);
    query_bind_span(&query, store_cut(label->giver, DECISION_AUTHOR_MAX));
    query_bind_double(&query, label->weight);
    query_bind_int(&query, label->at_ms);
    query_bind_int(&query, label->labelled_ms);
    query_bind_span(&query, label->person);
    query_bind_span(&query, label->body);
    return query_run(&query, err);
}

enum error_code labels_put(struct store *store, const struct kept_label *label,
                           size_t nr, size_t *changed, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = database_begin(db, err);

    *changed = 0;
    if (rc)
        return rc;
    for (size_t i = 0; i < nr && !rc; i++) {
        rc = put(db, &label[i], err);
        *changed += !rc && database_changes(db);
    }
    return database_end(db, rc, err);
}

static void take(struct query *query, struct kept_label *label)
{
    label->id = query_int(query);
    label->site = query_span(query);
    label->comment = query_span(query);
    label->spam = query_int(query) != 0;
    label->source = query_span(query);
    label->giver = query_span(query);
    label->weight = query_double(query);
    label->at_ms = query_int(query);
    label->labelled_ms = query_int(query);
    label->person = query_span(query);
    label->body = query_span(query);
}

enum error_code labels_each(struct store *store, struct span site,
                            bool (*each)(void *context,
                                         const struct kept_label *label),
                            void *context, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc = query_prepare_once(&query, store_database(store),
                                            span_str(select_labels), err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    for (;;) {
        struct kept_label label;

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        take(&query, &label);
        if (!each(context, &label))
            break;
    }
    query_release(&query);
    return rc;
}

/* A verdict in one of these states is what the site has, or was told. */
static bool is_taken(struct span state)
{
    return span_eq(state, SPAN_LIT("applied")) ||
           span_eq(state, SPAN_LIT("answered")) ||
           span_eq(state, SPAN_LIT("pending"));
}

static void take_word(struct query *query, struct arena *arena,
                      struct last_word *word)
{
    struct span state = query_span(query);
    struct span verdict = query_span(query);
    struct span label;
    struct span source;
    struct span by;

    word->decided_spam = span_eq(verdict, SPAN_LIT("spam"));
    word->decided = is_taken(state) && (word->decided_spam ||
                                        span_eq(verdict, SPAN_LIT("approve")));
    word->decided_ms = query_int(query);
    label = query_span(query);
    word->reported = label.len > 0;
    word->reported_spam = span_eq(label, SPAN_LIT("spam"));
    source = query_span(query);
    by = query_span(query);
    word->giver =
        arena_printf(arena, "%.*s:%.*s", SPAN_ARG(source), SPAN_ARG(by));
}

enum error_code labels_last_word(struct store *store, struct arena *arena,
                                 struct span site, struct span comment,
                                 struct last_word *word, struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_last_word, err);

    *word = (struct last_word){ .decided = false };
    if (rc)
        return rc;
    query_bind_span(&query, comment);
    query_bind_span(&query, site);
    rc = query_step(&query, &row, err);
    if (!rc && row)
        take_word(&query, arena, word);
    query_release(&query);
    return rc;
}

/* Run `sql` with up to three parameters; how many rows it touched. */
static enum error_code touch(struct database *db, const char *sql,
                             const struct span *text, size_t nr,
                             int64_t now_ms, size_t *rows, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, sql, err);

    if (rc)
        return rc;
    if (now_ms)
        query_bind_int(&query, now_ms);
    for (size_t i = 0; i < nr; i++)
        query_bind_span(&query, text[i]);
    rc = query_run(&query, err);
    if (!rc)
        *rows = database_changes(db);
    return rc;
}

enum error_code labels_forget(struct store *store, struct span site,
                              struct span comment, int64_t now_ms, bool *found,
                              struct error *err)
{
    const struct span key[] = { site, comment };
    struct database *db = store_database(store);
    enum error_code rc = database_begin(db, err);
    size_t models = 0;
    size_t rows = 0;

    *found = false;
    if (rc)
        return rc;
    rc = touch(db, drop_taught_comment, key, 2, 0, &models, err);
    if (!rc)
        rc = touch(db, forget_comment, key, 2, now_ms, &rows, err);
    *found = rows > 0;
    return database_end(db, rc, err);
}

enum error_code labels_erase(struct store *store, struct span person,
                             struct span email, int64_t now_ms,
                             struct erased *erased, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = database_begin(db, err);
    size_t reasons = 0;

    *erased = (struct erased){ 0 };
    if (rc)
        return rc;
    rc = touch(db, drop_taught_person, &person, 1, 0, &erased->models, err);
    if (!rc)
        rc = content_erase(db, person, err);
    if (!rc)
        rc = touch(db, erase_reasons, &person, 1, 0, &reasons, err);
    if (!rc)
        rc =
            touch(db, erase_decisions, &person, 1, 0, &erased->decisions, err);
    if (!rc)
        rc =
            touch(db, forget_person, &person, 1, now_ms, &erased->labels, err);
    if (!rc)
        rc = touch(db, erase_events, &email, 1, 0, &erased->events, err);
    return database_end(db, rc, err);
}

enum error_code
labels_outcomes(struct store *store, struct span site, int64_t since_ms,
                bool (*each)(void *context, const struct outcome *outcome),
                void *context, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc = query_prepare_once(&query, store_database(store),
                                            span_str(select_outcomes), err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    query_bind_int(&query, since_ms);
    for (;;) {
        struct outcome outcome = { .verdict = VERDICT_HOLD };

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        outcome.at_ms = query_int(&query);
        (void)verdict_parse(&outcome.verdict, query_span(&query));
        outcome.spam = query_int(&query) != 0;
        if (!each(context, &outcome))
            break;
    }
    query_release(&query);
    return rc;
}
