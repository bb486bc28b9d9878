/* sluice report: what was promised, and what people's decisions show. */
#include "app/command.h"
#include "app/setup.h"
#include "app/table.h"
#include "app/when.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "learn/promise.h"
#include "learn/teach.h"
#include "learn/weeks.h"
#include "store/label.h"

#include <math.h>
#include <stdio.h>

#define SVG_BYTES_MAX ((size_t)1 << 20)

static bool see(void *context, const struct outcome *outcome)
{
    weeks_see(context, outcome->at_ms, outcome->spam,
              outcome->verdict == VERDICT_SPAM,
              outcome->verdict == VERDICT_HOLD);
    return true;
}

static double share(size_t part, size_t of)
{
    return of ? (double)part / (double)of : 0;
}

static struct span percent(struct arena *arena, size_t part, size_t of)
{
    return arena_printf(arena, "%.2f %%", 100 * share(part, of));
}

static void print_weeks(const struct weeks *report)
{
    static const struct column column[] = {
        { "week of", 10, 0, false },    { "honest", 7, 0, true },
        { "marked", 8, 0, true },       { "promised", 8, 0, true },
        { "waited", 8, 0, true },       { "promised", 8, 0, true },
        { "spam caught", 12, 0, true }, { "stake against", 13, 0, true },
    };
    const struct teach_promise *promise = &teach_promise_default;
    struct table table;
    struct arena arena;

    arena_init(&arena);
    table_init(&table, stdout, column, sizeof(column) / sizeof(column[0]));
    for (size_t i = 0; i < report->nr; i++) {
        const struct week *week = &report->week[i];
        struct clock_text day = clock_format(week->number * WEEK_MS);
        const struct span cell[] = {
            span_cut(span_str(day.text), 0, 10),
            arena_printf(&arena, "%zu", week->honest),
            percent(&arena, week->marked, week->honest),
            arena_printf(&arena, "%.2f %%", 100 * promise->marked),
            percent(&arena, week->held, week->honest),
            arena_printf(&arena, "%.2f %%", 100 * promise->held),
            arena_printf(&arena, "%zu of %zu", week->caught, week->spam),
            arena_printf(&arena, "%.2f", week->stake),
        };

        table_row(&table, cell, COLOUR_NONE);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

static void print_sum(const struct weeks *report)
{
    const struct teach_promise *promise = &teach_promise_default;
    const struct watch *watch = &report->watch;

    printf("in all: %zu of %zu honest comments were marked, %.2f %% (at most "
           "%.2f %% with 95 %% confidence); promised are at most %.2f %%\n",
           watch->marked, watch->honest,
           100 * share(watch->marked, watch->honest),
           100 * promise_upper_bound(watch->marked, watch->honest,
                                     promise->confidence),
           100 * promise->marked);
    printf("the promise is %s: the stake against it is %.2f, and %.0f would "
           "break it\n",
           watch_broken(watch, promise->confidence) ? "BROKEN" : "kept",
           watch_stake(watch), 1 / (1 - promise->confidence));
}

/* A picture of 720 by 300: bars of what was seen, a line of what was said. */
#define LEFT 60
#define TOP 40
#define WIDTH 640
#define HEIGHT 200

static double y_of(double value, double most)
{
    return TOP + HEIGHT * (1 - fmin(1, value / most));
}

static double highest(const struct weeks *report)
{
    double most = 2 * teach_promise_default.marked;

    for (size_t i = 0; i < report->nr; i++)
        most =
            fmax(most, share(report->week[i].marked, report->week[i].honest));
    return most;
}

static void draw_week(struct buf *svg, const struct weeks *report, size_t i,
                      double most)
{
    const struct week *week = &report->week[i];
    struct clock_text day = clock_format(week->number * WEEK_MS);
    double step = (double)WIDTH / (double)report->nr;
    double value = share(week->marked, week->honest);
    double x = LEFT + step * (double)i;

    buf_addf(svg,
             "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' "
             "fill='%s'><title>%.10s: %zu of %zu</title></rect>\n",
             x + step * 0.15, y_of(value, most), step * 0.7,
             TOP + HEIGHT - y_of(value, most),
             value > teach_promise_default.marked ? "#c0392b" : "#2e7d9a",
             day.text, week->marked, week->honest);
    if (i % (1 + report->nr / 8) == 0)
        buf_addf(svg, "<text x='%.1f' y='%d'>%.10s</text>\n", x,
                 TOP + HEIGHT + 18, day.text);
}

static enum error_code draw(const struct weeks *report, const char *path,
                            struct error *err)
{
    double most = highest(report);
    double promised = y_of(teach_promise_default.marked, most);
    enum error_code rc;
    struct buf svg;

    buf_init(&svg, SVG_BYTES_MAX);
    buf_addf(&svg,
             "<svg xmlns='http://www.w3.org/2000/svg' width='720' "
             "height='300' font-family='sans-serif' font-size='12'>\n"
             "<rect width='720' height='300' fill='white'/>\n"
             "<text x='%d' y='24'>honest comments marked as spam, a "
             "week</text>\n",
             LEFT);
    for (size_t i = 0; i < report->nr; i++)
        draw_week(&svg, report, i, most);
    buf_addf(&svg,
             "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#444' "
             "stroke-dasharray='6 4'/>\n"
             "<text x='4' y='%.1f'>%.2f %%</text>\n"
             "<line x1='%d' x2='%d' y1='%d' y2='%d' stroke='#444'/>\n"
             "</svg>\n",
             LEFT, LEFT + WIDTH, promised, promised, promised + 4,
             100 * teach_promise_default.marked, LEFT, LEFT + WIDTH,
             TOP + HEIGHT, TOP + HEIGHT);
    rc = file_replace(path, buf_span(&svg), err);
    buf_release(&svg);
    return rc;
}

static enum error_code make_report(struct call *call, struct setup *setup,
                                   struct weeks *report, struct error *err)
{
    struct span since = call_value(call, "since");
    int64_t since_ms = 0;
    enum error_code rc;

    if (since.len && !when_parse(since, clock_now_ms(), &since_ms))
        return error_set(err, ERROR_CONFIG,
                         "--since: not a time; say 2026-11-25 or 90d");
    rc = setup_store_to_read(setup, &call->config, err);
    if (rc)
        return rc;
    rc = store_outcomes(setup->store, call->config.site.name, since_ms, see,
                        report, err);
    if (rc)
        return rc;
    if (!report->nr) {
        printf("nobody has said anything yet about what sluice decided; "
               "'sluice learn' reads what moderators did\n");
        return ERROR_NONE;
    }
    print_weeks(report);
    print_sum(report);
    if (call_has(call, "svg"))
        rc = draw(report, call_value(call, "svg").ptr, err);
    return rc;
}

static enum exit_code run_report(struct call *call)
{
    struct weeks report;
    enum exit_code code = EXIT_DONE;
    struct setup setup;
    struct error err;

    setup_init(&setup);
    weeks_begin(&report, teach_promise_default.marked);
    if (make_report(call, &setup, &report, &err))
        code = call_failed(call, &err);
    weeks_release(&report);
    setup_release(&setup);
    return code;
}

static const struct command_flag flag[] = {
    { "since", "TIME", "only after 2026-11-25, or 90d ago" },
    { "svg", "FILE", "write a picture, too" },
    { NULL, NULL, NULL },
};

const struct command command_report = {
    .name = "report",
    .operands = "",
    .summary = "show what was promised, and what was kept",
    .help =
        "Compare, week by week, what sluice decided with what people made of "
        "it: how many\nhonest comments were marked, how many waited, against "
        "the promise. 'sluice learn'\nbrings people's decisions in. The stake "
        "is a bet against the promise: while it is\nkept, the stake ever "
        "reaches 20 once in twenty sites.\n\n"
        "  sluice report --since 90d --svg report.svg\n",
    .flag = flag,
    .run = run_report,
};
