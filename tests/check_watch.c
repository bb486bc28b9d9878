#include "learn/watch.h"

#include <check.h>

#define SITES 400
#define COMMENTS 5000

static unsigned long long state;

static double lot(void)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(state >> 11) * 0x1p-53;
}

/* Of SITES sites of that rate: how many alarms, ever, in COMMENTS comments? */
static int alarms(double rate, double *mean_delay)
{
    int nr = 0;

    *mean_delay = 0;
    state = 7;
    for (int site = 0; site < SITES; site++) {
        struct watch watch;

        watch_begin(&watch, 0.005);
        for (int i = 0; i < COMMENTS; i++) {
            watch_see(&watch, lot() < rate);
            if (!watch_broken(&watch, 0.95))
                continue;
            nr++;
            *mean_delay += i;
            break;
        }
    }
    *mean_delay /= nr ? nr : 1;
    return nr;
}

/* Looked at after every comment, it still cries wolf once in twenty. */
START_TEST(test_watch_is_quiet_when_the_promise_is_kept)
{
    double delay;

    ck_assert_int_le(alarms(0.005, &delay), SITES / 20);
    ck_assert_int_eq(alarms(0.001, &delay), 0);
}
END_TEST

START_TEST(test_watch_sees_drift)
{
    double delay;

    ck_assert_int_eq(alarms(0.03, &delay), SITES);
    ck_assert_double_lt(delay, 400);
    ck_assert_int_ge(alarms(0.015, &delay), SITES * 9 / 10);
}
END_TEST

/* Two honest comments marked, out of two, are enough at one in 200. */
START_TEST(test_watch_counts)
{
    struct watch watch;

    watch_begin(&watch, 0.005);
    ck_assert_double_eq(watch_stake(&watch), 1);
    watch_see(&watch, true);
    ck_assert(!watch_broken(&watch, 0.95));
    watch_see(&watch, true);
    ck_assert(watch_broken(&watch, 0.95));
    ck_assert_uint_eq(watch.honest, 2);
    ck_assert_uint_eq(watch.marked, 2);
}
END_TEST

/* A promise of nothing or of everything can't be bet against. */
START_TEST(test_watch_without_promise)
{
    struct watch watch;

    watch_begin(&watch, 1);
    watch_see(&watch, true);
    ck_assert(!watch_broken(&watch, 0.95));
    watch_begin(&watch, 0);
    watch_see(&watch, true);
    ck_assert(!watch_broken(&watch, 0.95));
}
END_TEST

Suite *watch_suite(void)
{
    Suite *s = suite_create("watch");
    TCase *tc = tcase_create("watch");

    tcase_add_test(tc, test_watch_is_quiet_when_the_promise_is_kept);
    tcase_add_test(tc, test_watch_sees_drift);
    tcase_add_test(tc, test_watch_counts);
    tcase_add_test(tc, test_watch_without_promise);
    suite_add_tcase(s, tc);
    return s;
}
