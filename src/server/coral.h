#ifndef SERVER_CORAL_H
#define SERVER_CORAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "comment/comment.h"
#include "comment/verdict.h"
#include "server/http_message.h"

#include <stdbool.h>

/*
 * Coral's external moderation phase: Coral POSTs each comment as JSON before
 * it is published, and does as it is told.
 *
 * The request is signed: X-Coral-Signature holds one or more "sha256=" and
 * the HMAC of the body in hexadecimal, separated by commas while a secret is
 * being rotated. Coral's signing secret is one of the site's webhook secrets.
 *
 * Approval is 204, which leaves the comment to Coral's other settings; we
 * never publish over their heads. Spam is REJECTED, where moderators find it
 * and may still approve it. Doubt is SYSTEM_WITHHELD, which waits for them,
 * with a flag when it is for something in the comment, and PREMOD when it is
 * not.
 *
 * Coral publishes a comment when there is no answer in time or another than
 * 200 or 204. Nothing we answer can change that; so whatever can be
 * understood is judged.
 */

/* A flag is a claim: from this probability on it is made. */
#define CORAL_FLAG_AT 0.5

/* The route ends in '*': the tail is the site's name; `context` is a desk. */
http_handler coral_handle;

/* One of the signatures is that of `body` under one of the `secrets`, which
 * are separated by spaces. */
bool coral_signed(struct span secrets, struct span signatures,
                  struct span body);

/*
 * The comment of a request; spans in the arena. The id, as Coral sends none,
 * is made of author, story and text. ERROR_INPUT if it is no JSON object with
 * a comment that has a body.
 */
enum error_code coral_read(struct comment *comment, struct arena *arena,
                           struct span body, struct error *err) MUST_CHECK;

/* Append the answer as JSON; nothing is appended for 204. */
void coral_put(struct buf *out, const struct verdict *verdict);

#endif /* SERVER_CORAL_H */
