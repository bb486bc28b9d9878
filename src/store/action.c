/*
 * What a person decides here: a decision like ours, and feedback.
 */
#include "store/event.h"
#include "store/tables.h"
#include "store/waiting.h"

static const char select_newest[] =
    "SELECT " DECISION_COLUMNS " FROM decision"
    " WHERE comment = ? AND site = ? ORDER BY id DESC LIMIT 1";

static const char update_open[] =
    "UPDATE decision SET open = ?2 WHERE id = ?1";

static const char undo_feedback[] =
    "UPDATE feedback SET label = 'undone' WHERE id ="
    " (SELECT max(id) FROM feedback WHERE comment = ?1 AND site = ?2"
    "  AND source = 'page')";

static const char undo_label[] =
    "DELETE FROM label WHERE comment = ?1 AND site = ?2"
    " AND giver LIKE 'page:%' AND forgotten_ms = 0";

static const char select_action[] =
    "SELECT outcomes FROM action WHERE login = ? AND id = ?";

static const char insert_action[] =
    "INSERT INTO action (login, id, at_ms, outcomes) VALUES (?, ?, ?, ?)";

static const char *const kind_name[] = {
    [ACTION_APPROVE] = "approve",
    [ACTION_SPAM] = "spam",
    [ACTION_HOLD] = "hold",
    [ACTION_UNDO] = "undo",
};

static const char *const outcome_name[] = {
    [ACTION_DONE] = "done",
    [ACTION_SAME] = "same",
    [ACTION_UNKNOWN] = "unknown",
    [ACTION_NOTHING] = "nothing",
};

bool action_kind_parse(enum action_kind *kind, struct span name)
{
    for (size_t i = 0; i < sizeof(kind_name) / sizeof(kind_name[0]); i++)
        if (span_eq(name, span_str(kind_name[i]))) {
            *kind = (enum action_kind)i;
            return true;
        }
    return false;
}

struct span action_kind_name(enum action_kind kind)
{
    return span_str(kind_name[kind]);
}

struct span action_outcome_name(enum action_outcome outcome)
{
    return span_str(outcome_name[outcome]);
}

static enum error_code find_newest(struct store *store, struct arena *arena,
                                   const struct decision *judgement,
                                   struct decision *newest, struct error *err)
{
    struct decision_list list = { NULL, 0 };
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_newest, err);

    if (rc)
        return rc;
    query_bind_span(&query, judgement->comment);
    query_bind_span(&query, judgement->site);
    rc = history_read(&query, arena, &list, err);
    *newest = list.nr ? list.decision[0] : *judgement;
    return rc;
}

static enum verdict_kind kind_of_status(struct span status)
{
    if (span_eq(status, SPAN_LIT("approved")))
        return VERDICT_APPROVE;
    return span_eq(status, SPAN_LIT("spam")) ? VERDICT_SPAM : VERDICT_HOLD;
}

static struct span status_of_kind(enum verdict_kind kind)
{
    return kind == VERDICT_APPROVE ? SPAN_LIT("approved") : verdict_name(kind);
}

/* What the site has by `newest`, or will have. */
static enum verdict_kind stands_as(const struct decision *newest)
{
    switch (newest->state) {
    case DECISION_PENDING:
    case DECISION_APPLIED:
    case DECISION_KEPT:
    case DECISION_ANSWERED:
        return newest->verdict.kind;
    case DECISION_SKIPPED:
    case DECISION_GONE:
    case DECISION_FAILED:
    case DECISION_UNDONE:
        break;
    }
    return kind_of_status(newest->was);
}

static enum verdict_kind wanted(enum action_kind kind,
                                const struct decision *newest)
{
    switch (kind) {
    case ACTION_APPROVE:
        return VERDICT_APPROVE;
    case ACTION_SPAM:
        return VERDICT_SPAM;
    case ACTION_UNDO:
        return kind_of_status(newest->was);
    case ACTION_HOLD:
        break;
    }
    return VERDICT_HOLD;
}

/*
 * The status the site is expected to have. While the newest decision is on
 * its way it may have either; only taking that one back is sure to start from
 * what it says, for the site is not written to when it never got there.
 */
static struct span expected(const struct decision *newest,
                            enum verdict_kind want)
{
    if (newest->state == DECISION_PENDING &&
        kind_of_status(newest->was) != want)
        return newest->was;
    return status_of_kind(stands_as(newest));
}

static bool is_told(const struct action *action, struct span site)
{
    for (size_t i = 0; i < action->told_nr; i++)
        if (span_eq(action->told[i], site))
            return true;
    return false;
}

