#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H

#include "base/span.h"

#include <stdbool.h>

/*
 * Passwords, kept so that a stolen store does not tell them: argon2id (RFC
 * 9106) by libsodium, the salt and the parameters being part of the result.
 *
 * 46 MiB, one pass and one lane are the first of the settings that OWASP's
 * password storage cheat sheet names as equally strong; libsodium has no more
 * lanes, as RFC 9106 (section 4) would take. Each call costs that memory and a
 * good part of a second: the caller sees to it that few run at a time.
 */
#define PASSWORD_MEMORY ((size_t)46 << 20)
#define PASSWORD_PASSES 1

/* A person's choice: what is shorter can be guessed. */
#define PASSWORD_BYTES_MIN 12
#define PASSWORD_BYTES_MAX 1000

/* Room for "$argon2id$v=19$m=47104,t=1,p=1$..." and its NUL. */
struct password_hash {
    char text[128];
};

/* Hash `password` with a salt of its own. */
struct password_hash password_hash(struct span password);

/*
 * Is `password` the one that `hash` was made of? An empty `hash`, of an
 * account that is not there or has no password yet, takes as long and is
 * false: the time tells nobody which logins there are.
 */
bool password_is(struct span hash, struct span password);

#endif /* BASE_PASSWORD_H */
