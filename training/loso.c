/*
 * Leave one source out, both heads, and what each family of features is worth
 * there: make loso.
 *
 *     loso DATA [--json FILE] [--quick] [--head spam|abuse]
 *          [--without FAMILY] [--cost C]
 *
 * The long table takes some minutes; --quick leaves out the families. The
 * other three are for experiments: one head, without a family, of other cost.
 */
#include "recipe.h"
#include "unseen.h"

#include "base/buf.h"
#include "base/file.h"
#include "wire/json.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define JSON_BYTES_MAX ((size_t)1 << 20)

struct loso {
    const char *directory;
    const char *json;
    bool quick;
    int only; /* a head, or -1 */
    uint32_t without;
    double cost;
    struct unseen spam;
    struct unseen abuse;
};

/* The figures that a family is judged by. */
enum figure {
    FIGURE_RECALL_A,
    FIGURE_AUC_A,
    FIGURE_RECALL_B,
    FIGURE_AUC_B,
    FIGURE_ABUSE,
    FIGURE_NR
};

static const char *const figure_name[FIGURE_NR] = {
    "recall_a", "auc_a", "recall_b", "auc_b", "abuse_auc",
};

/* What leaving a family out costs: above 0, it pays. */
struct cost {
    double cost[FIGURE_NR];
    struct boot_interval interval[FIGURE_NR];
};

static enum error_code run_head(const struct loso *loso, enum corpus_head head,
                                uint32_t without, bool brief,
                                struct unseen *unseen, struct error *err)
{
    struct unseen_options options = {
        .corpus = { .directory = loso->directory,
                    .head = head,
                    .seed = 1,
                    .without = without },
        .learn = head == CORPUS_SPAM ? recipe_spam : recipe_abuse,
        .brief = brief,
    };

    if (options.learn.learner == LEARNER_LIBSVM)
        options.learn.learner = LEARNER_SVM; /* the same, in a fraction */
    if (loso->cost > 0)
        options.learn.cost = loso->cost;
    return unseen_run(unseen, &options, err);
}

static struct boot_interval recall_interval(const struct unseen_test *test)
{
    double value[BOOT_RESAMPLES];

    for (size_t i = 0; i < BOOT_RESAMPLES; i++)
        value[i] = boot_measure(test->row, test->nr, i + 1).recall;
    return boot_interval(value, BOOT_RESAMPLES);
}

static void put_number(struct buf *json, const char *name, double value)
{
    buf_addf(json, ",\"%s\":", name);
    json_put_real(json, value);
}

static void put_interval(struct buf *json, const char *name,
                         struct boot_interval interval)
{
    buf_addf(json, ",\"%s\":[", name);
    json_put_real(json, interval.low);
    buf_add_char(json, ',');
    json_put_real(json, interval.high);
    buf_add_char(json, ']');
}

static void tell_test(const char *head, const struct unseen_test *test,
                      struct buf *json)
{
    struct boot_point point = boot_measure(test->row, test->nr, 0);
    struct boot_interval recall = recall_interval(test);
    const char *protocol = unseen_protocol_name(test->protocol);

    printf("%-6s %-6s %-16s %6zu %6zu  %.3f  %5.1f  %5.1f to %5.1f\n", head,
           protocol, test->name, test->positives, test->nr - test->positives,
           point.auc, 100 * point.recall, 100 * recall.low, 100 * recall.high);
    buf_addf(json,
             "%s\n{\"head\":\"%s\",\"protocol\":\"%s\",\"left_out\":\"%s\","
             "\"positives\":%zu,\"ham\":%zu",
             json->len && json->ptr[json->len - 1] == '}' ? "," : "", head,
             protocol, test->name, test->positives,
             test->nr - test->positives);
    put_number(json, "auc", point.auc);
    put_number(json, "recall_at_1", point.recall);
    put_interval(json, "recall_95", recall);
    buf_add_char(json, '}');
}

static void tell_mean(const char *head, const struct unseen *unseen,
                      enum unseen_protocol protocol)
{
    struct boot_point mean = unseen_mean(unseen, protocol, 0);
    double value[BOOT_RESAMPLES];
    struct boot_interval recall;

