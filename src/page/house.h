#ifndef PAGE_HOUSE_H
#define PAGE_HOUSE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "pipeline/judge.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What the page asks of the house it is served in; whoever fills in this
 * struct (app/serve_page.c) knows configuration, sites and workers.
 *
 * Several threads may call. Configuration may be loaded anew between two
 * calls, so all that is given back is a copy in the caller's arena.
 */
struct page_site {
    struct span name;
    bool told;            /* verdicts reach it by the outbox */
    double approve_below; /* the thresholds it is judged by */
    double spam_at;
};

struct page_site_list {
    struct page_site *site;
    size_t nr;
};

struct page_house {
    void *context;

    /* The sites that are served. */
    struct page_site_list (*sites)(void *context, struct arena *arena);

    /*
     * Call `use` with the judge of the site as it is now, which lives during
     * the call. False, and not called, when the site is not served.
     */
    bool (*judge)(void *context, struct span site,
                  void (*use)(void *user, const struct judge *judge),
                  void *user);

    /* Something for this site is in the outbox. */
    void (*decided)(void *context, struct span site);
};

#endif /* PAGE_HOUSE_H */
