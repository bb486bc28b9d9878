#include "text/accent.h"

#include "base/arena.h"

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

static const struct {
    const char *text;
    const char *want;
    size_t marks;
} accent_case[] = {
    /* t and b have no accents anywhere */
    { "get t\u0308b\u0300est pills", "get tbest pills", 2 },
    /* then what composed goes, too, of Latin letters only */
    { "w\u0301t\u0308 w\u00efnn\u00e9r \u0439", "wt winner \u0439", 4 },
    /* struck through: undone, and no more said of it */
    { "i h\u0336a\u0336t\u0336e\u0336 love it", "i hate love it", 0 },
    /* one oddity, and living spellings, stay */
    { "t\u0308 alone", "t\u0308 alone", 0 },
    { "t\u0308 and b\u0300 in two words", "t\u0308 and b\u0300 in two words",
      0 },
    { "ti\u1ebfng vi\u1ec7t", "ti\u1ebfng vi\u1ec7t", 0 },
    { "\u1eb9\u0300k\u1ecd\u0301 yor\u00f9b\u00e1",
      "\u1eb9\u0300k\u1ecd\u0301 yor\u00f9b\u00e1", 0 },
    { "g\u0303uarani", "g\u0303uarani", 0 },
    { "\u0430\u0301\u0431\u0301\u0432\u0301",
      "\u0430\u0301\u0431\u0301\u0432\u0301", 0 },
    { "", "", 0 },
};

START_TEST(test_accent_undo)
{
    struct fold_counts counts = { 0 };
    struct span got =
        accent_undo(&arena, span_str(accent_case[_i].text), &counts);

    ck_assert_msg(span_eq(got, span_str(accent_case[_i].want)), "%s: got %.*s",
                  accent_case[_i].text, SPAN_ARG(got));
    ck_assert_uint_eq(counts.marks, accent_case[_i].marks);
}
END_TEST

Suite *accent_suite(void)
{
    Suite *s = suite_create("accent");
    TCase *tc = tcase_create("accent");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_accent_undo, 0,
                        sizeof(accent_case) / sizeof(accent_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
