/*
 * sluice explain: one comment, and everything the stages made of it.
 *
 * The classifier is linear, so what is listed is not a guess at its reasons
 * but the sum it made: base, features, rest and total add up.
 */
#include "app/command.h"
#include "app/judged.h"
#include "app/layer.h"
#include "app/memories.h"
#include "app/setup.h"
#include "pipeline/words.h"
#include "base/alloc.h"
#include "pipeline/reasons.h"
#include "wire/comment_json.h"
#include "wire/ndjson.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* N-grams that are listed; named features are listed all. */
#define NGRAMS_SHOWN 20

#define PRINT_BYTES_MAX ((size_t)1 << 20)

/* Text that is printed; a longer one says that it goes on. */
#define TEXT_SHOWN ((size_t)4096)

struct explaining {
    struct screen screen;
    struct arena *arena;
    const struct model *model;
    const struct site_model *site; /* may be NULL */
    const struct judge_trace *trace;
    struct vector vector; /* scaled */
    const struct verdict *verdict;
};

static void print_wrapped(const struct explaining *explaining,
                          const char *title, struct span s)
{
    struct buf out;

    if (!s.len)
        return;
    buf_init(&out, PRINT_BYTES_MAX);
    screen_wrap(&out, span_cut(s, 0, TEXT_SHOWN), 4, explaining->screen.width);
    printf("%s\n%.*s", title, SPAN_ARG(buf_span(&out)));
    if (s.len > TEXT_SHOWN)
        printf("    (and %zu bytes more)\n", s.len - TEXT_SHOWN);
    printf("\n");
    buf_release(&out);
}

static void print_links(const struct explaining *explaining)
{
    const struct text *text = explaining->trace->text;
    struct span hosts = SPAN_LIT("");

    for (size_t i = 0; i < text->links.nr && hosts.len < TEXT_SHOWN; i++)
        hosts = arena_printf(explaining->arena, "%.*s %.*s", SPAN_ARG(hosts),
                             SPAN_ARG(text->links.link[i].host));
    print_wrapped(explaining, "links", hosts);
    print_wrapped(explaining, "web site", text->author_link.host);
}

static void print_text(const struct explaining *explaining)
{
    const struct text *text = explaining->trace->text;

    print_wrapped(explaining, "author", text->author.folded);
    print_wrapped(explaining, "text, as it is counted", text->body.folded);
    print_links(explaining);
}

static void print_reason(struct table *table, const struct reason *reason)
{
    char weight[16];
    struct span cell[4] = { span_str(""), reason->feature,
                            words_meaning(reason->feature), reason->evidence };

    snprintf(weight, sizeof(weight), "%+.2f", reason->weight);
    cell[0] = span_str(weight);
    table_row(table, cell, COLOUR_NONE);
}

/* What was not listed: the parts are exact, so it is what is missing. */
static void print_sum(double base, double shown, size_t rest, double p)
{
    double total = log(p / (1 - p));

    if (!isfinite(total))
        total = base + shown;
    printf("%6s and %zu weaker, together %+.2f\n", "", rest,
           total - base - shown);
    printf("%+6.2f in all, with %+.2f to begin with: p = %.6f\n\n", total,
           base, p);
}

/* What there is before a word is read. */
static double base_of(const struct explaining *explaining,
                      enum model_head head)
{
    double base = model_base(explaining->model, head);

    if (explaining->site && head == MODEL_SPAM)
        base += explaining->site->bias;
    return base;
}

/* Is it more than an n-gram: a named feature, or something recalled? */
static bool has_name(struct span feature)
{
    for (int i = 0; i < RECALL_NR; i++)
        if (span_eq(feature, recall_name((enum recall_kind)i)))
            return true;
    return words_is_named(feature);
}

/* Named features first, then n-grams by word or field, the heaviest first. */
static void print_features(const struct explaining *explaining,
                           const char *title, enum model_head head, double p)
{
    static const struct column column[] = {
        { "weight", 6, 0, true },
        { "feature", 20, 0, false },
        { "meaning", 24, 1, false },
        { "in", 16, 1, false },
    };
    struct reason_list list =
        reasons_collect(explaining->arena, explaining->model, explaining->site,
                        head, explaining->trace->text, &explaining->vector);
    double shown = 0;
    size_t ngrams = 0;
    struct table table;

    if (head == MODEL_SPAM)
        recollect_claims(&list, explaining->arena,
                         explaining->trace->recollection);
    table_init(&table, stdout, column, sizeof(column) / sizeof(column[0]));
    printf("%s\n", title);
    for (int named = 1; named >= 0; named--)
        for (size_t i = 0; i < list.nr; i++) {
            const struct reason *reason = &list.reason[i];

            if (has_name(reason->feature) != (named == 1))
                continue;
            if (!named && ++ngrams > NGRAMS_SHOWN)
                continue;
            shown += reason->weight;
            print_reason(&table, reason);
        }
    print_sum(base_of(explaining, head), shown,
              ngrams > NGRAMS_SHOWN ? ngrams - NGRAMS_SHOWN : 0, p);
}

