/* sluice run: work off what waits at the site. */
#include "app/command.h"
#include "app/progress.h"
#include "app/judged.h"
#include "app/layer.h"
#include "app/memories.h"
#include "app/run_turn.h"
#include "app/setup.h"
#include "app/stop.h"
#include "base/late.h"
#include "base/log.h"
#include "pipeline/moderate.h"

#include <inttypes.h>
#include <stdio.h>

struct running {
    struct setup setup;
    struct run_turn turn;
    struct judged judged;
    struct progress progress;
    bool with_table;
    size_t done;  /* comments through, as moderate last said */
    size_t since; /* judged since then */
    size_t total;
};

static void show_verdict(void *context, const struct comment *comment,
                         const struct verdict *verdict)
{
    struct running *running = context;

    if (running->with_table) {
        progress_hide(&running->progress);
        judged_print(&running->judged, comment, verdict);
        if (running->progress.terminal)
            fflush(stdout);
    }
    running->since++;
    progress_show(&running->progress, running->done + running->since,
                  running->total);
}

static void show_progress(void *context, const struct run_totals *totals,
                          size_t done, size_t total)
{
    struct running *running = context;

    (void)totals;
    running->done = done;
    running->since = 0;
    running->total = total;
    progress_show(&running->progress, done, total);
}

static void print_summary(const struct moderate *moderate, int64_t run,
                          const struct run_totals *t)
{
    if (moderate->dry_run)
        printf("dry run: ");
    else
        printf("run %" PRId64 ": ", run);
    printf("%zu seen, %zu known; judged %zu: %zu approved, %zu held, %zu "
           "spam",
           t->seen, t->known, t->approved + t->held + t->spam, t->approved,
           t->held, t->spam);
    if (moderate->dry_run)
        printf("; nothing was changed\n");
    else
        printf("; the site took %zu, skipped %zu, failed %zu\n", t->applied,
               t->skipped, t->failed);
}

static enum exit_code moderate_site(struct call *call, struct running *running,
                                    const volatile bool *stop)
{
    struct moderate moderate = {
        .judge = &running->setup.judge,
        .site = running->setup.site,
        .store = running->setup.store,
        .site_name = call->config.site.name,
        .dry_run = call_has(call, "dry-run"),
        .stop = stop,
        .on_verdict = show_verdict,
        .on_progress = show_progress,
        .context = running,
    };
    struct run_totals totals;
    enum error_code rc;
    struct error err;
    int64_t run = 0;

    if (!moderate.dry_run &&
        run_turn_begin(&running->turn, &call->config, &moderate, &err))
        return call_failed(call, &err);
    judged_init(&running->judged, stdout);
    progress_init(&running->progress);
    rc = moderate_run(&moderate, &run, &totals, &err);
    progress_hide(&running->progress);
    judged_release(&running->judged);
    print_summary(&moderate, run, &totals);
    if (!rc)
        rc = run_turn_lasted(&running->turn, &err);
    if (rc)
        return call_failed(call, &err);
    if (*stop)
        log_info("stopped", "run=%" PRId64 " hint=%s", run,
                 log_quote(SPAN_LIT("the next run goes on from here")).text);
    return totals.failed ? EXIT_SOME_FAILED : EXIT_DONE;
}

static enum exit_code run_run(struct call *call)
{
    const volatile bool *stop = stop_on_signals();
    struct running running = { .with_table = !call_has(call, "no-table") };
    enum exit_code code;
    struct error err;
    enum error_code rc;

    late_bind_all();
    setup_init(&running.setup);
    run_turn_init(&running.turn, &call->config, stop);
    rc = config_choose(&call->config, &err);
    if (!rc)
        rc = setup_judge(&running.setup, &call->config, &err);
    if (!rc)
        rc = setup_site(&running.setup, &call->config, stop, &err);
    if (!rc && !call_has(call, "dry-run"))
        rc = setup_store(&running.setup, &call->config, false, &err);
    if (!rc)
        rc = layer_open(&running.setup, &call->config, &err);
    if (!rc)
        rc = memories_open(&running.setup, &call->config, &err);
    code = rc ? call_failed(call, &err) : moderate_site(call, &running, stop);
    run_turn_release(&running.turn);
    setup_release(&running.setup);
    return code;
}

static const struct command_flag flag[] = {
    { "dry-run", NULL, "judge and show; change nothing, remember nothing" },
    { "table", NULL, "print what was judged; this is the default" },
    { "no-table", NULL, "print the summary only" },
    { NULL, NULL, NULL },
};

const struct command command_run = {
    .name = "run",
    .operands = "",
    .summary = "judge the comments that wait at the site, and tell it",
    .help =
        "Judge every comment that is held at the site, remember the verdict, "
        "and tell the\nsite. Comments judged before are passed over. It may "
        "be stopped, or die, at any\npoint: the next run goes on from "
        "there.\n\n"
        "  sluice run --site-kind filequeue --site-url queue.ndjson "
        "--dry-run\n"
        "  SLUICE_SITE_PASSWORD='abcd efgh' sluice run --site-kind wordpress "
        "\\\n      --site-url https://blog.example --site-user ann\n",
    .flag = flag,
    .run = run_run,
};
