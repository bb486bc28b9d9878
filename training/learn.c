#include "learn.h"

#include "bayes.h"
#include "gram.h"

#include "base/alloc.h"
#include "model/svm.h"

#include <libsvm/svm.h>
#include <linear.h>

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define CACHE_MIB 100
#define SVM_EPS 0.001
#define LINEAR_EPS 0.01

/* Rows beyond this margin of a rough solution are not near the border. */
#define NEAR_MARGIN 1.25

#define VERIFY_ROWS 200
#define VERIFY_MOST 1e-9

static_assert(sizeof(struct node) == sizeof(struct svm_node) &&
                  sizeof(struct node) == sizeof(struct feature_node) &&
                  offsetof(struct node, value) ==
                      offsetof(struct svm_node, value) &&
                  offsetof(struct node, value) ==
                      offsetof(struct feature_node, value),
              "an example serves both libraries as it is");

/* Rows as the libraries want them: copies by weight. */
struct problem_rows {
    struct node **row;
    size_t *example; /* which one each is a copy of */
    double *y;
    int nr;
};

static uint64_t next_lot(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15ULL;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static size_t copies_of(double weight, uint64_t *state)
{
    double whole = floor(weight);
    double lot = (double)(next_lot(state) >> 11) * 0x1p-53;

    return (size_t)whole + (lot < weight - whole);
}

static struct problem_rows make_rows(const struct example *const *example,
                                     size_t nr, uint64_t seed)
{
    struct problem_rows rows = { NULL, NULL, NULL, 0 };
    size_t alloc[3] = { 0, 0, 0 };

    for (size_t i = 0; i < nr; i++)
        for (size_t n = copies_of(example[i]->weight, &seed); n; n--) {
            size_t at = (size_t)rows.nr;

            rows.row = xgrow(rows.row, at, &alloc[0], sizeof(*rows.row));
            rows.y = xgrow(rows.y, at, &alloc[1], sizeof(*rows.y));
            rows.example =
                xgrow(rows.example, at, &alloc[2], sizeof(*rows.example));
            rows.example[at] = i;
            rows.row[rows.nr] = example[i]->node;
            rows.y[rows.nr++] = example[i]->positive ? 1 : -1;
        }
    return rows;
}

static void silent(const char *text)
{
    (void)text;
}

/*
 * Trained on dot products; the support vectors are put back, and it is an
 * ordinary model of linear kernel, which svm_predict would take.
 */
static void restore_vectors(struct svm_model *svm,
                            const struct problem_rows *rows)
{
    for (int i = 0; i < svm->l; i++)
        svm->SV[i] = (struct svm_node *)rows->row[svm->sv_indices[i] - 1];
    svm->param.kernel_type = LINEAR;
}

/* One weight vector decides as libsvm does, or we stop here. */
static void verify(const struct svm_model *svm, const struct linear *linear,
                   const struct problem_rows *rows)
{
    for (int i = 0; i < rows->nr; i += 1 + rows->nr / VERIFY_ROWS) {
        double value;

        svm_predict_values(svm, (struct svm_node *)rows->row[i], &value);
        value *= svm->label[0];
        if (fabs(value - linear_margin(linear, rows->row[i])) > VERIFY_MOST)
            abort();
    }
}

static struct linear by_gram(const struct example *const *example, size_t nr,
                             const struct problem_rows *rows,
                             const struct learn_options *options)
{
    int label[] = { 1 };
    double weight[] = { options->balance };
    struct svm_node **row = xcalloc((size_t)rows->nr, sizeof(*row));
    struct svm_problem problem = { rows->nr, rows->y, row };
    struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = PRECOMPUTED,
        .cache_size = CACHE_MIB,
        .eps = SVM_EPS,
        .C = options->cost,
        .nr_weight = 1,
        .weight_label = label,
        .weight = weight,
        .shrinking = 1,
    };
    struct linear linear = { xcalloc(LEARN_INDEX_MAX, sizeof(double)), 0 };
    struct svm_model *svm;
    struct gram gram;

    gram_make(&gram, example, nr);
    for (int i = 0; i < rows->nr; i++)
        row[i] = gram_row(&gram, rows->example[i]);
    svm_set_print_string_function(silent);
    svm = svm_train(&problem, &parameter);
    restore_vectors(svm, rows);
    linear.bias = svm_collapse(svm, linear.weight, LEARN_INDEX_MAX);
    linear.bias += linear.weight[LEARN_BIAS - 1];
    verify(svm, &linear, rows);
    svm_free_and_destroy_model(&svm);
    gram_release(&gram);
    free(row);
    return linear;
}

static struct linear by_liblinear(const struct problem_rows *rows,
                                  const struct learn_options *options)
{
    int label[] = { 1 };
    double weight[] = { options->balance };
    struct problem problem = { rows->nr, LEARN_INDEX_MAX, rows->y,
                               (struct feature_node **)rows->row, -1 };
    struct parameter parameter = {
        .solver_type = options->learner == LEARNER_SVM ? L2R_L1LOSS_SVC_DUAL
                                                       : L2R_LR_DUAL,
        .eps = LINEAR_EPS,
        .C = options->cost,
        .nr_weight = 1,
        .weight_label = label,
        .weight = weight,
    };
    struct linear linear = { xcalloc(LEARN_BIAS, sizeof(double)), 0 };
    struct model *model;
    double sign;

    set_print_string_function(silent);
    srand(1);
    model = train(&problem, &parameter);
    sign = model->label[0] > 0 ? 1 : -1;
    for (int i = 0; i < LEARN_BIAS; i++)
        linear.weight[i] = sign * model->w[i];
    linear.bias = linear.weight[LEARN_BIAS - 1];
    free_and_destroy_model(&model);
    return linear;
}

