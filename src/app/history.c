/* sluice history: what was decided, when and why; and the runs. */
#include "app/command.h"
#include "app/judged.h"
#include "app/setup.h"
#include "app/when.h"
#include "pipeline/words.h"
#include "base/clock.h"
#include "text/utf8.h"
#include "wire/comment_json.h"
#include "wire/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Decisions for people, unless they say otherwise. */
#define LIMIT_DEFAULT 100

#define LINE_BYTES_MAX ((size_t)1 << 20)

struct history {
    struct setup setup;
    struct table table;
    struct arena arena; /* of one line */
    struct buf line;
    bool as_json;
    size_t nr;
};

/* What the store holds came from strangers, and JSON must be UTF-8. */
static void put_member(struct history *history, const char *name,
                       struct span value)
{
    size_t repaired = 0;

    buf_addf(&history->line, ",\"%s\":", name);
    json_put_text(&history->line,
                  utf8_repair(&history->arena, value, &repaired));
}

static void put_probability(struct history *history, const char *name,
                            double value)
{
    buf_addf(&history->line, ",\"%s\":", name);
    json_put_real(&history->line, value);
}

static void end_line(struct history *history)
{
    buf_add(&history->line, SPAN_LIT("}\n"));
    fwrite(history->line.ptr, 1, history->line.len, stdout);
}

static void begin_line(struct history *history)
{
    arena_reset(&history->arena);
    buf_reset(&history->line);
}

static void print_decision_json(struct history *history,
                                const struct decision *d)
{
    begin_line(history);
    buf_addf(&history->line, "{\"at\":\"%s\",\"run\":%" PRId64,
             clock_format(d->at_ms).text, d->run);
    put_member(history, "site", d->site);
    put_member(history, "id", d->comment);
    put_member(history, "verdict", verdict_name(d->verdict.kind));
    put_probability(history, "p_spam", d->verdict.p_spam);
    put_probability(history, "p_abuse", d->verdict.p_abuse);
    buf_add(&history->line, SPAN_LIT(",\"reasons\":"));
    reasons_put_json(&history->line, &d->verdict);
    put_member(history, "model", d->verdict.model);
    put_member(history, "was", d->was);
    put_member(history, "state", decision_state_name(d->state));
    put_member(history, "detail", d->detail);
    put_member(history, "author", d->author);
    put_member(history, "excerpt", d->excerpt);
    end_line(history);
}

/* The state says what became of it; a detail says why it is not more. */
static void print_decision_row(struct history *history,
                               const struct decision *d)
{
    struct words_percent spam = words_percent(d->verdict.p_spam);
    struct words_percent abuse = words_percent(d->verdict.p_abuse);
    struct clock_text at = clock_format(d->at_ms);
    struct span cell[10];

    begin_line(history);
    words_for_verdict(&history->line, &d->verdict);
    at.text[10] = ' ';
    cell[0] = verdict_name(d->verdict.kind);
    cell[1] = decision_state_name(d->state);
    cell[2] = span_cut(span_str(at.text), 0, 16);
    cell[3] = arena_printf(&history->arena, "%" PRId64, d->run);
    cell[4] = span_str(spam.text);
    cell[5] = span_str(abuse.text);
    cell[6] = d->comment;
    cell[7] = d->author;
    cell[8] = d->excerpt;
    cell[9] = d->detail.len ? d->detail : buf_span(&history->line);
    table_row(&history->table, cell, judged_colour(d->verdict.kind));
}

static bool print_decision(void *context, const struct decision *decision)
{
    struct history *history = context;

    history->nr++;
    if (history->as_json)
        print_decision_json(history, decision);
    else
        print_decision_row(history, decision);
    return !ferror(stdout);
}

static void print_run_json(struct history *history, const struct run *run)
{
    const struct run_totals *t = &run->totals;

    begin_line(history);
    buf_addf(&history->line, "{\"run\":%" PRId64, run->id);
    put_member(history, "site", run->site);
    put_member(history, "model", run->model);
    put_member(history, "began", span_str(clock_format(run->began_ms).text));
    if (run->ended_ms)
        put_member(history, "ended",
                   span_str(clock_format(run->ended_ms).text));
    buf_addf(&history->line,
             ",\"seen\":%zu,\"known\":%zu,\"approved\":%zu,\"held\":%zu,"
             "\"spam\":%zu,\"applied\":%zu,\"skipped\":%zu,\"failed\":%zu",
             t->seen, t->known, t->approved, t->held, t->spam, t->applied,
             t->skipped, t->failed);
    end_line(history);
}

static void print_run_row(struct history *history, const struct run *run)
{
    const struct run_totals *t = &run->totals;
    const size_t number[] = { t->seen, t->known,   t->approved, t->held,
                              t->spam, t->applied, t->skipped,  t->failed };
    struct clock_text began = clock_format(run->began_ms);
    long long seconds = (run->ended_ms - run->began_ms + 999) / 1000;
    struct span cell[12];

    begin_line(history);
    began.text[10] = ' ';
    cell[0] = arena_printf(&history->arena, "%" PRId64, run->id);
    cell[1] = span_cut(span_str(began.text), 0, 16);
    cell[2] = run->ended_ms ? arena_printf(&history->arena, "%llds", seconds)
                            : SPAN_LIT("?");
    cell[3] = run->site;
    for (size_t i = 0; i < sizeof(number) / sizeof(number[0]); i++)
        cell[4 + i] = arena_printf(&history->arena, "%zu", number[i]);
    table_row(&history->table, cell, COLOUR_NONE);
}

static bool print_run(void *context, const struct run *run)
{
    struct history *history = context;

    history->nr++;
    if (history->as_json)
        print_run_json(history, run);
    else
        print_run_row(history, run);
    return !ferror(stdout);
}

