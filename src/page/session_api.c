/*
 * Who is there: signing in and out, and one-time links.
 */
#include "page/account_api.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/password.h"
#include "base/secret.h"
#include "page/guard.h"
#include "page/put.h"

#define MS_PER_S 1000

/*
 * Of one login from one address; of one address, whatever the login; and of
 * one login from anywhere, which its owner, at an address he has signed in
 * from before, does not feel.
 */
static const struct throttle_rule of_pair = { 5, 60 };
static const struct throttle_rule of_address = { 20, 300 };
static const struct throttle_rule of_login = { 50, 60 };

struct keys {
    struct span pair;
    struct span address;
    struct span login;
};

static struct keys keys_of(const struct visit *visit, struct span login)
{
    struct span from = visit->request->client;

    return (struct keys){
        arena_printf(visit->arena, "%.*s at %.*s", SPAN_ARG(login),
                     SPAN_ARG(from)),
        arena_printf(visit->arena, "at %.*s", SPAN_ARG(from)),
        arena_printf(visit->arena, "%.*s", SPAN_ARG(login)),
    };
}

static bool is_at_home(struct visit *visit, struct span login)
{
    bool known = false;
    struct error err;

    return login.len &&
           !session_knows(visit->store, login, visit->request->client,
                          visit->request->came_ms, &known, &err) &&
           known;
}

bool tries_may(struct visit *visit, struct span login)
{
    struct keys keys = keys_of(visit, login);
    int64_t now = clock_steady_ms();
    long seconds = 1;

    if (throttle_may(visit->throttle, keys.pair, now, &seconds) &&
        throttle_may(visit->throttle, keys.address, now, &seconds) &&
        (throttle_may(visit->throttle, keys.login, now, &seconds) ||
         is_at_home(visit, login)))
        return true;
    http_answer_later(&visit->answer, visit->arena, 429, "throttled", seconds);
    return false;
}

void tries_failed(struct visit *visit, struct span login)
{
    struct keys keys = keys_of(visit, login);
    int64_t now = clock_steady_ms();

    throttle_failed(visit->throttle, keys.pair, &of_pair, now);
    throttle_failed(visit->throttle, keys.address, &of_address, now);
    throttle_failed(visit->throttle, keys.login, &of_login, now);
    log_warn("sign_in_failed", "login=%s address=%s", log_quote(login).text,
             log_quote(visit->request->client).text);
}

void tries_worked(struct visit *visit, struct span login)
{
    throttle_worked(visit->throttle, keys_of(visit, login).pair);
}

bool password_is_sound(struct visit *visit, struct span password)
{
    if (password.len >= PASSWORD_BYTES_MIN &&
        password.len <= PASSWORD_BYTES_MAX)
        return true;
    visit_refuse(visit, 400, "password",
                 "a password needs 12 bytes at least, and 1,000 at most");
    return false;
}

static void put_sites(struct visit *visit)
{
    struct page_site_list list =
        visit->house->sites(visit->house->context, visit->arena);

    put_open(&visit->out, "sites", '[');
    for (size_t i = 0; i < list.nr; i++)
        put_text(&visit->out, NULL, list.site[i].name);
    put_close(&visit->out, ']');
}

void session_put_json(struct visit *visit)
{
    const struct session *session = &visit->session;
    struct buf *out = &visit->out;

    put_open(out, NULL, '{');
    put_bool(out, "signed_in", true);
    put_bool(out, "setup", false);
    put_text(out, "login", session->login);
    put_text(out, "role", account_role_name(session->role));
    put_text(out, "csrf", session->csrf);
    put_int(out, "expires_ms", session->created_ms + SESSION_MOST_MS);
    put_sites(visit);
    put_close(out, '}');
}

void session_get(struct visit *visit)
{
    struct error err;
    size_t nr = 0;

    if (visit->session.login.len) {
        session_put_json(visit);
        return;
    }
    if (account_count(visit->store, ACCOUNT_MODERATOR, &nr, &err)) {
        visit_fail(visit, &err);
        return;
    }
    put_open(&visit->out, NULL, '{');
    put_bool(&visit->out, "signed_in", false);
    put_bool(&visit->out, "setup", nr == 0);
    put_close(&visit->out, '}');
}

enum error_code session_open(struct visit *visit, struct store *store,
                             struct span login, enum account_role role,
                             struct error *err)
{
    struct arena *arena = visit->arena;
    struct secret_token token = secret_token();
    struct secret_token csrf = secret_token();
    int64_t now = visit->request->came_ms;

    visit->token =
        arena_dup(arena, span_str(secret_sha256(span_str(token.text)).text));
    visit->session = (struct session){
        .login = login,
        .role = role,
        .csrf = arena_dup(arena, span_str(csrf.text)),
        .address = visit->request->client,
        .created_ms = now,
        .seen_ms = now,
    };
    guard_set_cookie(visit->request, &visit->answer,
                     arena_dup(arena, span_str(token.text)),
                     SESSION_MOST_MS / MS_PER_S);
    return session_put(store, visit->token, &visit->session, err);
}

/* What signing in is about, on its way to the writer. */
struct entry {
    struct visit *visit;
    struct account account;
};

static enum error_code begin(void *context, struct store *store,
                             struct error *err)
{
    struct entry *entry = context;
    struct visit *visit = entry->visit;
    struct span none = SPAN_LIT("");
    enum error_code rc = session_open(visit, store, entry->account.login,
                                      entry->account.role, err);

