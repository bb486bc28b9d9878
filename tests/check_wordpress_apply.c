#include "site/site.h"

#include "base/clock.h"
#include "support/wordpress_script.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct fault_server *server;
static struct site *site;
static struct error err;
static volatile bool stop;

static void setup(void)
{
    stop = false;
    site = NULL;
    server = NULL;
    err = (struct error){ ERROR_NONE, "" };
}

static void teardown(void)
{
    site_close(site);
    if (server)
        fault_server_stop(server);
}

/* A script that begins with the REST root. */
static void start_rooted(const struct fault_answer *answer, size_t nr)
{
    struct fault_answer script[SCRIPT_MAX + 1] = { ROOT };

    memcpy(script + 1, answer, nr * sizeof(*answer));
    server = script_start(&site, script, nr + 1, &stop);
}

/* One change: what is seen, what is answered, what came of it. */
#define ROW1 "GET /wp-json/wp/v2/comments/1?"
#define SET1 "POST /wp-json/wp/v2/comments/1?"
#define STATUS(s) "{\"id\":1,\"status\":\"" s "\"}"

#define APPLY(name, outcome, code, writes, ...)                               \
    {                                                                         \
        name, outcome, code, writes,                                          \
        {                                                                     \
            __VA_ARGS__                                                       \
        }                                                                     \
    }

static const struct {
    const char *name;
    enum site_outcome outcome;
    enum error_code code;
    size_t writes;
    struct fault_answer answer[SCRIPT_MAX];
} apply_case[] = {
    APPLY("as it should be", SITE_APPLIED, ERROR_NONE, 1,
          ANSWER(ROW1, 200, ROW("1", "")), ANSWER(SET1, 200, STATUS("spam"))),
    APPLY("done already", SITE_APPLIED, ERROR_NONE, 0,
          ANSWER(ROW1, 200, STATUS("spam"))),
    APPLY("a person approved it", SITE_SKIPPED, ERROR_NONE, 0,
          ANSWER(ROW1, 200, STATUS("approved"))),
    APPLY("gone", SITE_MISSING, ERROR_NONE, 0,
          ANSWER(ROW1, 404, CODE("rest_comment_invalid_id"))),
    APPLY("gone between look and write", SITE_MISSING, ERROR_NONE, 1,
          ANSWER(ROW1, 200, ROW("1", "")),
          ANSWER(SET1, 410, CODE("rest_already_trashed"))),
    APPLY("REST is off: the comment is not missing", SITE_WAITS, ERROR_SITE, 0,
          ANSWER(ROW1, 404, CODE("rest_no_route"))),
    APPLY("a page says 404: the comment is not missing", SITE_WAITS,
          ERROR_SITE, 0, ANSWER(ROW1, 404, "<html>")),
    APPLY("the post is gone", SITE_REFUSED, ERROR_NONE, 0,
          ANSWER(ROW1, 404, CODE("rest_post_invalid_id"))),
    APPLY("write refused", SITE_REFUSED, ERROR_NONE, 1,
          ANSWER(ROW1, 200, ROW("1", "")),
          ANSWER(SET1, 400, CODE("rest_invalid_param"))),
    APPLY("conflict", SITE_REFUSED, ERROR_NONE, 1,
          ANSWER(ROW1, 200, ROW("1", "")),
          ANSWER(SET1, 409, CODE("comment_duplicate"))),
    APPLY("this row forbidden, the login fine", SITE_REFUSED, ERROR_NONE, 0,
          ANSWER(ROW1, 403, CODE("rest_forbidden_context")),
          ANSWER(ME, 200, CAPABLE)),
    APPLY("this row forbidden, the role lost", SITE_WAITS, ERROR_SITE, 0,
          ANSWER(ROW1, 403, CODE("rest_forbidden_context")),
          ANSWER(ME, 200, "{\"capabilities\":{}}")),
    APPLY("login lost", SITE_WAITS, ERROR_SITE, 0,
          ANSWER(ROW1, 401, CODE("rest_forbidden")),
          ANSWER(ME, 401, CODE("rest_not_logged_in"))),
    APPLY("firewall", SITE_WAITS, ERROR_SITE, 0, ANSWER(ROW1, 403, "<html>")),
    APPLY("garbage", SITE_WAITS, ERROR_SITE, 0,
          ANSWER(ROW1, 200, "{\"id\":1,")),
    APPLY("another comment's row", SITE_WAITS, ERROR_SITE, 0,
          ANSWER(ROW1, 200, ROW("2", ""))),
    APPLY("too many requests, then fine", SITE_APPLIED, ERROR_NONE, 1,
          { ROW1, 429, "Retry-After: 1\r\n", "no", 0, 1 },
          ANSWER(ROW1, 200, ROW("1", "")), ANSWER(SET1, 200, STATUS("spam"))),
    APPLY("maintenance", SITE_WAITS, ERROR_SITE_GONE, 0,
          ANSWER(ROW1, 503, "<html>")),
    APPLY("write cut, yet it arrived", SITE_APPLIED, ERROR_NONE, 1,
          ANSWER_ONCE(ROW1, 200, ROW("1", "")),
          ANSWER_FAULT(SET1, FAULT_CUT, 0), ANSWER(ROW1, 200, STATUS("spam"))),
    APPLY("write dropped, it did not arrive", SITE_APPLIED, ERROR_NONE, 2,
          ANSWER(ROW1, 200, ROW("1", "")), ANSWER_FAULT(SET1, FAULT_DROP, 1),
          ANSWER(SET1, 200, STATUS("spam"))),
    APPLY("write cut, and a person decided meanwhile", SITE_SKIPPED,
          ERROR_NONE, 1, ANSWER_ONCE(ROW1, 200, ROW("1", "")),
          ANSWER_FAULT(SET1, FAULT_CUT, 0),
          ANSWER(ROW1, 200, STATUS("approved"))),
    APPLY("write hangs, it did arrive", SITE_APPLIED, ERROR_NONE, 1,
          ANSWER_ONCE(ROW1, 200, ROW("1", "")),
          ANSWER_FAULT(SET1, FAULT_HANG, 0),
          ANSWER(ROW1, 200, STATUS("spam"))),
    APPLY("write answered with a page, it did arrive", SITE_APPLIED,
          ERROR_NONE, 1, ANSWER_ONCE(ROW1, 200, ROW("1", "")),
          ANSWER(SET1, 200, "<b>Notice</b>{}"),
          ANSWER(ROW1, 200, STATUS("spam"))),
    APPLY("another client won, then lets us", SITE_APPLIED, ERROR_NONE, 2,
          ANSWER(ROW1, 200, ROW("1", "")),
          ANSWER_ONCE(SET1, 200, STATUS("hold")),
          ANSWER(SET1, 200, STATUS("spam"))),
    APPLY("the status does not stick", SITE_REFUSED, ERROR_NONE, 2,
          ANSWER(ROW1, 200, ROW("1", "")), ANSWER(SET1, 200, STATUS("hold"))),
    APPLY("the status filter says failed, though it is set", SITE_APPLIED,
          ERROR_NONE, 1, ANSWER_ONCE(ROW1, 200, ROW("1", "")),
          ANSWER(SET1, 500, CODE("rest_comment_failed_edit")),
          ANSWER(ROW1, 200, STATUS("spam"))),
    APPLY("a plugin dies over this row", SITE_WAITS, ERROR_NONE, 2,
          ANSWER(ROW1, 200, ROW("1", "")),
          ANSWER(SET1, 500, CODE("internal_server_error"))),
    APPLY("redirected away", SITE_WAITS, ERROR_SITE, 0,
          ANSWER_HEAD(ROW1, 302, "Location: https://evil.example/\r\n", "")),
};

