#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/span.h"

/*
 * BLAKE2b (RFC 7693) fingerprints, by libsodium: of files in the model's
 * manifest, and of a comment's content, to see that it changed. 128 bits, as
 * hexadecimal text. Not for secrets.
 */
#define DIGEST_HEX_LEN 32

struct digest {
    char hex[DIGEST_HEX_LEN + 1];
};

struct digest digest_of(struct span data);

/*
 * The fingerprint of several fields: their lengths take part, so that moving
 * a byte from one field to the next changes it.
 */
struct digest digest_of_fields(const struct span *field, size_t nr);

#endif /* BASE_DIGEST_H */
