#include "text/confusable.h"

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

/* What looks Latin in the left column is often Cyrillic or Greek. */
static const struct {
    const char *text;
    const char *want;
    size_t nr;
} mixed_case[] = {
    { "\xd1\x81\x61sin\xd0\xbe", "casino", 1 },
    { "v\xd1\x96\xd0\xb0gr\xd0\xb0 shop", "viagra shop", 1 },
    { "\xd0\xb2onus", "bonus", 1 },
    { "viagra \xce\xbfnline", "viagra online", 1 },
    { "casin\xce\xbf", "casino", 1 },
    { "\xd5\xb0"
      "ello",
      "hello", 1 },
    /* Russian with a Latin "c" and "x" */
    { "cегодня хороший день", "сегодня хороший день", 1 },
    { "сегодня xороший день", "сегодня хороший день", 1 },
    { "καληmέρα", "καλημέρα", 1 },
    /* wholly Cyrillic twins in Latin text, and not in Russian text */
    { "please рау me now here", "please pay me now here", 1 },
    { "рау нам сейчас", "рау нам сейчас", 0 },
    { "I saw москва in winter and liked it",
      "I saw москва in winter and liked it", 0 },
    { "the greek σοφια and αγορα in English prose",
      "the greek σοφια and αγορα in English prose", 0 },
    /* names with endings, hyphens, apostrophes */
    { "он отправил smsку", "он отправил smsку", 0 },
    { "почему на ipadе она есть", "почему на ipadе она есть", 0 },
    { "немного вpeмeнu для нас", "немного времени для нас", 1 },
    { "с iphone'ом", "с iphone'ом", 0 },
    { "wi-fi-сеть и sms-ка", "wi-fi-сеть и sms-ка", 0 },
    /* Greek in formulas and names */
    { "tnfα and μtorrent at 3kω", "tnfα and μtorrent at 3kω", 0 },
    { "β-carotene, 5μm", "β-carotene, 5μm", 0 },
    /* one script each */
    { "привет мир", "привет мир", 0 },
    { "привет world", "привет world", 0 },
    { "їжак і ґанок", "їжак і ґанок", 0 },
    { "café naïve việt", "café naïve việt", 0 },
    /* scripts nobody takes for Latin */
    { "qq群 t恤 мир", "qq群 t恤 мир", 0 },
    { "да abc한글", "да abc한글", 0 },
    { "", "", 0 },
};

START_TEST(test_confusable_undo)
{
    struct fold_counts counts = { 0 };
    struct span got =
        confusable_undo(&arena, span_str(mixed_case[_i].text), &counts);

    ck_assert_msg(span_eq(got, span_str(mixed_case[_i].want)), "%s: got %.*s",
                  mixed_case[_i].text, SPAN_ARG(got));
    ck_assert_uint_eq(counts.mixed_words, mixed_case[_i].nr);
}
END_TEST

Suite *confusable_suite(void)
{
    Suite *s = suite_create("confusable");
    TCase *tc = tcase_create("confusable");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_confusable_undo, 0,
                        sizeof(mixed_case) / sizeof(mixed_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
