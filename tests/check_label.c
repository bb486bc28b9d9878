#include "learn/label.h"

#include <check.h>
#include <string.h>

#define DAY_MS ((int64_t)24 * 3600 * 1000)

START_TEST(test_label_names)
{
    for (int i = LABEL_HISTORY; i <= LABEL_LEFT_ALONE; i++) {
        enum label_source source;

        ck_assert(label_source_parse(&source,
                                     label_source_name((enum label_source)i)));
        ck_assert_int_eq(source, i);
    }
    ck_assert(!label_source_parse(&(enum label_source){ LABEL_HISTORY },
                                  SPAN_LIT("verdict")));
}
END_TEST

/* Left alone is weaker than any word of a person. */
START_TEST(test_label_left_alone_is_weak)
{
    for (int i = LABEL_HISTORY; i < LABEL_LEFT_ALONE; i++)
        ck_assert_double_gt(label_source_weight((enum label_source)i),
                            2 * label_source_weight(LABEL_LEFT_ALONE));
}
END_TEST

#define OLD (LABEL_LEFT_ALONE_MS + 1)

static const struct {
    struct label_case c;
    int source; /* -1: teaches nothing */
} judge_case[] = {
    /* status, decided, as spam, when, reported, as spam, now */
    { { true, false, false, 0, false, false, OLD }, LABEL_HISTORY },
    { { false, false, false, 0, false, false, OLD }, LABEL_HISTORY },
    /* Our own verdict, and nobody said anything: never a label ... */
    { { true, true, true, 0, false, false, OLD }, -1 },
    { { false, true, false, 0, false, false, OLD - 2 }, -1 },
    /* ... but an approval that has stood for a while, a little. */
    { { false, true, false, 0, false, false, OLD }, LABEL_LEFT_ALONE },
    /* A person changed it. */
    { { false, true, true, 0, false, false, 1 }, LABEL_CORRECTION },
    { { true, true, false, 0, false, false, 1 }, LABEL_CORRECTION },
    { { true, true, false, 0, true, true, 1 }, LABEL_CORRECTION },
    /* A person confirmed it. */
    { { true, true, true, 0, true, true, 1 }, LABEL_FEEDBACK },
    { { true, false, false, 0, true, true, 1 }, LABEL_FEEDBACK },
    /* Reported, but the site has not followed: the status has the word. */
    { { true, true, true, 0, true, false, 1 }, -1 },
    { { true, false, false, 0, true, false, 1 }, LABEL_HISTORY },
};

START_TEST(test_label_judge)
{
    enum label_source source;
    bool is = label_judge(&judge_case[_i].c, &source);

    ck_assert_int_eq(is, judge_case[_i].source >= 0);
    if (is)
        ck_assert_int_eq((int)source, judge_case[_i].source);
}
END_TEST

START_TEST(test_label_fades)
{
    const struct label_mark mark[] = {
        { false, { NULL, 0 }, 1, 5000 * DAY_MS },
        { false, { NULL, 0 }, 1, (5000 - 365) * DAY_MS },
        { false, { NULL, 0 }, 2, 0 },
    };
    double weight[3];

    label_weigh(weight, mark, 3);
    ck_assert_double_eq_tol(weight[0], 1, 1e-12);
    ck_assert_double_eq_tol(weight[1], 0.5, 1e-12);
    ck_assert_double_eq_tol(weight[2], 2 * LABEL_OLD_WEIGHT, 1e-12);
}
END_TEST

/* A thousand reports through one door against forty labels of the site's. */
START_TEST(test_label_giver_is_capped)
{
    static struct label_mark mark[1040];
    static double weight[1040];
    double door = 0;
    double others = 0;

    for (size_t i = 0; i < 1040; i++)
        mark[i] = (struct label_mark){
            .spam = true,
            .giver = i < 1000 ? SPAN_LIT("door") : SPAN_LIT(""),
            .weight = 1,
        };
    label_weigh(weight, mark, 1040);
    for (size_t i = 0; i < 1040; i++)
        *(i < 1000 ? &door : &others) += weight[i];
    ck_assert_double_eq_tol(others, 40, 1e-9);
    ck_assert_double_eq_tol(door, 10, 1e-9);
}
END_TEST

/* A giver's honest labels are none of its spam labels' business. */
START_TEST(test_label_cap_is_per_class)
{
    static struct label_mark mark[120];
    static double weight[120];

    for (size_t i = 0; i < 120; i++)
        mark[i] = (struct label_mark){
            .spam = i >= 20,
            .giver = i % 20 == 0 ? SPAN_LIT("eve") : SPAN_LIT(""),
            .weight = 1,
        };
    label_weigh(weight, mark, 120);
    for (size_t i = 0; i < 120; i++)
        ck_assert_double_eq_tol(weight[i], 1, 1e-12);
}
END_TEST

START_TEST(test_label_balance)
{
    const bool spam[] = { true, false, false, false };
    double weight[] = { 1, 1, 1, 1 };

    label_balance(weight, spam, 4);
    ck_assert_double_eq_tol(weight[0], 2, 1e-12);
    ck_assert_double_eq_tol(weight[1] + weight[2] + weight[3], 2, 1e-12);
    label_balance(weight, spam, 1);
    ck_assert_double_eq_tol(weight[0], 2, 1e-12);
}
END_TEST

Suite *label_suite(void)
{
    Suite *s = suite_create("label");
    TCase *tc = tcase_create("weight");

    tcase_add_test(tc, test_label_names);
    tcase_add_test(tc, test_label_left_alone_is_weak);
    tcase_add_loop_test(tc, test_label_judge, 0,
                        sizeof(judge_case) / sizeof(judge_case[0]));
    tcase_add_test(tc, test_label_fades);
    tcase_add_test(tc, test_label_giver_is_capped);
    tcase_add_test(tc, test_label_cap_is_per_class);
    tcase_add_test(tc, test_label_balance);
    suite_add_tcase(s, tc);
    return s;
}
