#include "learn.h"

#include "base/alloc.h"

#include <check.h>
#include <libsvm/svm.h>
#include <math.h>
#include <stdlib.h>

#define ROWS 300
#define WIDTH 12

static struct node node[ROWS][WIDTH + 2];
static struct example example[ROWS];
static const struct example *list[ROWS];

static double lot(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return (double)(*state >> 16 & 0x7fff) / 0x7fff - 0.5;
}

/* Two clouds that overlap a little, and one example far out of each. */
static void setup(void)
{
    unsigned state = 7;

    for (size_t i = 0; i < ROWS; i++) {
        double side = i % 2 ? 1 : -1;

        for (int k = 0; k < WIDTH; k++)
            node[i][k] = (struct node){ k + 1, lot(&state) +
                                                   side * (i < 2 ? 3 : 0.12) };
        node[i][WIDTH] = (struct node){ LEARN_BIAS, 1 };
        node[i][WIDTH + 1] = (struct node){ -1, 0 };
        example[i] = (struct example){ node[i], 1, i % 2 };
        list[i] = &example[i];
    }
}

static void silent(const char *text)
{
    (void)text;
}

/* All rows, the linear kernel, nothing of ours in between. */
static struct svm_model *by_the_book(const struct learn_options *options,
                                     struct svm_problem *problem)
{
    struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = LINEAR,
        .cache_size = 10,
        .eps = 1e-6,
        .C = options->cost,
        .shrinking = 1,
    };

    problem->l = ROWS;
    problem->y = xcalloc(ROWS, sizeof(double));
    problem->x = xcalloc(ROWS, sizeof(struct svm_node *));
    for (size_t i = 0; i < ROWS; i++) {
        problem->y[i] = i % 2 ? 1 : -1;
        problem->x[i] = (struct svm_node *)node[i];
    }
    svm_set_print_string_function(silent);
    return svm_train(problem, &parameter);
}

START_TEST(test_learn_is_libsvm)
{
    static const double cost[] = { 0.01, 0.3, 10 };
    struct learn_options options = { LEARNER_LIBSVM, cost[_i], 1, 1, 0 };
    struct linear linear = learn(list, ROWS, &options);
    struct svm_problem problem;
    struct svm_model *svm = by_the_book(&options, &problem);

    for (size_t i = 0; i < ROWS; i++) {
        double value;

        svm_predict_values(svm, (struct svm_node *)node[i], &value);
        value *= svm->label[0];
        /* Either solution is good to a thousandth, in units of the margin. */
        ck_assert_double_eq_tol(value, linear_margin(&linear, node[i]),
                                0.01 + 0.001 * fabs(value));
    }
    svm_free_and_destroy_model(&svm);
    free(problem.x);
    free(problem.y);
    linear_release(&linear);
}
END_TEST

/* An origin that is all abuse teaches its intercept, not its words. */
START_TEST(test_learn_origin_takes_the_blame)
{
    static const int origin_of[] = { 1, 1, 2, 2, 2, 2 };
    static const int positive[] = { 1, 1, 0, 0, 0, 1 };
    static struct node row[6][4];
    struct learn_options options = { LEARNER_LOGISTIC, 10, 1, 1, 0 };
    struct example own[6];
    const struct example *of[6];
    double weight[2];

    for (int with = 0; with < 2; with++) {
        struct linear linear;

        for (int i = 0; i < 6; i++) {
            int nr = 0;

            /* Word 1 is that of the first origin, word 2 of abuse. */
            if (origin_of[i] == 1)
                row[i][nr++] = (struct node){ 1, 1 };
            else if (positive[i])
                row[i][nr++] = (struct node){ 2, 1 };
            row[i][nr++] = (struct node){ LEARN_BIAS, 1 };
            if (with)
                row[i][nr++] = (struct node){ LEARN_BIAS + origin_of[i], 3 };
            row[i][nr] = (struct node){ -1, 0 };
            own[i] = (struct example){ row[i], 1, positive[i] };
            of[i] = &own[i];
        }
        linear = learn(of, 6, &options);
        weight[with] = linear.weight[0];
        linear_release(&linear);
    }
    ck_assert_double_lt(weight[1], weight[0] / 2);
}
END_TEST

/*
 * Of two n-grams that spam has twice each, the one honest rows have as well
 * weighs less for it, and the weights are those of vectors as they come.
 */
START_TEST(test_learn_bayes_trusts_what_tells)
{
    static const int tells = FEATURE_DENSE_NR + 1;
    static const int hardly = FEATURE_DENSE_NR + 2;
    static struct node row[6][4];
    struct learn_options options = { LEARNER_LOGISTIC, 1, 1, 1, 0 };
    struct example own[6];
    const struct example *of[6];
    struct linear linear[2];

    for (int i = 0; i < 6; i++) {
        int nr = 0;

        if (i < 2)
            row[i][nr++] = (struct node){ tells, 1 };
        if (i < 3)
            row[i][nr++] = (struct node){ hardly, 1 };
        row[i][nr++] = (struct node){ LEARN_BIAS, 1 };
        row[i][nr] = (struct node){ -1, 0 };
        own[i] = (struct example){ row[i], 1, i < 2 };
        of[i] = &own[i];
    }
    for (int with = 0; with < 2; with++) {
        options.bayes = with;
        linear[with] = learn(of, 6, &options);
    }
    ck_assert_double_gt(linear[1].weight[tells - 1],
                        2 * linear[0].weight[tells - 1]);
    ck_assert_double_lt(linear[1].weight[hardly - 1],
                        linear[0].weight[hardly - 1]);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(linear_margin(&linear[1], row[i]) > 0, i < 2);
    linear_release(&linear[0]);
    linear_release(&linear[1]);
}
END_TEST

Suite *learn_suite(void)
{
    Suite *s = suite_create("learn");
    TCase *tc = tcase_create("learn");

    tcase_add_checked_fixture(tc, setup, NULL);
    tcase_add_loop_test(tc, test_learn_is_libsvm, 0, 3);
    tcase_add_test(tc, test_learn_origin_takes_the_blame);
    tcase_add_test(tc, test_learn_bayes_trusts_what_tells);
    suite_add_tcase(s, tc);
    return s;
}
