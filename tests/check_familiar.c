/* What training reads of kinds of abuse, and what it will say it knows. */
#include "familiar.h"

#include "base/file.h"
#include "features/unit.h"
#include "model/known.h"
#include "model/model.h"
#include "sources.h"
#include "support/store_dir.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct store_dir dir;
static struct row_list rows;
static struct arena arena;
static char path[300];

static void setup(void)
{
    store_dir_make(&dir);
    snprintf(path, sizeof(path), "%s/rows.ndjson", dir.dir);
    rows_init(&rows);
    arena_init(&arena);
}

static void teardown(void)
{
    rows_release(&rows);
    arena_release(&arena);
    store_dir_remove(&dir);
}

static void read_rows(const char *text, int source)
{
    struct error err;

    ck_assert(!file_replace(path, span_str(text), &err));
    ck_assert_msg(!rows_read(&rows, path, source, &err), "%s", err.text);
}

static const struct {
    const char *scores;
    unsigned asked;
    unsigned found;
} kinds_case[] = {
    { "null", 0, 0 },
    { "{\"threat\": 1, \"insult\": 0, \"toxic\": 1}",
      1U << MODEL_THREAT | 1U << MODEL_INSULT, 1U << MODEL_THREAT },
    { "{\"racism\": 0, \"misogyny\": 2}", 1U << MODEL_IDENTITY,
      1U << MODEL_IDENTITY },
    { "{\"racism\": 1, \"misogyny\": 1}", 1U << MODEL_IDENTITY, 0 },
    { "{\"type\": \"threateninglanguage\"}", 1U << MODEL_THREAT,
      1U << MODEL_THREAT },
    { "{\"type\": \"none\", \"fine\": \"OTHER\"}", 0, 0 },
    { "{\"fine\": \"INSULT\"}", 1U << MODEL_INSULT, 1U << MODEL_INSULT },
};

START_TEST(test_familiar_rows_have_kinds)
{
    char line[300];

    snprintf(line, sizeof(line),
             "{\"id\": \"a\", \"text\": \"x\", \"label\": \"abuse\", "
             "\"scores\": %s}\n",
             kinds_case[_i].scores);
    read_rows(line, 0);
    ck_assert_uint_eq(rows.row[0].kinds.asked, kinds_case[_i].asked);
    ck_assert_uint_eq(rows.row[0].kinds.found, kinds_case[_i].found);
}
END_TEST

static double share_of(const struct familiar *familiar, const char *text)
{
    struct word_list words = word_split(&arena, span_str(text));
    struct unit_list units = unit_find(&arena, &words);

    return known_share(familiar->known, &units);
}

static int source_of(const char *file)
{
    for (size_t i = 0; i < source_nr; i++)
        if (strstr(source_list[i].file, file))
            return (int)i;
    ck_abort_msg("no source %s", file);
    return 0;
}

/*
 * What was written for sluice teaches twenty languages by some dozens of
 * comments each. Two comments make nothing known, three do.
 */
START_TEST(test_familiar_knows_what_it_was_taught)
{
    struct familiar familiar;
    struct error err;

    ck_assert_msg(!rows_read(&rows, "training/data/written/languages.ndjson",
                             source_of("languages"), &err),
                  "%s", err.text);
    ck_assert_msg(!rows_read(&rows, "training/data/written/news.ndjson",
                             source_of("news"), &err),
                  "%s", err.text);
    familiar = familiar_make(&rows);
    ck_assert_double_gt(share_of(&familiar, "the city council said that the "
                                            "trains will run again"),
                        0.8);
    ck_assert_double_gt(share_of(&familiar, "это было очень хорошо"), 0.5);
    ck_assert_double_gt(share_of(&familiar, "这篇文章写得很好"), 0.5);
    ck_assert_double_lt(share_of(&familiar, "მადლობა სტატიისთვის"), 0.1);
    ck_assert_double_lt(share_of(&familiar, "ขอบคุณสำหรับบทความนี้"), 0.2);
    /* Between the two lies the limit. */
    ck_assert_double_gt(familiar.below, 0.05);
    ck_assert_double_lt(familiar.below, 0.4);
    free(familiar.known);
}
END_TEST

Suite *familiar_suite(void)
{
    Suite *s = suite_create("familiar");
    TCase *tc = tcase_create("familiar");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_familiar_rows_have_kinds, 0,
                        sizeof(kinds_case) / sizeof(kinds_case[0]));
    tcase_add_test(tc, test_familiar_knows_what_it_was_taught);
    suite_add_tcase(s, tc);
    return s;
}