    if (mean.auc <= 0)
        return;
    for (size_t i = 0; i < BOOT_RESAMPLES; i++)
        value[i] = unseen_mean(unseen, protocol, i + 1).recall;
    recall = boot_interval(value, BOOT_RESAMPLES);
    printf("%-6s %-6s %-16s %6s %6s  %.3f  %5.1f  %5.1f to %5.1f\n", head,
           unseen_protocol_name(protocol), "mean", "", "", mean.auc,
           100 * mean.recall, 100 * recall.low, 100 * recall.high);
}

/* A protocol's tests, and their mean. */
static void tell_head(const char *head, const struct unseen *unseen,
                      struct buf *json)
{
    for (int protocol = UNSEEN_A; protocol <= UNSEEN_NEVER; protocol++) {
        for (size_t i = 0; i < unseen->nr; i++)
            if ((int)unseen->test[i].protocol == protocol &&
                unseen->test[i].nr)
                tell_test(head, &unseen->test[i], json);
        tell_mean(head, unseen, (enum unseen_protocol)protocol);
    }
    fflush(stdout);
}

/* All figures of the two heads, of a resample. */
static void figures(const struct unseen *spam, const struct unseen *abuse,
                    uint64_t resample, double *figure)
{
    struct boot_point a = unseen_mean(spam, UNSEEN_A, resample);
    struct boot_point b = unseen_mean(spam, UNSEEN_B, resample);

    figure[FIGURE_RECALL_A] = a.recall;
    figure[FIGURE_AUC_A] = a.auc;
    figure[FIGURE_RECALL_B] = b.recall;
    figure[FIGURE_AUC_B] = b.auc;
    figure[FIGURE_ABUSE] = unseen_mean_auc(abuse, resample);
}

/* `all` and `abuse` are brief runs, with all families and without one. */
static struct cost cost_of(const struct loso *loso, const struct unseen *all,
                           const struct unseen *spam,
                           const struct unseen *abuse)
{
    static double lost[FIGURE_NR][BOOT_RESAMPLES];
    struct cost cost;

    for (size_t i = 0; i <= BOOT_RESAMPLES; i++) {
        double with[FIGURE_NR];
        double without[FIGURE_NR];

        figures(&loso->spam, all, i, with);
        figures(spam, abuse, i, without);
        for (int k = 0; k < FIGURE_NR; k++)
            *(i ? &lost[k][i - 1] : &cost.cost[k]) = with[k] - without[k];
    }
    for (int k = 0; k < FIGURE_NR; k++)
        cost.interval[k] = boot_interval(lost[k], BOOT_RESAMPLES);
    return cost;
}

/* "pays" if leaving it out surely costs, "hurts" if it surely gains. */
static const char *in_a_word(const struct cost *cost)
{
    bool pays = false;
    bool hurts = false;

    for (int k = 0; k < FIGURE_NR; k++) {
        pays = pays || cost->interval[k].low > 0;
        hurts = hurts || cost->interval[k].high < 0;
    }
    if (pays)
        return hurts ? "both" : "pays";
    return hurts ? "hurts" : "noise";
}

static void tell_cost(struct span family, const struct cost *cost,
                      struct buf *json)
{
    printf("%-11.*s", SPAN_ARG(family));
    for (int k = 0; k < FIGURE_NR; k++)
        printf(" %+6.2f [%+6.2f,%+6.2f]", 100 * cost->cost[k],
               100 * cost->interval[k].low, 100 * cost->interval[k].high);
    printf("  %s\n", in_a_word(cost));
    fflush(stdout);
    buf_addf(json, "%s\n{\"family\":\"%.*s\",\"it\":\"%s\"",
             json->ptr[json->len - 1] == '}' ? "," : "", SPAN_ARG(family),
             in_a_word(cost));
    for (int k = 0; k < FIGURE_NR; k++) {
        struct buf name;

        buf_init(&name, 64);
        put_number(json, figure_name[k], cost->cost[k]);
        buf_addf(&name, "%s_95", figure_name[k]);
        put_interval(json, name.ptr, cost->interval[k]);
        buf_release(&name);
    }
    buf_add_char(json, '}');
}

static enum error_code tell_family(const struct loso *loso, int family,
                                   const struct unseen *all, struct buf *json,
                                   struct error *err)
{
    struct unseen spam = { .nr = 0 };
    struct unseen abuse = { .nr = 0 };
    enum error_code rc;
    struct cost cost;

