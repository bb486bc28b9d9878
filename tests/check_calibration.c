#include "model/calibration.h"

#include <check.h>
#include <math.h>

#define NR 4000

START_TEST(test_calibration_recovers_a_sigmoid)
{
    static double margin[NR];
    static unsigned char positive[NR];
    const struct calibration truth = { 2.5, -0.7 };
    struct calibration fitted;
    unsigned lot = 1;

    for (int i = 0; i < NR; i++) {
        margin[i] = -3 + 6.0 * i / NR;
        lot = lot * 1103515245u + 12345u;
        positive[i] = (lot >> 8) % 100000 / 100000.0 <
                      calibration_probability(&truth, margin[i]);
    }
    fitted = calibration_fit(margin, positive, NULL, NR);
    ck_assert_double_eq_tol(fitted.slope, truth.slope, 0.3);
    ck_assert_double_eq_tol(fitted.offset, truth.offset, 0.2);
}
END_TEST

START_TEST(test_calibration_of_separable_rows_stays_finite)
{
    const double margin[] = { -2, -1, 1, 2 };
    const unsigned char positive[] = { 0, 0, 1, 1 };
    struct calibration fitted = calibration_fit(margin, positive, NULL, 4);

    ck_assert(isfinite(fitted.slope) && isfinite(fitted.offset));
    ck_assert_double_gt(fitted.slope, 0);
    ck_assert_double_gt(calibration_probability(&fitted, 2), 0.6);
}
END_TEST

START_TEST(test_calibration_of_one_class)
{
    const double margin[] = { -2, 1 };
    const unsigned char positive[] = { 1, 1 };
    struct calibration fitted = calibration_fit(margin, positive, NULL, 2);

    ck_assert_double_eq(fitted.slope, 1);
    ck_assert_double_eq(calibration_probability(&fitted, -1e6), 0);
    ck_assert_double_eq(calibration_probability(&fitted, 1e6), 1);
}
END_TEST

Suite *calibration_suite(void)
{
    Suite *s = suite_create("calibration");
    TCase *tc = tcase_create("calibration");

    tcase_add_test(tc, test_calibration_recovers_a_sigmoid);
    tcase_add_test(tc, test_calibration_of_separable_rows_stays_finite);
    tcase_add_test(tc, test_calibration_of_one_class);
    suite_add_tcase(s, tc);
    return s;
}
