/*
 * How good is it on these files?
 *
 *     evaluate [--model DIR] [--head spam|abuse] FILE...
 *         the model as the program uses it, on labelled NDJSON files
 *     evaluate --train FILE [--train FILE]... [--by-group] FILE...
 *         the same recipe trained on those files alone, for comparison with
 *         published figures; by group: one model per group
 *
 * The head is abuse when a file holds abuse and no spam, unless told. Behind
 * the figures stand what AUC and recall at 1 % may be by chance: the middle
 * 95 % of resamples of the rows.
 */
#include "bootstrap.h"
#include "examples.h"
#include "metrics.h"
#include "score.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "model/calibration.h"
#include "model/model.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What to choose from, on the training rows alone. */
static const double cost_list[] = { 0.25, 0.5, 1, 2, 4, 8 };
static const enum learner learner_list[] = { LEARNER_SVM, LEARNER_LOGISTIC };

/* Of naive-Bayes scaling (bayes.h), whatever the file. */
#define BAYES 0.5

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Of the training rows, for the cost and the calibration. */
#define FOLDS 5

/* Files to train on, at most. */
#define TRAIN_FILES_MAX 8

struct evaluation {
    const char *model;
    const char *train[TRAIN_FILES_MAX];
    size_t train_nr;
    bool by_group;
    bool head_given;
    enum model_head head;
};

static void print_header(void)
{
    printf("%-34s %6s %6s %5s %5s %5s %5s %6s %6s %6s %5s %8s  %-9s  %s\n",
           "file", "rows", "pos", "AUC", "AP", "MCC", "best", "r@1%", "r@.5%",
           "r@.1%", "ECE", "/s", "AUC 95%", "r@1% 95%");
}

/* What may be chance in AUC and in recall at 1 %. */
struct chance {
    struct boot_interval auc;
    struct boot_interval recall;
};

static struct chance chance_of(const struct scored *scored, size_t nr)
{
    struct boot_row *row = xcalloc(nr + 1, sizeof(*row));
    double auc[BOOT_RESAMPLES];
    double recall[BOOT_RESAMPLES];
    struct chance chance;

    for (size_t i = 0; i < nr; i++)
        row[i] = (struct boot_row){ scored[i].score, i * 0x9E3779B97F4A7C15ULL,
                                    scored[i].positive };
    boot_sort(row, nr);
    for (size_t i = 0; i < BOOT_RESAMPLES; i++) {
        struct boot_point point = boot_measure(row, nr, i + 1);

        auc[i] = point.auc;
        recall[i] = point.recall;
    }
    chance.auc = boot_interval(auc, BOOT_RESAMPLES);
    chance.recall = boot_interval(recall, BOOT_RESAMPLES);
    free(row);
    return chance;
}

/* Sorts `scored`. */
static struct metrics print_metrics(const char *name, struct scored *scored,
                                    size_t nr, double per_s)
{
    struct metrics m = metrics_of(scored, nr);
    struct chance chance = chance_of(scored, nr);
    const char *base = strrchr(name, '/');

    printf("%-34s %6zu %6zu %.3f %.3f %.3f %.3f %6.1f %6.1f %6.1f %.3f %8.0f  "
           "%.3f-%.3f  %.1f-%.1f\n",
           base ? base + 1 : name, m.nr, m.positives, m.auc,
           m.average_precision, m.mcc, m.mcc_best, 100 * m.recall_at_1,
           100 * m.recall_at_05, 100 * m.recall_at_01, m.calibration, per_s,
           chance.auc.low, chance.auc.high, 100 * chance.recall.low,
           100 * chance.recall.high);
    fflush(stdout);
    return m;
}

static enum model_head head_for(const struct evaluation *evaluation,
                                const struct row_list *rows)
{
    return evaluation->head_given ? evaluation->head : score_head_of(rows);
}

/* The model of the program. */
static void with_model(const struct model *model, enum model_head head,
                       const char *name, const struct row_list *rows)
{
    int64_t began = clock_steady_ms();
    struct scored *scored = score_rows(model, head, rows);
    int64_t took = clock_steady_ms() - began;

    (void)print_metrics(name, scored, rows->nr,
                        1000.0 * (double)rows->nr / (double)(took ? took : 1));
    free(scored);
}