static enum error_code decide(struct store *store, const struct action *action,
                              const struct acted *acted,
                              const struct decision *newest, struct error *err)
{
    const struct decision *judgement = &acted->decision;
    struct decision decision = {
        .run = judgement->run,
        .at_ms = action->now_ms,
        .site = judgement->site,
        .comment = judgement->comment,
        .digest = newest->digest,
        .was = expected(newest, acted->after),
        .author = judgement->author,
        .excerpt = judgement->excerpt,
        .person = judgement->person,
        .by = action->login,
        .campaign = judgement->campaign,
        .verdict = { .kind = acted->after,
                     .p_spam = judgement->verdict.p_spam,
                     .p_abuse = judgement->verdict.p_abuse,
                     .model = SPAN_LIT("person") },
    };

    if (!is_told(action, judgement->site))
        decision.state = DECISION_ANSWERED;
    return decisions_add(store, &decision, 1, err);
}

static enum error_code say(struct store *store, const struct action *action,
                           const struct decision *judgement, struct error *err)
{
    struct feedback feedback = {
        .site = judgement->site,
        .comment = judgement->comment,
        .label = action_kind_name(action->kind),
        .source = SPAN_LIT("page"),
        .by = action->login,
        .at_ms = action->now_ms,
    };
    bool echo;

    return feedback_add(store, &feedback, SPAN_LIT(""), &echo, err);
}

static enum error_code run_for(struct database *db, const char *sql,
                               const struct decision *judgement,
                               struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, sql, err);

    if (rc)
        return rc;
    query_bind_span(&query, judgement->comment);
    query_bind_span(&query, judgement->site);
    return query_run(&query, err);
}

static enum error_code
unsay(struct store *store, const struct decision *judgement, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = run_for(db, undo_feedback, judgement, err);

    return rc ? rc : run_for(db, undo_label, judgement, err);
}

/* Does it wait for a person now, and has one left it for later? */
static int64_t open_after(const struct action *action,
                          const struct acted *acted)
{
    if (acted->after != VERDICT_HOLD)
        return 0;
    return action->kind == ACTION_HOLD ? 2 : 1;
}

static enum error_code set_open(struct store *store, int64_t judgement,
                                int64_t open, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), update_open, err);

    if (rc)
        return rc;
    query_bind_int(&query, judgement);
    query_bind_int(&query, open);
    return query_run(&query, err);
}

enum error_code action_take(struct store *store, struct arena *arena,
                            const struct action *action, int64_t judgement,
                            struct acted *acted, struct error *err)
{
    struct decision newest;
    bool found;
    enum error_code rc =
        judgement_find(store, arena, judgement, &acted->decision, &found, err);

    acted->outcome = ACTION_UNKNOWN;
    if (rc || !found)
        return rc;
    rc = database_reserve(store_database(store), acted->decision.site,
                          acted->decision.comment, err);
    if (!rc)
        rc = find_newest(store, arena, &acted->decision, &newest, err);
    if (rc)
        return rc;
    acted->outcome = ACTION_NOTHING;
    if (action->kind == ACTION_UNDO && !newest.by.len)
        return ERROR_NONE;
    acted->before = stands_as(&newest);
    acted->after = wanted(action->kind, &newest);
    acted->outcome = acted->before == acted->after ? ACTION_SAME : ACTION_DONE;
    if (acted->outcome == ACTION_DONE)
        rc = decide(store, action, acted, &newest, err);
    if (!rc)
        rc = action->kind == ACTION_UNDO
                 ? unsay(store, &acted->decision, err)
                 : say(store, action, &acted->decision, err);
    return rc ? rc
              : set_open(store, judgement, open_after(action, acted), err);
}

enum error_code action_known(struct store *store, struct arena *arena,
                             struct span login, struct span id,
                             struct span *outcomes, bool *found,
                             struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_action, err);

    *found = false;
    if (rc)
        return rc;
    query_bind_span(&query, login);
    query_bind_span(&query, id);
    rc = query_step(&query, found, err);
    if (!rc && *found)
        *outcomes = arena_dup(arena, query_span(&query));
    query_release(&query);
    return rc;
}

enum error_code action_remember(struct store *store, struct span login,
                                struct span id, int64_t now_ms,
                                struct span outcomes, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), insert_action, err);

    if (rc)
        return rc;
    query_bind_span(&query, login);
    query_bind_span(&query, id);
    query_bind_int(&query, now_ms);
    query_bind_span(&query, outcomes);
    return query_run(&query, err);
}
