/* sluice undo: put back what a run changed. */
#include "app/command.h"
#include "app/progress.h"
#include "app/setup.h"
#include "app/stop.h"
#include "pipeline/moderate.h"

#include <inttypes.h>
#include <stdio.h>

static void show_progress(void *context, const struct run_totals *totals,
                          size_t done, size_t total)
{
    (void)totals;
    progress_show(context, done, total);
}

static enum exit_code undo(struct call *call, const struct setup *setup,
                           int64_t run, const volatile bool *stop)
{
    struct progress progress;
    const struct moderate moderate = {
        .site = setup->site,
        .store = setup->store,
        .site_name = call->config.site.name,
        .stop = stop,
        .on_progress = show_progress,
        .context = &progress,
    };
    struct run_totals totals;
    enum error_code rc;
    struct error err;

    progress_init(&progress);
    rc = moderate_undo(&moderate, run, &totals, &err);
    progress_hide(&progress);
    if (rc == ERROR_INPUT)
        return call_failed(call, &err);
    printf("undo of run %" PRId64
           ": %zu put back, %zu skipped (changed since, "
           "or gone), %zu failed\n",
           run, totals.applied, totals.skipped, totals.failed);
    if (rc)
        return call_failed(call, &err);
    return totals.failed ? EXIT_SOME_FAILED : EXIT_DONE;
}

static enum exit_code run_undo(struct call *call)
{
    const volatile bool *stop = stop_on_signals();
    struct span number = span_str(call->operand[0]);
    enum exit_code code;
    enum error_code rc = ERROR_NONE;
    struct setup setup;
    struct error err;
    long long run;

    setup_init(&setup);
    if (!span_to_long(number, &run) || run < 1)
        rc = error_set(&err, ERROR_CONFIG,
                       "%s: not the number of a run; 'sluice history --runs' "
                       "lists them",
                       call->operand[0]);
    if (!rc)
        rc = config_choose(&call->config, &err);
    if (!rc)
        rc = setup_store(&setup, &call->config, true, &err);
    if (!rc)
        rc = setup_site(&setup, &call->config, stop, &err);
    code = rc ? call_failed(call, &err) : undo(call, &setup, run, stop);
    setup_release(&setup);
    return code;
}

const struct command command_undo = {
    .name = "undo",
    .operands = "RUN",
    .summary = "put the comments that a run changed back to what they were",
    .help = "Put every comment that run number RUN changed back to the status "
            "it had, unless\na person has changed it since. What that run has "
            "not told the site yet, it never\nwill. A later run leaves undone "
            "comments alone.\n\n"
            "  sluice history --runs\n"
            "  sluice undo 7\n",
    .operands_min = 1,
    .operands_max = 1,
    .run = run_undo,
};
