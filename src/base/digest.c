#include "base/digest.h"

#include <sodium.h>
#include <stdint.h>

static struct digest digest_final(crypto_generichash_state *state)
{
    unsigned char hash[DIGEST_HEX_LEN / 2];
    struct digest digest;

    crypto_generichash_final(state, hash, sizeof(hash));
    sodium_bin2hex(digest.hex, sizeof(digest.hex), hash, sizeof(hash));
    return digest;
}

static void digest_add(crypto_generichash_state *state, struct span data)
{
    crypto_generichash_update(state, (const unsigned char *)data.ptr,
                              data.len);
}

struct digest digest_of(struct span data)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, DIGEST_HEX_LEN / 2);
    digest_add(&state, data);
    return digest_final(&state);
}

struct digest digest_of_fields(const struct span *field, size_t nr)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, DIGEST_HEX_LEN / 2);
    for (size_t i = 0; i < nr; i++) {
        uint64_t len = field[i].len;
        unsigned char size[sizeof(len)];

        for (size_t byte = 0; byte < sizeof(len); byte++)
            size[byte] = (unsigned char)(len >> (8 * byte));
        digest_add(&state, (struct span){ (char *)size, sizeof(size) });
        digest_add(&state, field[i]);
    }
    return digest_final(&state);
}
