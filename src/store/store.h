#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/span.h"
#include "comment/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What sluice remembers: every verdict, why, what the site was told, and how
 * to take it back.
 *
 * A verdict is on disk before the site hears of it (store_decide), and stays
 * in the outbox until the site's answer is on disk too (store_settle). Dying
 * between the two leaves it in the outbox; the next run posts it, and the
 * site's own state says whether it had arrived. Nothing is ever deleted.
 *
 * One interface for every database: a file (SQLite), or a server that many
 * nodes share (PostgreSQL). A store is used by one thread at a time; several
 * processes may share one file, but no store is carried over a fork.
 *
 * Whatever fails with ERROR_STORE has changed nothing, and the store can be
 * used again. Text may hold any bytes, NULs and invalid UTF-8 too, and comes
 * back as it went in.
 */
struct store;

/*
 * Open, and create or migrate, the store at `url`: a path, "sqlite:PATH", or
 * "postgresql://user@host/database" (libpq's URLs), of which the schema that
 * comes first in the search path is taken. A new file is its owner's alone
 * (mode 0600): it holds people's words. ERROR_STORE names the file and what to
 * do: not writable, not a sluice store, made by a newer version, or damaged.
 * Damage deep inside a file shows when it is read, as ERROR_STORE too. The
 * caller closes it.
 */
enum error_code store_open(struct store **store, const char *url,
                           struct error *err) MUST_CHECK;
void store_close(struct store *store); /* NULL is fine */

/*
 * The same for who writes nothing. Where `url` names several servers, of which
 * the one that takes writing is gone, a standby will do; what it knows may be
 * a little behind.
 */
enum error_code store_open_to_read(struct store **store, const char *url,
                                   struct error *err) MUST_CHECK;

/*
 * Is `url` a server's that does not answer, or not yet, or that takes no
 * writing now, so that waiting may help? May take some seconds.
 */
bool store_is_away(const char *url);

/* Does `url` name a server, which many nodes share, and not a file? */
bool store_is_server(struct span url);

/* What became of a decision at the site. */
enum decision_state {
    DECISION_PENDING,  /* in the outbox */
    DECISION_APPLIED,  /* the site has the verdict's status */
    DECISION_KEPT,     /* a hold: nothing to tell, the comment stays held */
    DECISION_SKIPPED,  /* a person, or an edit, was faster */
    DECISION_GONE,     /* the comment no longer exists */
    DECISION_FAILED,   /* the site refuses it for good; `detail` says why */
    DECISION_UNDONE,   /* taken back by undo */
    DECISION_ANSWERED, /* whoever asked has the verdict; nothing to tell */
};

/* "pending", "applied", ... */
struct span decision_state_name(enum decision_state state);
bool decision_state_parse(enum decision_state *state, struct span name);

/*
 * What is kept of the comment itself, for people to look at, to search in and
 * to learn from; store_erase takes it away.
 */
struct content {
    struct span host;    /* of its links, separated by spaces */
    struct span author;  /* plain text */
    struct span text;    /* plain text */
    struct span comment; /* as it came, as JSON; empty: not kept */
};

/* One comment judged; or, where `by` is not empty, decided by a person. */
struct decision {
    int64_t id;  /* given by the store */
    int64_t run; /* the run that judged it */
    int64_t at_ms;
    struct span site;       /* the site's name in the configuration */
    struct span comment;    /* the comment's id there */
    struct digest digest;   /* of what was judged */
    struct span was;        /* the status it had: "hold" */
    struct span author;     /* shortened, for history */
    struct span excerpt;    /* first words, for history */
    struct span person;     /* comment_person's */
    struct span by;         /* the person who decided; empty: sluice */
    uint64_t campaign;      /* equal for near copies; 0: not known */
    struct content content; /* written, not read back */
    struct verdict verdict; /* verdict.model is the model's id */
    enum decision_state state;
    struct span detail; /* of the last answer; empty if all is well */
};

/*
 * Bytes that are kept of what a stranger can make long; the store cuts the
 * rest off, between characters.
 */
#define DECISION_AUTHOR_MAX ((size_t)64)
#define DECISION_EXCERPT_MAX ((size_t)160)
#define DECISION_EVIDENCE_MAX ((size_t)160) /* of each reason */
#define DECISION_DETAIL_MAX ((size_t)512)
#define DECISION_HOSTS_MAX ((size_t)1024)
#define DECISION_TEXT_MAX ((size_t)64 << 10)