/* Examples of all rows with the rarity of `idf`. */
static struct example *examples_of(const struct row_list *rows,
                                   enum model_head head, struct arena *keep,
                                   const uint16_t *idf)
{
    struct example *example = xcalloc(rows->nr, sizeof(*example));
    struct example_options options = { .idf = idf };
    struct arena scratch;

    arena_init(&scratch);
    for (size_t i = 0; i < rows->nr; i++) {
        example[i].node = example_nodes(keep, &scratch, &rows->row[i].comment,
                                        FIELDS_ALL, &options);
        example[i].weight = 1;
        example[i].positive = score_is_positive(&rows->row[i], head);
    }
    arena_release(&scratch);
    return example;
}

static bool same_group(const struct row *row, struct span group)
{
    return !group.len || span_eq(row->group, group);
}

/* The examples of a group, all but those of fold `without`. */
static size_t choose(const struct row_list *rows,
                     const struct example *example, struct span group,
                     size_t without, const struct example **kept)
{
    size_t seen = 0;
    size_t nr = 0;

    for (size_t i = 0; i < rows->nr; i++)
        if (same_group(&rows->row[i], group) && seen++ % FOLDS != without)
            kept[nr++] = &example[i];
    return nr;
}

/* What a file is trained with: the same for every file, but for the cost. */
struct recipe {
    struct learn_options learn;
    struct calibration calibration;
    double auc; /* in cross-validation */
};

/*
 * Cross-validate on the training rows: each fold's margins under a classifier
 * of the other folds rate the cost, and calibrate.
 */
static void rate(struct recipe *recipe, const struct row_list *rows,
                 const struct example *example, struct span group)
{
    const struct example **kept = xcalloc(rows->nr, sizeof(*kept));
    struct scored *scored = xcalloc(rows->nr, sizeof(*scored));
    double *margin = xcalloc(rows->nr, sizeof(*margin));
    unsigned char *positive = xcalloc(rows->nr, sizeof(*positive));
    size_t nr = 0;

    for (size_t fold = 0; fold < FOLDS; fold++) {
        struct linear linear = learn(
            kept, choose(rows, example, group, fold, kept), &recipe->learn);
        size_t seen = 0;

        for (size_t i = 0; i < rows->nr; i++) {
            if (!same_group(&rows->row[i], group) || seen++ % FOLDS != fold)
                continue;
            margin[nr] = linear_margin(&linear, example[i].node);
            positive[nr] = (unsigned char)example[i].positive;
            scored[nr] = (struct scored){ margin[nr], 0, positive[nr] };
            nr++;
        }
        linear_release(&linear);
    }
    recipe->calibration = calibration_fit(margin, positive, NULL, nr);
    recipe->auc = metrics_of(scored, nr).auc;
    free(kept);
    free(scored);
    free(margin);
    free(positive);
}

/* The best in cross-validation of either head's learner and all costs. */
static struct recipe choose_recipe(const struct row_list *rows,
                                   const struct example *example,
                                   struct span group)
{
    struct recipe best = { .auc = -1 };

    for (size_t i = 0; i < NR(learner_list) * NR(cost_list); i++) {
        struct recipe recipe = {
            .learn = { learner_list[i / NR(cost_list)],
                       cost_list[i % NR(cost_list)], 1, 1, BAYES },
        };

        rate(&recipe, rows, example, group);
        if (recipe.auc > best.auc)
            best = recipe;
    }
    return best;
}

