#ifndef SERVER_SIGNATURE_H
#define SERVER_SIGNATURE_H

#include "base/span.h"

#include <stdbool.h>

/*
 * Is it signed with one of our secrets? In a time that does not tell how
 * nearly right a wrong signature is.
 */

/* Bytes of a secret, decoded, at most. */
#define SIGNATURE_SECRET_MAX 128

/*
 * `secrets` are separated by spaces, each "whsec_" and base64, or plain text;
 * `signatures` likewise, each "v1," and base64, others being passed over.
 */
bool signature_is_standard(struct span secrets, struct span id,
                           struct span timestamp, struct span body,
                           struct span signatures);

/* `signature` is "sha256=" and hexadecimal. */
bool signature_is_hub(struct span secrets, struct span body,
                      struct span signature);

/* Is `secrets` a list of secrets as above, with at least 16 bytes each? */
bool signature_secrets_sound(struct span secrets);

#endif /* SERVER_SIGNATURE_H */
