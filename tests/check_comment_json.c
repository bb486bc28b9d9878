#include "wire/comment_json.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;
static struct buf out;

static void setup(void)
{
    arena_init(&arena);
    buf_init(&out, (size_t)64 << 20);
}

static void teardown(void)
{
    buf_release(&out);
    arena_release(&arena);
}

static struct comment parsed(struct span line)
{
    struct comment comment;
    struct error err;

    if (comment_parse(&comment, &arena, line, &err))
        ck_abort_msg("%.*s: %s", SPAN_ARG(line), err.text);
    return comment;
}

static void refused(struct span line, const char *why)
{
    struct comment comment;
    struct error err = { ERROR_NONE, "" };
    enum error_code rc = comment_parse(&comment, &arena, line, &err);

    ck_assert_msg(rc == ERROR_INPUT, "%.*s: accepted", SPAN_ARG(line));
    ck_assert_msg(strstr(err.text, why) != NULL, "%s: not %s", err.text, why);
    ck_assert_msg(!strstr(err.text, "secret"), "%s", err.text);
}

static void field_is(struct comment *comment, const char *name,
                     const char *want)
{
    struct span got = *comment_field(comment, span_str(name));

    ck_assert_msg(span_eq(got, span_str(want)), "%s: %.*s", name,
                  SPAN_ARG(got));
}

static const struct {
    const char *line;
    const char *field;
    const char *want;
} field_case[] = {
    { "{\"text\":\"hi\"}", "text", "hi" },
    { "{\"text\":\"a\",\"text\":\"b\"}", "text", "b" },
    { "{\"text\":\"caf\xE9\"}", "text", "caf\xC3\xA9" },
    { "{\"text\":\"\\ud83d\"}", "text", "\xEF\xBF\xBD" },
    { "{\"author\":\"Ann\"}", "author", "Ann" },
    { "{\"text\":12}", "text", "12" },
    /* What is not said is empty. */
    { "{\"text\":\"a\"}", "author", "" },
    { "{\"text\":\"a\",\"author\":null}", "author", "" },
    { "{\"text\":\"a\",\"author_url\":false}", "author_url", "" },
    { "{\"text\":\"a\",\"author_url\":NaN}", "author_url", "" },
    /* Ids come in every shape. */
    { "{\"text\":\"a\",\"id\":7}", "id", "7" },
    { "{\"text\":\"a\",\"id\":-9223372036854775808}", "id",
      "-9223372036854775808" },
    { "{\"text\":\"a\",\"id\":18446744073709551615}", "id",
      "18446744073709551615" },
    { "{\"text\":\"a\",\"id\":12.0}", "id", "12" },
    { "{\"text\":\"a\",\"id\":9007199254740992.0}", "id", "9007199254740992" },
    { "{\"text\":\"a\",\"id\":1e6}", "id", "1000000" },
    { "{\"text\":\"a\",\"id\":1.5}", "id", "1.5" },
    /* Keys that are no field may hold anything. */
    { "{\"text\":\"a\",\"label\":{\"x\":[1]},\"group\":[]}", "text", "a" },
    /* WordPress. */
    { "{\"content\":\"a\"}", "text", "a" },
    { "{\"content\":{\"raw\":\"a\",\"rendered\":\"b\"}}", "text", "a" },
    { "{\"content\":{\"raw\":\"\",\"rendered\":\"b\"}}", "text", "b" },
    { "{\"content\":{\"raw\":null,\"rendered\":\"b\"}}", "text", "b" },
    { "{\"content\":{\"rendered\":\"b\"}}", "text", "b" },
    { "{\"content\":\"b\",\"text\":\"a\"}", "text", "a" },
    { "{\"content\":[\"b\"],\"text\":\"a\"}", "text", "a" },
    { "{\"content\":\"a\",\"author\":3}", "author", "" },
    { "{\"content\":\"a\",\"author\":3,\"author_name\":\"Ann\"}", "author",
      "Ann" },
    { "{\"content\":\"a\",\"author_name\":\"Ann\",\"author\":3}", "author",
      "Ann" },
    { "{\"content\":\"a\",\"author_name\":\"Ann\",\"author\":\"ann3\"}",
      "author", "Ann" },
    { "{\"content\":\"a\",\"author_name\":\"\",\"author\":\"ann3\"}", "author",
      "ann3" },
    { "{\"content\":\"a\",\"author_user_agent\":\"M\"}", "user_agent", "M" },
    { "{\"content\":\"a\",\"date_gmt\":\"1\",\"date\":\"2\"}", "date", "1" },
    { "{\"content\":\"a\",\"date\":\"2\"}", "date", "2" },
    { "{\"content\":\"a\",\"link\":\"http://a/\"}", "permalink", "http://a/" },
    { "{\"content\":\"a\",\"parent\":4}", "parent_text", "" },
};

