#include "base/span.h"

#include <check.h>

START_TEST(test_span_find_empty)
{
    struct span none = { NULL, 0 };

    ck_assert_uint_eq(span_find(none, SPAN_LIT("a")), 0);
    ck_assert_uint_eq(span_find(SPAN_LIT("ab"), none), 0);
    ck_assert_uint_eq(span_find(SPAN_LIT("ab"), SPAN_LIT("b")), 1);
    ck_assert_uint_eq(span_find(SPAN_LIT("ab"), SPAN_LIT("c")), 2);
    ck_assert(span_eq(none, SPAN_LIT("")));
}
END_TEST

static const struct {
    const char *text;
    long long value;
    bool ok;
} number_case[] = {
    { "0", 0, true },
    { "-17", -17, true },
    { "9223372036854775807", 9223372036854775807LL, true },
    { "9223372036854775808", 0, false },
    { "", 0, false },
    { " 1", 0, false },
    { "1 ", 0, false },
    { "1x", 0, false },
    { "0x10", 0, false },
};

START_TEST(test_span_to_long)
{
    long long value = 0;

    ck_assert_int_eq(span_to_long(span_str(number_case[_i].text), &value),
                     number_case[_i].ok);
    ck_assert_int_eq(value, number_case[_i].value);
}
END_TEST

START_TEST(test_span_trim_and_cut)
{
    ck_assert(span_eq(span_trim(SPAN_LIT(" \t a b\n")), SPAN_LIT("a b")));
    ck_assert(span_eq(span_trim(SPAN_LIT("  ")), SPAN_LIT("")));
    ck_assert(span_eq(span_cut(SPAN_LIT("abc"), 1, 9), SPAN_LIT("bc")));
    ck_assert(span_eq(span_cut(SPAN_LIT("abc"), 5, 9), SPAN_LIT("")));
    ck_assert_int_lt(span_cmp(SPAN_LIT("ab"), SPAN_LIT("abc")), 0);
}
END_TEST

Suite *span_suite(void)
{
    Suite *s = suite_create("span");
    TCase *tc = tcase_create("span");

    tcase_add_test(tc, test_span_find_empty);
    tcase_add_test(tc, test_span_trim_and_cut);
    tcase_add_loop_test(tc, test_span_to_long, 0,
                        sizeof(number_case) / sizeof(number_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
