#include "text/word.h"

#include "text/ascii.h"
#include "text/utf8.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((size_t)1 << 20)

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

/* The words with "|" between them, each after the letter of its kind. */
static struct span joined(const struct word_list *words)
{
    size_t room = 1;
    size_t len = 0;
    char *out;

    for (size_t i = 0; i < words->nr; i++)
        room += words->word[i].text.len + 3;
    out = arena_alloc(&arena, room);
    for (size_t i = 0; i < words->nr; i++) {
        struct word word = words->word[i];

        if (i)
            out[len++] = '|';
        out[len++] = "LNEP"[word.kind];
        out[len++] = ':';
        memcpy(out + len, word.text.ptr, word.text.len);
        len += word.text.len;
    }
    return (struct span){ out, len };
}

static const struct {
    const char *text;
    const char *want;
} split_case[] = {
    { "", "" },
    { " \t\n", "" },
    { "hello world", "L:hello|L:world" },
    { "don't 'quote' rock'n'roll''", "L:don't|L:quote|L:rock'n'roll" },
    { "90's", "N:90|L:s" },
    { "covid19 42 4k", "L:covid19|N:42|L:4k" },
    { "3.50, a-b", "N:3|N:50|L:a|L:b" },
    { "wow!!! no? yes!?", "L:wow|P:!!!|L:no|P:?|L:yes|P:!|P:?" },
    { "!!!!!!x", "P:!!!|L:x" },
    { "wait... ok. (and, so: on)", "L:wait|P:...|L:ok|L:and|L:so|L:on" },
    { "$5 is 10% or €€€€€ £", "P:$|N:5|L:is|N:10|P:%|L:or|P:€€€|P:£" },
    { "f*ck f**k sh*t f*** you", "L:f*ck|L:f**k|L:sh*t|L:f***|L:you" },
    { "**no** *so* a * b 5*3 price*", "L:no|L:so|L:a|L:b|N:5|N:3|L:price" },
    { "привет, мир", "L:привет|L:мир" },
    { "iphone'ом", "L:iphone'ом" },
    { "नमस्ते हिन्दी", "L:नमस्ते|L:हिन्दी" },
    { "你好,世界。再见", "L:你好|L:世界|L:再见" },
    { "สวัสดี", "L:สวัสดี" },
    { "١٢٣", "N:١٢٣" },
    { "ok👍👍 so😂", "L:ok|E:👍|E:👍|L:so|E:😂" },
    { "👨‍👩‍👧👩‍💻", "E:👨‍👩‍👧|E:👩‍💻" },
    { "🇩🇪🇫🇷🇮", "E:🇩🇪|E:🇫🇷|E:🇮" },
    { "1⃣#⃣ 1", "E:1⃣|E:#⃣|N:1" },
    { "\xe2\x80\x8d a", "L:a" },
    { "\xcc\x81", "" },
};

START_TEST(test_word_split)
{
    struct word_list words = word_split(&arena, span_str(split_case[_i].text));
    struct span got = joined(&words);

    ck_assert_msg(span_eq(got, span_str(split_case[_i].want)), "%s: got %.*s",
                  split_case[_i].text, SPAN_ARG(got));
}
END_TEST

START_TEST(test_word_points_into_text)
{
    struct span text = SPAN_LIT("one, two");
    struct word_list words = word_split(&arena, text);

    ck_assert_uint_eq(words.nr, 2);
    ck_assert_ptr_eq(words.word[1].text.ptr, text.ptr + 5);
}
END_TEST

/* Units that, over and over, make long words or many. */
static const char *const heavy_case[] = {
    "a",
    "a ",
    "?!",
    ".",
    "a*",
    "*",
    "a'",
    "1",
    "\xd0\xb0",
    "\xe4\xbd\xa0",
    "a\xcc\x81",
    "\xcc\x81",
    "\xf0\x9f\x98\x82",
    "\xf0\x9f\x98\x82\xe2\x80\x8d",
    "\xf0\x9f\x87\xa9",
    "\xe2\x82\xac",
};

START_TEST(test_word_heavy)
{
    struct span unit = span_str(heavy_case[_i]);
    size_t nr = MIB / unit.len;
    char *text = malloc(MIB);
    struct word_list words;

    for (size_t i = 0; i < nr; i++)
        memcpy(text + i * unit.len, unit.ptr, unit.len);
    words = word_split(&arena, (struct span){ text, nr * unit.len });
    ck_assert_uint_le(words.nr, WORD_NR_MAX);
    for (size_t i = 0; i < words.nr; i++) {
        ck_assert_uint_gt(words.word[i].text.len, 0);
        ck_assert_uint_le(utf8_count(words.word[i].text), WORD_CHARS_MAX + 4);
    }
    free(text);
}
END_TEST

/* Each byte, at each place of two blocks of eight, ends the run or not. */
START_TEST(test_word_lower_run)
{
    for (int c = 0; c < 256; c++) {
        bool lower = c >= 'a' && c <= 'z';

        for (size_t len = 1; len <= 19; len++)
            for (size_t at = 0; at < len; at++) {
                char text[19];

                memset(text, 'm', sizeof(text));
                text[at] = (char)c;
                ck_assert_uint_eq(ascii_lower_run((struct span){ text, len }),
                                  lower ? len : at);
            }
    }
}
END_TEST

Suite *word_suite(void)
{
    Suite *s = suite_create("word");
    TCase *tc = tcase_create("word");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 10);
    tcase_add_loop_test(tc, test_word_split, 0,
                        sizeof(split_case) / sizeof(split_case[0]));
    tcase_add_test(tc, test_word_points_into_text);
    tcase_add_test(tc, test_word_lower_run);
    tcase_add_loop_test(tc, test_word_heavy, 0,
                        sizeof(heavy_case) / sizeof(heavy_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
