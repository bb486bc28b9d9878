/*
 * sluice forget and sluice erase: what was learned from a comment, or is kept
 * of a person, taken back. The layer is made anew from the labels that are
 * left, so it equals one that never saw the others.
 */
#include "app/command.h"
#include "app/setup.h"
#include "app/teaching.h"
#include "base/clock.h"
#include "comment/comment.h"
#include "store/label.h"

#include <stdio.h>

static enum error_code make_anew(struct call *call, struct setup *setup,
                                 struct error *err)
{
    struct teaching teaching;
    struct arena arena;
    enum error_code rc;

    arena_init(&arena);
    rc = teaching_run(&teaching, &arena, setup, &call->config, true, err);
    if (!rc)
        teaching_print(&teaching);
    site_model_release(&teaching.model);
    arena_release(&arena);
    return rc;
}

static enum error_code open_both(struct call *call, struct setup *setup,
                                 struct error *err)
{
    enum error_code rc = setup_judge(setup, &call->config, err);

    return rc ? rc : setup_store(setup, &call->config, true, err);
}

static enum error_code forget(struct call *call, struct setup *setup,
                              struct error *err)
{
    struct span site = call->config.site.name;
    size_t forgotten = 0;

    for (size_t i = 0; i < call->operand_nr; i++) {
        struct span id = span_str(call->operand[i]);
        bool found;
        enum error_code rc =
            store_forget(setup->store, site, id, clock_now_ms(), &found, err);

        if (rc)
            return rc;
        if (!found)
            return error_set(err, ERROR_INPUT,
                             "%s: no label of this comment is kept for site "
                             "%.*s",
                             call->operand[i], SPAN_ARG(site));
        forgotten++;
    }
    printf("%zu labels forgotten\n", forgotten);
    return make_anew(call, setup, err);
}

static enum error_code erase(struct call *call, struct setup *setup,
                             struct error *err)
{
    struct span email = call_value(call, "email");
    struct digest person = comment_person(email);
    struct erased erased;
    enum error_code rc;

    if (!person.hex[0])
        return error_set(err, ERROR_CONFIG,
                         "--email: name the whole address, as in "
                         "ann@example.com");
    rc = store_erase(setup->store, span_str(person.hex), span_trim(email),
                     clock_now_ms(), &erased, err);
    if (rc)
        return rc;
    printf("erased: %zu labels, name and words in %zu decisions, %zu stored "
           "requests; %zu models taken away\n",
           erased.labels, erased.decisions, erased.events, erased.models);
    return erased.labels ? make_anew(call, setup, err) : ERROR_NONE;
}

static enum exit_code run_with(struct call *call,
                               enum error_code (*act)(struct call *call,
                                                      struct setup *setup,
                                                      struct error *err))
{
    enum exit_code code = EXIT_DONE;
    struct setup setup;
    enum error_code rc;
    struct error err;

    setup_init(&setup);
    rc = open_both(call, &setup, &err);
    if (!rc)
        rc = act(call, &setup, &err);
    if (rc)
        code = call_failed(call, &err);
    setup_release(&setup);
    return code;
}

static enum exit_code run_forget(struct call *call)
{
    return run_with(call, forget);
}

static enum exit_code run_erase(struct call *call)
{
    return run_with(call, erase);
}

const struct command command_forget = {
    .name = "forget",
    .operands = "ID...",
    .summary = "take back what was learned from comments",
    .help = "Forget the labels of the comments with these ids, and learn anew "
            "from the others.\nReading the site's history again does not "
            "bring them back; models that were\ntaught them are taken "
            "away.\n\n"
            "  sluice forget 4711\n",
    .operands_min = 1,
    .operands_max = 1000,
    .run = run_forget,
};

static const struct command_flag erase_flag[] = {
    { "email", "ADDRESS", "the person's mail address" },
    { NULL, NULL, NULL },
};

const struct command command_erase = {
    .name = "erase",
    .operands = "",
    .summary = "take away all that is kept of a person",
    .help = "Take away what the store keeps of the person with this mail "
            "address: labels,\nnames, excerpts and evidence of decisions, "
            "stored requests. Verdicts stay, about\nnobody. Says how much "
            "there was.\n\n"
            "  sluice erase --email ann@example.com\n",
    .flag = erase_flag,
    .run = run_erase,
};
