/* What is kept of a word changes nothing of what is said of it. */
#include "features/glossary.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 64
#define LEN_MAX 20
#define ROUNDS 20000

static struct arena arena;
static struct glossary *glossary;
static char bytes[WORDS][LEN_MAX];
static struct word word[WORDS];

static void setup(void)
{
    arena_init(&arena);
    glossary = glossary_new();
    srand(1);
}

static void teardown(void)
{
    glossary_free(glossary);
    arena_release(&arena);
}

static void compare(size_t nr)
{
    struct word_list words = { word, nr };
    struct word_facts kept;
    struct word_facts anew;

    arena_reset(&arena);
    kept = glossary_look(glossary, &arena, &words);
    anew = glossary_look(NULL, &arena, &words);
    ck_assert_mem_eq(kept.hash, anew.hash, nr * sizeof(*anew.hash));
    ck_assert_mem_eq(kept.mark, anew.mark, nr * sizeof(*anew.mark));
    ck_assert_mem_eq(kept.random, anew.random, nr * sizeof(*anew.random));
}

/* Few letters, a NUL among them, and all lengths: many are nearly alike. */
START_TEST(test_glossary_mistakes_no_word)
{
    static const char letter[] = { 'x', 'q', '1', '2', '\0', (char)0xFF };

    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < WORDS; i++) {
            size_t len = (size_t)rand() % LEN_MAX;

            for (size_t k = 0; k < len; k++)
                bytes[i][k] = letter[(size_t)rand() % sizeof(letter)];
            word[i] = (struct word){ { bytes[i], len }, WORD_LETTERS };
        }
        compare(WORDS);
    }
}
END_TEST

/* Each byte of a word counts, at every length, and so does the length. */
START_TEST(test_glossary_every_byte)
{
    for (size_t len = 1; len <= LEN_MAX - 1; len++) {
        memset(bytes, 'b', sizeof(bytes));
        for (size_t i = 0; i <= len; i++) {
            word[i] = (struct word){ { bytes[i], len }, WORD_LETTERS };
            if (i < len)
                bytes[i][i] = 'q';
        }
        compare(len + 1);
        compare(len + 1);
    }
}
END_TEST

START_TEST(test_glossary_of_nothing)
{
    compare(0);
}
END_TEST

Suite *glossary_suite(void)
{
    Suite *s = suite_create("glossary");
    TCase *tc = tcase_create("glossary");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_glossary_mistakes_no_word);
    tcase_add_test(tc, test_glossary_every_byte);
    tcase_add_test(tc, test_glossary_of_nothing);
    suite_add_tcase(s, tc);
    return s;
}
