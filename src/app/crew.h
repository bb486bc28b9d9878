#ifndef APP_CREW_H
#define APP_CREW_H

#include "app/batch.h"
#include "pipeline/judge.h"

#include <stddef.h>

/*
 * Threads that judge batches of one stream.
 *
 * One thread, the owner, fills batches and takes them back judged, in the
 * order in which it handed them over; the threads of the crew judge them in
 * any order. There are only so many batches: when all are under way, the
 * owner has to take one back before it can fill another, so memory stays the
 * same however long the stream is, and reading never runs ahead of writing.
 */
struct crew;

#define CREW_THREADS_MAX 64

/*
 * Start `nr` threads, 1 to CREW_THREADS_MAX; `judge` has to outlive them.
 * ERROR_CONFIG when the system will not have so many. The caller frees.
 */
enum error_code crew_start(struct crew **crew, const struct judge *judge,
                           size_t nr, struct error *err) MUST_CHECK;

/* Let the threads finish what is under way, and end them. NULL is fine. */
void crew_free(struct crew *crew);

/* The batch to fill; NULL when all are under way. The same until handed. */
struct batch *crew_next(struct crew *crew);

/* Hand over the batch that crew_next gave. */
void crew_hand(struct crew *crew);

/*
 * The oldest batch under way, once it is judged; waits for that. NULL when
 * none is. It is the owner's until crew_give_back.
 */
struct batch *crew_take(struct crew *crew);
void crew_give_back(struct crew *crew);

#endif /* APP_CREW_H */
