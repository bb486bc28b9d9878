/*
 * Accounts and one-time links.
 */
#include "store/account.h"

#include "store/tables.h"

#define ACCOUNT_COLUMNS "login, role, password, disabled, created_ms, seen_ms"

static const char count_accounts[] =
    "SELECT count(*) FROM account WHERE disabled = 0 AND password <> ''"
    " AND (role = 'admin' OR ?)";

static const char select_account[] =
    "SELECT " ACCOUNT_COLUMNS " FROM account WHERE login = ?";

static const char select_accounts[] =
    "SELECT " ACCOUNT_COLUMNS " FROM account ORDER BY login";

static const char insert_account[] =
    "INSERT INTO account (" ACCOUNT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (login) DO UPDATE SET role = excluded.role,"
    " password = excluded.password, disabled = excluded.disabled";

/* What the sessions of an account rest on, before it is changed. */
static const char end_changed[] =
    "UPDATE session SET ended = 1 WHERE login = ?1 AND (?3 OR NOT EXISTS"
    " (SELECT 1 FROM account WHERE login = ?1 AND password = ?2))";

static const char forget_invites[] = "DELETE FROM invite WHERE login = ?";

static const char insert_invite[] =
    "INSERT INTO invite (token, login, role, expires_ms) VALUES (?, ?, ?, ?)";

static const char select_invite[] =
    "SELECT login, role, expires_ms FROM invite"
    " WHERE token = ? AND expires_ms > ?";

static const char take_invite[] = "DELETE FROM invite WHERE token = ?";

static const char *const role_name[] = {
    [ACCOUNT_MODERATOR] = "moderator",
    [ACCOUNT_ADMIN] = "admin",
};

struct span account_role_name(enum account_role role)
{
    return span_str(role_name[role]);
}

bool account_role_parse(enum account_role *role, struct span name)
{
    for (size_t i = 0; i < sizeof(role_name) / sizeof(role_name[0]); i++)
        if (span_eq(name, span_str(role_name[i]))) {
            *role = (enum account_role)i;
            return true;
        }
    return false;
}

bool account_login_is_one(struct span login)
{
    struct span letters = SPAN_LIT("abcdefghijklmnopqrstuvwxyz0123456789._-");

    for (size_t i = 0; i < login.len; i++)
        if (span_find_char(letters, login.ptr[i]) == letters.len)
            return false;
    return login.len >= 2 && login.len <= ACCOUNT_LOGIN_MAX;
}

enum error_code account_count(struct store *store, enum account_role at_least,
                              size_t *nr, struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), count_accounts, err);

    if (rc)
        return rc;
    query_bind_int(&query, at_least == ACCOUNT_MODERATOR);
    rc = query_step(&query, &row, err);
    if (!rc && row)
        *nr = (size_t)query_int(&query);
    query_release(&query);
    return rc;
}

static void account_take(struct query *query, struct account *account)
{
    *account = (struct account){ .login = query_span(query) };
    (void)account_role_parse(&account->role, query_span(query));
    account->password = query_span(query);
    account->disabled = query_int(query) != 0;
    account->created_ms = query_int(query);
    account->seen_ms = query_int(query);
}

enum error_code account_find(struct store *store, struct arena *arena,
                             struct span login, struct account *account,
                             bool *found, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_account, err);

    *found = false;
    if (rc)
        return rc;
    query_bind_span(&query, login);
    rc = query_step(&query, found, err);
    if (!rc && *found) {
        account_take(&query, account);
        account->login = arena_dup(arena, account->login);
        account->password = arena_dup(arena, account->password);
    }
    query_release(&query);
    return rc;
}

enum error_code account_each(struct store *store,
                             bool (*each)(void *context,
                                          const struct account *account),
                             void *context, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_accounts, err);

    while (!rc) {
        struct account account;

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        account_take(&query, &account);
        if (!each(context, &account))
            break;
    }
    query_release(&query);
    return rc;
}

static enum error_code sessions_of_changed(struct database *db,
                                           const struct account *account,
                                           struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, end_changed, err);

    if (rc)
        return rc;
    query_bind_span(&query, account->login);
    query_bind_span(&query, account->password);
    query_bind_int(&query, account->disabled);
    return query_run(&query, err);
}

enum error_code account_put(struct store *store, const struct account *account,
                            struct error *err)
{
    struct database *db = store_database(store);
    struct query query;
    enum error_code rc = sessions_of_changed(db, account, err);

    if (!rc)
        rc = query_prepare(&query, db, insert_account, err);
    if (rc)
        return rc;
    query_bind_span(&query, account->login);
    query_bind_span(&query, account_role_name(account->role));
    query_bind_span(&query, account->password);
    query_bind_int(&query, account->disabled);
    query_bind_int(&query, account->created_ms);
    query_bind_int(&query, account->seen_ms);
    return query_run(&query, err);
}

static enum error_code run_with(struct database *db, const char *sql,
                                struct span value, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, sql, err);

    if (rc)
        return rc;
    query_bind_span(&query, value);
    return query_run(&query, err);
}

enum error_code invite_put(struct store *store, struct span token,
                           const struct invite *invite, struct error *err)
{
    struct database *db = store_database(store);
    struct query query;
    enum error_code rc = run_with(db, forget_invites, invite->login, err);

    if (!rc)
        rc = query_prepare(&query, db, insert_invite, err);
    if (rc)
        return rc;
    query_bind_span(&query, token);
    query_bind_span(&query, invite->login);
    query_bind_span(&query, account_role_name(invite->role));
    query_bind_int(&query, invite->expires_ms);
    return query_run(&query, err);
}

enum error_code invite_find(struct store *store, struct arena *arena,
                            struct span token, int64_t now_ms,
                            struct invite *invite, bool *found,
                            struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_invite, err);

    *found = false;
    if (rc)
        return rc;
    query_bind_span(&query, token);
    query_bind_int(&query, now_ms);
    rc = query_step(&query, found, err);
    if (!rc && *found) {
        invite->login = arena_dup(arena, query_span(&query));
        (void)account_role_parse(&invite->role, query_span(&query));
        invite->expires_ms = query_int(&query);
    }
    query_release(&query);
    return rc;
}

enum error_code invite_take(struct store *store, struct span token,
                            bool *found, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = run_with(db, take_invite, token, err);

    *found = !rc && database_changes(db);
    return rc;
}
