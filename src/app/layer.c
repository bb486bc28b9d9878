#include "app/layer.h"

#include "app/preferences.h"
#include "base/log.h"
#include "learn/teach.h"
#include "learn/watch.h"
#include "store/label.h"

#include <stdio.h>
#include <string.h>

/* Nothing reaches it: what would have been marked waits for people. */
#define SPAM_AT_NEVER 1.0

/* What the store has for the site. */
struct live {
    struct arena *arena; /* NULL: the layer's bytes are not asked for */
    struct layer_state state;
    struct span bytes;
    int64_t made_ms;
};

static bool find_live(void *context, const struct kept_model *model)
{
    struct live *live = context;

    if (!model->live)
        return true;
    snprintf(live->state.live, sizeof(live->state.live), "%.*s",
             SPAN_ARG(model->model));
    if (live->arena)
        live->bytes = arena_dup(live->arena, model->bytes);
    live->made_ms = model->made_ms;
    return false;
}

static void use(struct setup *setup, const struct config *config,
                struct span bytes)
{
    struct error err;

    if (site_model_parse(&setup->layer, bytes, &err)) {
        log_warn("site_model_unusable", "site=%.*s error=%s",
                 SPAN_ARG(config->site.name),
                 log_quote(span_str(err.text)).text);
        return;
    }
    if (!span_eq(model_id(setup->model), span_str(setup->layer.general))) {
        log_warn("site_model_unusable",
                 "site=%.*s made_for=%s model=%.*s hint=\"run 'sluice "
                 "learn'\"",
                 SPAN_ARG(config->site.name), setup->layer.general,
                 SPAN_ARG(model_id(setup->model)));
        return;
    }
    setup->judge.site = &setup->layer;
    if (config->policy.approve_below < 0)
        setup->policy.approve_below = setup->layer.approve_below;
    if (config->policy.spam_at < 0)
        setup->policy.spam_at = setup->layer.spam_at;
}

static bool see(void *context, const struct outcome *outcome)
{
    if (!outcome->spam)
        watch_see(context, outcome->verdict == VERDICT_SPAM);
    return true;
}

/* The live layer; and is the promise kept, by what people said since? */
static enum error_code look(struct live *live, struct watch *watch,
                            struct store *store, const struct config *config,
                            struct error *err)
{
    const struct teach_promise *promise = &teach_promise_default;
    enum error_code rc =
        store_models(store, config->site.name, find_live, live, err);

    watch_begin(watch, promise->marked);
    if (!rc)
        rc = store_outcomes(store, config->site.name, live->made_ms, see,
                            watch, err);
    live->state.broken = watch_broken(watch, promise->confidence);
    return rc;
}

static void warn_broken(const struct config *config, const struct watch *watch)
{
    log_warn("promise_broken",
             "site=%.*s honest=%zu marked=%zu promised=%g hint=\"nothing is "
             "marked as spam, only held, until 'sluice learn' makes a model "
             "that keeps the promise\"",
             SPAN_ARG(config->site.name), watch->honest, watch->marked,
             teach_promise_default.marked);
}

static enum error_code open_from(struct setup *setup, struct store *store,
                                 const struct config *config,
                                 struct error *err)
{
    struct arena arena;
    struct live live = { .arena = &arena };
    struct watch watch;
    enum error_code rc;

    arena_init(&arena);
    rc = look(&live, &watch, store, config, err);
    if (!rc && live.bytes.len)
        use(setup, config, live.bytes);
    setup->learned = live.state;
    if (!rc && live.state.broken) {
        warn_broken(config, &watch);
        if (config->policy.spam_at < 0)
            setup->policy.spam_at = SPAM_AT_NEVER;
    }
    if (!rc)
        rc = policy_check(&setup->policy, err);
    if (!rc)
        rc = preferences_open(setup, store, config, err);
    arena_release(&arena);
    return rc;
}

enum error_code layer_changed(const struct setup *setup, struct store *store,
                              const struct config *config, bool *changed,
                              struct error *err)
{
    struct live live = { .arena = NULL };
    struct watch watch;
    enum error_code rc = look(&live, &watch, store, config, err);

    *changed = !rc && (live.state.broken != setup->learned.broken ||
                       strcmp(live.state.live, setup->learned.live) != 0);
    return rc;
}

enum error_code layer_open(struct setup *setup, const struct config *config,
                           struct error *err)
{
    struct store *store;
    enum error_code rc;

    if (setup->store)
        return open_from(setup, setup->store, config, err);
    if (!setup_store_exists(config))
        return ERROR_NONE;
    rc = store_open(&store, config->store.ptr, err);
    if (rc)
        return rc;
    rc = open_from(setup, store, config, err);
    store_close(store);
    return rc;
}
