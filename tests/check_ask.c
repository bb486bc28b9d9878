#include "learn/ask.h"

#include <check.h>

#define ITEM(p, campaign, at)                                                 \
    {                                                                         \
        p, 0.3, 0.95, campaign, at                                            \
    }

START_TEST(test_ask_doubt_first)
{
    const struct ask_item item[] = {
        ITEM(0.99, 0, 0),
        ITEM(0.01, 0, 0),
        ITEM(0.5, 0, 0),
        ITEM(0.8, 0, 0),
    };
    size_t order[4];

    ask_order(order, item, 4);
    ck_assert_uint_eq(order[0], 2);
    ck_assert_uint_eq(order[1], 3);
    ck_assert_uint_eq(order[3], 1);
}
END_TEST

/* One of each campaign before the second of any. */
START_TEST(test_ask_copies_last)
{
    const struct ask_item item[] = {
        ITEM(0.5, 7, 0), ITEM(0.52, 7, 0), ITEM(0.48, 7, 0),
        ITEM(0.9, 9, 0), ITEM(0.2, 0, 0),  ITEM(0.2, 0, 0),
    };
    size_t order[6];

    ask_order(order, item, 6);
    ck_assert(order[0] < 3);
    ck_assert_uint_eq(order[1], 3);
    ck_assert(order[2] >= 4 && order[3] >= 4);
    ck_assert(order[4] < 3 && order[5] < 3);
}
END_TEST

START_TEST(test_ask_older_first_and_stable)
{
    const struct ask_item item[] = {
        ITEM(0.5, 0, 30),
        ITEM(0.5, 0, 10),
        ITEM(0.5, 0, 10),
    };
    size_t order[3];

    ask_order(order, item, 3);
    ck_assert_uint_eq(order[0], 1);
    ck_assert_uint_eq(order[1], 2);
    ck_assert_uint_eq(order[2], 0);
    ask_order(order, item, 0);
}
END_TEST

static const struct {
    const char *a;
    const char *b;
    bool same;
} campaign_case[] = {
    { "buy the best watches here today", "Buy  the best\nwatches here TODAY",
      true },
    { "I met a lovely cheap host at the fair and it was just great fun for "
      "all of us there",
      "I met a lovely cheap host at the fair and it was just great fun for "
      "all of us there 8841",
      true },
    { "buy the best watches here today", "where is the second part of this",
      false },
};

START_TEST(test_ask_campaign)
{
    uint64_t a = ask_campaign(span_str(campaign_case[_i].a));
    uint64_t b = ask_campaign(span_str(campaign_case[_i].b));

    ck_assert(a && b);
    ck_assert_int_eq(a == b, campaign_case[_i].same);
}
END_TEST

/* Too short to be like anything. */
START_TEST(test_ask_campaign_of_few_words)
{
    ck_assert_uint_eq(ask_campaign(SPAN_LIT("")), 0);
    ck_assert_uint_eq(ask_campaign(SPAN_LIT("thank you")), 0);
}
END_TEST

Suite *ask_suite(void)
{
    Suite *s = suite_create("ask");
    TCase *tc = tcase_create("order");

    tcase_add_test(tc, test_ask_doubt_first);
    tcase_add_test(tc, test_ask_copies_last);
    tcase_add_test(tc, test_ask_older_first_and_stable);
    tcase_add_loop_test(tc, test_ask_campaign, 0,
                        sizeof(campaign_case) / sizeof(campaign_case[0]));
    tcase_add_test(tc, test_ask_campaign_of_few_words);
    suite_add_tcase(s, tc);
    return s;
}
