#ifndef SERVER_WEBHOOK_H
#define SERVER_WEBHOOK_H

#include "server/desk.h"

/*
 * POST /v1/hooks/<site>: what sites tell us, signed.
 *
 * Standard Webhooks (standardwebhooks.com): webhook-id, webhook-timestamp and
 * webhook-signature, which is "v1," and the base64 of HMAC-SHA256 over
 * "id.timestamp.body"; several, separated by spaces, while a secret is being
 * changed. Others may send X-Hub-Signature-256: "sha256=" and the hex of
 * HMAC-SHA256 over the body; their event's id is X-Hub-Delivery, or else the
 * body's fingerprint.
 *
 * 202 is a promise: the event is on the disk. An event that came before is
 * 202 as well, and kept once. 401 is for a signature that is missing, wrong,
 * or made more than five minutes ago.
 */
#define WEBHOOK_WINDOW_S 300

/* `context` is a struct desk. */
void webhook_handle(void *context, struct http_request *request,
                    struct http_answer *answer);

#endif /* SERVER_WEBHOOK_H */
