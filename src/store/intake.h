#ifndef STORE_INTAKE_H
#define STORE_INTAKE_H

#include "store/writer.h"

/*
 * What comes in faster than the store takes it: written at once to a journal
 * beside the store (PATH-intake), by group commit, and carried into the store
 * behind, in order and in large transactions.
 *
 * The journal is ahead by some milliseconds, and by what the store could not
 * keep up with in a rush. Each transaction that carries entries over also
 * notes the number of the last; so whenever the program dies, each is carried
 * over exactly once, by the next intake that is begun on this store.
 *
 * Before a database server there is no journal: nodes keep nothing of their
 * own, and what comes in has a writer to itself, for a server takes many; so
 * it does not wait for what is judged.
 */
struct intake;

/* Entries that may wait to be carried over; more are not taken. */
#define INTAKE_MAX ((int64_t)200000)

/* Who wants to know what is in the store now, on the disk. */
struct intake_listener {
    void *context;
    /* Events of a site are in its inbox. */
    void (*on_events)(void *context, struct span site);
    /* A person's word, not an echo: site, label, about and at_ms are given. */
    void (*on_feedback)(void *context, const struct feedback *feedback);
};

/*
 * Begin, also with what an earlier intake left. `writer` is the store's, and
 * lives longer. ERROR_STORE when the journal can't be written.
 */
enum error_code intake_start(struct intake **intake, struct writer *writer,
                             const struct intake_listener *listener,
                             struct error *err) MUST_CHECK;

/*
 * Keep an event. `done` is called with `context` when it is on the disk, also
 * when it had come before; or with ERROR_INPUT (event_check) or ERROR_STORE.
 * It may be called on the writer's thread, or before this returns. False, and
 * nothing was taken: too many wait.
 */
bool intake_event(struct intake *intake, const struct event *event,
                  void (*done)(void *context, enum error_code rc,
                               const struct error *err),
                  void *context) MUST_CHECK;

/*
 * Remember a verdict that was answered, of a run that this process has begun;
 * or feedback, as store_feedback does. Nobody waits for the disk, and a
 * failure can only be told to the log.
 *
 * While too many wait the caller does, but not for long: nobody hangs on a
 * store that can't be written to.
 */
void intake_decision(struct intake *intake, const struct decision *decision);
void intake_feedback(struct intake *intake, const struct feedback *feedback,
                     struct span echo_by);

/* Entries that wait to be carried over. */
size_t intake_depth(struct intake *intake);

/*
 * Write down all that was handed in, carry over what can be in `ms`, and end.
 * Returns how many entries are left for the next time. NULL is fine.
 */
size_t intake_stop(struct intake *intake, int64_t ms);

/*
 * Carry over what an intake has left before the store at `url`, for who wants
 * the store alone; no server may be using it. ERROR_STORE when some is left.
 */
enum error_code intake_empty(const char *url, struct error *err) MUST_CHECK;

#endif /* STORE_INTAKE_H */
