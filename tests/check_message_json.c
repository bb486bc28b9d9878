#include "wire/message_json.h"

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

#define DATA(rest) "\"data\":{\"comment\":{\"id\":7," rest "}"

static const struct {
    const char *body;
    enum message_kind kind;
    const char *id;
    const char *status;
} good_case[] = {
    { "{\"type\":\"comment.created\"," DATA("\"text\":\"x\"") "}}",
      MESSAGE_CREATED, "7", "" },
    { "{\"type\":\"comment.edited\"," DATA(
          "\"text\":\"x\",\"status\":\"0\"") "}}",
      MESSAGE_EDITED, "7", "0" },
    { "{\"type\":\"comment.created\"," DATA(
          "\"text\":\"x\","
          "\"status\":\"0\"") ",\"status\":\"spam\"}}",
      MESSAGE_CREATED, "7", "spam" },
    { "{\"type\":\"comment.decided\"," DATA("\"status\":\"spam\"") "}}",
      MESSAGE_DECIDED, "7", "spam" },
    { "{\"type\":\"comment.decided\",\"data\":{\"comment\":{\"id\":\"a-9\"}}}",
      MESSAGE_DECIDED, "a-9", "" },
    { "{\"type\":\"comment.created\"," DATA("\"author_name\":\"A\"") "}}",
      MESSAGE_CREATED, "7", "" },
    { "{\"type\":\"sluice.test\"}", MESSAGE_TEST, "", "" },
    { "{\"type\":\"comment.starred\",\"data\":3}", MESSAGE_OTHER, "", "" },
};

START_TEST(test_message_good)
{
    struct message message;
    struct error err;

    ck_assert_msg(
        !message_parse(&message, &arena, span_str(good_case[_i].body), &err),
        "%s", err.text);
    ck_assert_int_eq(message.kind, good_case[_i].kind);
    ck_assert(span_eq(message.comment.id, span_str(good_case[_i].id)));
    ck_assert(span_eq(message.comment.status, span_str(good_case[_i].status)));
}
END_TEST

START_TEST(test_message_decided)
{
    struct message message;
    struct error err;

    ck_assert(
        !message_parse(&message, &arena,
                       SPAN_LIT("{\"type\":\"comment.decided\"," DATA(
                           "\"text\":\"x\"") ",\"status\":\"approved\",\"old_"
                                             "status\":\"hold\","
                                             "\"by\":\"ann\",\"source\":"
                                             "\"admin\",\"wrong\":true}}"),
                       &err));
    ck_assert(span_eq(message.comment.status, SPAN_LIT("approved")));
    ck_assert(span_eq(message.old_status, SPAN_LIT("hold")));
    ck_assert(span_eq(message.by, SPAN_LIT("ann")));
    ck_assert(span_eq(message.source, SPAN_LIT("admin")));
    ck_assert(message.wrong);
}
END_TEST

static const struct {
    const char *body;
    const char *part; /* of the error */
} bad_case[] = {
    { "", "no JSON" },
    { "{", "no JSON" },
    { "[]", "type" },
    { "{\"type\":3}", "type" },
    { "{\"type\":\"comment.created\"}", "data: " },
    { "{\"type\":\"comment.created\",\"data\":[]}", "data: " },
    { "{\"type\":\"comment.created\",\"data\":{}}", "data.comment: " },
    { "{\"type\":\"comment.created\",\"data\":{\"comment\":{\"id\":1}}}",
      "neither text nor author" },
    { "{\"type\":\"comment.created\",\"data\":{\"comment\":{\"text\":\"x\"}}}",
      "data.comment.id" },
    { "{\"type\":\"comment.decided\",\"data\":{\"comment\":{}}}",
      "data.comment.id" },
    { "{\"type\":\"comment.decided\",\"data\":{\"comment\":{\"id\":[]}}}",
      "data.comment.id" },
};

START_TEST(test_message_bad)
{
    struct message message;
    struct error err;

    ck_assert_int_eq(
        message_parse(&message, &arena, span_str(bad_case[_i].body), &err),
        ERROR_INPUT);
    ck_assert_msg(strstr(err.text, bad_case[_i].part) != NULL, "%s", err.text);
}
END_TEST

/* Cut short anywhere, it is refused and nothing breaks. */
START_TEST(test_message_cut_short)
{
    struct span whole = span_str(good_case[2].body);
    struct message message;
    struct error err;

    for (size_t len = 0; len < whole.len; len++)
        ck_assert_int_eq(
            message_parse(&message, &arena, span_cut(whole, 0, len), &err),
            ERROR_INPUT);
}
END_TEST

#define NR(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *message_json_suite(void)
{
    Suite *s = suite_create("message_json");
    TCase *tc = tcase_create("message_json");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_message_good, 0, NR(good_case));
    tcase_add_test(tc, test_message_decided);
    tcase_add_loop_test(tc, test_message_bad, 0, NR(bad_case));
    tcase_add_test(tc, test_message_cut_short);
    suite_add_tcase(s, tc);
    return s;
}
