#include "server/signature.h"

#include "base/secret.h"

#include <string.h>

#define SECRET_BYTES_MIN 16

struct secret {
    unsigned char byte[SIGNATURE_SECRET_MAX];
    size_t len;
};

/* The next word of `list`, which is made shorter by it; empty at the end. */
static struct span next_word(struct span *list)
{
    struct span rest = span_trim(*list);
    size_t end = span_find_char(rest, ' ');

    *list = span_cut(rest, end, rest.len);
    return span_cut(rest, 0, end);
}

/* What stands for the bytes in the configuration. */
static bool secret_decode(struct secret *secret, struct span word)
{
    struct span prefix = SPAN_LIT("whsec_");

    if (span_starts(word, prefix))
        return secret_from_base64(span_cut(word, prefix.len, word.len),
                                  secret->byte, sizeof(secret->byte),
                                  &secret->len);
    if (word.len > sizeof(secret->byte))
        return false;
    memcpy(secret->byte, word.ptr, word.len);
    secret->len = word.len;
    return true;
}

static struct span secret_span(const struct secret *secret)
{
    return (struct span){ (const char *)secret->byte, secret->len };
}

/* Is one of the base64 words the code? All are looked at. */
static bool one_is(struct span signatures, const struct secret_hmac *hmac)
{
    bool found = false;

    for (;;) {
        struct span word = next_word(&signatures);
        unsigned char given[SECRET_HMAC_BYTES];
        size_t len = 0;

        if (!word.len)
            return found;
        if (!span_starts(word, SPAN_LIT("v1,")) ||
            !secret_from_base64(span_cut(word, 3, word.len), given,
                                sizeof(given), &len))
            continue;
        found |= secret_eq(secret_hmac_span(hmac),
                           (struct span){ (const char *)given, len });
    }
}

bool signature_is_standard(struct span secrets, struct span id,
                           struct span timestamp, struct span body,
                           struct span signatures)
{
    const struct span part[] = { id, SPAN_LIT("."), timestamp, SPAN_LIT("."),
                                 body };
    bool found = false;

    for (;;) {
        struct span word = next_word(&secrets);
        struct secret_hmac hmac;
        struct secret secret;

        if (!word.len)
            return found;
        if (!secret_decode(&secret, word) || !secret.len)
            continue;
        hmac = secret_hmac_of(secret_span(&secret), part,
                              sizeof(part) / sizeof(part[0]));
        found |= one_is(signatures, &hmac);
    }
}

bool signature_is_hub(struct span secrets, struct span body,
                      struct span signature)
{
    struct span prefix = SPAN_LIT("sha256=");
    unsigned char given[SECRET_HMAC_BYTES];
    bool found = false;
    size_t len = 0;

    if (!span_starts(signature, prefix) ||
        !secret_from_hex(span_cut(signature, prefix.len, signature.len), given,
                         sizeof(given), &len))
        return false;
    for (;;) {
        struct span word = next_word(&secrets);
        struct secret_hmac hmac;
        struct secret secret;

        if (!word.len)
            return found;
        if (!secret_decode(&secret, word) || !secret.len)
            continue;
        hmac = secret_hmac_of(secret_span(&secret), &body, 1);
        found |= secret_eq(secret_hmac_span(&hmac),
                           (struct span){ (const char *)given, len });
    }
}

bool signature_secrets_sound(struct span secrets)
{
    for (;;) {
        struct span word = next_word(&secrets);
        struct secret secret;

        if (!word.len)
            return true;
        if (!secret_decode(&secret, word) || secret.len < SECRET_BYTES_MIN)
            return false;
    }
}
