/* sluice doctor: is everything set up, and if not, how to mend it. */
#include "app/command.h"
#include "app/screen.h"
#include "app/setup.h"
#include "app/stop.h"
#include "store/event.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES_MAX ((size_t)4 << 10)

struct doctor {
    struct examination examination;
    size_t warnings;
    size_t failures;
};

static void print_finding(void *context, enum finding finding,
                          const char *check, const char *text)
{
    static const char *const word[] = { "ok", "warn", "FAIL" };
    struct doctor *doctor = context;
    struct buf line;

    doctor->warnings += finding == FINDING_WARN;
    doctor->failures += finding == FINDING_FAIL;
    buf_init(&line, LINE_BYTES_MAX);
    screen_put(&line, span_str(text), SCREEN_WIDTH_MAX);
    printf("%-4s  %-10s  %.*s\n", word[finding], check,
           SPAN_ARG(buf_span(&line)));
    buf_release(&line);
}

static void examine_config(const struct config *config, struct examination *ex)
{
    if (config->insecure)
        examination_warn(ex, "config",
                         "its file holds the password, and others on this "
                         "machine can read it; chmod 600 it");
    else
        examination_ok(ex, "config", "site %.*s, kind %.*s",
                       SPAN_ARG(config->site.name),
                       SPAN_ARG(config->site.kind));
}

static void examine_model(struct setup *setup, const struct config *config,
                          struct examination *ex)
{
    struct error err;

    if (setup_judge(setup, config, &err))
        examination_fail(ex, "model", &err);
    else
        examination_ok(ex, "model", "%.*s, approves below %g, spam from %g on",
                       SPAN_ARG(model_id(setup->model)),
                       setup->policy.approve_below, setup->policy.spam_at);
}

/* Whether a store could be made, without making one. */
static enum error_code store_possible(const char *path, struct error *err)
{
    char copy[4096];
    const char *dir;

    snprintf(copy, sizeof(copy), "%s", path);
    dir = dirname(copy);
    if (!access(dir, W_OK | X_OK))
        return ERROR_NONE;
    return error_set(err, ERROR_STORE,
                     "%.200s: no store here, and none can be made: the "
                     "directory is missing or not to be written to; --store "
                     "names another place",
                     path);
}

/* A server is asked, and says itself what is wrong. */
static void examine_server(struct setup *setup, const struct config *config,
                           struct examination *ex)
{
    struct error err;
    enum error_code rc = setup_store(setup, config, true, &err);

    if (!rc)
        rc = store_check(setup->store, &err);
    if (rc)
        examination_fail(ex, "store", &err);
    else
        examination_ok(ex, "store",
                       "PostgreSQL answers, and can be written to");
}

static void examine_store(struct setup *setup, const struct config *config,
                          struct examination *ex)
{
    const char *path = setup_store_path(config);
    struct error err;
    enum error_code rc = ERROR_NONE;
    bool there = !access(path, F_OK);

    if (!there)
        rc = store_possible(path, &err);
    else if (access(path, W_OK))
        rc = error_set(&err, ERROR_STORE,
                       "%.200s: may not be written to; it belongs to the "
                       "user who runs sluice",
                       path);
    else
        rc = setup_store(setup, config, true, &err);
    if (rc)
        examination_fail(ex, "store", &err);
    else
        examination_ok(ex, "store", "%s %s", path,
                       there ? "can be read and written"
                             : "will be made by the first run");
}

static void examine_site(struct setup *setup, const struct config *config,
                         struct examination *ex)
{
    struct error err;

    if (setup_open_site(setup, config, stop_on_signals(), &err))
        examination_fail(ex, "site", &err);
    else
        site_examine(setup->site, ex);
}

static enum exit_code run_doctor(struct call *call)
{
    struct doctor doctor = { .examination = { .report = print_finding } };
    struct examination *ex = &doctor.examination;
    struct setup setup;

    ex->context = &doctor;
    setup_init(&setup);
    examine_config(&call->config, ex);
    examine_model(&setup, &call->config, ex);
    if (store_is_server(call->config.store))
        examine_server(&setup, &call->config, ex);
    else
        examine_store(&setup, &call->config, ex);
    examine_site(&setup, &call->config, ex);
    setup_release(&setup);
    if (doctor.failures)
        printf("%zu to mend, and then 'sluice doctor' again\n",
               doctor.failures);
    else
        printf("all is well%s\n",
               doctor.warnings ? ", but for the above" : "");
    return exit_for(ex->first_failure);
}

const struct command command_doctor = {
    .name = "doctor",
    .operands = "",
    .summary = "check the set-up step by step; say how to mend what is wrong",
    .help =
        "Check everything a run needs: settings, model, store, and each step "
        "of the way to\nthe site, down to its companion plugin. One line a "
        "check: ok, warn (it works, and\ncould be better) or FAIL, with what "
        "to do. Nothing is changed, here or at the site.\n\n"
        "  sluice doctor\n"
        "  sluice doctor --site-kind wordpress --site-url "
        "https://blog.example --site-user ann\n",
    .run = run_doctor,
};