/* Train on the group's rows of `train`, measure on those of `test`. */
static double test_group(const struct row_list *train,
                         const struct example *train_example,
                         const struct row_list *test,
                         const struct example *test_example, struct span group)
{
    struct recipe recipe = choose_recipe(train, train_example, group);
    const struct example **kept = xcalloc(train->nr, sizeof(*kept));
    struct linear linear = learn(
        kept, choose(train, train_example, group, FOLDS, kept), &recipe.learn);
    struct scored *scored = xcalloc(test->nr, sizeof(*scored));
    struct metrics metrics;
    size_t nr = 0;

    for (size_t i = 0; i < test->nr; i++) {
        double margin;

        if (!same_group(&test->row[i], group))
            continue;
        margin = linear_margin(&linear, test_example[i].node);
        scored[nr++] = (struct scored){
            margin,
            calibration_probability(&recipe.calibration, margin),
            (unsigned char)test_example[i].positive,
        };
    }
    metrics = print_metrics(group.len ? group.ptr : "all", scored, nr, 0);
    linear_release(&linear);
    free(kept);
    free(scored);
    return metrics.mcc;
}

static bool is_first_of_group(const struct row_list *rows, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (span_eq(rows->row[k].group, rows->row[i].group))
            return false;
    return true;
}

static void with_training(const struct evaluation *evaluation,
                          const struct row_list *train,
                          const struct row_list *test)
{
    enum model_head head = head_for(evaluation, test);
    uint16_t *idf = examples_rarity(train);
    struct example *train_example;
    struct example *test_example;
    struct arena keep;
    double sum = 0;
    size_t nr = 0;

    arena_init(&keep);
    train_example = examples_of(train, head, &keep, idf);
    test_example = examples_of(test, head, &keep, idf);
    if (!evaluation->by_group)
        test_group(train, train_example, test, test_example, SPAN_LIT(""));
    for (size_t i = 0; evaluation->by_group && i < test->nr; i++) {
        if (!is_first_of_group(test, i))
            continue;
        sum += test_group(train, train_example, test, test_example,
                          test->row[i].group);
        nr++;
    }
    if (nr)
        printf("mean MCC %.3f\n", sum / (double)nr);
    arena_release(&keep);
    free(train_example);
    free(test_example);
    free(idf);
}

static enum error_code evaluate(const struct evaluation *evaluation,
                                const struct model *model, const char *path,
                                struct error *err)
{
    struct row_list test;
    struct row_list train;
    enum error_code rc;

    rows_init(&test);
    rows_init(&train);
    rc = rows_read(&test, path, 0, err);
    for (size_t i = 0; !rc && i < evaluation->train_nr; i++)
        rc = rows_read(&train, evaluation->train[i], 0, err);
    if (!rc && evaluation->train_nr)
        with_training(evaluation, &train, &test);
    else if (!rc)
        with_model(model, head_for(evaluation, &test), path, &test);
    rows_release(&test);
    rows_release(&train);
    return rc;
}

static bool read_options(struct evaluation *evaluation, int argc, char **argv)
{
    static const struct option option[] = {
        { "model", required_argument, NULL, 'm' },
        { "train", required_argument, NULL, 't' },
        { "by-group", no_argument, NULL, 'g' },
        { "head", required_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int c;

    while ((c = getopt_long(argc, argv, "", option, NULL)) != -1) {
        if (c == 'm')
            evaluation->model = optarg;
        else if (c == 't' && evaluation->train_nr < TRAIN_FILES_MAX)
            evaluation->train[evaluation->train_nr++] = optarg;
        else if (c == 'g')
            evaluation->by_group = true;
        else if (c == 'h')
            evaluation->head =
                strcmp(optarg, "abuse") ? MODEL_SPAM : MODEL_ABUSE;
        else
            return false;
        evaluation->head_given |= c == 'h';
    }
    return optind < argc;
}

int main(int argc, char **argv)
{
    struct evaluation evaluation = { 0 };
    struct model *model = NULL;
    struct error err;
    int failed = 0;

    if (!read_options(&evaluation, argc, argv)) {
        fputs("usage: evaluate [--model DIR | --train FILE... [--by-group]] "
              "[--head spam|abuse] FILE...\n",
              stderr);
        return 2;
    }
    if (!evaluation.train_nr && model_open(&model, evaluation.model, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    print_header();
    for (int i = optind; i < argc; i++) {
        if (!evaluate(&evaluation, model, argv[i], &err))
            continue;
        fprintf(stderr, "%s\n", err.text);
        failed = 1;
    }
    model_close(model);
    return failed;
}
