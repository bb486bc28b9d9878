#include "wire/json.h"

#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct buf out;

static void setup(void)
{
    buf_init(&out, (size_t)64 << 20);
}

static void teardown(void)
{
    buf_release(&out);
}

static void check_out(struct span want)
{
    struct span got = buf_span(&out);

    ck_assert_msg(span_eq(got, want), "wanted %.*s, got %.*s", SPAN_ARG(want),
                  SPAN_ARG(got));
}

/* Parses, and says so if it can't. */
static struct json_doc parsed(struct span text)
{
    struct json_doc doc = { NULL };
    struct error err;

    if (json_parse(&doc, text, &err))
        ck_abort_msg("%.*s: %s", SPAN_ARG(text), err.text);
    return doc;
}

/* Is refused, with a reason that fits a log: it never quotes the text. */
static void refused(struct span text, const char *why)
{
    struct json_doc doc = { NULL };
    struct error err = { ERROR_NONE, "" };
    enum error_code rc = json_parse(&doc, text, &err);

    ck_assert_msg(rc == ERROR_INPUT, "%.*s: accepted", SPAN_ARG(text));
    ck_assert_ptr_null(doc.root);
    ck_assert_msg(strstr(err.text, why) != NULL, "%s: not %s", err.text, why);
    ck_assert_msg(!strstr(err.text, "secret"), "%s", err.text);
}

static const struct {
    const char *json;
    const char *why;
} refused_case[] = {
    { "", "empty" },
    { " \r\n\t", "empty" },
    { "{", "ends too early" },
    { "{\"secret\":\"secret", "near byte 17" },
    { "{\"a\":1}{\"a\":2}", "follows" },
    { "{\"a\":1} secret", "follows" },
    { "{'a':1}", "not as JSON is written" },
    { "{\"a\":1,}", "not as JSON" },
    { "[1,,2]", "not as JSON" },
    { "{\"a\" \"secret\"}", "not as JSON" },
    { "{1:2}", "not as JSON" },
    { "\"\\x41\"", "not as JSON" },
    { "\"\\u12\"", "not as JSON" },
    { "\"\\", "not as JSON" },
    { "01", "not as JSON" },
    { "-", "not as JSON" },
    { "+1", "not as JSON" },
    { "nan", "not as JSON" },
    { "NaNa", "not as JSON" },
    { "secret", "not as JSON" },
    { "\xE9", "not as JSON" },
    { "{\"a\\u0000b\":1}", "NUL in a name" },
    { "1e999", "too large" },
    { "\xEF\xBB\xBF", "early" },
};

START_TEST(test_json_refused)
{
    refused(span_str(refused_case[_i].json), refused_case[_i].why);
}
END_TEST

START_TEST(test_json_nul_bytes)
{
    refused(SPAN_LIT("\0"), "early");
    refused(SPAN_LIT("{\"a\":\0\"secret\"}"), "near byte 6");
    refused(SPAN_LIT("{}\0"), "follows");
    refused((struct span){ NULL, 0 }, "empty");
}
END_TEST

START_TEST(test_json_cut_short)
{
    struct span whole = SPAN_LIT(
        "{\"secret\":\"a\\n\\ud83d\\ude00\xC3\xA9\",\"b\":[1.5,true,null]}");

    for (size_t len = 0; len < whole.len; len++) {
        /* A copy of its own, so that reading past its end is noticed. */
        char *copy = malloc(len ? len : 1);

        memcpy(copy, whole.ptr, len);
        refused((struct span){ copy, len }, len ? "near byte" : "empty");
        free(copy);
    }
    struct json_doc doc = parsed(whole);

    json_release(&doc);
}
END_TEST