START_TEST(test_comment_json_field)
{
    struct comment comment = parsed(span_str(field_case[_i].line));

    field_is(&comment, field_case[_i].field, field_case[_i].want);
}
END_TEST

START_TEST(test_comment_json_every_field)
{
    static const char *const name[] = {
        "id",          "site",       "text",         "author",    "author_url",
        "user_agent",  "author_ip",  "author_email", "referrer",  "date",
        "permalink",   "post_title", "post_text",    "post_date", "type",
        "parent_text", "role",       "lang",         "status",    "trap",
        "fill_ms",
    };
    struct comment comment;

    for (size_t i = 0; i < NR(name); i++)
        buf_addf(&out, "%c\"%s\":\"<%s>\"", i ? ',' : '{', name[i], name[i]);
    buf_add_char(&out, '}');
    comment = parsed(buf_span(&out));
    for (size_t i = 0; i < NR(name); i++)
        field_is(&comment, name[i], arena_printf(&arena, "<%s>", name[i]).ptr);
}
END_TEST

/* Written out and read back, it is the same comment. */
START_TEST(test_comment_json_round)
{
    struct comment comment = { .id = SPAN_LIT("7") };
    struct comment back;

    for (size_t i = 0; i < comment_field_nr(); i++)
        *comment_field(&comment, comment_field_name(i)) = arena_printf(
            &arena, "\"%.*s\"\n<\xc3\xb6>", SPAN_ARG(comment_field_name(i)));
    comment.lang = SPAN_LIT("");
    comment_put_json(&out, &comment);
    back = parsed(buf_span(&out));
    for (size_t i = 0; i < comment_field_nr(); i++)
        ck_assert(span_eq(*comment_field(&comment, comment_field_name(i)),
                          *comment_field(&back, comment_field_name(i))));
}
END_TEST

/* A comment as WordPress 6 gives it to an editor. */
START_TEST(test_comment_json_wordpress)
{
    struct comment comment = parsed(SPAN_LIT(
        "{\"id\":812,\"post\":44,\"parent\":0,\"author\":0,\"author_name\":"
        "\"Ann\",\"author_email\":\"ann@a.example\",\"author_url\":\"\","
        "\"author_ip\":\"192.0.2.1\",\"author_user_agent\":\"Mozilla\","
        "\"date\":\"2024-03-12T09:41:22\",\"date_gmt\":\"2024-03-12T07:41:22\""
        ",\"content\":{\"rendered\":\"<p>Thanks &amp; bye</p>\\n\",\"raw\":"
        "\"Thanks & bye\"},\"link\":\"https://b.example/a/#comment-812\","
        "\"status\":\"hold\",\"type\":\"comment\",\"author_avatar_urls\":"
        "{\"24\":\"https://c.example/24\"},\"meta\":[],\"_links\":{\"self\":"
        "[{\"href\":\"https://b.example/wp-json/wp/v2/comments/812\"}]}}"));

    field_is(&comment, "id", "812");
    field_is(&comment, "text", "Thanks & bye");
    field_is(&comment, "author", "Ann");
    field_is(&comment, "author_url", "");
    field_is(&comment, "author_ip", "192.0.2.1");
    field_is(&comment, "user_agent", "Mozilla");
    field_is(&comment, "date", "2024-03-12T07:41:22");
    field_is(&comment, "permalink", "https://b.example/a/#comment-812");
    field_is(&comment, "status", "hold");
    field_is(&comment, "type", "comment");
}
END_TEST

