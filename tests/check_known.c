#include "model/known.h"

#include <check.h>
#include <string.h>

static struct arena arena;
static unsigned char known[KNOWN_BYTES];

static void setup(void)
{
    arena_init(&arena);
    memset(known, 0, sizeof(known));
}

static void teardown(void)
{
    arena_release(&arena);
}

static struct unit_list units_of(const char *text)
{
    struct word_list words = word_split(&arena, span_str(text));

    return unit_find(&arena, &words);
}

static void learn(const char *text)
{
    struct unit_list units = units_of(text);

    for (size_t i = 0; i < units.nr; i++)
        known_add(known, units.unit[i]);
}

static const struct {
    const char *text; /* folded */
    size_t nr;
} unit_case[] = {
    { "", 0 },
    { "a nice day", 2 }, /* one letter is no word */
    { "2026 !!! \U0001F600", 0 },
    { "привет мир", 2 }, /* words */
    { "καλημέρα", 1 },   /* a word */
    { "გამარჯობა", 9 },  /* letters */
    { "你好", 2 },       /* letters */
    { "hello 你好 мир", 4 },
};

START_TEST(test_known_units)
{
    ck_assert_uint_eq(units_of(unit_case[_i].text).nr, unit_case[_i].nr);
}
END_TEST

START_TEST(test_known_units_have_a_ceiling)
{
    char text[8 * UNIT_NR_MAX];

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i % 4 == 3 ? ' ' : 'a';
    text[sizeof(text) - 1] = '\0';
    ck_assert_uint_eq(units_of(text).nr, UNIT_NR_MAX);
}
END_TEST

/* Endings change, and what was met in any order is known. */
START_TEST(test_known_share)
{
    struct unit_list units;

    learn("the quick brown fox jumps over the lazy dogs foxes lazily");
    units = units_of("over the brownish foxes, lazily quick");
    ck_assert_double_eq(known_share(known, &units), 1);
    units = units_of("över thé jümping bröwn dögs");
    ck_assert_double_eq(known_share(known, &units), 1.0 / 6);
    units = units_of("");
    ck_assert_double_eq(known_share(known, &units), 1);
}
END_TEST

/* Hardly anything is found that was not met. */
START_TEST(test_known_has_few_strangers)
{
    size_t found = 0;

    for (uint64_t i = 1; i <= 20000; i++)
        known_add(known, i * 0x9E3779B97F4A7C15ULL);
    for (uint64_t i = 1; i <= 20000; i++)
        ck_assert(known_has(known, i * 0x9E3779B97F4A7C15ULL));
    for (uint64_t i = 20001; i <= 120000; i++)
        found += known_has(known, i * 0x9E3779B97F4A7C15ULL);
    ck_assert_uint_lt(found, 2000);
}
END_TEST

Suite *known_suite(void)
{
    Suite *s = suite_create("known");
    TCase *tc = tcase_create("known");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_known_units, 0,
                        sizeof(unit_case) / sizeof(unit_case[0]));
    tcase_add_test(tc, test_known_units_have_a_ceiling);
    tcase_add_test(tc, test_known_share);
    tcase_add_test(tc, test_known_has_few_strangers);
    suite_add_tcase(s, tc);
    return s;
}
