#include "server/limit.h"

#include <check.h>
#include <stdio.h>

static struct limit *limit;

static void setup(void)
{
    limit = limit_new(10);
}

static void teardown(void)
{
    limit_free(limit);
}

static size_t take(const char *key, size_t nr, int64_t now_ms)
{
    size_t taken = 0;
    long seconds;

    for (size_t i = 0; i < nr; i++)
        taken += limit_take(limit, span_str(key), now_ms, &seconds);
    return taken;
}

START_TEST(test_limit_burst_and_rate)
{
    long seconds = 0;

    ck_assert_uint_eq(take("a", 50, 1000), 20);
    ck_assert(!limit_take(limit, SPAN_LIT("a"), 1000, &seconds));
    ck_assert_int_ge(seconds, 1);
    ck_assert_uint_eq(take("a", 50, 1100), 1);
    ck_assert_uint_eq(take("a", 50, 2100), 10);
    ck_assert_uint_eq(take("a", 50, 100000000), 20);
}
END_TEST

START_TEST(test_limit_keys_apart)
{
    ck_assert_uint_eq(take("a", 50, 1000), 20);
    ck_assert_uint_eq(take("b", 50, 1000), 20);
}
END_TEST

/* The clock of another thread may be a little behind. */
START_TEST(test_limit_clock_back)
{
    ck_assert_uint_eq(take("a", 50, 1000), 20);
    ck_assert_uint_eq(take("a", 50, 900), 0);
    ck_assert_uint_eq(take("a", 50, 1100), 1);
}
END_TEST

/* A crowd of strangers does not win the greedy one's tokens back for it. */
START_TEST(test_limit_crowd)
{
    char name[32];

    ck_assert_uint_eq(take("greedy", 50, 1000), 20);
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof(name), "stranger %d", i);
        ck_assert_uint_eq(take(name, 1, 1000), 1);
    }
    ck_assert_uint_eq(take("greedy", 50, 1000), 0);
}
END_TEST

Suite *limit_suite(void)
{
    Suite *s = suite_create("limit");
    TCase *tc = tcase_create("limit");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_limit_burst_and_rate);
    tcase_add_test(tc, test_limit_keys_apart);
    tcase_add_test(tc, test_limit_clock_back);
    tcase_add_test(tc, test_limit_crowd);
    suite_add_tcase(s, tc);
    return s;
}
