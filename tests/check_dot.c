#include "text/dot.h"

#include <check.h>

/* Everything a dot is made of, and what spoils one. */
static const char *const part[] = {
    "",
    " ",
    "  ",
    "   ",
    ".",
    "d",
    "dot",
    "DOT",
    "do",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\xe3\x80\x82",
    "\xef\xbc\x8e",
    "\xef\xbd\xa1",
    "com",
    "\xc3\xa9",
    "-",
};

#define PARTS (sizeof(part) / sizeof(part[0]))

static void agree(const char *text)
{
    struct span s = span_str(text);
    struct dot dot;

    for (size_t at = 0; at <= s.len; at++)
        ck_assert_msg(!dot_read(s, at, &dot) || dot_may_follow(s, at),
                      "\"%s\" at %zu", text, at);
}

/* The quick look never denies a dot, whatever three parts in a row say. */
START_TEST(test_dot_may_follow)
{
    char text[64];

    for (size_t i = 0; i < PARTS * PARTS * PARTS; i++) {
        snprintf(text, sizeof(text), "a%s%s%s", part[i % PARTS],
                 part[i / PARTS % PARTS], part[i / PARTS / PARTS]);
        agree(text);
    }
}
END_TEST

START_TEST(test_dot_mostly_does_not_follow)
{
    ck_assert(!dot_may_follow(SPAN_LIT("a b"), 1));
    ck_assert(!dot_may_follow(SPAN_LIT("a, b"), 1));
    ck_assert(!dot_may_follow(SPAN_LIT("a dark b"), 1));
    ck_assert(!dot_may_follow(SPAN_LIT("a"), 1));
}
END_TEST

Suite *dot_suite(void)
{
    Suite *s = suite_create("dot");
    TCase *tc = tcase_create("dot");

    tcase_add_test(tc, test_dot_may_follow);
    tcase_add_test(tc, test_dot_mostly_does_not_follow);
    suite_add_tcase(s, tc);
    return s;
}
