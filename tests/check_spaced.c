#include "text/spaced.h"

#include "base/span.h"

#include <check.h>
#include <string.h>

static const struct {
    const char *text;
    const char *want;
    size_t nr;
} spaced_case[] = {
    { "v i a g r a", "viagra", 1 },
    { "buy v i a g r a now", "buy viagra now", 1 },
    { "c.a.s.i.n.o", "casino", 1 },
    { "c.a.s.i.n.o for", "casino for", 1 },
    { "f-r-e-e m-o-n-e-y", "free money", 2 },
    { "f*r*e*e, s_e_x_y", "free, sexy", 2 },
    { "v 1 a g r a", "v1agra", 1 },
    { "\xd0\xba \xd1\x83 \xd0\xbf \xd0\xb8",
      "\xd0\xba\xd1\x83\xd0\xbf\xd0\xb8", 1 },
    { "f r e e  m o n e y", "free  money", 2 },
    { "s.h.i.e.l.d.", "shield.", 1 },
    { "u.s.a.", "u.s.a.", 0 },
    { "u.s.s.r. was", "u.s.s.r. was", 0 },
    { "i a m", "i a m", 0 },
    { "x x x x x", "x x x x x", 0 },
    { "n-n-n-n-no", "n-n-n-n-no", 0 },
    { "f.o.o.o.example", "f.o.o.o.example", 0 },
    { "1 2 3 4 5", "1 2 3 4 5", 0 },
    { "a 1 b 2 c 3 d 4", "a 1 b 2 c 3 d 4", 0 },
    { "a, b, c, d", "a, b, c, d", 0 },
    { "a\nb\nc\nd", "a\nb\nc\nd", 0 },
    { "a b.c d", "a b.c d", 0 },
    { "mas o q \xc3\xa9 o tal", "mas o q \xc3\xa9 o tal", 0 },
    { "a n y o n e", "anyone", 1 },
    { "don't a b c", "don't a b c", 0 },
    { "\xec\x95\x84 \xeb\x8b\x88 \xeb\x84\xa4 \xec\x9a\x94",
      "\xec\x95\x84 \xeb\x8b\x88 \xeb\x84\xa4 \xec\x9a\x94", 0 },
    { "", "", 0 },
    { " ", " ", 0 },
    { "....", "....", 0 },
};

START_TEST(test_spaced_join)
{
    struct fold_counts counts = { 0 };
    char text[64];
    size_t len = strlen(spaced_case[_i].text);

    memcpy(text, spaced_case[_i].text, len);
    len = spaced_join(text, len, &counts);
    ck_assert_msg(
        span_eq((struct span){ text, len }, span_str(spaced_case[_i].want)),
        "%s: got %.*s", spaced_case[_i].text, (int)len, text);
    ck_assert_uint_eq(counts.spaced_words, spaced_case[_i].nr);
}
END_TEST

Suite *spaced_suite(void)
{
    Suite *s = suite_create("spaced");
    TCase *tc = tcase_create("spaced");

    tcase_add_loop_test(tc, test_spaced_join, 0,
                        sizeof(spaced_case) / sizeof(spaced_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
