#include "bootstrap.h"

#include <check.h>

#define NR 4000

static struct boot_row row[NR];

/* Scores of two bells: positives lie one unit higher. */
static void fill(double apart)
{
    uint64_t state = 1;

    for (size_t i = 0; i < NR; i++) {
        double sum = 0;

        for (int k = 0; k < 12; k++) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            sum += (double)(state >> 11) * 0x1p-53;
        }
        row[i].positive = i % 4 == 0;
        row[i].score = sum - 6 + (row[i].positive ? apart : 0);
        row[i].lot = state;
    }
    boot_sort(row, NR);
}

START_TEST(test_bootstrap_rows_as_they_are)
{
    struct boot_row known[] = {
        { 0.9, 1, 1 }, { 0.8, 2, 0 }, { 0.7, 3, 1 },
        { 0.4, 4, 0 }, { 0.2, 5, 0 },
    };
    struct boot_point point;

    boot_sort(known, 5);
    point = boot_measure(known, 5, 0);
    ck_assert_double_eq_tol(point.auc, 5.0 / 6, 1e-12);
    ck_assert_double_eq_tol(point.recall, 0.5, 1e-12);
}
END_TEST

START_TEST(test_bootstrap_ties_are_no_gift)
{
    struct boot_row known[] = {
        { 1, 1, 1 }, { 1, 2, 0 }, { 1, 3, 1 }, { 0, 4, 0 }
    };
    struct boot_point point;

    boot_sort(known, 4);
    point = boot_measure(known, 4, 0);
    ck_assert_double_eq_tol(point.auc, 0.75, 1e-12);
    ck_assert_double_eq_tol(point.recall, 0, 1e-12);
}
END_TEST

/*
 * Of bells one unit apart the AUC is .760, its standard error with 1,000 and
 * 3,000 rows .009 (Hanley and McNeil 1982): the interval is about .035 wide.
 */
START_TEST(test_bootstrap_interval)
{
    double value[BOOT_RESAMPLES];
    struct boot_interval interval;

    fill(1);
    for (size_t i = 0; i < BOOT_RESAMPLES; i++)
        value[i] = boot_measure(row, NR, i + 1).auc;
    interval = boot_interval(value, BOOT_RESAMPLES);
    ck_assert_double_lt(interval.low, 0.760);
    ck_assert_double_gt(interval.high, 0.760);
    ck_assert_double_gt(interval.high - interval.low, 0.02);
    ck_assert_double_lt(interval.high - interval.low, 0.05);
}
END_TEST

/* The same rows, the same resample: the same figure; another: another. */
START_TEST(test_bootstrap_is_paired)
{
    double first;

    fill(1);
    first = boot_measure(row, NR, 1).auc;
    ck_assert_double_eq(boot_measure(row, NR, 1).auc, first);
    ck_assert_double_ne(boot_measure(row, NR, 2).auc, first);
    for (size_t i = 0; i < NR; i++)
        row[i].score *= 2;
    ck_assert_double_eq(boot_measure(row, NR, 1).auc, first);
}
END_TEST

START_TEST(test_bootstrap_of_one_class)
{
    struct boot_row only[] = { { 1, 1, 0 }, { 2, 2, 0 } };

    ck_assert_double_eq(boot_measure(only, 2, 0).auc, 0);
    ck_assert_double_eq(boot_measure(only, 0, 1).recall, 0);
    ck_assert_double_eq(boot_interval(NULL, 0).high, 0);
}
END_TEST

Suite *bootstrap_suite(void)
{
    Suite *s = suite_create("bootstrap");
    TCase *tc = tcase_create("bootstrap");

    tcase_add_test(tc, test_bootstrap_rows_as_they_are);
    tcase_add_test(tc, test_bootstrap_ties_are_no_gift);
    tcase_add_test(tc, test_bootstrap_interval);
    tcase_add_test(tc, test_bootstrap_is_paired);
    tcase_add_test(tc, test_bootstrap_of_one_class);
    suite_add_tcase(s, tc);
    return s;
}
