#ifndef PAGE_QUEUE_API_H
#define PAGE_QUEUE_API_H

#include "page/visit.h"

/*
 * What waits, and deciding about it; each is the answer to a route.
 */
void queue_get(struct visit *visit);
void queue_alike(struct visit *visit);
void actions_post(struct visit *visit);

#endif /* PAGE_QUEUE_API_H */
