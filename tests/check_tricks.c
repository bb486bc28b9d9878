#include "text/tricks.h"

#include <check.h>
#include <string.h>

static const struct {
    const char *text;
    size_t words;
    bool spaced;
    bool leet;
    bool repeats;
} look_case[] = {
    { "", 0, false, false, false },
    { "a", 1, false, false, false },
    { "nice, and well said", 4, false, false, false },
    { "at 10.30 on the 4th", 6, false, false, false },
    { "v i a g r a", 6, true, false, false },
    { "v.i.a.g.r.a", 6, true, false, false },
    { "v1agra", 1, false, true, false },
    { "sh!t", 2, false, true, false },
    { "a$$hole", 2, false, true, false },
    { "me@home", 2, false, true, false },
    { "sooo good", 2, false, false, true },
    { "good!!!", 1, false, true, true },
    { "good...", 1, false, false, true },
};

#define CASES (sizeof(look_case) / sizeof(look_case[0]))

static void assert_found(struct tricks tricks, size_t i)
{
    const char *text = look_case[i].text;

    ck_assert_msg(tricks.words == look_case[i].words, "%s: %zu", text,
                  tricks.words);
    ck_assert_msg(tricks.spaced || !look_case[i].spaced, "%s", text);
    ck_assert_msg(tricks.leet || !look_case[i].leet, "%s", text);
    ck_assert_msg(tricks.repeats == look_case[i].repeats, "%s", text);
}

START_TEST(test_tricks_look)
{
    struct span text = span_str(look_case[_i].text);

    assert_found(tricks_look(text), (size_t)_i);
    assert_found(tricks_look_ascii(text), (size_t)_i);
}
END_TEST

/* Plain text is not looked at again, which is what a look is for. */
START_TEST(test_tricks_plain)
{
    struct span text =
        SPAN_LIT("well, it's a long way from \"here\" - and i mean it - to "
                 "tipperary; don't you think so? by the way: see you at "
                 "ten, (or so), on the 4th of may");
    struct tricks tricks = tricks_look_ascii(text);

    ck_assert(!tricks.spaced && !tricks.leet && !tricks.repeats);
}
END_TEST

/* Wherever in a text, and at whatever length, chunks do not show. */
START_TEST(test_tricks_anywhere)
{
    size_t len = strlen(look_case[_i].text);
    char text[200];

    for (size_t before = 0; before < 150; before++) {
        struct span span = { text, before + len + 3 };
        struct tricks tricks;

        for (size_t i = 0; i < span.len; i++)
            text[i] = i & 1 ? ',' : ' ';
        memcpy(text + before, look_case[_i].text, len);
        tricks = tricks_look_ascii(span);
        assert_found(tricks, (size_t)_i);
        ck_assert_uint_eq(tricks_look(span).words, tricks.words);
    }
}
END_TEST

Suite *tricks_suite(void)
{
    Suite *s = suite_create("tricks");
    TCase *tc = tcase_create("look");

    tcase_add_loop_test(tc, test_tricks_look, 0, CASES);
    tcase_add_loop_test(tc, test_tricks_anywhere, 0, CASES);
    tcase_add_test(tc, test_tricks_plain);
    suite_add_tcase(s, tc);
    return s;
}
