#ifndef PIPELINE_TELL_H
#define PIPELINE_TELL_H

#include "base/arena.h"
#include "base/error.h"
#include "pipeline/juror.h"
#include "pipeline/moderate.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Telling the site what was decided, and writing its answers down.
 *
 * While a page is judged, the site may still be at work on the one before it:
 * tell_page begins with one page and ends the other.
 *
 * The same for a verdict that is new, for one an earlier run left in the
 * outbox, and, with the two statuses changed about, for taking one back.
 */

/* Decisions that the site was told, and has not answered. */
struct telling {
    const struct decision *decision;
    struct site_change *change;
    size_t nr;
    bool notes; /* nothing but notes */
};

/* A run or an undo on its way. */
struct course {
    const struct moderate *moderate;
    struct run_totals *totals;
    int64_t run;
    bool undo; /* decisions are to be taken back */
    size_t done;
    size_t total;
    struct arena arena[2]; /* of two pages in turn */
    struct arena *page;    /* one of them: what lives as long as a batch */
    struct telling telling;
    struct juror juror; /* its arena is as long-lived as the judging of one
                           comment */
};

/* `totals` is emptied, and counted in. */
void course_init(struct course *course, const struct moderate *moderate,
                 struct run_totals *totals);
void course_release(struct course *course);

/* Has the stop flag been raised, or is the turn over? */
bool course_stopped(const struct course *course);

/* `more` comments are through: show it. */
void course_advance(struct course *course, size_t more);

/* Begin a page: its arena is empty, the one before it is kept. */
void course_turn(struct course *course);

/*
 * Tell the site about the decisions of a page, which live in its arena; first
 * see the ones before it through. Notes alone are not worth a failed run.
 */
enum error_code tell_page(struct course *course,
                          const struct decision *decision, size_t nr,
                          struct error *err) MUST_CHECK;

/* See through what was told last. */
enum error_code tell_finish(struct course *course,
                            struct error *err) MUST_CHECK;

/*
 * Tell the site about `nr` decisions, then write its answers down: also when
 * it fell silent half-way, for the answers that did come. What it refuses is
 * named in the log and counted.
 */
enum error_code tell_batch(struct course *course,
                           const struct decision *decision, size_t nr,
                           struct error *err) MUST_CHECK;

/* All that waits in the outbox; for an undo, only what is of its run. */
enum error_code tell_waiting(struct course *course,
                             struct error *err) MUST_CHECK;

/* All that the site took of the course's run. */
enum error_code tell_undoable(struct course *course,
                              struct error *err) MUST_CHECK;

#endif /* PIPELINE_TELL_H */
