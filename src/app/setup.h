#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "app/config.h"
#include "base/error.h"
#include "learn/site_model.h"
#include "model/model.h"
#include "pipeline/judge.h"
#include "policy/lists.h"
#include "policy/policy.h"
#include "site/site.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * What a command works with, opened as the configuration says.
 */
struct setup {
    struct model *model;
    struct lists *lists;
    struct policy policy;
    struct policy owners;    /* without what was set on the page */
    struct site_model layer; /* the site's own, once layer_open found it */
    struct layer_state {
        char live[SITE_MODEL_ID_LEN + 1]; /* the live layer; empty: none */
        bool broken;    /* people's corrections say the promise is */
    } learned;          /* what layer_open found */
    struct judge judge; /* points at the above */
    struct site *site;
    struct store *store;
};

void setup_init(struct setup *setup);
void setup_release(struct setup *setup);

/* Open the model and the lists, and check the thresholds. */
enum error_code setup_judge(struct setup *setup, const struct config *config,
                            struct error *err) MUST_CHECK;

/* Open the site, without asking it anything. `stop` as in site.h. */
enum error_code setup_open_site(struct setup *setup,
                                const struct config *config,
                                const volatile bool *stop,
                                struct error *err) MUST_CHECK;

/* Open the site, and see that it answers. `stop` as in site.h. */
enum error_code setup_site(struct setup *setup, const struct config *config,
                           const volatile bool *stop,
                           struct error *err) MUST_CHECK;

/* The store's file. */
const char *setup_store_path(const struct config *config);

/* Is there a store already? At a server there is, or can be. */
bool setup_store_exists(const struct config *config);

/* Open the store, which there may have to be. */
enum error_code setup_store(struct setup *setup, const struct config *config,
                            bool must_exist, struct error *err) MUST_CHECK;

/* Open the store that is there, to look back only (store_open_to_read). */
enum error_code setup_store_to_read(struct setup *setup,
                                    const struct config *config,
                                    struct error *err) MUST_CHECK;

#endif /* APP_SETUP_H */
