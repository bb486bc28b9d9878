#ifndef APP_SERVE_PAGE_H
#define APP_SERVE_PAGE_H

#include "app/serve_desk.h"
#include "app/serve_learn.h"
#include "page/assets.h"
#include "page/page.h"

/*
 * The moderators' page in the house: what it asks is answered with
 * configuration, sites and workers.
 */
struct serve_page {
    struct page_house house;
    struct serve_desk *desk; /* not owned */
    struct assets assets;
    struct serve_learn learn;
    struct page *page;

    /* A person has decided something that a site is to be told. */
    void (*on_decided)(void *context, struct span site);
    /* Settings have been changed: other nodes are to know. */
    void (*on_changed)(void *context);
    void *context;
};

/*
 * Start it, on_decided and on_changed being filled in, and say on stdout by
 * which one-time link the first account is made, when there is none. The
 * caller stops it.
 */
enum error_code serve_page_start(struct serve_page *sp,
                                 struct serve_desk *desk,
                                 const struct config *config,
                                 struct error *err) MUST_CHECK;

/* Nobody is told any news from here on: the server is to drain. */
void serve_page_end_streams(struct serve_page *sp);
void serve_page_stop(struct serve_page *sp); /* one never started is fine */

#endif /* APP_SERVE_PAGE_H */
