#include "metrics.h"
#include "learn/promise.h"

#include <check.h>
#include <math.h>

START_TEST(test_metrics_of_known_ranking)
{
    struct scored scored[] = {
        { 0.9, 0.9, 1 }, { 0.8, 0.8, 0 }, { 0.7, 0.7, 1 },
        { 0.4, 0.4, 0 }, { 0.2, 0.2, 0 },
    };
    struct metrics m = metrics_of(scored, 5);

    ck_assert_uint_eq(m.positives, 2);
    ck_assert_double_eq_tol(m.auc, 5.0 / 6, 1e-12);
    ck_assert_double_eq_tol(m.average_precision, (1 + 2.0 / 3) / 2, 1e-12);
    /* tp 2, fp 1, fn 0, tn 2 */
    ck_assert_double_eq_tol(m.mcc, 4 / sqrt(3.0 * 2 * 3 * 2), 1e-12);
    ck_assert_double_eq_tol(m.recall_at_1, 0.5, 1e-12);
}
END_TEST

START_TEST(test_metrics_ties_are_no_gift)
{
    struct scored scored[] = {
        { 1, 1, 1 },
        { 1, 1, 0 },
        { 1, 1, 1 },
        { 0, 0, 0 },
    };
    struct metrics m = metrics_of(scored, 4);

    ck_assert_double_eq_tol(m.auc, 0.75, 1e-12);
    ck_assert_double_eq_tol(m.recall_at_1, 0, 1e-12);
}
END_TEST

/* Figures from the tables of Clopper and Pearson's interval. */
static const struct {
    size_t hits;
    size_t nr;
    double bound;
} bound_case[] = {
    { 0, 100, 0.029513 },
    { 5, 100, 0.102253 },
    { 0, 598, 0.004997 },
    { 10, 10, 1 },
};

START_TEST(test_promise_upper_bound)
{
    ck_assert_double_eq_tol(
        promise_upper_bound(bound_case[_i].hits, bound_case[_i].nr, 0.95),
        bound_case[_i].bound, 1e-5);
}
END_TEST

START_TEST(test_promise_threshold)
{
    double score[1000];

    for (int i = 0; i < 1000; i++)
        score[i] = 1000 - i;
    /* One of 1,000 above has a bound of 0.0047, two of 0.0063. */
    ck_assert_double_gt(promise_threshold(score, 1000, 0.005, 0.95), 999);
    ck_assert_double_le(promise_threshold(score, 1000, 0.005, 0.95), 1000);
    ck_assert_double_gt(promise_threshold(score, 100, 0.005, 0.95), 1000);
    ck_assert(isinf(promise_threshold(score, 0, 0.005, 0.95)));
}
END_TEST

Suite *metrics_suite(void)
{
    Suite *s = suite_create("metrics");
    TCase *tc = tcase_create("metrics");

    tcase_add_test(tc, test_metrics_of_known_ranking);
    tcase_add_test(tc, test_metrics_ties_are_no_gift);
    tcase_add_loop_test(tc, test_promise_upper_bound, 0,
                        sizeof(bound_case) / sizeof(bound_case[0]));
    tcase_add_test(tc, test_promise_threshold);
    suite_add_tcase(s, tc);
    return s;
}