static struct site_change change_of(const char *id)
{
    return (struct site_change){
        .id = span_str(id),
        .want = SPAN_LIT("spam"),
        .expect = SPAN_LIT("hold"),
    };
}

START_TEST(test_wordpress_apply)
{
    struct site_change change = change_of("1");
    enum error_code code;
    size_t writes;

    start_rooted(apply_case[_i].answer, script_nr(apply_case[_i].answer));
    code = site_apply(site, &change, 1, &err);
    writes = fault_server_hits(server, SET1);
    ck_assert_msg(code == apply_case[_i].code, "%s: %d %s",
                  apply_case[_i].name, code, err.text);
    ck_assert_msg(change.outcome == apply_case[_i].outcome,
                  "%s: outcome %d %s", apply_case[_i].name, change.outcome,
                  change.error.text);
    ck_assert_msg(writes == apply_case[_i].writes, "%s: %zu writes",
                  apply_case[_i].name, writes);
    if (change.outcome == SITE_WAITS || change.outcome == SITE_REFUSED)
        ck_assert_msg(change.error.text[0], "%s: no error",
                      apply_case[_i].name);
    ck_assert_ptr_null(strstr(err.text, "cret"));
}
END_TEST

/* WordPress would store our address and browser as the author's. */
static const struct {
    const char *row;
    const char *body;
} echo_case[] = {
    { ROW("1", ""), "{\"status\":\"spam\",\"author_ip\":\"192.0.2.1\","
                    "\"author_user_agent\":\"M \\\"x\\\"\"}" },
    { ROW("1", ",\"author_ip\":\"\",\"author_user_agent\":\"\""),
      "{\"status\":\"spam\"}" },
    { ROW("1", ",\"author_ip\":\"2001:db8::1\",\"author_user_agent\":null"),
      "{\"status\":\"spam\",\"author_ip\":\"2001:db8::1\"}" },
    { ROW("1",
          ",\"author_ip\":\"192.0.2.x\",\"author_user_agent\":\"\\u00e9\""),
      "{\"status\":\"spam\",\"author_user_agent\":\"\xc3\xa9\"}" },
};

