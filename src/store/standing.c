/*
 * How a comment stands, and how it came to that.
 */
#include "store/tables.h"
#include "store/waiting.h"

static const char select_newest[] =
    "SELECT verdict, decided_by, at_ms, state, detail, was FROM decision"
    " WHERE comment = ? AND site = ? ORDER BY id DESC LIMIT 1";

/* What was said at the site; what was said here is a decision as well. */
static const char select_said[] =
    "SELECT label, CASE by WHEN '' THEN source ELSE by END, at_ms"
    " FROM feedback WHERE comment = ? AND site = ? AND source <> 'page'"
    " ORDER BY id DESC LIMIT 1";

static const char select_story[] =
    "SELECT at_ms, CASE decided_by WHEN '' THEN 'judged' ELSE 'changed' END,"
    "  decided_by, verdict, CASE decided_by WHEN '' THEN model ELSE '' END,"
    "  state, detail, id, 0 FROM decision"
    "  WHERE comment = ?1 AND site = ?2"
    " UNION ALL SELECT settled_ms, 'told', '', verdict, '', state, detail,"
    "  id, 1 FROM decision WHERE comment = ?1 AND site = ?2"
    "  AND settled_ms <> 0"
    " UNION ALL SELECT at_ms, 'said', CASE by WHEN '' THEN source ELSE by END,"
    "  label, '', '', source, id, 2 FROM feedback"
    "  WHERE comment = ?1 AND site = ?2 AND source <> 'page'"
    " UNION ALL SELECT labelled_ms, 'said', CASE giver WHEN '' THEN source"
    "  ELSE giver END, CASE spam WHEN 1 THEN 'spam' ELSE 'approve' END, '',"
    "  '', source, id, 3 FROM label"
    "  WHERE comment = ?1 AND site = ?2 AND forgotten_ms = 0"
    "  AND source <> 'feedback'"
    " ORDER BY 1, 9, 8 LIMIT 200";

/* What the site has when a decision did not get there: what it had before. */
static struct span verdict_of_status(struct span status)
{
    return span_eq(status, SPAN_LIT("approved")) ? SPAN_LIT("approve")
           : status.len                          ? status
                                                 : SPAN_LIT("hold");
}

static bool is_there(struct span state)
{
    static const char *const there[] = { "pending", "applied", "kept",
                                         "answered" };

    for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
        if (span_eq(state, span_str(there[i])))
            return true;
    return false;
}

static void take_newest(struct query *query, struct arena *arena,
                        struct standing *standing)
{
    struct span was;

    standing->verdict = arena_dup(arena, query_span(query));
    standing->by = arena_dup(arena, query_span(query));
    standing->at_ms = query_int(query);
    standing->state = arena_dup(arena, query_span(query));
    standing->detail = arena_dup(arena, query_span(query));
    was = arena_dup(arena, query_span(query));
    if (!is_there(standing->state))
        standing->verdict = verdict_of_status(was);
}

static void take_said(struct query *query, struct arena *arena,
                      struct standing *standing)
{
    struct span verdict = arena_dup(arena, query_span(query));
    struct span by = arena_dup(arena, query_span(query));
    int64_t at_ms = query_int(query);

    if (at_ms < standing->at_ms)
        return;
    *standing = (struct standing){ verdict, by, at_ms, SPAN_LIT("said"),
                                   SPAN_LIT("") };
}

static enum error_code
find(struct store *store, struct arena *arena, const char *sql,
     struct span site, struct span comment, struct standing *standing,
     void (*take)(struct query *query, struct arena *arena,
                  struct standing *standing),
     struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), sql, err);

    if (rc)
        return rc;
    query_bind_span(&query, comment);
    query_bind_span(&query, site);
    rc = query_step(&query, &row, err);
    if (!rc && row)
        take(&query, arena, standing);
    query_release(&query);
    return rc;
}

enum error_code standing_find(struct store *store, struct arena *arena,
                              struct span site, struct span comment,
                              struct standing *standing, struct error *err)
{
    enum error_code rc;

    *standing = (struct standing){ .verdict = SPAN_LIT("hold") };
    rc = find(store, arena, select_newest, site, comment, standing,
              take_newest, err);
    return rc ? rc
              : find(store, arena, select_said, site, comment, standing,
                     take_said, err);
}

enum error_code
story_each(struct store *store, struct span site, struct span comment,
           bool (*each)(void *context, const struct story_step *step),
           void *context, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_story, err);

    if (rc)
        return rc;
    query_bind_span(&query, comment);
    query_bind_span(&query, site);
    while (!rc) {
        struct story_step step;

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        step.at_ms = query_int(&query);
        step.what = query_span(&query);
        step.by = query_span(&query);
        step.verdict = query_span(&query);
        step.model = query_span(&query);
        step.state = query_span(&query);
        step.detail = query_span(&query);
        if (!each(context, &step))
            break;
    }
    query_release(&query);
    return rc;
}
