#include "page/throttle.h"

#include <check.h>

static struct throttle *throttle;
static const struct throttle_rule rule = { 3, 8 };

static void setup(void)
{
    throttle = throttle_new();
}

static void teardown(void)
{
    throttle_free(throttle);
}

#define KEY SPAN_LIT("anna at 192.0.2.1")

START_TEST(test_throttle_waits)
{
    static const long want[] = { 0, 0, 0, 1, 2, 4, 8, 8 };
    int64_t now = 1000;

    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        long seconds = 0;

        throttle_failed(throttle, KEY, &rule, now);
        ck_assert_int_eq(throttle_may(throttle, KEY, now, &seconds),
                         want[i] == 0);
        ck_assert_int_eq(seconds, want[i]);
        now += 1000 * want[i];
        ck_assert(throttle_may(throttle, KEY, now, &seconds));
    }
}
END_TEST

START_TEST(test_throttle_others)
{
    long seconds = 0;

    for (int i = 0; i < 5; i++)
        throttle_failed(throttle, KEY, &rule, 1000);
    ck_assert(!throttle_may(throttle, KEY, 1000, &seconds));
    ck_assert(
        throttle_may(throttle, SPAN_LIT("bob at 192.0.2.1"), 1000, &seconds));
}
END_TEST

START_TEST(test_throttle_forgets)
{
    int64_t later = 1001 + THROTTLE_FORGET_MS;
    long seconds = 0;

    for (int i = 0; i < 5; i++)
        throttle_failed(throttle, KEY, &rule, 1000);
    throttle_failed(throttle, KEY, &rule, later);
    ck_assert(throttle_may(throttle, KEY, later, &seconds));
    for (int i = 0; i < 5; i++)
        throttle_failed(throttle, KEY, &rule, later);
    throttle_worked(throttle, KEY);
    ck_assert(throttle_may(throttle, KEY, later, &seconds));
}
END_TEST

Suite *throttle_suite(void)
{
    Suite *s = suite_create("throttle");
    TCase *tc = tcase_create("throttle");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_throttle_waits);
    tcase_add_test(tc, test_throttle_others);
    tcase_add_test(tc, test_throttle_forgets);
    suite_add_tcase(s, tc);
    return s;
}