struct run_totals {
    size_t seen;     /* in the queue */
    size_t known;    /* judged before, unchanged; nothing to do */
    size_t approved; /* verdicts of this run */
    size_t held;
    size_t spam;
    size_t applied; /* of them, and of the outbox, what the site took */
    size_t skipped; /* a person was faster, or the comment is gone */
    size_t failed;
};

struct run {
    int64_t id;
    struct span site;
    struct span model;
    int64_t began_ms;
    int64_t ended_ms; /* 0: still going, or died */
    struct run_totals totals;
};

/* Begin a run; `*run` is its number. */
enum error_code store_run_begin(struct store *store, struct span site,
                                struct span model, int64_t now_ms,
                                int64_t *run, struct error *err) MUST_CHECK;

/* Note that `run` came to its end, and its totals. */
enum error_code store_run_end(struct store *store, int64_t run,
                              const struct run_totals *totals, int64_t now_ms,
                              struct error *err) MUST_CHECK;

/*
 * Has this comment been judged as it is, by this model? Fills `known`. The
 * model's newest decision on the comment counts, so that text edited back to
 * what it once was is judged again. Any undone decision, and any a person
 * made, counts as known: that person has the word.
 */
enum error_code store_knows(struct store *store, struct span site,
                            struct span comment, const struct digest *digest,
                            struct span model, bool *known,
                            struct error *err) MUST_CHECK;

/*
 * Remember `nr` decisions, of runs that were begun, in one transaction,
 * durable on return. Fills their ids and states (ids are 0 after an error). A
 * hold becomes DECISION_KEPT at once, the others DECISION_PENDING, unless they
 * come as DECISION_ANSWERED and stay that. An older decision on the same
 * comment still in the outbox is superseded, also one earlier in the same
 * call: it becomes DECISION_SKIPPED. Where a person has decided on the very
 * same text meanwhile, it is the new one that becomes so.
 */
enum error_code store_decide(struct store *store, struct decision *decision,
                             size_t nr, struct error *err) MUST_CHECK;

struct decision_list {
    struct decision *decision;
    size_t nr;
};

/*
 * The oldest `max` decisions of the site's outbox with ids above `after`, in
 * order; in the arena.
 */
enum error_code store_outbox(struct store *store, struct arena *arena,
                             struct span site, int64_t after, size_t max,
                             struct decision_list *list,
                             struct error *err) MUST_CHECK;

/* The decisions of `run` that can be undone (applied), like store_outbox. */
enum error_code store_undoable(struct store *store, struct arena *arena,
                               int64_t run, int64_t after, size_t max,
                               struct decision_list *list,
                               struct error *err) MUST_CHECK;

struct settlement {
    int64_t decision;
    enum decision_state state;
    struct span detail;
    struct digest digest; /* of the content there now; empty: as judged */
};

/*
 * Record the site's answers in one transaction, durable on return. An answer
 * of DECISION_PENDING leaves the state alone and notes `detail` while the
 * decision is in the outbox; an undone decision stays undone, whatever comes
 * late. A number no decision has is ERROR_STORE, and nothing is recorded.
 */
enum error_code store_settle(struct store *store,
                             const struct settlement *settlement, size_t nr,
                             int64_t now_ms, struct error *err) MUST_CHECK;

/* What history is asked for; zero and empty mean "any". */
struct history_filter {
    struct span site;
    struct span comment;
    int64_t run;
    bool has_kind;
    enum verdict_kind kind;
    bool has_state;
    enum decision_state state;
    struct span text; /* in author or excerpt, without ASCII's case */
    int64_t since_ms;
    size_t limit; /* 0: all */
};

/*
 * Hand the decisions that pass `filter` to `each`, newest first; the spans
 * live during the call. `each` returns false to stop; it may read from the
 * store, but not write to it.
 */
enum error_code
store_history(struct store *store, const struct history_filter *filter,
              bool (*each)(void *context, const struct decision *decision),
              void *context, struct error *err) MUST_CHECK;

/* Hand the runs of `site` (empty: all) to `each`, like store_history. */
enum error_code store_runs(struct store *store, struct span site,
                           bool (*each)(void *context, const struct run *run),
                           void *context, struct error *err) MUST_CHECK;

/* One run; `*found` is false when there is none of that number. */
enum error_code store_run_find(struct store *store, struct arena *arena,
                               int64_t id, struct run *run, bool *found,
                               struct error *err) MUST_CHECK;

#endif /* STORE_STORE_H */