static const struct {
    const char *line;
    const char *why;
} refused_case[] = {
    { "", "empty" },
    { "null", "not a JSON object" },
    { "[]", "not a JSON object" },
    { "[{\"text\":\"secret\"}]", "not a JSON object" },
    { "\"secret\"", "not a JSON object" },
    { "17", "not a JSON object" },
    { "{}", "neither text nor author" },
    { "{\"text\":\"\",\"author\":\"\",\"id\":1}", "neither text nor author" },
    { "{\"text\":null,\"author\":5}", "neither text nor author" },
    { "{\"text\":[\"secret\"]}", "text: text expected, not an array" },
    { "{\"text\":\"a\",\"author_ip\":{\"secret\":1}}",
      "author_ip: text expected, not an object" },
    { "{\"text\":\"a\",\"author_name\":[]}", "author_name: text" },
    { "{\"text\":\"a\",\"author\":[3]}", "author: text" },
    { "{\"content\":[\"secret\"]}", "content: text" },
    { "{\"content\":{\"raw\":{}}}", "content.raw: text" },
    { "{\"content\":{\"rendered\":[]}}", "content.rendered: text" },
    { "{\"content\":{\"protected\":false}}", "neither text nor author" },
    { "{\"text\":\"secret", "ends too early" },
};

START_TEST(test_comment_json_refused)
{
    refused(span_str(refused_case[_i].line), refused_case[_i].why);
}
END_TEST

START_TEST(test_comment_json_id_len)
{
    char id[COMMENT_ID_MAX + 2];
    struct comment comment;

    memset(id, 'x', sizeof(id));
    id[COMMENT_ID_MAX] = '\0';
    comment = parsed(arena_printf(&arena, "{\"text\":1,\"id\":\"%s\"}", id));
    field_is(&comment, "id", id);
    id[COMMENT_ID_MAX] = 'x';
    id[COMMENT_ID_MAX + 1] = '\0';
    refused(arena_printf(&arena, "{\"text\":1,\"id\":\"%s\"}", id), "id:");
}
END_TEST

/* A line cut off anywhere is refused; what it said is told to nobody. */
START_TEST(test_comment_json_cut_short)
{
    struct span whole = SPAN_LIT(
        "{\"id\":1,\"text\":\"secret \\ud83d\\ude00 \xC3\xA9\",\"author\":"
        "\"secret\",\"content\":{\"raw\":\"secret\"},\"lang\":null}");

    for (size_t len = 0; len < whole.len; len++) {
        char *copy = malloc(len ? len : 1);

        memcpy(copy, whole.ptr, len);
        refused((struct span){ copy, len }, "no JSON");
        free(copy);
    }
    (void)parsed(whole);
}
END_TEST

/* The document is gone when the comment is read; the arena keeps the text. */
START_TEST(test_comment_json_large)
{
    struct comment comment;

    buf_add(&out, SPAN_LIT("{\"text\":\"\xFF"));
    for (size_t i = 0; i < (size_t)1 << 20; i++)
        buf_add_char(&out, '<');
    buf_add(&out, SPAN_LIT("\\u0000\"}"));
    comment = parsed(buf_span(&out));
    buf_reset(&out);
    ck_assert_uint_eq(comment.text.len, (1 << 20) + 3);
    ck_assert(span_starts(comment.text, SPAN_LIT("\xC3\xBF<<")));
    ck_assert(span_ends(comment.text, SPAN_LIT("<\0")));
}
END_TEST

static const struct verdict sample = {
    .kind = VERDICT_SPAM,
    .p_spam = 0.98765432,
    .p_abuse = 0,
    .reason = { { { "link_density", 12 }, 2.5, { "see \"here\"\n", 11 } },
                { { "allow_list", 10 }, -1e-7, { NULL, 0 } } },
    .nr = 2,
    .model = { "2024-1", 6 },
};

START_TEST(test_comment_json_verdict)
{
    verdict_put_json(&out, SPAN_LIT("a\"1"), &sample);
    ck_assert_str_eq(
        out.ptr,
        "{\"id\":\"a\\\"1\",\"verdict\":\"spam\",\"p_spam\":0.987654,"
        "\"p_abuse\":0,\"reasons\":[{\"feature\":\"link_density\",\"weight\":"
        "2.5,\"evidence\":\"see \\\"here\\\"\\n\"},{\"feature\":\"allow_list\""
        ",\"weight\":-1e-07,\"evidence\":\"\"}],\"model\":\"2024-1\"}\n");
}
END_TEST

