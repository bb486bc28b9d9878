#include "text/unicode.h"

#include "base/span.h"

#include <check.h>

static const struct {
    uint32_t cp;
    enum unicode_kind kind;
    enum unicode_script script;
} kind_case[] = {
    { 'a', UNICODE_LETTER, UNICODE_LATIN },
    { 0x00E9, UNICODE_LETTER, UNICODE_LATIN },
    { 0x0430, UNICODE_LETTER, UNICODE_CYRILLIC },
    { 0x03B1, UNICODE_LETTER, UNICODE_GREEK },
    { 0x0561, UNICODE_LETTER, UNICODE_ALIKE },
    { 0x13A0, UNICODE_LETTER, UNICODE_ALIKE },
    { 0x0628, UNICODE_LETTER, UNICODE_UNLIKE },
    { 0x3042, UNICODE_LETTER, UNICODE_UNLIKE },
    { 0x3400, UNICODE_LETTER, UNICODE_UNLIKE },
    { 0x4E00, UNICODE_LETTER, UNICODE_UNLIKE },
    { 0x9FFC, UNICODE_LETTER, UNICODE_UNLIKE },
    { 0xAC00, UNICODE_LETTER, UNICODE_UNLIKE },
    { 0xD7A3, UNICODE_LETTER, UNICODE_UNLIKE },
    { 0x20000, UNICODE_LETTER, UNICODE_UNLIKE },
    { 0x0301, UNICODE_MARK, UNICODE_COMMON },
    { 0x093F, UNICODE_MARK, UNICODE_UNLIKE },
    { 0x20E3, UNICODE_MARK, UNICODE_COMMON },
    { 0x0967, UNICODE_DIGIT, UNICODE_UNLIKE },
    { 0x00A0, UNICODE_SPACE, UNICODE_COMMON },
    { 0x2028, UNICODE_SPACE, UNICODE_COMMON },
    { 0x20AC, UNICODE_MONEY, UNICODE_COMMON },
    { 0x1F602, UNICODE_EMOJI, UNICODE_COMMON },
    { 0x1F1E9, UNICODE_EMOJI, UNICODE_COMMON },
    { 0x1FAFF, UNICODE_EMOJI, UNICODE_COMMON },
    { 0x2764, UNICODE_EMOJI, UNICODE_COMMON },
    { 0x24C2, UNICODE_OTHER, UNICODE_COMMON },
    { 0x1F170, UNICODE_OTHER, UNICODE_COMMON },
    { 0x200B, UNICODE_INVISIBLE, UNICODE_COMMON },
    { 0xFEFF, UNICODE_INVISIBLE, UNICODE_COMMON },
    { 0x034F, UNICODE_INVISIBLE, UNICODE_COMMON },
    { 0xFE0F, UNICODE_INVISIBLE, UNICODE_COMMON },
    { 0x3164, UNICODE_INVISIBLE, UNICODE_UNLIKE },
    { 0xE0041, UNICODE_INVISIBLE, UNICODE_COMMON },
    { 0x202E, UNICODE_BIDI, UNICODE_COMMON },
    { 0x2069, UNICODE_BIDI, UNICODE_COMMON },
    { 0x2014, UNICODE_OTHER, UNICODE_COMMON },
    { 0xE000, UNICODE_OTHER, UNICODE_COMMON },
    { 0xFFFD, UNICODE_OTHER, UNICODE_COMMON },
};

START_TEST(test_unicode_kind)
{
    uint32_t cp = kind_case[_i].cp;

    ck_assert_msg(unicode_kind(cp) == kind_case[_i].kind, "U+%04X: kind %d",
                  cp, unicode_kind(cp));
    ck_assert_msg(unicode_script(cp) == kind_case[_i].script,
                  "U+%04X: script %d", cp, unicode_script(cp));
}
END_TEST

static const struct {
    uint32_t cp;
    char latin;
    int small;
} look_case[] = {
    { 0x0430, 'a', 1 }, { 0x0440, 'p', 1 }, { 0x0456, 'i', 1 },
    { 0x043A, 'k', 0 }, { 0x0432, 'b', 0 }, { 0x0442, 't', 0 },
    { 0x0436, 0, 0 },   { 0x044F, 0, 0 },   { 0x03BF, 'o', 1 },
    { 0x03C0, 0, 0 },   { 0x0585, 'o', 1 }, { 'a', 0, 0 },
    { 0x0628, 0, 0 },   { 0x4E00, 0, 0 },   { 0x10FFFF, 0, 0 },
};

START_TEST(test_unicode_look)
{
    struct unicode_look look = unicode_look(look_case[_i].cp);

    ck_assert_msg(look.latin == look_case[_i].latin, "U+%04X: '%c'",
                  look_case[_i].cp, look.latin);
    if (look.latin)
        ck_assert_int_eq(look.small, look_case[_i].small);
}
END_TEST

START_TEST(test_unicode_fold)
{
    static const uint32_t wide[] = { 0xFF21, 'B', 0x00E9, 'e', 0x0301 };
    char out[64];
    struct span got = { out, unicode_fold(out, sizeof(out), wide, 5) };

    ck_assert(span_eq(got, SPAN_LIT("ab\xc3\xa9\xc3\xa9")));
    ck_assert_uint_eq(unicode_fold(out, 2, wide, 5), 0);
    ck_assert_uint_eq(unicode_fold(out, sizeof(out), wide, 0), 0);
}
END_TEST

START_TEST(test_unicode_fold_grows)
{
    uint32_t longest[UNICODE_FOLD_MAX];
    char out[UNICODE_FOLD_MAX * 3 * UNICODE_FOLD_GROWTH];

    for (size_t i = 0; i < UNICODE_FOLD_MAX; i++)
        longest[i] = 0xFDFA;
    ck_assert_uint_eq(
        unicode_fold(out, sizeof(out), longest, UNICODE_FOLD_MAX),
        sizeof(out));
}
END_TEST

/* Plain says that folding changes nothing, alone or in a row. */
START_TEST(test_unicode_plain)
{
    for (uint32_t cp = 1; cp < 0x20000; cp++) {
        uint32_t pair[] = { 'a', cp };
        char out[64];
        size_t len;

        if (!unicode_is_plain(cp) || (cp >= 0xD800 && cp < 0xE000))
            continue;
        len = unicode_fold(out, sizeof(out), pair, 2);
        ck_assert_msg(len == (cp < 0x80      ? 2
                              : cp < 0x800   ? 3
                              : cp < 0x10000 ? 4
                                             : 5) &&
                          out[0] == 'a',
                      "U+%04X", cp);
    }
    ck_assert(unicode_is_plain(0x0430));
    ck_assert(!unicode_is_plain(0x0410));
    ck_assert(!unicode_is_plain(0x0301));
    ck_assert(!unicode_is_plain(0xFF21));
}
END_TEST

Suite *unicode_suite(void)
{
    Suite *s = suite_create("unicode");
    TCase *tc = tcase_create("unicode");

    tcase_add_loop_test(tc, test_unicode_kind, 0,
                        sizeof(kind_case) / sizeof(kind_case[0]));
    tcase_add_loop_test(tc, test_unicode_look, 0,
                        sizeof(look_case) / sizeof(look_case[0]));
    tcase_add_test(tc, test_unicode_fold);
    tcase_add_test(tc, test_unicode_fold_grows);
    tcase_add_test(tc, test_unicode_plain);
    suite_add_tcase(s, tc);
    return s;
}
