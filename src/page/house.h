#ifndef PAGE_HOUSE_H
#define PAGE_HOUSE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "pipeline/judge.h"
#include "server/meter.h"

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
    double abuse_hold_at;
    bool approve; /* false: nothing is approved, only held */
    struct {
        double approve_below;
        double spam_at;
        double abuse_hold_at;
    } owners;            /* as they are without the page's */
    struct span general; /* the general model's id */
    bool learning;       /* now */
    struct span learned; /* how that ended the last time; empty: never */
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

    /*
     * From received to judged, since the server was started: how many took at
     * most histogram_bound_us of each bucket, and more than all.
     */
    void (*latency)(void *context, struct span site,
                    unsigned long long bucket[METER_BUCKET_NR + 1]);

    /* Something for this site is in the outbox. */
    void (*decided)(void *context, struct span site);

    /* Settings or models changed: take them up. */
    void (*changed)(void *context);

    /* Begin to learn; false when that goes on already, or nobody can. */
    bool (*learn)(void *context, struct span site);
};

#endif /* PAGE_HOUSE_H */
