#include "app/table.h"

#include "app/screen.h"
#include "app/when.h"
#include "pipeline/words.h"
#include "text/utf8.h"

#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct buf out;

static void setup(void)
{
    buf_init(&out, 1 << 24);
    setlocale(LC_CTYPE, "C.UTF-8");
}

static void teardown(void)
{
    buf_release(&out);
}

static const struct {
    const char *text;
    size_t columns;
    const char *shown;
    size_t width;
} put_case[] = {
    { "hello", 10, "hello", 5 },
    { "hello", 5, "hello", 5 },
    { "hello", 4, "hel\xE2\x80\xA6", 4 },
    { "hello", 1, "\xE2\x80\xA6", 1 },
    { "hello", 0, "", 0 },
    { "", 5, "", 0 },
    { "  a \t\r\n b  ", 10, "a b", 3 },
    /* Sequences that move the cursor, set the title, or clear. */
    { "a\x1b[2Jb", 20, "a\xEF\xBF\xBD[2Jb", 6 },
    { "a\x1b]0;title\x07"
      "b",
      20,
      "a\xEF\xBF\xBD]0;title\xEF\xBF\xBD"
      "b",
      12 },
    { "a\xC2\x9B"
      "2Jb",
      20,
      "a\xEF\xBF\xBD"
      "2Jb",
      5 },
    { "a\bb\x7f", 20,
      "a\xEF\xBF\xBD"
      "b\xEF\xBF\xBD",
      4 },
    { "a\rb", 20, "a b", 3 },
    /* Reading order, and what can't be seen. */
    { "a\xE2\x80\xAE"
      "b\xE2\x81\xA6"
      "c",
      20, "abc", 3 },
    { "a\xE2\x80\x8B\xEF\xBB\xBF\xC2\xAD"
      "b",
      20, "ab", 2 },
    { "a\xF3\xA0\x80\x81"
      "b",
      20, "ab", 2 },
    { "a\xE2\x80\xA8"
      "b",
      20, "a b", 3 },
    /* Wide characters take two columns, marks none, heaps are cleared. */
    { "\xE6\xBC\xA2\xE5\xAD\x97", 4, "\xE6\xBC\xA2\xE5\xAD\x97", 4 },
    { "\xE6\xBC\xA2\xE5\xAD\x97", 3, "\xE6\xBC\xA2\xE2\x80\xA6", 3 },
    { "\xE6\xBC\xA2\xE5\xAD\x97", 2, "\xE2\x80\xA6", 1 },
    { "e\xCC\x81x", 2, "e\xCC\x81x", 2 },
    { "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81x", 9, "e\xCC\x81\xCC\x81x", 2 },
    { "\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD", 4,
      "\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD", 4 },
    /* Not UTF-8: what the text stage makes of it. */
    { "caf\xE9", 9, "caf\xC3\xA9", 4 },
};

START_TEST(test_screen_put)
{
    size_t width =
        screen_put(&out, span_str(put_case[_i].text), put_case[_i].columns);

    ck_assert_msg(span_eq(buf_span(&out), span_str(put_case[_i].shown)),
                  "got \"%s\"", out.ptr);
    ck_assert_uint_eq(width, put_case[_i].width);
}
END_TEST

START_TEST(test_screen_pad)
{
    screen_pad(&out, SPAN_LIT("ab"), 5, false);
    screen_pad(&out, SPAN_LIT("ab"), 5, true);
    screen_pad(&out, SPAN_LIT("\xE6\xBC\xA2\xE5\xAD\x97"), 2, false);
    ck_assert_str_eq(out.ptr, "ab      ab\xE2\x80\xA6 ");
}
END_TEST

