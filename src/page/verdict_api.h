#ifndef PAGE_VERDICT_API_H
#define PAGE_VERDICT_API_H

#include "page/visit.h"

/*
 * All judgements, and one with its whole story; each is the answer to a
 * route.
 */
void verdicts_get(struct visit *visit);
void verdict_get(struct visit *visit);
void facets_get(struct visit *visit);

/* News of all of it, as long as the page is open. */
void events_get(struct visit *visit);

#endif /* PAGE_VERDICT_API_H */