/* Every byte in turn made every other: any answer will do but a crash. */
START_TEST(test_json_one_byte_off)
{
    static const char whole[] =
        "{\"a\":\"x\\ud83d\\ude00\xE2\x82\xAC\",\"b\":[-1.5e3,NaN]}";
    char text[sizeof(whole) - 1];
    struct json_doc doc;
    struct error err;

    for (size_t i = 0; i < sizeof(text); i++) {
        for (int byte = 0; byte < 256; byte++) {
            memcpy(text, whole, sizeof(text));
            text[i] = (char)byte;
            if (!json_parse(&doc, (struct span){ text, sizeof(text) }, &err))
                json_release(&doc);
            else
                ck_assert_uint_gt(strlen(err.text), 0);
        }
    }
}
END_TEST

/* `levels` of "[", or of "{"a":", and as many ends when `closed`. */
static void nest(size_t levels, bool object, bool closed)
{
    buf_reset(&out);
    for (size_t i = 0; i < levels; i++)
        buf_add(&out, object ? SPAN_LIT("{\"a\":") : SPAN_LIT("["));
    if (object)
        buf_add_char(&out, '1');
    for (size_t i = 0; closed && i < levels; i++)
        buf_add_char(&out, object ? '}' : ']');
}

START_TEST(test_json_depth)
{
    bool object = _i;
    struct json_doc doc;

    nest(JSON_DEPTH_MAX, object, true);
    doc = parsed(buf_span(&out));
    json_release(&doc);
    nest(JSON_DEPTH_MAX + 1, object, true);
    refused(buf_span(&out), "deeper than 64");
    nest(100000, object, true);
    refused(buf_span(&out), "deep");
    nest(100000, object, false);
    refused(buf_span(&out), "deep");
}
END_TEST