/* The examples that `near` marks, and their rows. */
struct part {
    const struct example **example;
    size_t nr;
    struct problem_rows rows;
};

static void part_make(struct part *part, const struct example *const *example,
                      size_t nr, const struct problem_rows *rows,
                      const bool *near)
{
    size_t *number = xcalloc(nr, sizeof(*number));
    size_t all = (size_t)rows->nr;

    part->nr = 0;
    part->example = xcalloc(nr, sizeof(*part->example));
    for (size_t i = 0; i < nr; i++) {
        number[i] = part->nr;
        if (near[i])
            part->example[part->nr++] = example[i];
    }
    part->rows = (struct problem_rows){
        xcalloc(all, sizeof(*part->rows.row)),
        xcalloc(all, sizeof(*part->rows.example)),
        xcalloc(all, sizeof(*part->rows.y)),
        0,
    };
    for (size_t i = 0; i < all; i++) {
        int at = part->rows.nr;

        if (!near[rows->example[i]])
            continue;
        part->rows.row[at] = rows->row[i];
        part->rows.y[at] = rows->y[i];
        part->rows.example[at] = number[rows->example[i]];
        part->rows.nr++;
    }
    free(number);
}

static void part_release(struct part *part)
{
    free(part->example);
    free(part->rows.row);
    free(part->rows.example);
    free(part->rows.y);
}

/* Mark the rows within `margin`; how many were not marked before? */
static size_t mark_near(bool *near, const struct problem_rows *rows,
                        const struct linear *linear, double margin)
{
    size_t fresh = 0;

    for (int i = 0; i < rows->nr; i++) {
        bool *mark = &near[rows->example[i]];

        if (*mark ||
            rows->y[i] * linear_margin(linear, rows->row[i]) >= margin)
            continue;
        *mark = true;
        fresh++;
    }
    return fresh;
}

/*
 * Rows well on their right side are no support vectors, and the solution
 * without them is the solution: a rough one tells which they are, and once it
 * is found, that none of them lies within the margin after all. Half the rows
 * are a quarter of the Gram matrix.
 */
static struct linear by_libsvm(const struct example *const *example, size_t nr,
                               const struct problem_rows *rows,
                               const struct learn_options *options)
{
    struct learn_options quick = *options;
    bool *near = xcalloc(nr + 1, sizeof(*near));
    struct linear linear;

    quick.learner = LEARNER_SVM;
    linear = by_liblinear(rows, &quick);
    mark_near(near, rows, &linear, NEAR_MARGIN);
    do {
        struct part part;

        linear_release(&linear);
        part_make(&part, example, nr, rows, near);
        linear = by_gram(part.example, part.nr, &part.rows, options);
        part_release(&part);
    } while (mark_near(near, rows, &linear, 1 - SVM_EPS));
    free(near);
    return linear;
}

/* Those that teach anything; a weight of 0 would only fill the Gram matrix. */
static size_t keep_weighty(const struct example **kept,
                           const struct example *const *example, size_t nr)
{
    size_t weighty = 0;

    for (size_t i = 0; i < nr; i++)
        if (example[i]->weight > 0)
            kept[weighty++] = example[i];
    return weighty;
}

static struct linear solve(const struct example *const *example, size_t nr,
                           const struct learn_options *options)
{
    struct problem_rows rows = make_rows(example, nr, options->seed);
    struct linear linear = options->learner == LEARNER_LIBSVM
                               ? by_libsvm(example, nr, &rows, options)
                               : by_liblinear(&rows, options);

    free(rows.row);
    free(rows.example);
    free(rows.y);
    return linear;
}

static struct linear solve_scaled(const struct example *const *example,
                                  size_t nr,
                                  const struct learn_options *options)
{
    struct linear linear;
    struct bayes bayes;

    bayes_make(&bayes, example, nr, options->bayes);
    linear = solve(bayes.list, nr, options);
    bayes_undo(&bayes, &linear);
    bayes_release(&bayes);
    return linear;
}

struct linear learn(const struct example *const *example, size_t nr,
                    const struct learn_options *options)
{
    const struct example **kept = xcalloc(nr + 1, sizeof(*kept));
    size_t weighty = keep_weighty(kept, example, nr);
    struct linear linear = options->bayes > 0
                               ? solve_scaled(kept, weighty, options)
                               : solve(kept, weighty, options);

    free(kept);
    return linear;
}

double linear_margin(const struct linear *linear, const struct node *node)
{
    double margin = linear->bias;

    for (; node->index > 0 && node->index < LEARN_BIAS; node++)
        margin += linear->weight[node->index - 1] * node->value;
    return margin;
}

void linear_release(struct linear *linear)
{
    free(linear->weight);
    linear->weight = NULL;
}
