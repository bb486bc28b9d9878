#ifndef STORE_WAITING_H
#define STORE_WAITING_H

#include "store/store.h"

/*
 * What people look at: comments that wait for them, what is kept of each, how
 * each stands now, and what a person decides.
 *
 * A judgement is a decision of ours; each comment has a newest one, and that
 * waits ("open") when it is a hold and no person has decided since. Like
 * those of account.h, these functions are for a store as store_open gives it.
 */

/* One that waits, with what its place in the queue rests on. */
struct waiting {
    int64_t id; /* of the judgement */
    struct span site;
    bool later; /* somebody looked, and holds it still */
    double p_spam;
    double p_abuse;
    uint64_t campaign;
    int64_t at_ms;
};

/*
 * Hand the newest `max` that wait at `site` (empty: at all sites) to `each`;
 * the spans live during the call.
 */
enum error_code waiting_each(struct store *store, struct span site, size_t max,
                             bool (*each)(void *context,
                                          const struct waiting *waiting),
                             void *context, struct error *err) MUST_CHECK;

/* How many wait at `site`, or in all. */
enum error_code waiting_count(struct store *store, struct span site,
                              size_t *nr, struct error *err) MUST_CHECK;

/*
 * The waiting ones of the campaign and site of `decision`, without itself,
 * the newest `max`; in the arena.
 */
enum error_code waiting_alike(struct store *store, struct arena *arena,
                              const struct decision *decision, size_t max,
                              struct decision_list *list,
                              struct error *err) MUST_CHECK;

/*
 * Has anything that the page shows changed? What is compared with what was
 * before; all of it together says nothing else.
 */
struct pulse {
    int64_t version; /* of the file, as others change it */
    size_t waiting;
    int64_t newest_waiting;
    int64_t newest_setting; /* entry in the audit log */
    int64_t live_models;
};

/*
 * Take it; where the version is the one in `*pulse`, nothing else is looked
 * at. For a store that is only read from.
 */
enum error_code pulse_take(struct store *store, struct pulse *pulse,
                           struct error *err) MUST_CHECK;

/* A judgement, in the arena; `*found` is false for what is none. */
enum error_code judgement_find(struct store *store, struct arena *arena,
                               int64_t id, struct decision *decision,
                               bool *found, struct error *err) MUST_CHECK;

/* What is kept of its comment, in the arena; empty where nothing is. */
enum error_code content_find(struct store *store, struct arena *arena,
                             int64_t decision, struct content *content,
                             struct error *err) MUST_CHECK;

/* How a comment stands now, as far as we know. */
struct standing {
    struct span verdict; /* "approve", "hold", "spam", "trash" */
    struct span by;      /* who said so; empty: sluice */
    int64_t at_ms;
    struct span state; /* decision_state_name, or "said": at the site */
    struct span detail;
};

enum error_code standing_find(struct store *store, struct arena *arena,
                              struct span site, struct span comment,
                              struct standing *standing,
                              struct error *err) MUST_CHECK;

/* One thing that happened to a comment. */
struct story_step {
    int64_t at_ms;
    struct span what; /* "judged", "changed" by a person here, "told" to the
                         site, "said" by a person there */
    struct span by;
    struct span verdict;
    struct span model;
    struct span state;
    struct span detail;
};

/* Hand all that happened to a comment to `each`, the oldest first. */
enum error_code
story_each(struct store *store, struct span site, struct span comment,
           bool (*each)(void *context, const struct story_step *step),
           void *context, struct error *err) MUST_CHECK;

/* What we judged of the same person before `decision`. */
struct earlier {
    size_t nr;
    size_t approved;
    size_t held;
    size_t spam;
    struct decision_list newest; /* up to EARLIER_MAX; in the arena */
};

#define EARLIER_MAX 5

enum error_code earlier_find(struct store *store, struct arena *arena,
                             const struct decision *decision,
                             struct earlier *earlier,
                             struct error *err) MUST_CHECK;

/* What a person wants done about a comment. */
enum action_kind {
    ACTION_APPROVE,
    ACTION_SPAM,
    ACTION_HOLD,
    ACTION_UNDO, /* what a person did here last */
};

bool action_kind_parse(enum action_kind *kind, struct span name);
struct span action_kind_name(enum action_kind kind);

struct action {
    struct span login;
    enum action_kind kind;
    int64_t now_ms;
    const struct span *told; /* sites that are told by the outbox */
    size_t told_nr;
};

enum action_outcome {
    ACTION_DONE,    /* decided, and on its way to the site if it is told */
    ACTION_SAME,    /* it was so already; that is noted */
    ACTION_UNKNOWN, /* no such judgement */
    ACTION_NOTHING, /* nothing to undo */
};

struct span action_outcome_name(enum action_outcome outcome);

/* What came of it; in the arena. */
struct acted {
    enum action_outcome outcome;
    struct decision decision; /* the judgement; not if it is unknown */
    enum verdict_kind before;
    enum verdict_kind after;
};

/*
 * Do it, in a transaction of the caller's: a decision of the person's in the
 * outbox, as if judged anew, from what the site has now; and feedback of
 * source "page". Undoing takes that feedback, and the label that came of it,
 * back.
 */
enum error_code action_take(struct store *store, struct arena *arena,
                            const struct action *action, int64_t judgement,
                            struct acted *acted, struct error *err) MUST_CHECK;

/*
 * What an action called `id` by its sender came to; `*found` is false when it
 * is new. In the arena.
 */
enum error_code action_known(struct store *store, struct arena *arena,
                             struct span login, struct span id,
                             struct span *outcomes, bool *found,
                             struct error *err) MUST_CHECK;
enum error_code action_remember(struct store *store, struct span login,
                                struct span id, int64_t now_ms,
                                struct span outcomes,
                                struct error *err) MUST_CHECK;

#endif /* STORE_WAITING_H */
