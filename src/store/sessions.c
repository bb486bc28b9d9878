/*
 * Who is signed in; and the log of who did what.
 */
#include "store/account.h"

#include "store/tables.h"

static const char forget_sessions[] =
    "DELETE FROM session WHERE created_ms < ?";

static const char insert_session[] =
    "INSERT INTO session (token, login, csrf, address, created_ms, seen_ms)"
    " VALUES (?, ?, ?, ?, ?, ?)";

static const char select_session[] =
    "SELECT account.login, role, csrf, address, session.created_ms,"
    " session.seen_ms FROM session JOIN account USING (login)"
    " WHERE token = ? AND ended = 0 AND disabled = 0"
    " AND session.seen_ms > ? AND session.created_ms > ?";

static const char touch_session[] =
    "UPDATE session SET seen_ms = ?2 WHERE token = ?1";

static const char touch_account[] =
    "UPDATE account SET seen_ms = ?2 WHERE login ="
    " (SELECT login FROM session WHERE token = ?1)";

static const char end_session[] =
    "UPDATE session SET ended = 1 WHERE token = ?";

static const char end_sessions[] =
    "UPDATE session SET ended = 1 WHERE login = ?";

static const char select_known[] =
    "SELECT 1 FROM session WHERE login = ? AND address = ?"
    " AND created_ms > ? LIMIT 1";

static const char insert_audit[] =
    "INSERT INTO audit (at_ms, who, what, site, subject, before, after)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)";

#define AUDIT_COLUMNS "id, at_ms, who, what, site, subject, before, after"

static const char select_audit[] =
    "SELECT " AUDIT_COLUMNS " FROM audit WHERE id < ?"
    " ORDER BY id DESC LIMIT ?";

static const char select_audit_of[] =
    "SELECT " AUDIT_COLUMNS " FROM audit WHERE id < ? AND who = ?"
    " ORDER BY id DESC LIMIT ?";

static enum error_code forget_old(struct database *db, int64_t now_ms,
                                  struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, forget_sessions, err);

    if (rc)
        return rc;
    query_bind_int(&query, now_ms - SESSION_KNOWN_MS);
    return query_run(&query, err);
}

enum error_code session_put(struct store *store, struct span token,
                            const struct session *session, struct error *err)
{
    struct database *db = store_database(store);
    struct query query;
    enum error_code rc = forget_old(db, session->created_ms, err);

    if (!rc)
        rc = query_prepare(&query, db, insert_session, err);
    if (rc)
        return rc;
    query_bind_span(&query, token);
    query_bind_span(&query, session->login);
    query_bind_span(&query, session->csrf);
    query_bind_span(&query, session->address);
    query_bind_int(&query, session->created_ms);
    query_bind_int(&query, session->created_ms);
    rc = query_run(&query, err);
    return rc ? rc : session_touch(store, token, session->created_ms, err);
}

enum error_code session_find(struct store *store, struct arena *arena,
                             struct span token, int64_t now_ms,
                             struct session *session, bool *found,
                             struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_session, err);

    *found = false;
    if (rc)
        return rc;
    query_bind_span(&query, token);
    query_bind_int(&query, now_ms - SESSION_IDLE_MS);
    query_bind_int(&query, now_ms - SESSION_MOST_MS);
    rc = query_step(&query, found, err);
    if (!rc && *found) {
        *session =
            (struct session){ .login = arena_dup(arena, query_span(&query)) };
        (void)account_role_parse(&session->role, query_span(&query));
        session->csrf = arena_dup(arena, query_span(&query));
        session->address = arena_dup(arena, query_span(&query));
        session->created_ms = query_int(&query);
        session->seen_ms = query_int(&query);
    }
    query_release(&query);
    return rc;
}

static enum error_code touch(struct database *db, const char *sql,
                             struct span token, int64_t now_ms,
                             struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, sql, err);

    if (rc)
        return rc;
    query_bind_span(&query, token);
    query_bind_int(&query, now_ms);
    return query_run(&query, err);
}

enum error_code session_touch(struct store *store, struct span token,
                              int64_t now_ms, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = touch(db, touch_session, token, now_ms, err);

    return rc ? rc : touch(db, touch_account, token, now_ms, err);
}

static enum error_code end(struct store *store, const char *sql,
                           struct span value, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), sql, err);

    if (rc)
        return rc;
    query_bind_span(&query, value);
    return query_run(&query, err);
}

enum error_code session_end(struct store *store, struct span token,
                            struct error *err)
{
    return end(store, end_session, token, err);
}

enum error_code session_end_all(struct store *store, struct span login,
                                struct error *err)
{
    return end(store, end_sessions, login, err);
}

enum error_code session_knows(struct store *store, struct span login,
                              struct span address, int64_t now_ms, bool *known,
                              struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_known, err);

    if (rc)
        return rc;
    query_bind_span(&query, login);
    query_bind_span(&query, address);
    query_bind_int(&query, now_ms - SESSION_KNOWN_MS);
    rc = query_step(&query, known, err);
    query_release(&query);
    return rc;
}

enum error_code audit_add(struct store *store, const struct audit *audit,
                          struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), insert_audit, err);

    if (rc)
        return rc;
    query_bind_int(&query, audit->at_ms);
    query_bind_span(&query, audit->who);
    query_bind_span(&query, audit->what);
    query_bind_span(&query, audit->site);
    query_bind_span(&query, audit->subject);
    query_bind_span(&query, store_cut(audit->before, AUDIT_VALUE_MAX));
    query_bind_span(&query, store_cut(audit->after, AUDIT_VALUE_MAX));
    return query_run(&query, err);
}

static void audit_take(struct query *query, struct audit *audit)
{
    audit->id = query_int(query);
    audit->at_ms = query_int(query);
    audit->who = query_span(query);
    audit->what = query_span(query);
    audit->site = query_span(query);
    audit->subject = query_span(query);
    audit->before = query_span(query);
    audit->after = query_span(query);
}

enum error_code
audit_each(struct store *store, struct span who, int64_t before_id, size_t max,
           bool (*each)(void *context, const struct audit *audit),
           void *context, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc =
        query_prepare(&query, store_database(store),
                      who.len ? select_audit_of : select_audit, err);

    if (rc)
        return rc;
    query_bind_int(&query, before_id ? before_id : INT64_MAX);
    if (who.len)
        query_bind_span(&query, who);
    query_bind_limit(&query, max);
    while (!rc) {
        struct audit audit;

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        audit_take(&query, &audit);
        if (!each(context, &audit))
            break;
    }
    query_release(&query);
    return rc;
}
