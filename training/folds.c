#include "folds.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FOLD_NR 5

/* The number of the origin among the origins, in the order of the list. */
static size_t origin_number(const struct row *row)
{
    const char *origin = corpus_source(row)->origin;
    size_t number = 0;

    for (size_t i = 0; i < source_nr; i++) {
        if (!strcmp(source_list[i].origin, origin))
            return number;
        if (!i ||
            strcmp(source_list[i].origin, source_list[i - 1].origin) != 0)
            number++;
    }
    return number;
}

static bool has_one_origin(const struct corpus *corpus)
{
    for (size_t i = 1; i < corpus->nr; i++)
        if (origin_number(corpus->example[i].row) !=
            origin_number(corpus->example[0].row))
            return false;
    return true;
}

/* By origin; or by post, when there is but one origin. */
static size_t fold_of(const struct row *row, bool by_post)
{
    if (by_post)
        return rows_lot(0, row->comment.post_title) % FOLD_NR;
    return origin_number(row) % FOLD_NR;
}

static struct linear train_without(const struct corpus *corpus, size_t fold,
                                   bool by_post,
                                   const struct learn_options *options)
{
    struct learn_options quick = *options;
    const struct example **kept = xcalloc(corpus->nr, sizeof(*kept));
    struct linear linear;
    size_t nr = 0;

    if (quick.learner == LEARNER_LIBSVM)
        quick.learner = LEARNER_SVM;
    for (size_t i = 0; i < corpus->nr; i++)
        if (fold_of(corpus->example[i].row, by_post) != fold)
            kept[nr++] = &corpus->example[i].example;
    linear = learn(kept, nr, &quick);
    free(kept);
    return linear;
}

static void score_fold(struct folds *folds, const struct corpus *corpus,
                       size_t fold, const struct learn_options *options)
{
    bool by_post = has_one_origin(corpus);
    struct linear linear = train_without(corpus, fold, by_post, options);

    for (size_t i = 0; i < corpus->nr; i++) {
        const struct corpus_example *example = &corpus->example[i];

        if (example->fields != FIELDS_ALL ||
            fold_of(example->row, by_post) != fold)
            continue;
        folds->margin[folds->nr] =
            linear_margin(&linear, example->example.node);
        folds->positive[folds->nr] = (unsigned char)example->example.positive;
        folds->row[folds->nr++] = example->row;
    }
    linear_release(&linear);
}

/* An origin counts by the square root of its rows, a class by one half. */
static void balance(struct folds *folds)
{
    double *count[2];
    double total[2] = { 0, 0 };

    for (int class = 0; class < 2; class ++)
        count[class] = xcalloc(source_nr + 1, sizeof(double));
    for (size_t i = 0; i < folds->nr; i++)
        count[folds->positive[i]][origin_number(folds->row[i])]++;
    for (size_t i = 0; i < folds->nr; i++) {
        int class = folds->positive[i];

        folds->weight[i] =
            1 / sqrt(count[class][origin_number(folds->row[i])]);
        total[class] += folds->weight[i];
    }
    for (size_t i = 0; i < folds->nr; i++)
        folds->weight[i] *=
            (double)folds->nr / (2 * total[folds->positive[i]]);
    free(count[0]);
    free(count[1]);
}

void folds_run(struct folds *folds, const struct corpus *corpus,
               const struct learn_options *options)
{
    memset(folds, 0, sizeof(*folds));
    folds->margin = xcalloc(corpus->nr, sizeof(*folds->margin));
    folds->positive = xcalloc(corpus->nr, sizeof(*folds->positive));
    folds->weight = xcalloc(corpus->nr, sizeof(*folds->weight));
    folds->row = xcalloc(corpus->nr, sizeof(*folds->row));
    for (size_t fold = 0; fold < FOLD_NR; fold++)
        score_fold(folds, corpus, fold, options);
    balance(folds);
}

void folds_release(struct folds *folds)
{
    free(folds->margin);
    free(folds->positive);
    free(folds->weight);
    free(folds->row);
}
