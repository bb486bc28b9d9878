#include "app/setup.h"

#include <string.h>
#include <unistd.h>

#define STORE_SCHEME "sqlite:"

void setup_init(struct setup *setup)
{
    memset(setup, 0, sizeof(*setup));
}

void setup_release(struct setup *setup)
{
    site_close(setup->site);
    store_close(setup->store);
    lists_free(setup->lists);
    site_model_release(&setup->layer);
    memory_free(setup->judge.memory);
    model_close(setup->model);
}

/*
 * The threshold that keeps the promise asked for. The model was measured at a
 * few of them; one between two of these is kept by the stricter.
 */
static enum error_code fill_promise(struct policy *policy,
                                    const struct model *model, double one_in,
                                    struct error *err)
{
    const struct model_promise *promise = model_promise(model, one_in);
    const struct model_promise *strictest = model_strictest(model);

    if (promise) {
        policy->spam_at = promise->spam_at;
        return ERROR_NONE;
    }
    if (!strictest)
        return error_set(err, ERROR_CONFIG,
                         "promise: this model makes none; set spam_at");
    return error_set(err, ERROR_CONFIG,
                     "promise: 1/%.0f is more than this model can keep; "
                     "1/%.0f is its strictest, or set spam_at",
                     one_in, strictest->one_in);
}

/* What the owner did not set is as it was chosen with the model. */
static void fill_thresholds(struct policy *policy, const struct model *model)
{
    const struct model_thresholds *chosen = model_thresholds(model);

    if (policy->approve_below < 0)
        policy->approve_below = chosen->approve_below;
    if (policy->spam_at < 0)
        policy->spam_at = chosen->spam_at;
    if (policy->abuse_hold_at < 0)
        policy->abuse_hold_at = chosen->abuse_hold_at;
}

enum error_code setup_judge(struct setup *setup, const struct config *config,
                            struct error *err)
{
    enum error_code rc;

    rc = model_open(&setup->model, config->model.ptr, err);
    if (rc)
        return rc;
    rc = lists_load(&setup->lists, config->allow_list.ptr,
                    config->deny_list.ptr, err);
    if (rc)
        return rc;
    setup->policy = config->policy;
    setup->policy.lists = setup->lists;
    /* A threshold of the owner's own beats any promise. */
    if (config->promise > 0 && setup->policy.spam_at < 0) {
        rc = fill_promise(&setup->policy, setup->model, config->promise, err);
        if (rc)
            return rc;
    }
    fill_thresholds(&setup->policy, setup->model);
    setup->owners = setup->policy;
    setup->judge = (struct judge){ setup->model, &setup->policy, NULL, NULL };
    return policy_check(&setup->policy, err);
}

enum error_code setup_open_site(struct setup *setup,
                                const struct config *config,
                                const volatile bool *stop, struct error *err)
{
    struct site_options options = config->site;

    options.stop = stop;
    options.key = config->site_key;
    return site_open(&setup->site, &options, err);
}

enum error_code setup_site(struct setup *setup, const struct config *config,
                           const volatile bool *stop, struct error *err)
{
    enum error_code rc = setup_open_site(setup, config, stop, err);

    return rc ? rc : site_check(setup->site, err);
}

const char *setup_store_path(const struct config *config)
{
    const char *path = config->store.ptr;

    if (span_starts(config->store, SPAN_LIT(STORE_SCHEME)))
        path += sizeof(STORE_SCHEME) - 1;
    return path;
}

bool setup_store_exists(const struct config *config)
{
    return store_is_server(config->store) ||
           access(setup_store_path(config), F_OK) == 0;
}

static enum error_code must_be_there(const struct config *config,
                                     struct error *err)
{
    if (setup_store_exists(config))
        return ERROR_NONE;
    return error_set(err, ERROR_STORE,
                     "%s: there is no store here yet; 'sluice run' makes it, "
                     "--store names another",
                     setup_store_path(config));
}

enum error_code setup_store(struct setup *setup, const struct config *config,
                            bool must_exist, struct error *err)
{
    enum error_code rc = must_exist ? must_be_there(config, err) : ERROR_NONE;

    return rc ? rc : store_open(&setup->store, config->store.ptr, err);
}

enum error_code setup_store_to_read(struct setup *setup,
                                    const struct config *config,
                                    struct error *err)
{
    enum error_code rc = must_be_there(config, err);

    return rc ? rc : store_open_to_read(&setup->store, config->store.ptr, err);
}
