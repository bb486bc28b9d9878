#include "wire/plain.h"

#include <check.h>
#include <stdbool.h>
#include <string.h>

static void stops_at(char c, size_t at, size_t len, bool plain)
{
    char text[19];

    memset(text, '!', sizeof(text));
    text[at] = c;
    ck_assert_uint_eq(plain_len((struct span){ text, len }), plain ? len : at);
    /* What is behind takes no part. */
    ck_assert_uint_eq(plain_len((struct span){ text, at }), at);
}

/* Each byte, at each place of two blocks of eight, stops the run or not. */
START_TEST(test_plain_every_byte)
{
    for (int c = 0; c < 256; c++) {
        bool plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';

        for (size_t len = 1; len <= 19; len++)
            for (size_t at = 0; at < len; at++)
                stops_at((char)c, at, len, plain);
    }
}
END_TEST

START_TEST(test_plain_nothing)
{
    ck_assert_uint_eq(plain_len((struct span){ NULL, 0 }), 0);
}
END_TEST

Suite *plain_suite(void)
{
    Suite *s = suite_create("plain");
    TCase *tc = tcase_create("plain");

    tcase_add_test(tc, test_plain_every_byte);
    tcase_add_test(tc, test_plain_nothing);
    suite_add_tcase(s, tc);
    return s;
}
