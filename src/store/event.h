#ifndef STORE_EVENT_H
#define STORE_EVENT_H

#include "store/store.h"

/*
 * What sites tell us, kept until it is worked off: the inbox; and what people
 * thought of our verdicts.
 *
 * An event is on the disk before its sender hears that it was taken, and is
 * done in the same transaction as the decision that came of it: so none is
 * lost, and none is judged twice. Its body, which holds a visitor's words, is
 * forgotten when it is done; its delivery id is not, so that the same event
 * is known when it is sent once more.
 */
enum event_state {
    EVENT_WAITING, /* in the inbox */
    EVENT_JUDGED,  /* a decision came of it */
    EVENT_KNOWN,   /* the comment had been judged as it is */
    EVENT_NOTED,   /* feedback came of it */
    EVENT_SKIPPED, /* nothing to do: `detail` says why */
    EVENT_FAILED,  /* can't be understood: `detail` says why */
};

/* "waiting", "judged", ... */
struct span event_state_name(enum event_state state);

struct event {
    int64_t id; /* given by the store */
    struct span site;
    struct span delivery; /* the sender's id for it; one of a site's own */
    struct span kind;     /* "comment.created" */
    struct span body;
    int64_t received_ms;
    bool known; /* filled by store_event_add: it had come before */
};

/* Bytes of a delivery id or kind that are kept; longer ones are refused. */
#define EVENT_DELIVERY_MAX ((size_t)256)
#define EVENT_KIND_MAX ((size_t)64)

/*
 * Keep an event; fills its id and `known`. When one with the same site and
 * delivery has come before, it is left as it is, and `id` is that one's.
 */
enum error_code store_event_add(struct store *store, struct event *event,
                                struct error *err) MUST_CHECK;

/*
 * The same within a transaction, for who need not know at once: `event` must
 * live until the end of it, and only then has `known`; `id` is not filled. A
 * failure may also come with the end.
 */
enum error_code store_event_add_later(struct store *store, struct event *event,
                                      struct error *err) MUST_CHECK;

/* Would it be kept? ERROR_INPUT: its id or kind is too long. */
enum error_code event_check(const struct event *event,
                            struct error *err) MUST_CHECK;

struct event_list {
    struct event *event;
    size_t nr;
};

/*
 * The oldest events of a site's inbox, in order; in the arena. Up to `max`,
 * and fewer when they are large.
 */
enum error_code store_inbox(struct store *store, struct arena *arena,
                            struct span site, size_t max,
                            struct event_list *list,
                            struct error *err) MUST_CHECK;

/* What a person, or a program that speaks for one, said of a comment. */
struct feedback {
    struct span site;
    struct span comment;
    struct span also;    /* another id of it, under which we may have judged
                            it as well; may be empty, and is not kept */
    int64_t decision;    /* our newest one on the comment; 0: none. Filled by
                            the store */
    struct span verdict; /* and what it said; empty: none. Likewise */
    struct span label;   /* what the comment is: "approve", "spam", "hold",
                            "trash" */
    struct span source;  /* where it was said: "admin", "rest", "akismet" */
    struct span by;      /* who; may be empty */
    bool wrong;          /* said to be about a mistake of ours */
    struct span about;   /* the comment itself, as JSON, on its way to who
                            learns from it; empty: not known. Not kept */
    int64_t at_ms;
};

/*
 * Remember feedback. What only repeats what we told the site ourselves is not
 * a person's word: with `echo_by` not empty, feedback by that login which
 * agrees with our newest decision on the comment is passed over, and `*echo`
 * is true.
 */
enum error_code store_feedback(struct store *store, struct feedback *feedback,
                               struct span echo_by, bool *echo,
                               struct error *err) MUST_CHECK;

/* How an event ended. */
struct event_result {
    int64_t event;
    enum event_state state;
    struct span detail;
    struct decision *decision; /* to be remembered with it, or NULL */
    struct feedback *feedback; /* likewise */
    struct span echo_by;       /* as for store_feedback; an echo becomes
                                  EVENT_SKIPPED */
};

/*
 * Take `nr` events off the inbox, and remember what came of them, in one
 * transaction, durable on return. Decisions are treated as by store_decide.
 * An event that is done already stays as it is, and its decision is not
 * remembered again (its id stays 0).
 */
enum error_code store_event_settle(struct store *store,
                                   struct event_result *result, size_t nr,
                                   int64_t now_ms,
                                   struct error *err) MUST_CHECK;

/* How much is waiting. */
struct store_depth {
    size_t inbox;
    int64_t inbox_oldest_ms; /* received; 0: none waits */
    size_t outbox;
    int64_t outbox_oldest_ms; /* judged; 0: none waits */
};

enum error_code store_depth(struct store *store, struct span site,
                            struct store_depth *depth,
                            struct error *err) MUST_CHECK;

/* What was decided, and what people said to it. */
struct store_stats {
    size_t approved;
    size_t held;
    size_t spam;
    size_t missed_spam;     /* "spam" to what we had not marked so */
    size_t false_positives; /* "approve" to what we had marked as spam */
};

enum error_code store_stats(struct store *store, struct span site,
                            int64_t since_ms, struct store_stats *stats,
                            struct error *err) MUST_CHECK;

/*
 * Several calls as one transaction: begin, call, end. End commits when `rc`
 * is ERROR_NONE and else rolls back; it returns `rc`, or why the commit
 * failed. A call within that fails takes back only itself.
 */
enum error_code store_begin(struct store *store, struct error *err) MUST_CHECK;
enum error_code store_end(struct store *store, enum error_code rc,
                          struct error *err) MUST_CHECK;

/* Write something of no meaning: can the store be written to? */
enum error_code store_check(struct store *store, struct error *err) MUST_CHECK;

#endif /* STORE_EVENT_H */
