#include "app/serve_hall.h"

#include "app/layer.h"
#include "app/memories.h"
#include "app/options.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "server/akismet_call.h"
#include "server/signature.h"

#include <stdlib.h>
#include <string.h>

/* A key that can be guessed by trying is none. */
#define TOKEN_BYTES_MIN 16

static enum error_code check_secrets(const struct config *config,
                                     struct error *err)
{
    struct span name = config->site.name;

    if (!signature_secrets_sound(config->site_hook_secret))
        return error_set(err, ERROR_CONFIG,
                         "site %.*s: hook_secret: each must be whsec_ and "
                         "base64, or text, of 16 to %d bytes",
                         SPAN_ARG(name), SIGNATURE_SECRET_MAX);
    if (config->site_token.len && config->site_token.len < TOKEN_BYTES_MIN)
        return error_set(err, ERROR_CONFIG,
                         "site %.*s: token: shorter than %d bytes",
                         SPAN_ARG(name), TOKEN_BYTES_MIN);
    /* Others are refused by WordPress's plugin, or are no part of a host. */
    if (config->site_key.len && !akismet_key_is_one(config->site_key))
        return error_set(err, ERROR_CONFIG,
                         "site %.*s: key: must be %d letters from a to z or "
                         "digits",
                         SPAN_ARG(name), AKISMET_KEY_LEN);
    return ERROR_NONE;
}

/* A key or token that two sites share would name neither. */
static enum error_code check_apart(const struct hall *hall, size_t i,
                                   struct error *err)
{
    const struct config *own = hall->site[i].config;

    for (size_t j = 0; j < i; j++) {
        const struct config *other = hall->site[j].config;

        if ((own->site_key.len && span_eq(own->site_key, other->site_key)) ||
            (own->site_token.len &&
             span_eq(own->site_token, other->site_token)))
            return error_set(err, ERROR_CONFIG,
                             "sites %.*s and %.*s have the same key or token; "
                             "each needs its own",
                             SPAN_ARG(own->site.name),
                             SPAN_ARG(other->site.name));
    }
    return ERROR_NONE;
}

static enum error_code site_setup(struct hall *hall, size_t i,
                                  struct tallies *tallies, struct error *err)
{
    struct hall_site *site = &hall->site[i];
    enum error_code rc;

    site->config = config_site(&hall->call.config, i);
    site->tally = tallies_of(tallies, site->config->site.name);
    setup_init(&site->setup);
    hall->nr = i + 1;
    rc = check_secrets(site->config, err);
    if (!rc)
        rc = check_apart(hall, i, err);
    if (!rc)
        rc = setup_judge(&site->setup, site->config, err);
    if (!rc)
        rc = layer_open(&site->setup, site->config, err);
    return rc ? rc : memories_open(&site->setup, site->config, err);
}

static void hall_free(struct hall *hall)
{
    for (size_t i = 0; i < hall->nr; i++)
        setup_release(&hall->site[i].setup);
    limit_free(hall->limit);
    config_release(&hall->call.config);
    free(hall->site);
    free(hall);
}

enum error_code hall_new(struct hall **hall, const struct call *call,
                         struct tallies *tallies, struct error *err)
{
    struct hall *made = xcalloc(1, sizeof(*made));
    size_t nr;
    bool help;
    enum error_code rc;

    made->inside = 1;
    made->call.command = call->command;
    rc = options_read(&made->call, call->argc, call->argv, &help, err);
    nr = config_site_nr(&made->call.config);
    made->site = xcalloc(nr, sizeof(*made->site));
    for (size_t i = 0; !rc && i < nr; i++)
        rc = site_setup(made, i, tallies, err);
    if (made->call.config.serve.rate_site)
        made->limit = limit_new(made->call.config.serve.rate_site);
    if (rc)
        hall_free(made);
    else
        *hall = made;
    return rc;
}

enum error_code hall_begin_runs(struct hall *hall, struct store *store,
                                struct error *err)
{
    enum error_code rc = ERROR_NONE;
    struct arena arena;

    arena_init(&arena);
    for (size_t i = 0; !rc && i < hall->nr; i++)
        rc = store_run_begin(store, hall->site[i].config->site.name,
                             judge_model(&hall->site[i].setup.judge, &arena),
                             clock_now_ms(), &hall->site[i].run, err);
    arena_release(&arena);
    return rc;
}

void hall_enter(struct hall *hall)
{
    hall->inside++;
}

void hall_leave(struct hall *hall)
{
    if (!--hall->inside)
        hall_free(hall);
}

struct hall_site *hall_find(struct hall *hall, struct span name)
{
    for (size_t i = 0; i < hall->nr; i++)
        if (span_eq(hall->site[i].config->site.name, name))
            return &hall->site[i];
    return NULL;
}
