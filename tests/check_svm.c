#include "model/svm.h"

#include <libsvm/svm.h>

#include <check.h>
#include <stdlib.h>

#define ROWS 60
#define SLOTS 40
#define PER_ROW 8

static void silent(const char *text)
{
    (void)text;
}

/* Rows that no line parts, so that there are bounded support vectors, too. */
static void make_rows(struct svm_node node[ROWS][PER_ROW + 1], double *y)
{
    unsigned lot = 7;

    for (int i = 0; i < ROWS; i++) {
        for (int k = 0; k < PER_ROW; k++) {
            lot = lot * 1103515245u + 12345u;
            node[i][k].index =
                1 + k * (SLOTS / PER_ROW) + (int)(lot >> 20) % 5;
            node[i][k].value = (double)(lot >> 8 & 1023) / 512 - 1;
        }
        node[i][PER_ROW].index = -1;
        y[i] = node[i][0].value + node[i][1].value > 0.3 ? 1 : -1;
        if (i % 9 == 0)
            y[i] = -y[i];
    }
}

/* The class that comes first gets libsvm's positive side: try both. */
START_TEST(test_svm_collapse_equals_svm_predict)
{
    struct svm_node node[ROWS][PER_ROW + 1];
    struct svm_node *row[ROWS];
    double weight[SLOTS];
    double y[ROWS];
    struct svm_problem problem = { ROWS, y, row };
    struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = LINEAR,
        .cache_size = 1,
        .eps = 0.001,
        .C = 2,
        .shrinking = 1,
    };
    struct svm_model *svm;
    double bias;

    svm_set_print_string_function(silent);
    make_rows(node, y);
    for (int i = 0; i < ROWS; i++) {
        row[i] = node[i];
        y[i] = _i ? -y[i] : y[i];
    }
    svm = svm_train(&problem, &parameter);
    bias = svm_collapse(svm, weight, SLOTS);
    for (int i = 0; i < ROWS; i++) {
        double margin = bias;
        double value;

        for (int k = 0; k < PER_ROW; k++)
            margin += weight[node[i][k].index - 1] * node[i][k].value;
        svm_predict_values(svm, row[i], &value);
        value *= svm->label[0];
        ck_assert_double_eq_tol(margin, value, 1e-9);
        ck_assert_int_eq(margin > 0 ? 1 : -1, (int)svm_predict(svm, row[i]));
    }
    svm_free_and_destroy_model(&svm);
}
END_TEST

Suite *svm_suite(void)
{
    Suite *s = suite_create("svm");
    TCase *tc = tcase_create("collapse");

    tcase_add_loop_test(tc, test_svm_collapse_equals_svm_predict, 0, 2);
    suite_add_tcase(s, tc);
    return s;
}
