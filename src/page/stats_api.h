#ifndef PAGE_STATS_API_H
#define PAGE_STATS_API_H

#include "page/visit.h"

/* How a site is doing; the answer to a route. */
void stats_get(struct visit *visit);

#endif /* PAGE_STATS_API_H */