static void print_path(const struct explaining *explaining)
{
    static const struct column column[] = {
        { "rule", 14, 0, false },
        { "", 3, 0, false },
        { "what it saw", 24, 1, false },
    };
    const struct policy_path *path = &explaining->trace->path;
    const struct screen *screen = &explaining->screen;
    struct span verdict = verdict_name(explaining->verdict->kind);
    struct table table;

    table_init(&table, stdout, column, sizeof(column) / sizeof(column[0]));
    for (size_t i = 0; i < path->nr; i++) {
        const struct policy_step *step = &path->step[i];
        struct span cell[] = { step->rule,
                               step->decided ? SPAN_LIT("yes")
                                             : SPAN_LIT("no"),
                               policy_step_words(explaining->arena, step) };

        table_row(&table, cell, COLOUR_NONE);
    }
    printf("\n%s%.*s%s: p_spam %.6f, p_abuse %.6f, model %.*s\n",
           screen_colour(screen, judged_colour(explaining->verdict->kind)),
           SPAN_ARG(verdict), screen_plain(screen),
           explaining->verdict->p_spam, explaining->verdict->p_abuse,
           SPAN_ARG(explaining->verdict->model));
}

/* As the table and the moderators are told; a sum it is not. */
static void print_why(const struct explaining *explaining)
{
    struct buf why;

    buf_init(&why, PRINT_BYTES_MAX);
    words_for_verdict(&why, explaining->verdict);
    print_wrapped(explaining, "because", buf_span(&why));
    buf_release(&why);
}

static void explain_comment(const struct setup *setup, struct juror *juror,
                            const struct comment *comment)
{
    struct judge_trace trace;
    struct verdict verdict;
    struct explaining explaining = { .arena = &juror->arena,
                                     .model = setup->model,
                                     .site = setup->judge.site,
                                     .trace = &trace,
                                     .verdict = &verdict };

    screen_init(&explaining.screen, stdout);
    judge_comment(&setup->judge, juror, comment, &verdict, &trace);
    features_extract(&juror->arena, comment, trace.text, &explaining.vector);
    model_scale(setup->model, &explaining.vector);
    print_text(&explaining);
    print_features(&explaining, "spam", MODEL_SPAM, verdict.p_spam);
    print_features(&explaining, "abuse", MODEL_ABUSE, verdict.p_abuse);
    print_path(&explaining);
    print_why(&explaining);
}

/* The whole of the input is the comment; or else its first line is. */
static enum error_code read_comment(struct comment *comment,
                                    struct arena *arena, const char *path,
                                    struct error *err)
{
    struct error whole;
    struct span text;
    struct buf buf;
    enum error_code rc;

    buf_init(&buf, NDJSON_LINE_MAX);
    rc = buf_read_file(&buf, path, err);
    if (rc)
        goto out;
    text = span_trim(buf_span(&buf));
    if (comment_parse(comment, arena, text, &whole))
        rc = comment_parse(comment, arena,
                           span_cut(text, 0, span_find_char(text, '\n')), err);
out:
    buf_release(&buf);
    return rc;
}

static enum exit_code run_explain(struct call *call)
{
    const char *path = call->operand_nr ? call->operand[0] : "-";
    struct comment comment;
    enum exit_code code = EXIT_DONE;
    struct juror juror;
    struct setup setup;
    struct error err;
    enum error_code rc;

    juror_init(&juror);
    setup_init(&setup);
    rc = setup_judge(&setup, &call->config, &err);
    if (!rc)
        rc = layer_open(&setup, &call->config, &err);
    if (!rc)
        rc = memories_open(&setup, &call->config, &err);
    if (!rc)
        rc = read_comment(&comment, &juror.arena,
                          strcmp(path, "-") != 0 ? path : "/dev/stdin", &err);
    if (rc)
        code = call_failed(call, &err);
    else
        explain_comment(&setup, &juror, &comment);
    setup_release(&setup);
    juror_release(&juror);
    return code;
}

const struct command command_explain = {
    .name = "explain",
    .operands = "[FILE]",
    .summary = "show how the verdict on one comment comes about",
    .help = "Judge the comment in FILE (stdin if none is named) and show its "
            "text as it is\ncounted, what each feature added to the log-odds, "
            "and the rules that were asked.\n\n"
            "  grep '\"id\": \"101\"' queue.ndjson | sluice explain\n",
    .operands_max = 1,
    .run = run_explain,
};
