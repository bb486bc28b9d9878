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
 * own, and what comes in is given to the store's writer.
 */
struct intake;

/* Entries that may wait to be carried over. */
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
 * To whom jobs are given instead of the store's writer: it does event_add,
 * decide and feedback as a journal does (journal.h).
 */
struct writer *intake_writer(struct intake *intake);

/*
 * To be called when a job is done that was event_add or feedback; with no
 * journal it was the store that did it, and the listener hears of it here.
 */
void intake_kept_event(struct intake *intake, const struct event *event);
void intake_kept_feedback(struct intake *intake,
                          const struct feedback *feedback, bool echo);

/* Entries that wait to be carried over. */
size_t intake_depth(struct intake *intake);

/* So many wait that no more should be taken. */
bool intake_is_full(struct intake *intake);

/*
 * Wait while it is full, but not for long: what was answered is written down
 * all the same, and nobody hangs on a store that can't be written to.
 */
void intake_wait(struct intake *intake);

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
