/* sluice models: the layers that were taught, and which one is live. */
#include "app/command.h"
#include "app/setup.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/clock.h"
#include "store/label.h"

#include <stdio.h>

struct listing {
    struct table table;
    struct arena arena;
    size_t nr;
};

static const struct column column[] = {
    { "model", 12, 0, false }, { "live", 4, 0, false },
    { "made", 16, 0, false },  { "honest", 6, 0, true },
    { "spam", 6, 0, true },    { "loss", 6, 0, true },
    { "before", 6, 0, true },  { "marked", 6, 0, true },
    { "caught", 6, 0, true },  { "why", 24, 1, false },
};

static struct span number(struct arena *arena, size_t nr)
{
    return arena_printf(arena, "%zu", nr);
}

static bool print_model(void *context, const struct kept_model *model)
{
    struct listing *listing = context;
    struct arena *arena = &listing->arena;
    struct clock_text made = clock_format(model->made_ms);
    const struct span cell[] = {
        model->model,
        model->live ? SPAN_LIT("yes") : SPAN_LIT(""),
        span_cut(span_str(made.text), 0, 16),
        number(arena, model->ham),
        number(arena, model->spam),
        arena_printf(arena, "%.3f", model->loss),
        arena_printf(arena, "%.3f", model->general_loss),
        number(arena, model->false_marks),
        number(arena, model->caught),
        model->reason,
    };

    table_row(&listing->table, cell, model->live ? COLOUR_GREEN : COLOUR_NONE);
    arena_reset(arena);
    listing->nr++;
    return true;
}

static enum error_code list(struct call *call, struct setup *setup,
                            struct error *err)
{
    struct listing listing = { .nr = 0 };
    enum error_code rc;

    arena_init(&listing.arena);
    table_init(&listing.table, stdout, column,
               sizeof(column) / sizeof(column[0]));
    rc = store_models(setup->store, call->config.site.name, print_model,
                      &listing, err);
    if (!rc && !listing.nr)
        printf("site %.*s has no model of its own yet; 'sluice learn' makes "
               "one\n",
               SPAN_ARG(call->config.site.name));
    arena_release(&listing.arena);
    return rc;
}

static enum error_code use(struct call *call, struct setup *setup,
                           struct error *err)
{
    struct span id = call_value(call, "use");
    bool none = span_eq(id, SPAN_LIT("none"));
    bool found;
    enum error_code rc = store_model_choose(
        setup->store, call->config.site.name, none ? SPAN_LIT("") : id,
        SPAN_LIT("chosen by a person"), &found, err);

    if (rc)
        return rc;
    if (!found)
        return error_set(err, ERROR_INPUT,
                         "%.*s: no such model, or its bytes were taken away; "
                         "'sluice models' lists them",
                         SPAN_ARG(id));
    if (none)
        printf("the general model alone judges from here on\n");
    else
        printf("model %.*s is live\n", SPAN_ARG(id));
    return ERROR_NONE;
}

static enum exit_code run_models(struct call *call)
{
    enum exit_code code = EXIT_DONE;
    struct setup setup;
    enum error_code rc;
    struct error err;

    setup_init(&setup);
    rc = setup_store(&setup, &call->config, true, &err);
    if (!rc)
        rc = call_has(call, "use") ? use(call, &setup, &err)
                                   : list(call, &setup, &err);
    if (rc)
        code = call_failed(call, &err);
    setup_release(&setup);
    return code;
}

static const struct command_flag flag[] = {
    { "use", "ID", "make this one live; \"none\": the general model alone" },
    { NULL, NULL, NULL },
};

const struct command command_models = {
    .name = "models",
    .operands = "",
    .summary =
        "list what was learned for the site, or go back to an older one",
    .help =
        "List the layers that 'sluice learn' made for the site, the newest "
        "first: labels,\nloss on labels held out in time (before: of the "
        "general model alone), how many of\nthe held-out honest comments it "
        "would have marked, how many spam caught.\n\n"
        "  sluice models\n"
        "  sluice models --use 77ab01c0ffee\n",
    .flag = flag,
    .run = run_models,
};
