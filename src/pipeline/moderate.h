#ifndef PIPELINE_MODERATE_H
#define PIPELINE_MODERATE_H

#include "base/error.h"
#include "pipeline/judge.h"
#include "site/site.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Judge, remember, tell; once per comment.
 *
 * A run first empties the outbox that an earlier run left behind, then walks
 * the site's queue page by page: what is known as it is, is passed over; the
 * rest is judged, written to the store in one transaction, and only then
 * posted to the site; the site's answers are written down in another. Dying
 * at any point loses nothing: what was judged is in the store, what was not
 * is still in the queue, and a post whose answer was lost is recognised by
 * the status the site reports.
 *
 * A comment that stays held is told as well where the site shows people why
 * (site_takes_notes). Such a note is not in the outbox: if it is lost, people
 * see the comment without it.
 */
struct moderate {
    const struct judge *judge;
    struct site *site;
    struct store *store; /* may be NULL in a dry run, which then judges all */
    struct span site_name;
    bool dry_run;              /* judge and show; nothing to store or site */
    const volatile bool *stop; /* finish what is in flight, then return */
    const struct turn *turn;   /* likewise when it is over */

    /*
     * Called after each comment is judged, in order; and when the queue is
     * counted and after each page is posted. Either may be NULL.
     */
    void (*on_verdict)(void *context, const struct comment *comment,
                       const struct verdict *verdict);
    void (*on_progress)(void *context, const struct run_totals *totals,
                        size_t done, size_t total);
    void *context;
};

/*
 * One run over the queue. `*run` is its number in the store (0 for a dry
 * run), `totals` what it did; both are right even when it fails half-way.
 * Errors are those of store and site; ERROR_SITE_GONE leaves verdicts in the
 * outbox for the next run.
 */
enum error_code moderate_run(const struct moderate *moderate, int64_t *run,
                             struct run_totals *totals,
                             struct error *err) MUST_CHECK;

/*
 * Put every comment that `run` changed back to the status it had, unless a
 * person has changed it since (counted as skipped). What waits in the outbox
 * of that run is taken off it, so that no later run tells the site. Undoing
 * twice, or going on after a crash, is harmless. ERROR_INPUT: no such run at
 * this site.
 */
enum error_code moderate_undo(const struct moderate *moderate, int64_t run,
                              struct run_totals *totals,
                              struct error *err) MUST_CHECK;

#endif /* PIPELINE_MODERATE_H */
