#include "base/password.h"

#include "base/alloc.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* What an unknown login's password is compared with; of no known password. */
static const char nobody[] =
    "$argon2id$v=19$m=47104,t=1,p=1$c2x1aWNlLm5vYm9keS4xMg$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct password_hash password_hash(struct span password)
{
    struct password_hash hash;
    char made[crypto_pwhash_argon2id_STRBYTES];

    _Static_assert(sizeof(made) <= sizeof(hash.text), "room for the text");
    /* Fails only when there is no memory, which ends the program. */
    if (crypto_pwhash_argon2id_str(made, password.len ? password.ptr : "",
                                   password.len, PASSWORD_PASSES,
                                   PASSWORD_MEMORY) != 0)
        abort();
    snprintf(hash.text, sizeof(hash.text), "%s", made);
    return hash;
}

bool password_is(struct span hash, struct span password)
{
    struct password_hash kept;
    bool known = hash.len > 0 && hash.len < sizeof(kept.text);
    bool same;

    snprintf(kept.text, sizeof(kept.text), "%.*s",
             SPAN_ARG(known ? hash : span_str(nobody)));
    same = crypto_pwhash_argon2id_str_verify(
               kept.text, password.len ? password.ptr : "", password.len) == 0;
    return known && same;
}
