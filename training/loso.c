/*
 * Leave one source out: what a site that nobody trained on would see.
 *
 * For each origin of spam the classifier is trained on all others and asked
 * to find this one's spam among ham it has not seen either. Protocol A leaves
 * all blog ham out and tests against it; protocol B leaves the news ham out.
 * For abuse the origin's own ham is the test.
 *
 *     loso DATA [--head spam|abuse] [--without FAMILY] [--cost C]
 */
#include "corpus.h"
#include "metrics.h"
#include "recipe.h"

#include "base/alloc.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ORIGIN_MAX 16
#define WORKERS 2

static const char *const spam_origin[] = {
    "midonet", "misc",     "leaked", "spintax", "tube",
    "scam",    "telegram", "judol",  "written",
};

static const char *const abuse_origin[] = {
    "jigsaw", "impermium", "olid", "written", "germeval",
};

struct fold {
    const char *origin;
    unsigned ham; /* SOURCE_BLOG or SOURCE_NEWS: the ham left out; 0: own */
    struct metrics result;
};

struct loso {
    const struct corpus *corpus;
    struct learn_options learn;
    struct fold *fold; /* shared between the workers */
    size_t nr;
};

/* Left out of training: the origin, and the ham of the kind tested against. */
static bool is_left_out(const struct fold *fold, const struct row *row)
{
    const struct source *source = corpus_source(row);

    return !strcmp(source->origin, fold->origin) || (source->kind & fold->ham);
}

static bool is_tested(const struct fold *fold,
                      const struct corpus_example *example)
{
    const struct source *source = corpus_source(example->row);
    bool own = !strcmp(source->origin, fold->origin);

    if (example->fields != FIELDS_ALL)
        return false;
    if (!fold->ham)
        return own;
    return example->example.positive ? own : (source->kind & fold->ham) != 0;
}

static struct linear train_fold(const struct loso *loso,
                                const struct fold *fold)
{
    const struct corpus *corpus = loso->corpus;
    const struct example **kept = xcalloc(corpus->nr, sizeof(*kept));
    struct linear linear;
    size_t nr = 0;

    for (size_t i = 0; i < corpus->nr; i++)
        if (!is_left_out(fold, corpus->example[i].row))
            kept[nr++] = &corpus->example[i].example;
    linear = learn(kept, nr, &loso->learn);
    free(kept);
    return linear;
}

static void run_fold(const struct loso *loso, struct fold *fold)
{
    const struct corpus *corpus = loso->corpus;
    struct scored *scored = xcalloc(corpus->nr, sizeof(*scored));
    struct linear linear = train_fold(loso, fold);
    size_t nr = 0;

    for (size_t i = 0; i < corpus->nr; i++) {
        const struct corpus_example *example = &corpus->example[i];

        if (!is_tested(fold, example))
            continue;
        scored[nr].score = linear_margin(&linear, example->example.node);
        scored[nr].probability = scored[nr].score > 0;
        scored[nr++].positive = (unsigned char)example->example.positive;
    }
    fold->result = metrics_of(scored, nr);
    linear_release(&linear);
    free(scored);
}

/* The folds do not meet, so each worker takes every so-many-th. */
static void run(const struct loso *loso)
{
    for (size_t worker = 0; worker < WORKERS; worker++) {
        if (fork())
            continue;
        for (size_t i = worker; i < loso->nr; i += WORKERS)
            run_fold(loso, &loso->fold[i]);
        _exit(0);
    }
    while (wait(NULL) > 0)
        continue;
}

static void print_protocol(const struct loso *loso, const char *name,
                           unsigned ham)
{
    double recall = 0;
    double auc = 0;
    size_t nr = 0;

    for (size_t i = 0; i < loso->nr; i++) {
        const struct fold *fold = &loso->fold[i];

        if (fold->ham != ham)
            continue;
        printf("%-4s %-10s %6zu %7zu  %.3f  %5.1f %5.1f\n", name, fold->origin,
               fold->result.positives,
               fold->result.nr - fold->result.positives, fold->result.auc,
               100 * fold->result.recall_at_1,
               100 * fold->result.recall_at_05);
        recall += fold->result.recall_at_1;
        auc += fold->result.auc;
        nr++;
    }
    if (nr)
        printf("%-4s %-10s %6s %7s  %.3f  %5.1f\n", name, "mean", "", "",
               auc / (double)nr, 100 * recall / (double)nr);
}

static void plan(struct loso *loso, enum corpus_head head)
{
    size_t spam_nr = sizeof(spam_origin) / sizeof(spam_origin[0]);
    size_t abuse_nr = sizeof(abuse_origin) / sizeof(abuse_origin[0]);

    loso->fold =
        mmap(NULL, sizeof(*loso->fold) * 2 * ORIGIN_MAX,
             PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; head == CORPUS_SPAM && i < spam_nr; i++) {
        loso->fold[loso->nr++] =
            (struct fold){ .origin = spam_origin[i], .ham = SOURCE_BLOG };
        loso->fold[loso->nr++] =
            (struct fold){ .origin = spam_origin[i], .ham = SOURCE_NEWS };
    }
    for (size_t i = 0; head == CORPUS_ABUSE && i < abuse_nr; i++)
        loso->fold[loso->nr++] = (struct fold){ .origin = abuse_origin[i] };
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

static bool read_option(struct corpus_options *options, double *cost, int c,
                        struct span value)
{
    switch (c) {
    case 'h':
        options->head =
            span_eq(value, SPAN_LIT("abuse")) ? CORPUS_ABUSE : CORPUS_SPAM;
        return true;
    case 'w':
        return find_family(value, &options->without);
    case 'c':
        return span_to_double(value, cost);
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
        { NULL, 0, NULL, 0 },
    };
    struct corpus_options options = { .seed = 1 };
    struct loso loso = { .nr = 0 };
    struct corpus corpus;
    struct error err;
    double cost = 0;
    int c;

    while ((c = getopt_long(argc, argv, "", option, NULL)) != -1)
        if (!read_option(&options, &cost, c, span_str(optarg)))
            return 2;
    options.directory = optind < argc ? argv[optind] : "";
    if (corpus_load(&corpus, &options, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    loso.corpus = &corpus;
    loso.learn = options.head == CORPUS_SPAM ? recipe_spam : recipe_abuse;
    if (loso.learn.learner == LEARNER_LIBSVM)
        loso.learn.learner = LEARNER_SVM; /* the same, in a fraction */
    if (cost > 0)
        loso.learn.cost = cost;
    plan(&loso, options.head);
    run(&loso);
    print_protocol(&loso, "A", SOURCE_BLOG);
    print_protocol(&loso, "B", SOURCE_NEWS);
    print_protocol(&loso, "own", 0);
    corpus_release(&corpus);
    return 0;
}
