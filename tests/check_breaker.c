#include "pipeline/breaker.h"

#include <check.h>

START_TEST(test_breaker_closed_at_first)
{
    struct breaker breaker = { 0 };

    ck_assert(breaker_may(&breaker, 0));
    ck_assert(breaker_may(&breaker, 1000000));
}
END_TEST

/* Each pause is in the upper half of its span, which doubles up to a most. */
START_TEST(test_breaker_pauses)
{
    struct breaker breaker = { 0 };
    int64_t now = 5000;
    int64_t span = BREAKER_FIRST_MS;

    for (int i = 0; i < 20; i++) {
        int64_t pause;

        breaker_failed(&breaker, now);
        pause = breaker.until_ms - now;
        ck_assert_int_ge(pause, span / 2);
        ck_assert_int_le(pause, span);
        ck_assert(!breaker_may(&breaker, now));
        ck_assert(!breaker_may(&breaker, breaker.until_ms - 1));
        ck_assert(breaker_may(&breaker, breaker.until_ms));
        now = breaker.until_ms;
        span = span * 2 < BREAKER_MOST_MS ? span * 2 : BREAKER_MOST_MS;
    }
}
END_TEST

START_TEST(test_breaker_worked)
{
    struct breaker breaker = { 0 };

    breaker_failed(&breaker, 1000);
    breaker_failed(&breaker, 1000);
    breaker_worked(&breaker);
    ck_assert(breaker_may(&breaker, 1000));
    breaker_failed(&breaker, 1000);
    ck_assert_int_le(breaker.until_ms, 1000 + BREAKER_FIRST_MS);
}
END_TEST

Suite *breaker_suite(void)
{
    Suite *s = suite_create("breaker");
    TCase *tc = tcase_create("breaker");

    tcase_add_test(tc, test_breaker_closed_at_first);
    tcase_add_test(tc, test_breaker_pauses);
    tcase_add_test(tc, test_breaker_worked);
    suite_add_tcase(s, tc);
    return s;
}
