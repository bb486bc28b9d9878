#ifndef WIRE_MESSAGE_JSON_H
#define WIRE_MESSAGE_JSON_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "comment/comment.h"

#include <stdbool.h>

/*
 * What a site tells by webhook:
 *
 *     {"type":"comment.created","timestamp":"2026-11-25T10:00:00Z",
 *      "data":{"comment":{...},"status":"spam","old_status":"hold",
 *              "by":"ann","source":"admin","wrong":true}}
 *
 * The comment is as comment_json.h reads it. Only created, edited and decided
 * ones need one; of a decided one the id is enough. A type nobody knows is
 * accepted and passed over, so that a sender may be newer than we are.
 */
enum message_kind {
    MESSAGE_OTHER, /* nothing to us */
    MESSAGE_CREATED,
    MESSAGE_EDITED,
    MESSAGE_DECIDED,
    MESSAGE_TEST, /* sluice.test: is anybody there? */
};

struct message {
    enum message_kind kind;
    struct span type;       /* as it was written */
    struct comment comment; /* status filled in, from either place */
    struct span old_status; /* of a decided one */
    struct span by;         /* login of who decided */
    struct span source;     /* where: "admin", "rest", ... */
    bool wrong;             /* it was about a mistake of ours */
};

/*
 * Read a webhook's body; spans are copies in the arena. ERROR_INPUT says what
 * is missing or wrong, and quotes nothing.
 */
enum error_code message_parse(struct message *message, struct arena *arena,
                              struct span body, struct error *err) MUST_CHECK;

#endif /* WIRE_MESSAGE_JSON_H */
