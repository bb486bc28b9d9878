/*
 * Make the model: make model.
 *
 *     train DATA OUT [--seed N] [--cost C] [--learner libsvm|svm]
 *
 * The spam head is libsvm's C-SVC over the joint vector, collapsed; the abuse
 * head, with ten times the rows, is liblinear's logistic regression over the
 * same vector. Then every origin is left out once, and the margins of the
 * comments so left out, which no classifier was trained on, fit the
 * calibration and choose the thresholds that keep each promise. Beside the
 * heads the model gets what names the kind of abuse (kinds.h) and what it
 * knows (familiar.h), and what a site's memory is worth (memory_fit.h).
 *
 * Same data and seed, same bytes.
 */
#include "corpus.h"
#include "familiar.h"
#include "folds.h"
#include "kinds.h"
#include "learn/promise.h"
#include "memory_fit.h"
#include "recipe.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "model/manifest.h"
#include "model/weights.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 4096
#define WEIGHTS_BYTES_MAX ((size_t)64 << 20)

/*
 * The promises, each with 95 % confidence: at most one honest comment in 200
 * is marked as spam, one in six waits because it might be spam, one in twenty
 * because it might be abuse. The owner may choose another of the first.
 */
static const double promise_one_in[] = { 50, 100, 200, 500, 1000 };

#define PROMISE_NR (sizeof(promise_one_in) / sizeof(promise_one_in[0]))
#define PROMISE_SPAM (1.0 / 200)
#define PROMISE_WAITS (1.0 / 6)
#define PROMISE_ABUSE (1.0 / 20)
#define CONFIDENCE 0.95

struct training {
    const char *data;
    const char *out;
    uint64_t seed;
    struct learn_options spam;
    struct learn_options abuse;
};

/* What is kept of a head once its corpus is released. */
struct head {
    struct linear linear;
    struct calibration calibration;
    double marked; /* probability at which PROMISE_SPAM is kept */
    double waits;  /* and PROMISE_WAITS */
    double abuse;  /* and PROMISE_ABUSE */
    struct model_promise promise[PROMISE_NR];
    size_t promise_nr;
    uint16_t *idf;
    struct familiar familiar; /* of the spam head's corpus */
    struct kinds kinds;       /* of the abuse head's */
    struct memory_fit memory; /* of the spam head's */
};

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x < y) - (x > y);
}

/* The margins of the ham, falling; the caller frees. */
static double *ham_margins(const struct folds *folds, size_t *nr)
{
    double *margin = xcalloc(folds->nr, sizeof(*margin));

    *nr = 0;
    for (size_t i = 0; i < folds->nr; i++)
        if (!folds->positive[i])
            margin[(*nr)++] = folds->margin[i];
    qsort(margin, *nr, sizeof(*margin), falling);
    return margin;
}

static double threshold(const struct head *head, const double *ham, size_t nr,
                        double promise)
{
    return calibration_probability(
        &head->calibration, promise_threshold(ham, nr, promise, CONFIDENCE));
}

/* Each origin's share of positives at or above `margin`; their mean. */
static double mean_recall(const struct folds *folds, double margin)
{
    double sum = 0;
    size_t origins = 0;

    for (size_t i = 0; i < source_nr; i++) {
        size_t hits = 0;
        size_t nr = 0;

        if (i && !strcmp(source_list[i].origin, source_list[i - 1].origin))
            continue;
        for (size_t k = 0; k < folds->nr; k++) {
            if (!folds->positive[k] ||
                strcmp(corpus_source(folds->row[k])->origin,
                       source_list[i].origin) != 0)
                continue;
            nr++;
            hits += folds->margin[k] >= margin;
        }
        if (nr)
            sum += (double)hits / (double)nr;
        origins += nr > 0;
    }
    return origins ? sum / (double)origins : 0;
}

/* Too little ham to promise as much: then it is not promised. */
static bool can_keep(double promise, size_t nr)
{
    return promise_upper_bound(0, nr, CONFIDENCE) <= promise;
}

static void choose_promises(struct head *head, const struct folds *folds,
                            const double *ham, size_t nr)
{
    for (size_t i = 0; i < PROMISE_NR; i++) {
        double margin =
            promise_threshold(ham, nr, 1 / promise_one_in[i], CONFIDENCE);

        if (!can_keep(1 / promise_one_in[i], nr))
            return;
        head->promise[head->promise_nr++] = (struct model_promise){
            promise_one_in[i],
            calibration_probability(&head->calibration, margin),
            mean_recall(folds, margin),
        };
        fprintf(stderr, "promise=1/%g spam_at=%.6f recall=%.3f\n",
                promise_one_in[i], head->promise[i].spam_at,
                head->promise[i].recall);
    }
}

