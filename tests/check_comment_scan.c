#include "wire/comment_scan.h"

#include "wire/comment_json.h"

#include <check.h>
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

static bool scanned(struct comment *comment, struct span line)
{
    memset(comment, 0, sizeof(*comment));
    return comment_scan(comment, &arena, line);
}

/* What is read the short way has to be what the long way reads. */
static void agrees(struct span line)
{
    struct comment brief;
    struct comment full;
    struct json_doc doc;
    struct error err;
    const struct span *a = (const struct span *)&brief;
    const struct span *b = (const struct span *)&full;

    if (!scanned(&brief, line))
        return;
    ck_assert_msg(!json_parse(&doc, line, &err), "%.*s: %s", SPAN_ARG(line),
                  err.text);
    if (comment_from_json(&full, &arena, doc.root, &err))
        ck_assert_msg(strstr(err.text, "neither") || strstr(err.text, "id"),
                      "%.*s: %s", SPAN_ARG(line), err.text);
    for (size_t i = 0; i < sizeof(full) / sizeof(struct span); i++)
        ck_assert_msg(span_eq(a[i], b[i]), "%.*s: field %zu: %.*s, not %.*s",
                      SPAN_ARG(line), i, SPAN_ARG(a[i]), SPAN_ARG(b[i]));
    json_release(&doc);
}

static const char *const easy[] = {
    "{\"text\":\"hi\"}",
    " { \"text\" : \"hi\" , \"id\" : 7 } \r\n",
    "{\"text\":\"a\",\"text\":\"b\"}",
    "{\"author\":\"a\",\"author\":7,\"text\":\"x\"}",
    "{\"text\":\"\\u00e9\\n\\t\\\"\\\\\\/\\b\\f\\r \\ud83d\\ude00 \\u20ac\"}",
    "{\"text\":\"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\"}",
    "{\"text\":null,\"author\":true,\"id\":false}",
    "{\"text\":\"a\",\"id\":0}",
    "{\"text\":\"a\",\"id\":123456789012345678}",
    "{\"text\":\"a\",\"scores\":{\"x\":0.25,\"y\":[1,-2,{}],\"z\":[]}}",
    "{\"text\":\"a\",\"other\":-0.5,\"more\":null}",
    "{\"text\":\"\"}",
    "{\"text\":\"a long enough text to be looked at by eights \\u0041\"}",
};

START_TEST(test_comment_scan_easy)
{
    struct comment comment;

    ck_assert_msg(scanned(&comment, span_str(easy[_i])), "%s", easy[_i]);
    agrees(span_str(easy[_i]));
}
END_TEST

/* For the long way to repair or to refuse. */
static const char *const hard[] = {
    "",
    "{}",
    "[]",
    "{\"text\":\"a\"",
    "{\"text\":\"a\"} x",
    "{\"text\":\"a\",}",
    "{\"text\":\"a\" \"id\":1}",
    "{\"text\":[\"a\"]}",
    "{\"text\":{}}",
    "{\"text\":1.5}",
    "{\"text\":-7}",
    "{\"text\":1e3}",
    "{\"text\":01}",
    "{\"text\":1234567890123456789}",
    "{\"text\":NaN}",
    "{\"text\":nullx}",
    "{\"text\":\"caf\xE9\"}",
    "{\"text\":\"\xED\xA0\x80\"}",
    "{\"text\":\"\\ud83d\"}",
    "{\"text\":\"\\ud83dx\"}",
    "{\"text\":\"\\ude00\"}",
    "{\"text\":\"\\u12\"}",
    "{\"text\":\"\\x\"}",
    "{\"text\":\"\\",
    "{\"text\":\"\\u0000\"}",
    "{\"text\":\"a\nb\"}",
    "{\"t\\u0065xt\":\"a\"}",
    "{\"text\":\"a\",\"x\":1e999}",
    "{\"text\":\"a\",\"x\":1.}",
    "{\"text\":\"a\",\"x\":-}",
    "{\"text\":\"a\",\"x\":[1,]}",
    "{\"text\":\"a\",\"x\":[1 2]}",
    "{\"text\":\"a\",\"x\":{1:2}}",
    "{\"content\":{\"raw\":\"a\"}}",
    "{\"text\":\"a\",\"author_name\":\"b\"}",
    "\xEF\xBB\xBF{\"text\":\"a\"}",
    "{\"text\":\"a\",\"x\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}",
};

START_TEST(test_comment_scan_hard)
{
    struct comment comment;

    ck_assert_msg(!scanned(&comment, span_str(hard[_i])), "%s", hard[_i]);
}
END_TEST

/* Cut short, and with each byte replaced by each that means something. */
START_TEST(test_comment_scan_damaged)
{
    static const char other[] = "\"\\{}[]:,0-.eu \n\x80\xE9x";
    size_t len = strlen(easy[_i]);
    char line[256];

    for (size_t at = 0; at < len; at++) {
        agrees((struct span){ easy[_i], at });
        for (size_t k = 0; k < sizeof(other); k++) {
            memcpy(line, easy[_i], len);
            line[at] = other[k];
            agrees((struct span){ line, len });
            arena_reset(&arena);
        }
    }
}
END_TEST

Suite *comment_scan_suite(void)
{
    Suite *s = suite_create("comment_scan");
    TCase *tc = tcase_create("scan");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_comment_scan_easy, 0,
                        sizeof(easy) / sizeof(easy[0]));
    tcase_add_loop_test(tc, test_comment_scan_hard, 0,
                        sizeof(hard) / sizeof(hard[0]));
    tcase_add_loop_test(tc, test_comment_scan_damaged, 0,
                        sizeof(easy) / sizeof(easy[0]));
    suite_add_tcase(s, tc);
    return s;
}
