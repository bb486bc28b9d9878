/*
 * Accounts, for admins; everybody's own password; and the audit log.
 */
#include "page/account_api.h"

#include "base/password.h"
#include "base/secret.h"
#include "page/put.h"

#define AUDIT_PAGE 50
#define PAGE_MOST 100

/* What is to become of an account, on its way to the writer. */
struct change {
    struct visit *visit;
    struct account account;
    struct span before;
    bool link; /* a new one-time link is wanted */
    struct secret_token token;
    int64_t expires_ms;
};

static struct span state_of(const struct account *account)
{
    if (account->disabled)
        return SPAN_LIT("disabled");
    return account->password.len ? SPAN_LIT("active") : SPAN_LIT("invited");
}

static struct span describe(struct arena *arena, const struct account *account)
{
    return arena_printf(arena, "%.*s %.*s",
                        SPAN_ARG(account_role_name(account->role)),
                        SPAN_ARG(state_of(account)));
}

static void put_account(struct buf *out, const char *name,
                        const struct account *account)
{
    put_open(out, name, '{');
    put_text(out, "login", account->login);
    put_text(out, "role", account_role_name(account->role));
    put_text(out, "state", state_of(account));
    put_int(out, "created_ms", account->created_ms);
    put_int(out, "seen_ms", account->seen_ms);
    put_close(out, '}');
}

static bool put_each(void *context, const struct account *account)
{
    put_account(context, NULL, account);
    return true;
}

void accounts_get(struct visit *visit)
{
    struct error err;

    put_open(&visit->out, NULL, '{');
    put_open(&visit->out, "accounts", '[');
    if (account_each(visit->store, put_each, &visit->out, &err))
        visit_fail(visit, &err);
    put_close(&visit->out, ']');
    put_close(&visit->out, '}');
}

static enum error_code put_link(struct change *change, struct store *store,
                                struct error *err)
{
    struct visit *visit = change->visit;
    struct secret_token hash;

    change->token = secret_token();
    change->expires_ms = visit->request->came_ms + PAGE_LINK_MS;
    hash = secret_sha256(span_str(change->token.text));
    return invite_put(store, span_str(hash.text),
                      &(struct invite){ change->account.login,
                                        change->account.role,
                                        change->expires_ms },
                      err);
}

/* Somebody must be left who can undo it. */
static enum error_code must_have_admin(struct visit *visit,
                                       struct store *store, struct error *err)
{
    size_t nr = 0;
    enum error_code rc = account_count(store, ACCOUNT_ADMIN, &nr, err);

    if (rc || nr)
        return rc;
    visit_refuse(visit, 409, "last_admin",
                 "this is the last admin; make somebody else one first");
    return visit_take_back(err);
}

static enum error_code keep(struct change *change, struct store *store,
                            const char *what, struct error *err)
{
    struct visit *visit = change->visit;
    enum error_code rc = account_put(store, &change->account, err);

    if (!rc)
        rc = must_have_admin(visit, store, err);
    if (!rc && change->link)
        rc = put_link(change, store, err);
    return rc ? rc
              : visit_audit(visit, store, what, SPAN_LIT(""),
                            change->account.login, change->before,
                            arena_printf(visit->arena, "%.*s%s",
                                         SPAN_ARG(describe(visit->arena,
                                                           &change->account)),
                                         change->link ? ", new link" : ""),
                            err);
}

static enum error_code add(void *context, struct store *store,
                           struct error *err)
{
    struct change *change = context;
    struct visit *visit = change->visit;
    struct account other;
    bool found;
    enum error_code rc = account_find(
        store, visit->arena, change->account.login, &other, &found, err);

    if (rc)
        return rc;
    if (!found)
        return keep(change, store, "account_added", err);
    visit_refuse(visit, 409, "login", "there is an account of that login");
    return visit_take_back(err);
}

/* Named as the body names it; false, and refused, when there is none such. */
static bool role_from(struct visit *visit, enum account_role *role)
{
    struct span name;

    if (!visit_text(visit, "role", &name))
        return false;
    if (account_role_parse(role, name))
        return true;
    visit_refuse(visit, 400, "role", "a role is moderator or admin");
    return false;
}

static void put_changed(struct change *change)
{
    struct buf *out = &change->visit->out;

    put_open(out, NULL, '{');
    put_account(out, "account", &change->account);
    if (change->link) {
        put_text(out, "link",
                 arena_printf(change->visit->arena, "/#/setup?token=%s",
                              change->token.text));
        put_int(out, "expires_ms", change->expires_ms);
    }
    put_close(out, '}');
}

