#ifndef PIPELINE_INBOX_H
#define PIPELINE_INBOX_H

#include "pipeline/tell.h"
#include "store/event.h"

/*
 * Working off what a site told us: the same judging and telling as for a
 * queue that is fetched (moderate.h), fed by events.
 *
 * A new or edited comment that is held is judged, unless it has been as it
 * is; what somebody decided becomes feedback; all else is passed over. The
 * decisions and the ends of their events are one transaction, so dying at any
 * point loses nothing and judges nothing twice.
 */
#define INBOX_BATCH_MAX 100

struct inbox {
    struct course *course; /* its store and judge; its site may be NULL */
    struct span echo_by;   /* the login under which we change comments there:
                              what it "decided" is our own echo */

    /* Called for each event that is done. May be NULL. */
    void (*on_done)(void *context, const struct event *event,
                    const struct event_result *result);
    void *context;
};

/*
 * Work off the oldest events, up to INBOX_BATCH_MAX; `*nr` is how many there
 * were. What is to be told then waits in `list`, in the course's page, and in
 * the outbox. Where the course has no site, nothing is to be told.
 */
enum error_code inbox_work(const struct inbox *inbox, size_t *nr,
                           struct decision_list *list,
                           struct error *err) MUST_CHECK;

#endif /* PIPELINE_INBOX_H */