START_TEST(test_wordpress_apply_echoes)
{
    const struct fault_answer script[] = {
        ANSWER(ROW1, 200, echo_case[_i].row),
        ANSWER(SET1, 200, STATUS("spam")),
    };
    struct site_change change = change_of("1");
    char needle[256];

    start_rooted(script, NR(script));
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(change.outcome, SITE_APPLIED);
    snprintf(needle, sizeof(needle), "\r\n\r\n%s", echo_case[_i].body);
    ck_assert_uint_eq(fault_server_hits(server, needle), 1);
    ck_assert_uint_eq(fault_server_hits(server, "X-Akismet-Webhook: 1"), 1);
    ck_assert_uint_eq(fault_server_hits(server, "User-Agent:"), 0);
}
END_TEST

static const struct {
    const char *id;
    const char *want;
} unsound_case[] = {
    { "", "spam" },       { "x", "spam" },
    { "1/../2", "spam" }, { "1?force=1", "spam" },
    { "-1", "spam" },     { "0", "spam" },
    { "1", "" },          { "1", "burn" },
};

START_TEST(test_wordpress_apply_unsound)
{
    const struct fault_answer script[] = { ANSWER(ME, 200, CAPABLE) };
    struct site_change change = change_of(unsound_case[_i].id);

    change.want = span_str(unsound_case[_i].want);
    start_rooted(script, NR(script));
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(change.outcome, SITE_REFUSED);
    ck_assert_uint_eq(fault_server_hits(server, "/comments/"), 0);
}
END_TEST

START_TEST(test_wordpress_apply_digest)
{
    const struct fault_answer script[] = {
        ANSWER_ONCE(ROW1, 200, ROW("1", "")),
        ANSWER(ROW1, 200, ROW("1", ",\"author_name\":\"B\"")),
        ANSWER(SET1, 200, STATUS("spam")),
    };
    const struct comment judged = {
        .text = SPAN_LIT("t1"),
        .author = SPAN_LIT("A"),
        .author_ip = SPAN_LIT("192.0.2.1"),
    };
    struct site_change change = change_of("1");

    change.digest = comment_digest(&judged);
    start_rooted(script, NR(script));
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(change.outcome, SITE_APPLIED);
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(change.outcome, SITE_SKIPPED);
}
END_TEST

#define MANY 12

static void many_changes(struct site_change change[MANY], char id[MANY][16])
{
    for (int i = 0; i < MANY; i++) {
        snprintf(id[i], sizeof(id[i]), "%d", 101 + i);
        change[i] = change_of(id[i]);
    }
}

/* A site that is down is not asked for every change. */
static const struct {
    struct fault_answer answer;
    enum error_code code;
} breaker_case[] = {
    { ANSWER("/comments/", 503, "<html>"), ERROR_SITE_GONE },
    { ANSWER_FAULT("/comments/", FAULT_DROP, 0), ERROR_SITE_GONE },
    { ANSWER("/comments/", 403, "<html>"), ERROR_SITE },
    { ANSWER("/comments/", 401, CODE("rest_x")), ERROR_SITE },
};

START_TEST(test_wordpress_apply_breaker)
{
    struct site_change change[MANY];
    char id[MANY][16];

    many_changes(change, id);
    start_rooted(&breaker_case[_i].answer, 1);
    ck_assert_int_eq(site_apply(site, change, MANY, &err),
                     breaker_case[_i].code);
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(change[i].outcome, SITE_WAITS);
    ck_assert_uint_le(fault_server_hits(server, "/comments/"), MANY);
}
END_TEST

