#ifndef PAGE_ACCOUNT_API_H
#define PAGE_ACCOUNT_API_H

#include "page/visit.h"

/*
 * Signing in and out, one-time links, accounts, and the audit log; each is
 * the answer to a route of route.c, and openapi.json says what it does.
 */
void session_get(struct visit *visit);
void session_begin(struct visit *visit);
void session_leave(struct visit *visit);
void session_leave_all(struct visit *visit);
void setup_look(struct visit *visit);
void setup_use(struct visit *visit);
void password_change(struct visit *visit);

void accounts_get(struct visit *visit);
void accounts_add(struct visit *visit);
void accounts_change(struct visit *visit);
void audit_get(struct visit *visit);

/*
 * Open a session for `login`, in a writer's run; its cookie is set and the
 * visit's session filled.
 */
enum error_code session_open(struct visit *visit, struct store *store,
                             struct span login, enum account_role role,
                             struct error *err) MUST_CHECK;

/* The answer to all that begins or shows a session. */
void session_put_json(struct visit *visit);

/* Is it long enough, and not too long? Else refused. */
bool password_is_sound(struct visit *visit, struct span password);

/*
 * May this address, and this login from it, try a secret now? Else refused.
 * And how it went.
 */
bool tries_may(struct visit *visit, struct span login);
void tries_failed(struct visit *visit, struct span login);
void tries_worked(struct visit *visit, struct span login);

#endif /* PAGE_ACCOUNT_API_H */
