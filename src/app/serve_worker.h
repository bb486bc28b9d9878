#ifndef APP_SERVE_WORKER_H
#define APP_SERVE_WORKER_H

#include "app/serve_hall.h"
#include "store/node.h"

/*
 * One site's worker: a thread that judges what came for the site, in order,
 * and tells it the verdicts.
 *
 * First the outbox that an earlier process left, then events as they come. A
 * site that does not answer is left alone for a while (pipeline/breaker.h);
 * judging goes on, and its verdicts wait in the outbox. The worker is nice: a
 * burst is first taken in and then judged.
 *
 * Where nodes share a server, each has a worker for the site, and the one
 * whose turn it is works (store/lease.h): from the first event that comes
 * until there is nothing more to do.
 */
struct worker;

/*
 * Start. The site itself is not contacted here. The hall and the node must
 * outlive the worker.
 */
enum error_code worker_start(struct worker **worker, struct hall_site *site,
                             struct writer *writer, struct node *node,
                             struct error *err) MUST_CHECK;

/* Events may have come. Any thread. */
void worker_wake(struct worker *worker);

/* There is something new in the outbox that did not come from here. */
void worker_tell(struct worker *worker);

/*
 * Finish what is in flight, note the run's end, and free the worker; all else
 * stays in inbox and outbox. NULL is fine.
 */
void worker_stop(struct worker *worker);

#endif /* APP_SERVE_WORKER_H */