static void choose(struct head *head, const struct folds *folds)
{
    size_t nr;
    double *ham = ham_margins(folds, &nr);

    head->calibration = calibration_fit(folds->margin, folds->positive,
                                        folds->weight, folds->nr);
    head->marked = threshold(head, ham, nr, PROMISE_SPAM);
    head->waits = threshold(head, ham, nr, PROMISE_WAITS);
    head->abuse = threshold(head, ham, nr, PROMISE_ABUSE);
    choose_promises(head, folds, ham, nr);
    free(ham);
}

/* "source = ..." lines for the manifest. */
static void list_sources(const struct corpus *corpus, const char *head,
                         struct buf *out)
{
    for (size_t i = 0; i < source_nr; i++) {
        const char *name = strrchr(source_list[i].file, '/');
        size_t nr = 0;
        size_t positives = 0;

        for (size_t k = 0; k < corpus->nr; k++) {
            const struct corpus_example *example = &corpus->example[k];

            if (example->row->source != (int)i ||
                example->fields != FIELDS_ALL)
                continue;
            nr++;
            positives += (size_t)example->example.positive;
        }
        if (nr)
            buf_addf(out, "source = %s %s %zu %zu\n", head,
                     name ? name + 1 : source_list[i].file, nr, positives);
    }
}

static void learn_extras(struct head *head, const struct corpus *corpus,
                         enum corpus_head which)
{
    if (which == CORPUS_SPAM) {
        head->familiar = familiar_make(&corpus->rows);
        fprintf(stderr, "known=%zu known_below=%.4f\n", head->familiar.unit_nr,
                head->familiar.below);
        return;
    }
    kinds_learn(&head->kinds, corpus);
    for (int i = 0; i < MODEL_KIND_NR; i++) {
        const struct kind *kind = &head->kinds.kind[i];

        fprintf(stderr,
                "kind=%s rows=%zu positives=%zu auc=%.3f precision=%.3f "
                "recall=%.3f\n",
                model_kind_name((enum model_kind)i).ptr, kind->nr,
                kind->positives, kind->auc, kind->precision, kind->recall);
    }
}

/* What a site's memory is worth; spam only, as abuse has no campaigns. */
static void learn_memory(struct head *head, const struct folds *folds,
                         uint64_t seed)
{
    struct memory_fit *fit = &head->memory;

    memory_fit(fit, folds, &head->calibration, head->marked, seed);
    for (int i = 0; i < RECALL_NR; i++)
        fprintf(stderr, "memory %s=%.4f\n",
                recall_name((enum recall_kind)i).ptr, fit->weight[i]);
    for (size_t i = 0; i < fit->nr; i++)
        fprintf(stderr,
                "memory site=%s comments=%zu spam=%zu recall_at_05=%.3f "
                "with_memory=%.3f honest=%zu marked=%zu with_memory=%zu\n",
                fit->site[i].name, fit->site[i].nr, fit->site[i].spam,
                fit->site[i].recall[0], fit->site[i].recall[1],
                fit->site[i].ham, fit->site[i].marked[0],
                fit->site[i].marked[1]);
}

static enum error_code make_head(struct head *head,
                                 const struct corpus_options *options,
                                 const struct learn_options *learn_options,
                                 struct buf *sources, struct error *err)
{
    const char *name = options->head == CORPUS_SPAM ? "spam" : "abuse";
    struct corpus corpus;
    struct folds folds;
    const struct example **all;
    enum error_code rc = corpus_load(&corpus, options, err);

    if (rc)
        return rc;
    fprintf(stderr, "head=%s examples=%zu\n", name, corpus.nr);
    all = xcalloc(corpus.nr, sizeof(*all));
    for (size_t i = 0; i < corpus.nr; i++)
        all[i] = &corpus.example[i].example;
    head->linear = learn(all, corpus.nr, learn_options);
    folds_run(&folds, &corpus, learn_options);
    choose(head, &folds);
    if (options->head == CORPUS_SPAM)
        learn_memory(head, &folds, options->seed);
    learn_extras(head, &corpus, options->head);
    list_sources(&corpus, name, sources);
    fprintf(stderr, "head=%s marked=%.4f waits=%.4f abuse=%.4f\n", name,
            head->marked, head->waits, head->abuse);
    folds_release(&folds);
    free(all);
    head->idf = corpus.idf;
    corpus.idf = NULL;
    corpus_release(&corpus);
    return ERROR_NONE;
}