/* Whatever is put into it, a verdict is one line of JSON. */
START_TEST(test_comment_json_verdict_hostile)
{
    struct verdict verdict = { .p_spam = NAN, .p_abuse = -0.0, .nr = 1 };
    struct json_doc doc;
    struct span text;
    struct error err;
    char byte[512];

    for (size_t i = 0; i < sizeof(byte); i++)
        byte[i] = (char)i;
    verdict.reason[0].evidence = (struct span){ byte, sizeof(byte) };
    verdict.reason[0].weight = INFINITY;
    verdict_put_json(&out, (struct span){ byte, sizeof(byte) }, &verdict);
    text = buf_span(&out);
    ck_assert_uint_eq(span_find_char(text, '\n'), text.len - 1);
    ck_assert_msg(!json_parse(&doc, text, &err), "%s", err.text);
    ck_assert(json_text(json_member(doc.root, "verdict"), &text));
    ck_assert(span_eq(text, SPAN_LIT("hold")));
    json_release(&doc);
}
END_TEST

START_TEST(test_comment_json_reasons_round)
{
    struct verdict back = { .nr = 5, .p_spam = 0.25 };

    reasons_put_json(&out, &sample);
    reasons_from_json(&back, &arena, buf_span(&out));
    buf_reset(&out);
    ck_assert_uint_eq(back.nr, sample.nr);
    for (size_t i = 0; i < back.nr; i++) {
        const struct reason *got = &back.reason[i];
        const struct reason *want = &sample.reason[i];

        ck_assert(span_eq(got->feature, want->feature));
        ck_assert(span_eq(got->evidence, want->evidence));
        ck_assert_double_eq_tol(got->weight, want->weight, 1e-12);
    }
    ck_assert_double_eq(back.p_spam, 0.25);
}
END_TEST

static const struct {
    const char *text;
    size_t nr;
} reasons_case[] = {
    { "", 0 },
    { "[]", 0 },
    { "{}", 0 },
    { "null", 0 },
    { "[", 0 },
    { "[1,null,[],{}]", 0 },
    { "[{\"feature\":1}]", 0 },
    { "[{\"weight\":1},{\"feature\":\"a\"}]", 1 },
    { "[{\"feature\":\"a\",\"weight\":\"1\",\"evidence\":[]}]", 1 },
    { "[{\"feature\":\"a\"},{\"feature\":\"a\"},{\"feature\":\"a\"},"
      "{\"feature\":\"a\"},{\"feature\":\"a\"},{\"feature\":\"a\"},"
      "{\"feature\":\"a\"},{\"feature\":\"a\"}]",
      VERDICT_REASONS_MAX },
};

START_TEST(test_comment_json_reasons_read)
{
    struct verdict verdict = { .nr = 1 };

    reasons_from_json(&verdict, &arena, span_str(reasons_case[_i].text));
    ck_assert_uint_eq(verdict.nr, reasons_case[_i].nr);
    for (size_t i = 0; i < verdict.nr; i++) {
        ck_assert(span_eq(verdict.reason[i].feature, SPAN_LIT("a")));
        ck_assert_double_eq(verdict.reason[i].weight, 0);
    }
}
END_TEST

Suite *comment_json_suite(void)
{
    Suite *s = suite_create("comment_json");
    TCase *tc = tcase_create("in");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_comment_json_field, 0, NR(field_case));
    tcase_add_test(tc, test_comment_json_every_field);
    tcase_add_test(tc, test_comment_json_round);
    tcase_add_test(tc, test_comment_json_wordpress);
    tcase_add_loop_test(tc, test_comment_json_refused, 0, NR(refused_case));
    tcase_add_test(tc, test_comment_json_id_len);
    tcase_add_test(tc, test_comment_json_cut_short);
    tcase_add_test(tc, test_comment_json_large);
    suite_add_tcase(s, tc);

    tc = tcase_create("out");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_comment_json_verdict);
    tcase_add_test(tc, test_comment_json_verdict_hostile);
    tcase_add_test(tc, test_comment_json_reasons_round);
    tcase_add_loop_test(tc, test_comment_json_reasons_read, 0,
                        NR(reasons_case));
    suite_add_tcase(s, tc);
    return s;
}