/* Some rows fail, each in its own way; the rest is not held up. */
START_TEST(test_wordpress_apply_mixed)
{
    const struct fault_answer script[] = {
        ANSWER("/comments/101?", 403, CODE("rest_x")),
        ANSWER("/comments/102?", 403, CODE("rest_x")),
        ANSWER("/comments/104?", 500, CODE("rest_x")),
        ANSWER("/comments/105?", 500, CODE("rest_x")),
        ANSWER("/comments/106?", 500, CODE("rest_x")),
        ANSWER("/comments/", 404, CODE("rest_comment_invalid_id")),
        ANSWER(ME, 200, CAPABLE),
    };
    struct site_change change[MANY];
    char id[MANY][16];

    many_changes(change, id);
    start_rooted(script, NR(script));
    ck_assert(!site_apply(site, change, MANY, &err));
    for (int i = 0; i < MANY; i++) {
        enum site_outcome want = SITE_MISSING;

        if (i < 2)
            want = SITE_REFUSED;
        if (i >= 3 && i <= 5)
            want = SITE_WAITS;
        ck_assert_msg(change[i].outcome == want, "%d: %d", i,
                      change[i].outcome);
    }
    ck_assert_uint_eq(fault_server_hits(server, ME), 1);
}
END_TEST

#define HELD(id) ROW(id, "")
#define SEEN "GET /wp-json/wp/v2/comments?include=101,102,103,104,105&"

/* What was seen together is written without another look, if it is fresh. */
START_TEST(test_wordpress_apply_look)
{
    const struct fault_answer script[] = {
        { SEEN, 200, NULL,
          "[" HELD("102") "," HELD(
              "101") ",{\"id\":103,\"status\":\"spam\"},"
                     "{\"id\":104,\"status\":\"approved\"}]",
          _i ? FAULT_SLOW : FAULT_NONE, 0 },
        ANSWER("GET /wp-json/wp/v2/comments/105?", 200, HELD("105")),
        ANSWER("POST /wp-json/wp/v2/comments/101?", 200,
               "{\"id\":101,\"status\":\"spam\"}"),
        ANSWER("POST /wp-json/wp/v2/comments/102?", 200,
               "{\"id\":102,\"status\":\"spam\"}"),
        ANSWER("POST /wp-json/wp/v2/comments/105?", 200,
               "{\"id\":105,\"status\":\"spam\"}"),
    };
    struct site_change change[MANY];
    char id[MANY][16];

    many_changes(change, id);
    start_rooted(script, NR(script));
    ck_assert_msg(!site_apply(site, change, 5, &err), "%s", err.text);
    for (int i = 0; i < 5; i++)
        ck_assert_msg(change[i].outcome ==
                          (i == 3 ? SITE_SKIPPED : SITE_APPLIED),
                      "%d: %d", i, change[i].outcome);
    ck_assert_uint_eq(fault_server_hits(server, "include="), 1);
    ck_assert_uint_eq(
        fault_server_hits(server, "GET /wp-json/wp/v2/comments/"), 1);
    ck_assert_uint_eq(fault_server_hits(server, "POST"), 3);
}
END_TEST

START_TEST(test_wordpress_apply_stop)
{
    const struct fault_answer script[] = {
        ANSWER("GET /wp-json/wp/v2/comments/101?", 200, ROW("101", "")),
        { "POST /wp-json/wp/v2/comments/101?", 200, NULL,
          "{\"id\":101,\"status\":\"spam\"}", FAULT_SLOW, 0 },
        ANSWER("comments?include=", 404, "no"),
        ANSWER_FAULT("GET", FAULT_HANG, 0),
    };
    int64_t began = clock_steady_ms();
    struct site_change change[MANY];
    char id[MANY][16];

    many_changes(change, id);
    start_rooted(script, NR(script));
    fault_server_flag(server, "POST", &stop);
    ck_assert(!site_apply(site, change, MANY, &err));
    ck_assert_int_eq(change[0].outcome, SITE_APPLIED);
    for (int i = 1; i < MANY; i++)
        ck_assert_int_eq(change[i].outcome, SITE_WAITS);
    ck_assert_int_lt(clock_steady_ms() - began, 1000);
}
END_TEST

Suite *wordpress_apply_suite(void)
{
    Suite *s = suite_create("wordpress_apply");
    TCase *tc = tcase_create("wordpress_apply");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_wordpress_apply, 0, NR(apply_case));
    tcase_add_loop_test(tc, test_wordpress_apply_echoes, 0, NR(echo_case));
    tcase_add_loop_test(tc, test_wordpress_apply_unsound, 0, NR(unsound_case));
    tcase_add_test(tc, test_wordpress_apply_digest);
    tcase_add_loop_test(tc, test_wordpress_apply_breaker, 0, NR(breaker_case));
    tcase_add_test(tc, test_wordpress_apply_mixed);
    tcase_add_loop_test(tc, test_wordpress_apply_look, 0, 2);
    tcase_add_test(tc, test_wordpress_apply_stop);
    suite_add_tcase(s, tc);
    return s;
}