static enum error_code write_model(const struct training *training,
                                   const struct head *spam,
                                   const struct head *abuse,
                                   struct span sources, struct error *err)
{
    struct weights_source source = {
        .weight = { spam->linear.weight, abuse->linear.weight },
        .bias = { spam->linear.bias, abuse->linear.bias },
        .idf = spam->idf,
        .known = spam->familiar.known,
    };
    struct manifest manifest = {
        .features = FEATURES_VERSION,
        .hash_bits = FEATURE_HASH_BITS,
        .seed = (long long)training->seed,
        .spam = spam->calibration,
        .abuse = abuse->calibration,
        .thresholds = { spam->waits, spam->marked, abuse->abuse },
        .known_below = spam->familiar.below,
        .promise_nr = spam->promise_nr,
    };
    char path[PATH_BYTES];
    enum error_code rc;
    struct buf out;

    memcpy(manifest.promise, spam->promise, sizeof(spam->promise));
    memcpy(manifest.memory, spam->memory.weight, sizeof(manifest.memory));
    for (int i = 0; i < MODEL_KIND_NR; i++) {
        source.kind[i] = abuse->kinds.kind[i].linear.weight;
        source.kind_bias[i] = abuse->kinds.kind[i].linear.bias;
    }
    buf_init(&out, WEIGHTS_BYTES_MAX);
    weights_write(&out, &source);
    manifest.weights = digest_of(buf_span(&out));
    snprintf(path, sizeof(path), "%s/weights.bin", training->out);
    rc = file_replace(path, buf_span(&out), err);
    if (rc)
        goto out;
    buf_reset(&out);
    manifest_write(&manifest, &out, sources);
    snprintf(path, sizeof(path), "%s/manifest", training->out);
    rc = file_replace(path, buf_span(&out), err);
    if (!rc)
        printf("model %s written to %s\n", manifest.id, training->out);
out:
    buf_release(&out);
    return rc;
}

static enum error_code make_model(const struct training *training,
                                  struct error *err)
{
    struct corpus_options options = { training->data, CORPUS_SPAM,
                                      training->seed, 0, NULL };
    struct head spam = { 0 };
    struct head abuse = { 0 };
    struct buf sources;
    enum error_code rc;

    buf_init(&sources, MANIFEST_BYTES_MAX / 2);
    rc = make_head(&spam, &options, &training->spam, &sources, err);
    if (rc)
        goto out;
    options.head = CORPUS_ABUSE;
    options.idf = spam.idf;
    rc = make_head(&abuse, &options, &training->abuse, &sources, err);
    if (rc)
        goto out;
    rc = write_model(training, &spam, &abuse, buf_span(&sources), err);
out:
    linear_release(&spam.linear);
    linear_release(&abuse.linear);
    kinds_release(&abuse.kinds);
    free(spam.familiar.known);
    free(spam.idf);
    free(abuse.idf);
    buf_release(&sources);
    return rc;
}

static bool read_learner(enum learner *learner, struct span name)
{
    if (span_eq(name, SPAN_LIT("libsvm")))
        *learner = LEARNER_LIBSVM;
    else if (span_eq(name, SPAN_LIT("svm")))
        *learner = LEARNER_SVM;
    else
        return false;
    return true;
}

static bool read_option(struct training *training, int c, struct span value)
{
    long long seed;

    switch (c) {
    case 's':
        if (!span_to_long(value, &seed))
            return false;
        training->seed = (uint64_t)seed;
        return true;
    case 'c':
        return span_to_double(value, &training->spam.cost);
    case 'a':
        return span_to_double(value, &training->abuse.cost);
    case 'l':
        return read_learner(&training->spam.learner, value);
    default:
        return false;
    }
}

static bool read_options(struct training *training, int argc, char **argv)
{
    static const struct option option[] = {
        { "seed", required_argument, NULL, 's' },
        { "cost", required_argument, NULL, 'c' },
        { "abuse-cost", required_argument, NULL, 'a' },
        { "learner", required_argument, NULL, 'l' },
        { NULL, 0, NULL, 0 },
    };
    int c;

    while ((c = getopt_long(argc, argv, "", option, NULL)) != -1)
        if (!read_option(training, c, span_str(optarg)))
            return false;
    if (argc - optind != 2)
        return false;
    training->data = argv[optind];
    training->out = argv[optind + 1];
    return true;
}

int main(int argc, char **argv)
{
    struct training training = {
        .seed = 1,
        .spam = recipe_spam,
        .abuse = recipe_abuse,
    };
    struct error err;

    if (!read_options(&training, argc, argv)) {
        fputs("usage: train DATA OUT [--seed N] [--cost C] "
              "[--abuse-cost C] [--learner libsvm|svm]\n",
              stderr);
        return 2;
    }
    if (make_model(&training, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return 0;
}