void accounts_add(struct visit *visit)
{
    struct change change = {
        .visit = visit,
        .account = { .created_ms = visit->request->came_ms },
        .link = true,
    };

    if (!visit_text(visit, "login", &change.account.login) ||
        !role_from(visit, &change.account.role))
        return;
    if (!account_login_is_one(change.account.login)) {
        visit_refuse(visit, 400, "login",
                     "a login has 2 to 40 of a-z, 0-9, '.', '_' and '-'");
        return;
    }
    if (!visit_write(visit, add, &change))
        return;
    visit->answer.status = 201;
    put_changed(&change);
}

/* What the body wants of the account. False, and refused: nonsense. */
static bool take_wishes(struct change *change)
{
    struct visit *visit = change->visit;
    const struct json *disabled = json_member(visit->body, "disabled");
    const struct json *invite = json_member(visit->body, "invite");

    if (json_member(visit->body, "role") &&
        !role_from(visit, &change->account.role))
        return false;
    if ((!disabled || json_boolean(disabled, &change->account.disabled)) &&
        (!invite || json_boolean(invite, &change->link)))
        return true;
    visit_refuse(visit, 400, "invalid",
                 "disabled and invite are true or false");
    return false;
}

static enum error_code change_account(void *context, struct store *store,
                                      struct error *err)
{
    struct change *change = context;
    struct visit *visit = change->visit;
    bool found;
    enum error_code rc = account_find(store, visit->arena, visit->param,
                                      &change->account, &found, err);

    if (rc)
        return rc;
    if (!found) {
        visit_refuse(visit, 404, "login", "there is no account of that login");
        return visit_take_back(err);
    }
    change->before = describe(visit->arena, &change->account);
    if (!take_wishes(change))
        return visit_take_back(err);
    return keep(change, store, "account_changed", err);
}

void accounts_change(struct visit *visit)
{
    struct change change = { .visit = visit };

    if (visit_write(visit, change_account, &change))
        put_changed(&change);
}

static enum error_code set_password(void *context, struct store *store,
                                    struct error *err)
{
    struct change *change = context;
    struct visit *visit = change->visit;
    struct span token = visit->token;
    enum error_code rc = account_put(store, &change->account, err);

    /* All sessions have ended by it; this one goes on under a new token. */
    if (!rc)
        rc = session_end(store, token, err);
    if (!rc)
        rc = session_open(visit, store, change->account.login,
                          change->account.role, err);
    return rc ? rc
              : visit_audit(visit, store, "password", SPAN_LIT(""),
                            change->account.login, SPAN_LIT(""), SPAN_LIT(""),
                            err);
}

void password_change(struct visit *visit)
{
    struct change change = { .visit = visit };
    struct password_hash hash;
    struct span old;
    struct span new;
    struct error err;
    bool found;

    if (!visit_text(visit, "old", &old) || !visit_text(visit, "new", &new) ||
        !password_is_sound(visit, new) ||
        !tries_may(visit, visit->session.login))
        return;
    if (account_find(visit->store, visit->arena, visit->session.login,
                     &change.account, &found, &err)) {
        visit_fail(visit, &err);
        return;
    }
    if (!password_is(change.account.password, old)) {
        tries_failed(visit, visit->session.login);
        visit_refuse(visit, 403, "password", "the old password is another");
        return;
    }
    tries_worked(visit, visit->session.login);
    hash = password_hash(new);
    change.account.password = span_str(hash.text);
    if (visit_write(visit, set_password, &change))
        session_put_json(visit);
}

struct audit_page {
    struct buf *out;
    size_t nr;
    int64_t last;
};

static bool put_entry(void *context, const struct audit *audit)
{
    struct audit_page *page = context;
    struct buf *out = page->out;

    put_open(out, NULL, '{');
    put_int(out, "id", audit->id);
    put_int(out, "at_ms", audit->at_ms);
    put_text(out, "who", audit->who);
    put_text(out, "what", audit->what);
    put_text(out, "site", audit->site);
    put_text(out, "subject", audit->subject);
    put_text(out, "before", audit->before);
    put_text(out, "after", audit->after);
    put_close(out, '}');
    page->nr++;
    page->last = audit->id;
    return true;
}

void audit_get(struct visit *visit)
{
    struct audit_page page = { .out = &visit->out };
    int64_t limit = AUDIT_PAGE;
    int64_t after = 0;
    struct error err;

    if (!visit_query_int(visit, "limit", 1, PAGE_MOST, &limit) ||
        !visit_query_int(visit, "after", 1, INT64_MAX, &after))
        return;
    put_open(page.out, NULL, '{');
    put_open(page.out, "items", '[');
    if (audit_each(visit->store, visit_query(visit, "who"), after,
                   (size_t)limit, put_entry, &page, &err)) {
        visit_fail(visit, &err);
        return;
    }
    put_close(page.out, ']');
    if (page.nr == (size_t)limit)
        put_text(page.out, "next",
                 arena_printf(visit->arena, "%lld", (long long)page.last));
    else
        put_null(page.out, "next");
    put_close(page.out, '}');
}
