#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "store/store.h"

/*
 * Who may use the moderators' page, who is signed in, and who did what.
 *
 * Tokens come in as their SHA-256; a store that is stolen opens no session.
 * These functions, like those of page.h, are for a store as store_open gives
 * it (not for the writer's): who writes does so in writer_call.
 */
enum account_role {
    ACCOUNT_MODERATOR, /* decides about comments */
    ACCOUNT_ADMIN,     /* and about settings and accounts */
};

/* "moderator", "admin". */
struct span account_role_name(enum account_role role);
bool account_role_parse(enum account_role *role, struct span name);

#define ACCOUNT_LOGIN_MAX ((size_t)40)

/* 2 to 40 of a-z, 0-9, '.', '_' and '-'. */
bool account_login_is_one(struct span login);

struct account {
    struct span login;
    enum account_role role;
    struct span password; /* hash; empty: has not set one yet */
    bool disabled;
    int64_t created_ms;
    int64_t seen_ms; /* 0: never signed in */
};

/* How many accounts there are that can sign in; of admins alone. */
enum error_code account_count(struct store *store, enum account_role at_least,
                              size_t *nr, struct error *err) MUST_CHECK;

/* One account, in the arena. */
enum error_code account_find(struct store *store, struct arena *arena,
                             struct span login, struct account *account,
                             bool *found, struct error *err) MUST_CHECK;

/* Hand all accounts to `each`, by login, like store_history. */
enum error_code account_each(struct store *store,
                             bool (*each)(void *context,
                                          const struct account *account),
                             void *context, struct error *err) MUST_CHECK;

/*
 * Keep the account, new or changed, as `account` is. One that is disabled, or
 * whose password changed, loses its sessions.
 */
enum error_code account_put(struct store *store, const struct account *account,
                            struct error *err) MUST_CHECK;

/* A one-time link. An empty login, of the first account, may be chosen. */
struct invite {
    struct span login;
    enum account_role role;
    int64_t expires_ms;
};

/* Keep a link; older ones for the same login are worth nothing any more. */
enum error_code invite_put(struct store *store, struct span token,
                           const struct invite *invite,
                           struct error *err) MUST_CHECK;

/* The link, if it is one and still counts; in the arena. */
enum error_code invite_find(struct store *store, struct arena *arena,
                            struct span token, int64_t now_ms,
                            struct invite *invite, bool *found,
                            struct error *err) MUST_CHECK;

/* Use it up. `*found`: it was there, which is so only once. */
enum error_code invite_take(struct store *store, struct span token,
                            bool *found, struct error *err) MUST_CHECK;

/*
 * A session ends when nobody used it for SESSION_IDLE_MS, and in any case
 * SESSION_MOST_MS after it began.
 */
#define SESSION_IDLE_MS ((int64_t)12 * 3600 * 1000)
#define SESSION_MOST_MS ((int64_t)7 * 24 * 3600 * 1000)

/* Use of it is noted so often at most. */
#define SESSION_TOUCH_MS ((int64_t)60 * 1000)

struct session {
    struct span login;
    enum account_role role;
    struct span csrf;
    struct span address; /* from where it was begun */
    int64_t created_ms;
    int64_t seen_ms;
};

/* Keep a session of `session->login`; those long over are forgotten. */
enum error_code session_put(struct store *store, struct span token,
                            const struct session *session,
                            struct error *err) MUST_CHECK;

/* The session, while it lasts and its account may sign in; in the arena. */
enum error_code session_find(struct store *store, struct arena *arena,
                             struct span token, int64_t now_ms,
                             struct session *session, bool *found,
                             struct error *err) MUST_CHECK;

enum error_code session_touch(struct store *store, struct span token,
                              int64_t now_ms, struct error *err) MUST_CHECK;
enum error_code session_end(struct store *store, struct span token,
                            struct error *err) MUST_CHECK;
enum error_code session_end_all(struct store *store, struct span login,
                                struct error *err) MUST_CHECK;

/* Has `login` signed in from `address` within SESSION_KNOWN_MS? */
#define SESSION_KNOWN_MS ((int64_t)30 * 24 * 3600 * 1000)
enum error_code session_knows(struct store *store, struct span login,
                              struct span address, int64_t now_ms, bool *known,
                              struct error *err) MUST_CHECK;

/* One entry of the log of who did what; never changed, never deleted. */
struct audit {
    int64_t id; /* given by the store */
    int64_t at_ms;
    struct span who;     /* login; empty: the program */
    struct span what;    /* "sign_in", "approve", "thresholds", ... */
    struct span site;    /* empty: none */
    struct span subject; /* a comment, a login; may be empty */
    struct span before;
    struct span after;
};

/* Bytes of `before` and `after` that are kept. */
#define AUDIT_VALUE_MAX ((size_t)4096)

enum error_code audit_add(struct store *store, const struct audit *audit,
                          struct error *err) MUST_CHECK;

/*
 * Hand the newest `max` entries below `before_id` (0: all) to `each`; of `who`
 * alone, if that is not empty.
 */
enum error_code
audit_each(struct store *store, struct span who, int64_t before_id, size_t max,
           bool (*each)(void *context, const struct audit *audit),
           void *context, struct error *err) MUST_CHECK;

#endif /* STORE_ACCOUNT_H */
