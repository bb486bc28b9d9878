#include "learn/champion.h"

#include <check.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

#define CONTEST(old_loss, old_marks, new_loss, new_marks, hams, spams)        \
    {                                                                         \
        .champion = { old_loss, old_marks, false },                           \
        .challenger = { new_loss, new_marks, false }, .ham = hams,            \
        .spam = spams, .promised = 0.005                                      \
    }

static const struct {
    struct champion_contest contest;
    bool live;
    const char *reason; /* how it begins */
} contest_case[] = {
    { CONTEST(0.4, 0, 0.3, 0, 50, 50), true, "better on the 100 most" },
    { CONTEST(0.3, 0, 0.3, 0, 50, 50), false, "no better on the 100" },
    { CONTEST(0.4, 0, 0.3, 2, 100, 50), false, "breaks the promise: would" },
    { CONTEST(0.4, 0, 0.3, 1, 100, 50), true, "better" },
    { CONTEST(0.4, 3, 0.3, 3, 100, 50), true, "better" }, /* no worse */
    { CONTEST(0.4, 0, 0.3, 5, 1000, 50), true, "better" },
    { CONTEST(0.4, 0, 0.3, 6, 1000, 50), false, "breaks the promise" },
    { CONTEST(0.4, 0, 0.3, 0, 3, 50), false, "too few recent labels" },
    { CONTEST(0.4, 0, 0.3, 0, 50, 3), false, "too few recent labels" },
};

START_TEST(test_champion_decides)
{
    struct champion_decision d =
        champion_decide(&arena, &contest_case[_i].contest);

    ck_assert_int_eq(d.live, contest_case[_i].live);
    ck_assert_msg(span_starts(d.reason, span_str(contest_case[_i].reason)),
                  "%.*s", SPAN_ARG(d.reason));
}
END_TEST

START_TEST(test_champion_forced)
{
    struct champion_contest contest = CONTEST(0.1, 0, 0.9, 50, 100, 100);
    struct champion_decision d;

    contest.forced = true;
    d = champion_decide(&arena, &contest);
    ck_assert(d.live);
    ck_assert(span_eq(d.reason, SPAN_LIT("labels were taken back")));
}
END_TEST

START_TEST(test_champion_thresholds_only)
{
    struct champion_contest contest = CONTEST(0.4, 0, 0.4, 0, 700, 0);

    contest.challenger.thresholds_only = true;
    ck_assert(champion_decide(&arena, &contest).live);
    contest.challenger.false_marks = 20;
    ck_assert(!champion_decide(&arena, &contest).live);
}
END_TEST

Suite *champion_suite(void)
{
    Suite *s = suite_create("champion");
    TCase *tc = tcase_create("decide");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_champion_decides, 0,
                        sizeof(contest_case) / sizeof(contest_case[0]));
    tcase_add_test(tc, test_champion_forced);
    tcase_add_test(tc, test_champion_thresholds_only);
    suite_add_tcase(s, tc);
    return s;
}
