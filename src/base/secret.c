#include "base/secret.h"

#include <sodium.h>
#include <string.h>

static const unsigned char *bytes(struct span s)
{
    return (const unsigned char *)(s.len ? s.ptr : "");
}

struct secret_hmac secret_hmac_of(struct span key, const struct span *part,
                                  size_t nr)
{
    crypto_auth_hmacsha256_state state;
    struct secret_hmac hmac;

    crypto_auth_hmacsha256_init(&state, bytes(key), key.len);
    for (size_t i = 0; i < nr; i++)
        crypto_auth_hmacsha256_update(&state, bytes(part[i]), part[i].len);
    crypto_auth_hmacsha256_final(&state, hmac.byte);
    sodium_memzero(&state, sizeof(state));
    return hmac;
}

bool secret_eq(struct span a, struct span b)
{
    return a.len == b.len && !sodium_memcmp(bytes(a), bytes(b), a.len);
}

struct span secret_hmac_span(const struct secret_hmac *hmac)
{
    return (struct span){ (const char *)hmac->byte, sizeof(hmac->byte) };
}

bool secret_from_base64(struct span text, unsigned char *out, size_t max,
                        size_t *len)
{
    while (text.len && text.ptr[text.len - 1] == '=')
        text.len--;
    return sodium_base642bin(out, max, text.ptr, text.len, NULL, len, NULL,
                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0;
}

bool secret_from_hex(struct span text, unsigned char *out, size_t max,
                     size_t *len)
{
    return sodium_hex2bin(out, max, text.ptr, text.len, NULL, len, NULL) == 0;
}

struct secret_name secret_name(void)
{
    unsigned char random[16];
    struct secret_name name;

    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(name.text, sizeof(name.text), random, sizeof(random));
    return name;
}

struct secret_token secret_token(void)
{
    unsigned char random[32];
    struct secret_token token;

    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(token.text, sizeof(token.text), random, sizeof(random));
    sodium_memzero(random, sizeof(random));
    return token;
}

struct secret_token secret_sha256(struct span data)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct secret_token token;

    crypto_hash_sha256(hash, bytes(data), data.len);
    sodium_bin2hex(token.text, sizeof(token.text), hash, sizeof(hash));
    return token;
}

uint32_t secret_below(uint32_t limit)
{
    return randombytes_uniform(limit);
}

struct secret_hash_key secret_hash_key(void)
{
    struct secret_hash_key key;

    randombytes_buf(key.byte, sizeof(key.byte));
    return key;
}

uint64_t secret_hash(const struct secret_hash_key *key, struct span data)
{
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t hash = 0;

    crypto_shorthash(out, bytes(data), data.len, key->byte);
    memcpy(&hash, out, sizeof(hash));
    return hash;
}