static const struct column decision_column[] = {
    { "verdict", 7, 0, false },     { "state", 7, 0, false },
    { "when (UTC)", 16, 0, false }, { "run", 3, 0, true },
    { "spam", 4, 0, true },         { "abuse", 5, 0, true },
    { "id", 5, 0, false },          { "author", 10, 1, false },
    { "comment", 14, 4, false },    { "because", 14, 5, false },
};

static const struct column run_column[] = {
    { "run", 4, 0, true },      { "began (UTC)", 16, 0, false },
    { "took", 5, 0, true },     { "site", 8, 1, false },
    { "seen", 6, 0, true },     { "known", 6, 0, true },
    { "approved", 8, 0, true }, { "held", 6, 0, true },
    { "spam", 6, 0, true },     { "told", 6, 0, true },
    { "skipped", 7, 0, true },  { "failed", 6, 0, true },
};

static enum error_code bad_flag(const char *name, struct span value,
                                const char *expected, struct error *err)
{
    return error_set(err, ERROR_CONFIG, "--%s: '%.*s' is not %s", name,
                     (int)span_cut(value, 0, 64).len, value.ptr, expected);
}

static enum error_code read_number(const struct call *call, const char *name,
                                   long long *number, struct error *err)
{
    struct span value = call_value(call, name);

    if (!call_has(call, name))
        return ERROR_NONE;
    if (!span_to_long(value, number) || *number < 0)
        return bad_flag(name, value, "a whole number", err);
    return ERROR_NONE;
}

/* Flags that choose from a fixed set, or tell a time. */
static enum error_code read_choices(const struct call *call,
                                    struct history_filter *filter,
                                    struct error *err)
{
    struct span verdict = call_value(call, "verdict");
    struct span state = call_value(call, "state");
    struct span since = call_value(call, "since");

    filter->has_kind = call_has(call, "verdict");
    if (filter->has_kind && !verdict_parse(&filter->kind, verdict))
        return bad_flag("verdict", verdict, "approve, hold or spam", err);
    filter->has_state = call_has(call, "state");
    if (filter->has_state && !decision_state_parse(&filter->state, state))
        return bad_flag("state", state,
                        "pending, applied, kept, skipped, gone, failed or "
                        "undone",
                        err);
    if (call_has(call, "since") &&
        !when_parse(since, clock_now_ms(), &filter->since_ms))
        return bad_flag("since", since,
                        "a time such as 2026-11-25, 2026-11-25T08:30 or 7d",
                        err);
    return ERROR_NONE;
}

static enum error_code read_filter(const struct call *call,
                                   struct history_filter *filter,
                                   struct error *err)
{
    long long limit = call_has(call, "json") ? 0 : LIMIT_DEFAULT;
    long long run = 0;
    enum error_code rc;

    *filter = (struct history_filter){
        .site = call_value(call, "site"),
        .comment = call_value(call, "comment"),
        .text = call_value(call, "text"),
    };
    rc = read_number(call, "run", &run, err);
    if (!rc)
        rc = read_number(call, "limit", &limit, err);
    if (!rc)
        rc = read_choices(call, filter, err);
    filter->run = run;
    filter->limit = (size_t)limit;
    return rc;
}

static enum error_code print_history(struct history *history,
                                     const struct call *call,
                                     struct error *err)
{
    struct history_filter filter;
    enum error_code rc;

    rc = read_filter(call, &filter, err);
    if (!rc)
        rc = setup_store_to_read(&history->setup, &call->config, err);
    if (rc)
        return rc;
    if (call_has(call, "runs")) {
        table_init(&history->table, stdout, run_column,
                   sizeof(run_column) / sizeof(run_column[0]));
        return store_runs(history->setup.store, filter.site, print_run,
                          history, err);
    }
    table_init(&history->table, stdout, decision_column,
               sizeof(decision_column) / sizeof(decision_column[0]));
    rc = store_history(history->setup.store, &filter, print_decision, history,
                       err);
    if (!rc && !history->as_json && filter.limit &&
        history->nr == filter.limit)
        printf("(the newest %zu; --limit 0 shows all)\n", history->nr);
    return rc;
}

static enum exit_code run_history(struct call *call)
{
    struct history history = { .as_json = call_has(call, "json") };
    enum exit_code code = EXIT_DONE;
    struct error err;

    setup_init(&history.setup);
    arena_init(&history.arena);
    buf_init(&history.line, LINE_BYTES_MAX);
    if (print_history(&history, call, &err))
        code = call_failed(call, &err);
    buf_release(&history.line);
    arena_release(&history.arena);
    setup_release(&history.setup);
    return code;
}

static const struct command_flag flag[] = {
    { "runs", NULL, "list the runs instead of the decisions" },
    { "run", "N", "only of this run" },
    { "site", "NAME", "only of this site" },
    { "comment", "ID", "only about this comment" },
    { "verdict", "KIND", "only approve, hold or spam" },
    { "state", "STATE", "only pending, applied, kept, skipped, gone, ..." },
    { "text", "WORDS", "only with these words in author or excerpt" },
    { "since", "TIME", "only after 2026-11-25, or 7d, 12h, 30m ago" },
    { "limit", "N", "at most so many, the newest; 0: all" },
    { "json", NULL, "one JSON object a line instead of a table" },
    { NULL, NULL, NULL },
};

const struct command command_history = {
    .name = "history",
    .operands = "",
    .summary = "look up what was decided, when and why",
    .help = "List what was decided, the newest first.\n\n"
            "  sluice history --verdict spam --since 7d\n"
            "  sluice history --runs\n",
    .flag = flag,
    .run = run_history,
};