    rc = run_head(loso, CORPUS_SPAM, 1U << family, true, &spam, err);
    if (!rc)
        rc = run_head(loso, CORPUS_ABUSE, 1U << family, true, &abuse, err);
    if (!rc) {
        cost = cost_of(loso, all, &spam, &abuse);
        tell_cost(feature_family_name((enum feature_family)family), &cost,
                  json);
    }
    unseen_release(&spam);
    unseen_release(&abuse);
    return rc;
}

static enum error_code tell_families(const struct loso *loso, struct buf *json,
                                     struct error *err)
{
    struct unseen all = { .nr = 0 };
    enum error_code rc = run_head(loso, CORPUS_ABUSE, 0, true, &all, err);

    printf("\nWhat leaving out a family of features costs, in points, with "
           "95 %% intervals\n%-11s %-23s %-23s %-23s %-23s %-23s\n",
           "family", "recall A", "AUC A", "recall B", "AUC B", "abuse AUC");
    for (int i = 0; !rc && i < FAMILY_NR; i++)
        rc = tell_family(loso, i, &all, json, err);
    unseen_release(&all);
    return rc;
}

static enum error_code run(struct loso *loso, struct buf *json,
                           struct error *err)
{
    enum error_code rc = ERROR_NONE;

    printf("%-6s %-6s %-16s %6s %6s  %5s  %5s  %s\n", "head", "", "left out",
           "rows", "ham", "AUC", "r@1%", "95 % of that");
    buf_add(json, SPAN_LIT("{\"tests\":["));
    if (loso->only != CORPUS_ABUSE)
        rc = run_head(loso, CORPUS_SPAM, loso->without, false, &loso->spam,
                      err);
    if (!rc)
        tell_head("spam", &loso->spam, json);
    if (!rc && loso->only != CORPUS_SPAM)
        rc = run_head(loso, CORPUS_ABUSE, loso->without, false, &loso->abuse,
                      err);
    if (!rc)
        tell_head("abuse", &loso->abuse, json);
    buf_add(json, SPAN_LIT("],\n\"families\":["));
    if (!rc && !loso->quick && loso->only < 0 && !loso->without)
        rc = tell_families(loso, json, err);
    buf_add(json, SPAN_LIT("]}\n"));
    if (!rc && loso->json)
        rc = file_replace(loso->json, buf_span(json), err);
    return rc;
}

static bool find_family(struct span name, uint32_t *without)
{
    for (int family = 0; family < FAMILY_NR; family++) {
        if (!span_eq(name, feature_family_name((enum feature_family)family)))
            continue;
        *without |= 1U << family;
        return true;
    }
    return false;
}

static bool read_option(struct loso *loso, int c)
{
    struct span value = span_str(optarg ? optarg : "");

    switch (c) {
    case 'h':
        loso->only =
            span_eq(value, SPAN_LIT("abuse")) ? CORPUS_ABUSE : CORPUS_SPAM;
        return true;
    case 'w':
        return find_family(value, &loso->without);
    case 'c':
        return span_to_double(value, &loso->cost);
    case 'j':
        loso->json = optarg;
        return true;
    case 'q':
        loso->quick = true;
        return true;
    default:
        return false;
    }
}

int main(int argc, char **argv)
{
    static const struct option option[] = {
        { "head", required_argument, NULL, 'h' },
        { "without", required_argument, NULL, 'w' },
        { "cost", required_argument, NULL, 'c' },
        { "json", required_argument, NULL, 'j' },
        { "quick", no_argument, NULL, 'q' },
        { NULL, 0, NULL, 0 },
    };
    struct loso loso = { .only = -1 };
    enum error_code rc;
    struct error err;
    struct buf json;
    int c;

    while ((c = getopt_long(argc, argv, "", option, NULL)) != -1)
        if (!read_option(&loso, c))
            return 2;
    loso.directory = optind < argc ? argv[optind] : "";
    buf_init(&json, JSON_BYTES_MAX);
    rc = run(&loso, &json, &err);
    if (rc)
        fprintf(stderr, "%s\n", err.text);
    buf_release(&json);
    unseen_release(&loso.spam);
    unseen_release(&loso.abuse);
    return rc ? 1 : 0;
}