START_TEST(test_screen_wrap)
{
    screen_wrap(&out, SPAN_LIT("one two\nthree  averylongword"), 2, 10);
    ck_assert_str_eq(out.ptr, "  one two\n  three\n  averylon\n  gword\n");
    buf_reset(&out);
    screen_wrap(&out, SPAN_LIT(" \n "), 2, 10);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

/* No byte below blank but LF, and no C1, whatever goes in. */
static bool is_harmless(struct span s)
{
    size_t at = 0;

    while (at < s.len) {
        uint32_t cp = utf8_next(s, &at);

        if ((cp < ' ' && cp != '\n') || (cp >= 0x7f && cp < 0xa0) ||
            (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069))
            return false;
    }
    return true;
}

START_TEST(test_screen_random)
{
    static char text[4096];

    srand(11);
    for (int round = 0; round < 300; round++) {
        size_t len = (size_t)rand() % sizeof(text);
        size_t columns = (size_t)rand() % 200;

        for (size_t i = 0; i < len; i++)
            text[i] = (char)(round % 2 ? rand() : rand() % 0xA0);
        buf_reset(&out);
        ck_assert_uint_le(
            screen_put(&out, (struct span){ text, len }, columns), columns);
        screen_wrap(&out, (struct span){ text, len }, 2, 40);
        ck_assert(is_harmless(buf_span(&out)));
    }
}
END_TEST

/* A megabyte of one thing is no work. */
START_TEST(test_screen_large)
{
    size_t len = 1 << 20;
    char *text = malloc(len);

    memset(text, '<', len);
    ck_assert_uint_eq(screen_put(&out, (struct span){ text, len }, 10), 10);
    memset(text, '\x1b', len);
    ck_assert_uint_eq(screen_put(&out, (struct span){ text, len }, 10), 10);
    memset(text, 0, len);
    screen_wrap(&out, (struct span){ text, len }, 4, 80);
    free(text);
}
END_TEST

static const struct column column[] = {
    { "verdict", 7, 0, false },
    { "n", 3, 0, true },
    { "text", 10, 1, false },
};

/* Not a terminal: no colours, the default width, one line a row. */
START_TEST(test_table_rows)
{
    const struct span cell[] = {
        SPAN_LIT("spam"),
        SPAN_LIT("7"),
        SPAN_LIT("two\nlines \x1b[31mand colour"),
    };
    FILE *file = tmpfile();
    struct table table;
    char line[4][400] = { "", "", "", "" };

    table_init(&table, file, column, 3);
    ck_assert_uint_eq(table.width[2], SCREEN_WIDTH_DEFAULT - 12);
    table_row(&table, cell, COLOUR_RED);
    table_row(&table, cell, COLOUR_NONE);
    rewind(file);
    for (int i = 0; i < 4; i++)
        if (!fgets(line[i], sizeof(line[i]), file))
            break;
    fclose(file);
    ck_assert_str_eq(line[0], "verdict   n text\n");
    ck_assert_str_eq(line[1],
                     "spam      7 two lines \xEF\xBF\xBD[31mand colour\n");
    ck_assert_str_eq(line[2], line[1]);
    ck_assert_str_eq(line[3], "");
}
END_TEST

static const struct {
    double p;
    const char *text;
} percent_case[] = {
    { 0, "<1%" },    { 0.009, "<1%" },   { 0.01, "1%" }, { 0.5, "50%" },
    { 0.99, "99%" }, { 0.9901, ">99%" }, { 1, ">99%" },
};

START_TEST(test_words_percent)
{
    ck_assert_str_eq(words_percent(percent_case[_i].p).text,
                     percent_case[_i].text);
}
END_TEST

START_TEST(test_words_for_verdict)
{
    const struct verdict verdict = {
        .reason = {
            { SPAN_LIT("link_many"), 2, SPAN_LIT("shop.example") },
            { SPAN_LIT("context_title"), -1, SPAN_LIT("") },
            { SPAN_LIT("word"), 1, SPAN_LIT("viagra") },
            { SPAN_LIT("something_new"), 0, SPAN_LIT("") },
        },
        .nr = 4,
    };

    words_for_verdict(&out, &verdict);
    ck_assert_str_eq(out.ptr,
                     "many links (shop.example), \"viagra\", something_new, "
                     "but shares words with the title");
    ck_assert(words_is_named(SPAN_LIT("link_many")));
    ck_assert(!words_is_named(SPAN_LIT("word")));
}
END_TEST

static const struct {
    struct reason reason;
    const char *words;
} reason_case[] = {
    { { SPAN_LIT("links"), 2, SPAN_LIT("3 links to shop.example") },
      "3 links to shop.example" },
    { { SPAN_LIT("phrase"), 1, SPAN_LIT("cheap pills") }, "\"cheap pills\"" },
    { { SPAN_LIT("abuse_threat"), 0, SPAN_LIT("kill") },
      "looks like a threat (kill)" },
    { { SPAN_LIT("author_name"), 1, SPAN_LIT("Cheap Jerseys") },
      "the author's name (Cheap Jerseys)" },
    { { SPAN_LIT("unknown_language"), 0, SPAN_LIT("3% of it is known") },
      "unlike anything learned (3% of it is known)" },
};

START_TEST(test_words_for_reason)
{
    words_for_reason(&out, &reason_case[_i].reason);
    ck_assert_str_eq(out.ptr, reason_case[_i].words);
}
END_TEST

#define NOW_MS ((int64_t)1764042041000) /* 2025-11-25T03:40:41Z */

static const struct {
    const char *text;
    int64_t ms; /* -1: makes no sense */
} when_case[] = {
    { "1970-01-02", 86400000 },
    { "1970-01-01T01:00", 3600000 },
    { "1970-01-01 01:00", 3600000 },
    { "1970-01-01T00:00:07Z", 7000 },
    { "30m", NOW_MS - 1800000 },
    { "12h", NOW_MS - 43200000 },
    { "7d", NOW_MS - 604800000 },
    { "", -1 },
    { "d", -1 },
    { "-1d", -1 },
    { "7w", -1 },
    { "99999999999d", -1 },
    { "yesterday", -1 },
    { "2026-13-01", -1 },
    { "2026-11-25x", -1 },
};

START_TEST(test_when_parse)
{
    int64_t ms = -1;

    ck_assert_int_eq(when_parse(span_str(when_case[_i].text), NOW_MS, &ms),
                     when_case[_i].ms != -1);
    ck_assert_int_eq(ms, when_case[_i].ms);
}
END_TEST

Suite *table_suite(void)
{
    Suite *s = suite_create("table");
    TCase *tc = tcase_create("table");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_screen_put, 0,
                        sizeof(put_case) / sizeof(put_case[0]));
    tcase_add_test(tc, test_screen_pad);
    tcase_add_test(tc, test_screen_wrap);
    tcase_add_test(tc, test_screen_random);
    tcase_add_test(tc, test_screen_large);
    tcase_add_test(tc, test_table_rows);
    tcase_add_loop_test(tc, test_words_percent, 0,
                        sizeof(percent_case) / sizeof(percent_case[0]));
    tcase_add_test(tc, test_words_for_verdict);
    tcase_add_loop_test(tc, test_words_for_reason, 0,
                        sizeof(reason_case) / sizeof(reason_case[0]));
    tcase_add_loop_test(tc, test_when_parse, 0,
                        sizeof(when_case) / sizeof(when_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
