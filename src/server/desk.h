#ifndef SERVER_DESK_H
#define SERVER_DESK_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "comment/comment.h"
#include "comment/verdict.h"
#include "server/http_message.h"
#include "server/meter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the doors ask of the house: which site is this, what of this comment,
 * and remember that. The doors know protocols; whoever fills in this struct
 * (app/serve_desk.c) knows pipeline and store.
 *
 * All functions may be called by several threads at once. Configuration may
 * be loaded anew between two calls; so sites are named, never pointed at, and
 * all that is given back is a copy in the caller's arena.
 */

/* How a caller says which site it is. */
enum desk_way {
    DESK_BY_NAME,  /* its name in the configuration */
    DESK_BY_KEY,   /* the key of the Akismet protocol */
    DESK_BY_TOKEN, /* the bearer token of the API */
    DESK_ONLY,     /* it does not: the one there is, if there is just one and
                      it may go without a key */
};

struct desk_site {
    struct span name;
    struct span url;    /* empty: nobody said */
    struct span user;   /* as whom we change the site's comments */
    struct span key;    /* of the Akismet protocol; empty: none */
    struct span secret; /* webhook secrets, separated by spaces: the newest
                           first, the older ones while they last */
    bool discard;       /* its clients may throw away what is certainly spam */
};

/* A comment to be judged at once. */
struct desk_question {
    struct span site; /* desk_site.name */
    const struct comment *comment;
    enum meter_door door;
    bool forget; /* do not remember the verdict: a test, or no id */
};

/* What a person has decided, or a program says that one has. */
struct desk_feedback {
    struct span site;
    struct span comment;    /* its id, as the question's comment had it */
    struct span also;       /* the site's own id for it, if that is another:
                               so the echo of a change that was made under it
                               is known; may be empty */
    enum verdict_kind kind; /* what it should have been: spam or approve */
    struct span source;     /* "akismet", "admin", "rest", ... */
    struct span by;         /* login, or empty */
    bool wrong;             /* says itself that our verdict was wrong */
    const struct comment *about; /* the comment itself */
};

struct desk_stats {
    size_t approved; /* verdicts */
    size_t held;
    size_t spam;
    size_t missed_spam;     /* persons said spam, we had not */
    size_t false_positives; /* persons said it was fine, we had said spam */
};

/* An event that came by webhook, to be kept and judged later. */
struct desk_event {
    struct span site;
    struct span delivery; /* its sender's id for it */
    struct span kind;     /* "comment.created" */
    struct span body;
};

struct desk {
    void *context;

    /*
     * Which site is meant; false when none is. Takes the same time whether a
     * key or token is nearly right or not at all.
     */
    bool (*site)(void *context, struct arena *arena, enum desk_way way,
                 struct span value, struct desk_site *site);

    /*
     * Judge, and remember the verdict under the comment's id (without
     * waiting for the disk). The verdict is in the arena. The only failure is
     * ERROR_INPUT: that site is not served any more.
     */
    enum error_code (*judge)(void *context, struct arena *arena,
                             const struct desk_question *question,
                             struct verdict *verdict, struct error *err);

    /*
     * Remember what a person thinks, with our newest verdict on that comment
     * beside it; does not wait for the disk. What is only the echo of our own
     * change is passed over.
     */
    enum error_code (*feedback)(void *context,
                                const struct desk_feedback *feedback,
                                struct error *err);

    /*
     * Suspend `request` and answer it with 202 once the event is on the disk:
     * also when it had come before. `event` points into the request.
     */
    void (*keep)(void *context, struct http_request *request,
                 const struct desk_event *event);

    /* Verdicts and feedback of a site since `since_ms`. */
    enum error_code (*stats)(void *context, struct span site, int64_t since_ms,
                             struct desk_stats *stats, struct error *err);

    /*
     * May this site ask once more now? Else in `*seconds`. One token of its
     * bucket is taken.
     */
    bool (*may)(void *context, struct span site, long *seconds);
};

#endif /* SERVER_DESK_H */
