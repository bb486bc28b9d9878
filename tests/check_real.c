#include "wire/real.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void is_as_printf(double number)
{
    char got[REAL_BYTES_MAX + 1];
    char want[64];

    got[real_put(got, number)] = '\0';
    snprintf(want, sizeof(want), "%.6g", number);
    ck_assert_str_eq(got, want);
}

static const double edge_case[] = {
    0,
    1,
    -1,
    0.5,
    0.1,
    0.001,
    1e-4,
    9.99999e-5,
    1e-5,
    0.000999999,
    0.00099999949,
    0.0009999995,
    0.00099999951,
    999999,
    999999.4,
    999999.5,
    999999.6,
    1e6,
    123456.5,
    1234565,
    12345.65,
    0.1234565,
    0.12345650001,
    2.5,
    100000,
    10,
    1e300,
    5e-324,
    -0.25,
    99999.95,
    99999.949,
    9.999995,
    0.9999995,
    0.99999951,
    1e22,
};

START_TEST(test_real_edges)
{
    is_as_printf(edge_case[_i]);
    is_as_printf(-edge_case[_i]);
    is_as_printf(nextafter(edge_case[_i], INFINITY));
    is_as_printf(nextafter(edge_case[_i], -INFINITY));
}
END_TEST

/* Numbers of all sizes, with many digits and with few. */
START_TEST(test_real_many)
{
    unsigned long long lot = 7;

    for (int i = 0; i < 300000; i++) {
        double number;

        lot = lot * 6364136223846793005ULL + 1442695040888963407ULL;
        number = (double)(lot >> 12) * pow(10, (int)(lot >> 7 & 31) - 26);
        is_as_printf(number);
        is_as_printf((double)(lot >> 42) / 1000);
        is_as_printf((double)(lot >> 44) / 1048576);
    }
}
END_TEST

Suite *real_suite(void)
{
    Suite *s = suite_create("real");
    TCase *tc = tcase_create("real");

    tcase_add_loop_test(tc, test_real_edges, 0,
                        sizeof(edge_case) / sizeof(edge_case[0]));
    tcase_add_test(tc, test_real_many);
    suite_add_tcase(s, tc);
    return s;
}
