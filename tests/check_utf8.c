#include "text/utf8.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

/* Literals may hold NULs, so their length comes from the compiler. */
#define CASE(bytes, want, nr)                                                 \
    {                                                                         \
        { bytes, sizeof(bytes) - 1 }, { want, sizeof(want) - 1 }, nr          \
    }

static const struct {
    struct span bytes;
    struct span want;
    size_t repaired;
} repair_case[] = {
    CASE("", "", 0),
    CASE("plain ASCII, long enough for the fast path\r\n", /* unchanged */
         "plain ASCII, long enough for the fast path\r\n", 0),
    CASE("\x7f\x01\x1f", "\x7f\x01\x1f", 0),
    CASE("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
         "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80", 0),
    CASE("a\0b", "a b", 1),
    CASE("0123456\0", "0123456 ", 1),
    CASE("01234567\0"
         "8",
         "01234567 8", 1),
    CASE("caf\xe9", "caf\xc3\xa9", 1),
    CASE("it\x92s \x80", "it\xe2\x80\x99s \xe2\x82\xac", 2),
    CASE("\x81", "\xef\xbf\xbd", 1),
    /* overlong, surrogate, beyond Unicode, cut short */
    CASE("\xc0\xaf", "\xc3\x80\xc2\xaf", 2),
    CASE("\xe0\x80\xaf", "\xc3\xa0\xe2\x82\xac\xc2\xaf", 3),
    CASE("\xed\xa0\x80", "\xc3\xad\xc2\xa0\xe2\x82\xac", 3),
    CASE("\xf4\x90\x80\x80", "\xc3\xb4\xef\xbf\xbd\xe2\x82\xac\xe2\x82\xac",
         4),
    CASE("\xf5", "\xc3\xb5", 1),
    CASE("\xe2\x82", "\xc3\xa2\xe2\x80\x9a", 2),
    CASE("\xf0\x9f\x98", "\xc3\xb0\xc5\xb8\xcb\x9c", 3),
    CASE("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", 0),
    CASE("\xc3\xc3\xa9", "\xc3\x83\xc3\xa9", 1),
};

START_TEST(test_utf8_repair)
{
    struct span bytes = repair_case[_i].bytes;
    size_t repaired = 99;
    struct span got = utf8_repair(&arena, bytes, &repaired);

    ck_assert_msg(span_eq(got, repair_case[_i].want), "got '%.*s'",
                  SPAN_ARG(got));
    ck_assert_uint_eq(repaired, repair_case[_i].repaired);
    if (!repaired)
        ck_assert_ptr_eq(got.ptr, bytes.ptr);
}
END_TEST

/* Repairing what was repaired changes nothing, whatever went in. */
START_TEST(test_utf8_repair_noise)
{
    char noise[257];
    size_t repaired;

    srand(17);
    for (int round = 0; round < 2000; round++) {
        size_t len = (size_t)rand() % sizeof(noise);
        struct span got;
        size_t at = 0;
        size_t nr = 0;

        for (size_t i = 0; i < len; i++)
            noise[i] = (char)(rand() % 3 ? rand() | 0x80 : rand());
        got = utf8_repair(&arena, (struct span){ noise, len }, &repaired);
        (void)utf8_repair(&arena, got, &repaired);
        ck_assert_uint_eq(repaired, 0);
        for (; at < got.len; nr++) {
            char copy[UTF8_BYTES_MAX];
            size_t from = at;
            size_t put = utf8_put(copy, utf8_next(got, &at));

            ck_assert(
                span_eq((struct span){ copy, put }, span_cut(got, from, at)));
        }
        ck_assert_uint_eq(at, got.len);
        ck_assert_uint_eq(nr, utf8_count(got));
        arena_reset(&arena);
    }
}
END_TEST

START_TEST(test_utf8_put)
{
    char out[UTF8_BYTES_MAX];

    ck_assert_uint_eq(utf8_put(out, 0xD800), 3);
    ck_assert_mem_eq(out, "\xef\xbf\xbd", 3);
    ck_assert_uint_eq(utf8_put(out, 0x110000), 3);
    ck_assert_uint_eq(utf8_put(out, 0x10FFFF), 4);
    ck_assert_uint_eq(utf8_put(out, 0), 1);
}
END_TEST

static const struct {
    size_t max;
    const char *head;
    const char *tail;
} cut_case[] = {
    /* of "aé€b": 1, 2, 3 and 1 bytes */
    { 0, "", "" },
    { 1, "a", "b" },
    { 2, "a", "b" },
    { 3, "a\xc3\xa9", "b" },
    { 4, "a\xc3\xa9",
      "\xe2\x82\xac"
      "b" },
    { 5, "a\xc3\xa9",
      "\xe2\x82\xac"
      "b" },
    { 6, "a\xc3\xa9\xe2\x82\xac",
      "\xc3\xa9\xe2\x82\xac"
      "b" },
    { 7,
      "a\xc3\xa9\xe2\x82\xac"
      "b",
      "a\xc3\xa9\xe2\x82\xac"
      "b" },
    { 99,
      "a\xc3\xa9\xe2\x82\xac"
      "b",
      "a\xc3\xa9\xe2\x82\xac"
      "b" },
};

START_TEST(test_utf8_cut)
{
    struct span text = SPAN_LIT("a\xc3\xa9\xe2\x82\xac"
                                "b");
    size_t max = cut_case[_i].max;

    ck_assert(span_eq(utf8_head(text, max), span_str(cut_case[_i].head)));
    ck_assert(span_eq(utf8_tail(text, max), span_str(cut_case[_i].tail)));
}
END_TEST

START_TEST(test_utf8_empty)
{
    struct span none = { NULL, 0 };
    size_t repaired = 1;

    ck_assert_uint_eq(utf8_repair(&arena, none, &repaired).len, 0);
    ck_assert_uint_eq(repaired, 0);
    ck_assert_uint_eq(utf8_head(none, 3).len, 0);
    ck_assert_uint_eq(utf8_tail(none, 3).len, 0);
    ck_assert_uint_eq(utf8_count(none), 0);
}
END_TEST

Suite *utf8_suite(void)
{
    Suite *s = suite_create("utf8");
    TCase *tc = tcase_create("utf8");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_utf8_repair, 0,
                        sizeof(repair_case) / sizeof(repair_case[0]));
    tcase_add_test(tc, test_utf8_repair_noise);
    tcase_add_test(tc, test_utf8_put);
    tcase_add_loop_test(tc, test_utf8_cut, 0,
                        sizeof(cut_case) / sizeof(cut_case[0]));
    tcase_add_test(tc, test_utf8_empty);
    suite_add_tcase(s, tc);
    return s;
}