    return rc ? rc
              : visit_audit(visit, store, "sign_in", none,
                            entry->account.login, none, visit->request->client,
                            err);
}

void session_begin(struct visit *visit)
{
    struct entry entry = { .visit = visit };
    struct span login;
    struct span password;
    struct error err;
    bool found;

    if (!visit_text(visit, "login", &login) ||
        !visit_text(visit, "password", &password))
        return;
    login = span_cut(login, 0, ACCOUNT_LOGIN_MAX);
    password = span_cut(password, 0, PASSWORD_BYTES_MAX);
    if (!tries_may(visit, login))
        return;
    if (account_find(visit->store, visit->arena, login, &entry.account, &found,
                     &err)) {
        visit_fail(visit, &err);
        return;
    }
    if (!password_is(found ? entry.account.password : SPAN_LIT(""),
                     password) ||
        entry.account.disabled) {
        tries_failed(visit, login);
        visit_refuse(visit, 401, "auth",
                     "login and password do not belong together");
        return;
    }
    tries_worked(visit, login);
    if (visit_write(visit, begin, &entry))
        session_put_json(visit);
}

static enum error_code leave(void *context, struct store *store,
                             struct error *err)
{
    const struct visit *visit = context;

    return session_end(store, visit->token, err);
}

static enum error_code leave_all(void *context, struct store *store,
                                 struct error *err)
{
    const struct visit *visit = context;
    struct span none = SPAN_LIT("");
    enum error_code rc = session_end_all(store, visit->session.login, err);

    return rc ? rc
              : visit_audit(visit, store, "sign_out_all", none,
                            visit->session.login, none, none, err);
}

static void end_here(struct visit *visit)
{
    guard_set_cookie(visit->request, &visit->answer, SPAN_LIT(""), 0);
    visit->answer.status = 204;
}

void session_leave(struct visit *visit)
{
    if (visit_write(visit, leave, visit))
        end_here(visit);
}

void session_leave_all(struct visit *visit)
{
    if (visit_write(visit, leave_all, visit))
        end_here(visit);
}

/* The one-time link that the body names; false, and refused, if it is none. */
static bool find_invite(struct visit *visit, struct span *hash,
                        struct invite *invite)
{
    struct span token;
    struct error err;
    bool found;

    if (!visit_text(visit, "token", &token) || !tries_may(visit, SPAN_LIT("")))
        return false;
    *hash = arena_dup(visit->arena, span_str(secret_sha256(token).text));
    if (invite_find(visit->store, visit->arena, *hash, visit->request->came_ms,
                    invite, &found, &err)) {
        visit_fail(visit, &err);
        return false;
    }
    if (found)
        return true;
    tries_failed(visit, SPAN_LIT(""));
    visit_refuse(visit, 404, "link",
                 "this one-time link was used, is too old, or is none; ask "
                 "for another one");
    return false;
}

void setup_look(struct visit *visit)
{
    struct invite invite;
    struct span hash;

    if (!find_invite(visit, &hash, &invite))
        return;
    put_open(&visit->out, NULL, '{');
    put_text(&visit->out, "login", invite.login);
    put_text(&visit->out, "role", account_role_name(invite.role));
    put_int(&visit->out, "expires_ms", invite.expires_ms);
    put_close(&visit->out, '}');
}

struct setup {
    struct visit *visit;
    struct span hash;
    struct invite invite;
    struct span login;
    struct password_hash password;
};

/* Two at the same time, or a link used twice: only the first counts. */
static enum error_code use_up(const struct setup *setup, struct store *store,
                              struct error *err)
{
    bool found;
    size_t nr = 0;
    enum error_code rc = invite_take(store, setup->hash, &found, err);

    if (!rc && !setup->invite.login.len)
        rc = account_count(store, ACCOUNT_ADMIN, &nr, err);
    if (rc || (found && !nr))
        return rc;
    visit_refuse(setup->visit, 404, "link",
                 "this one-time link was used just now");
    return visit_take_back(err);
}

static enum error_code use(void *context, struct store *store,
                           struct error *err)
{
    struct setup *setup = context;
    struct visit *visit = setup->visit;
    struct account account = { .created_ms = visit->request->came_ms };
    struct span none = SPAN_LIT("");
    bool found;
    enum error_code rc = use_up(setup, store, err);

    if (!rc)
        rc = account_find(store, visit->arena, setup->login, &account, &found,
                          err);
    if (rc)
        return rc;
    account.login = setup->login;
    account.role =
        found && setup->invite.login.len ? account.role : setup->invite.role;
    account.password = span_str(setup->password.text);
    rc = account_put(store, &account, err);
    if (!rc)
        rc = session_open(visit, store, account.login, account.role, err);
    return rc ? rc
              : visit_audit(visit, store, "link_used", none, account.login,
                            none, account_role_name(account.role), err);
}

void setup_use(struct visit *visit)
{
    struct setup setup = { .visit = visit };
    struct span password;

    if (!visit_text(visit, "password", &password) ||
        !password_is_sound(visit, password) ||
        !find_invite(visit, &setup.hash, &setup.invite))
        return;
    setup.login = setup.invite.login;
    if (!setup.login.len && !visit_text(visit, "login", &setup.login))
        return;
    if (!account_login_is_one(setup.login)) {
        visit_refuse(visit, 400, "login",
                     "a login has 2 to 40 of a-z, 0-9, '.', '_' and '-'");
        return;
    }
    setup.password = password_hash(password);
    if (!visit_write(visit, use, &setup))
        return;
    visit->answer.status = 201;
    session_put_json(visit);
}