static const struct {
    const char *json;
    const char *text;
} text_case[] = {
    { "\"\"", "" },
    { "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a\"\\/\b\f\n\r\t" },
    { "\"caf\\u00e9 \\ud83d\\ude00\"", "caf\xC3\xA9 \xF0\x9F\x98\x80" },
    /* Repaired: bytes that are no UTF-8, */
    { "\"caf\xE9\"", "caf\xC3\xA9" },
    { "\"caf\xC3\xA9 \x96 \xC3\"", "caf\xC3\xA9 \xE2\x80\x93 \xC3\x83" },
    { "\"\x80\x81\xFF\"", "\xE2\x82\xAC\xEF\xBF\xBD\xC3\xBF" },
    { "\"\xC0\xAF\"", "\xC3\x80\xC2\xAF" },
    { "\"\xF4\x90\x80\x80\"", "\xC3\xB4\xEF\xBF\xBD\xE2\x82\xAC\xE2\x82\xAC" },
    /* halves of a pair, */
    { "\"\\ud83d\"", "\xEF\xBF\xBD" },
    { "\"\\uD83D...\"", "\xEF\xBF\xBD..." },
    { "\"\\ude00\\ud83d\"", "\xEF\xBF\xBD\xEF\xBF\xBD" },
    { "\"\\ud83d\\ud83d\\ude00\"", "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
    { "\"\\ud83d\\u0041\"", "\xEF\xBF\xBD"
                            "A" },
    { "\"\\ud83d\\n\"", "\xEF\xBF\xBD\n" },
    { "\"\\\\ud83d\xFF\"", "\\ud83d\xC3\xBF" },
    /* control characters, */
    { "\"a\tb\x01\"", "a\tb\x01" },
    /* integers no machine has, */
    { "18446744073709551615", "18446744073709551615" },
    { "-9223372036854775809 ", "-9223372036854775809" },
    /* and a byte order mark. */
    { "\xEF\xBB\xBF\"a\"", "a" },
};

START_TEST(test_json_text)
{
    struct json_doc doc = parsed(span_str(text_case[_i].json));
    struct span want = span_str(text_case[_i].text);
    struct span text;

    ck_assert(json_text(doc.root, &text));
    ck_assert_msg(span_eq(text, want), "%s: %.*s", text_case[_i].json,
                  SPAN_ARG(text));
    json_release(&doc);
}
END_TEST

START_TEST(test_json_nul_escape)
{
    struct json_doc doc = parsed(SPAN_LIT("\"a\\u0000b\""));
    struct span text;

    ck_assert(json_text(doc.root, &text));
    ck_assert(span_eq(text, SPAN_LIT("a\0b")));
    json_release(&doc);
    doc = parsed(SPAN_LIT("\"a\0b\""));
    ck_assert(json_text(doc.root, &text));
    ck_assert(span_eq(text, SPAN_LIT("a\0b")));
    json_release(&doc);
}
END_TEST

START_TEST(test_json_repairs_strings_only)
{
    struct json_doc doc = parsed(
        SPAN_LIT("{\"a\":\"NaN 99999999999999999999 \\\" NaN\", \"b\":NaN,\n"
                 "\"c\":-99999999999999999999,\"d\":123456789012345678}"));
    struct span text;
    long long number;

    ck_assert(json_text(json_member(doc.root, "a"), &text));
    ck_assert(span_eq(text, SPAN_LIT("NaN 99999999999999999999 \" NaN")));
    ck_assert_ptr_nonnull(json_member(doc.root, "b"));
    ck_assert(!json_text(json_member(doc.root, "b"), &text));
    ck_assert(json_text(json_member(doc.root, "c"), &text));
    ck_assert(span_eq(text, SPAN_LIT("-99999999999999999999")));
    ck_assert(json_long(json_member(doc.root, "d"), &number));
    ck_assert_int_eq(number, 123456789012345678);
    json_release(&doc);
}
END_TEST

START_TEST(test_json_values)
{
    struct json_doc doc =
        parsed(SPAN_LIT("{\"i\":-9223372036854775808,\"r\":2.5,\"t\":true,"
                        "\"l\":[null,1],\"i2\":1,\"i2\":2}"));
    long long number;
    double real;
    bool truth;

    ck_assert(json_is_object(doc.root));
    ck_assert(json_long(json_member(doc.root, "i"), &number));
    ck_assert(number == -9223372036854775807LL - 1);
    ck_assert(json_long(json_member(doc.root, "i2"), &number));
    ck_assert_int_eq(number, 2);
    ck_assert(!json_long(json_member(doc.root, "r"), &number));
    ck_assert(json_double(json_member(doc.root, "r"), &real));
    ck_assert_double_eq(real, 2.5);
    ck_assert(json_double(json_member(doc.root, "i2"), &real));
    ck_assert_double_eq(real, 2);
    ck_assert(json_boolean(json_member(doc.root, "t"), &truth));
    ck_assert(truth);
    ck_assert(json_is_array(json_member(doc.root, "l")));
    ck_assert_uint_eq(json_nr(json_member(doc.root, "l")), 2);
    ck_assert_ptr_null(json_item(json_member(doc.root, "l"), 2));
    json_release(&doc);
    ck_assert_ptr_null(doc.root);
}
END_TEST

/* A path tried on values of every type, and on none. */
START_TEST(test_json_wrong_type)
{
    static const char *const value[] = { "null",  "true",   "1", "1.5",
                                         "\"a\"", "[null]", "{}" };
    struct json_doc doc = { NULL };
    const struct json *member;
    struct span text = SPAN_LIT("untouched");

    if ((size_t)_i < NR(value))
        doc = parsed(span_str(value[_i]));
    member = json_member(json_member(doc.root, "content"), "raw");
    ck_assert_ptr_null(member);
    ck_assert_ptr_null(json_item(member, 0));
    ck_assert_uint_eq(json_nr(member), 0);
    ck_assert(!json_text(member, &text));
    ck_assert(!json_is_object(member) && !json_is_array(member));
    ck_assert_ptr_null(json_walk(doc.root, NULL, &text, &member));
    ck_assert(span_eq(text, SPAN_LIT("untouched")));
    json_release(&doc);
}
END_TEST

START_TEST(test_json_walk)
{
    struct json_doc doc = parsed(SPAN_LIT("{\"a\":1,\"\":2,\"c\":4}"));
    const struct json *value;
    struct span name;
    long long sum = 0;
    long long number;
    size_t len = 0;

    for (void *at = json_walk(doc.root, NULL, &name, &value); at;
         at = json_walk(doc.root, at, &name, &value)) {
        ck_assert(json_long(value, &number));
        sum += number;
        len += name.len;
    }
    ck_assert_int_eq(sum, 7);
    ck_assert_uint_eq(len, 2);
    json_release(&doc);
}
END_TEST

static const struct {
    const char *text;
    const char *json;
} put_case[] = {
    { "", "\"\"" },
    { "plain", "\"plain\"" },
    { "\"\\/\b\f\n\r\t", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
    { "\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"" },
    { "caf\xC3\xA9 \xF0\x9F\x98\x80", "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"" },
    { "caf\xE9\xF0\x9F", "\"caf\xC3\xA9\xC3\xB0\xC5\xB8\"" },
};

START_TEST(test_json_put_text)
{
    json_put_text(&out, span_str(put_case[_i].text));
    check_out(span_str(put_case[_i].json));
}
END_TEST

/* Whatever goes out comes back; what was no UTF-8 comes back repaired. */
START_TEST(test_json_put_text_round)
{
    char byte[256];
    struct json_doc doc;
    struct span text;

    for (size_t i = 0; i < sizeof(byte); i++)
        byte[i] = (char)i;
    json_put_text(&out, (struct span){ byte, sizeof(byte) });
    doc = parsed(buf_span(&out));
    ck_assert(json_text(doc.root, &text));
    ck_assert(span_eq(span_cut(text, 0, 128), (struct span){ byte, 128 }));
    json_release(&doc);
}
END_TEST

static const struct {
    double number;
    const char *json;
} real_case[] = {
    { 0, "0" },
    { -0.0, "0" },
    { 1, "1" },
    { 0.5, "0.5" },
    { 0.12345678, "0.123457" },
    { 0.9999999, "1" },
    { -1.25, "-1.25" },
    { 1e-9, "1e-09" },
    { 123456789, "1.23457e+08" },
    { 1.7976931348623157e308, "1.79769e+308" },
    { 4.9e-324, "4.94066e-324" },
    { NAN, "null" },
    { INFINITY, "null" },
    { -INFINITY, "null" },
};

START_TEST(test_json_put_real)
{
    json_put_real(&out, real_case[_i].number);
    check_out(span_str(real_case[_i].json));
}
END_TEST

START_TEST(test_json_put_real_locale)
{
    static const char *const name[] = { "de_DE.UTF-8", "fr_FR.UTF-8",
                                        "ps_AF.UTF-8" };
    bool found = false;

    for (size_t i = 0; i < NR(name) && !found; i++)
        found = setlocale(LC_NUMERIC, name[i]) != NULL;
    if (!found) {
        puts("json: no locale with a decimal comma here; skipped");
        return;
    }
    json_put_real(&out, -0.25);
    check_out(SPAN_LIT("-0.25"));
}
END_TEST

Suite *json_suite(void)
{
    Suite *s = suite_create("json");
    TCase *tc = tcase_create("parse");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_json_refused, 0, NR(refused_case));
    tcase_add_test(tc, test_json_nul_bytes);
    tcase_add_test(tc, test_json_cut_short);
    tcase_add_test(tc, test_json_one_byte_off);
    tcase_add_loop_test(tc, test_json_depth, 0, 2);
    tcase_add_loop_test(tc, test_json_text, 0, NR(text_case));
    tcase_add_test(tc, test_json_nul_escape);
    tcase_add_test(tc, test_json_repairs_strings_only);
    tcase_add_test(tc, test_json_values);
    tcase_add_loop_test(tc, test_json_wrong_type, 0, 8);
    tcase_add_test(tc, test_json_walk);
    suite_add_tcase(s, tc);

    tc = tcase_create("put");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_json_put_text, 0, NR(put_case));
    tcase_add_test(tc, test_json_put_text_round);
    tcase_add_loop_test(tc, test_json_put_real, 0, NR(real_case));
    tcase_add_test(tc, test_json_put_real_locale);
    suite_add_tcase(s, tc);
    return s;
}
