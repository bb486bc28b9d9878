/*
 * The companion's routes as a script of answers: what a real one does seldom.
 * A real one is tested against in tests/e2e.
 */
#include "site/site.h"

#include "base/clock.h"
#include "support/wordpress_script.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define NAMES "GET /wp-json/?_fields=namespaces"
#define QUEUE "GET /wp-json/sluice/v1/queue?"
#define VERDICTS "POST /wp-json/sluice/v1/verdicts"

/* What comes before the first answer of a case. */
#define FOUND                                                                 \
    ROOT, ANSWER(NAMES, 200, "{\"namespaces\":[\"wp/v2\",\"sluice/v1\"]}"),   \
        ANSWER_ONCE(ME, 200, CAPABLE)
#define FOUND_NR 3

static struct fault_server *server;
static struct site *site;
static struct arena arena;
static struct error err;
static volatile bool stop;

static void setup(void)
{
    arena_init(&arena);
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
    arena_release(&arena);
}

/* A site with a companion, and this script. */
static void start_found(const struct fault_answer *answer, size_t nr)
{
    struct fault_answer script[SCRIPT_MAX + FOUND_NR] = { FOUND };

    memcpy(script + FOUND_NR, answer, nr * sizeof(*answer));
    server = script_start(&site, script, nr + FOUND_NR, &stop);
    ck_assert_msg(!site_check(site, &err), "%s", err.text);
    ck_assert(site_takes_notes(site));
}

START_TEST(test_wordpress_companion_absent)
{
    const struct fault_answer script[] = {
        ROOT,
        ANSWER(NAMES, 200, "{\"namespaces\":[\"wp/v2\",\"sluice/v10\"]}"),
        ANSWER(ME, 200, CAPABLE),
    };

    server = script_start(&site, script, NR(script), &stop);
    ck_assert(!site_check(site, &err));
    ck_assert(!site_takes_notes(site));
}
END_TEST

/* A row of the queue, with the fingerprint that it really has. */
static const char *row(const char *id, const char *text, const char *more)
{
    const struct comment comment = {
        .text = span_str(text),
        .author = SPAN_LIT("A"),
        .author_ip = SPAN_LIT("192.0.2.1"),
    };
    struct digest digest = comment_digest(&comment);

    return arena_printf(&arena,
                        "{\"id\":%s,\"post\":9,\"parent\":0,\"author\":0,"
                        "\"author_name\":\"A\",\"author_ip\":\"192.0.2.1\","
                        "\"content\":{\"raw\":\"%s\"},\"status\":\"hold\","
                        "\"type\":\"comment\",\"role\":\"editor\","
                        "\"parent_text\":\"before\",\"hash\":\"%s\"%s}",
                        id, text, digest.hex, more)
        .ptr;
}

static const char *queue(const char *next, const char *first,
                         const char *second)
{
    return arena_printf(&arena,
                        "{\"api\":1,\"total\":3,\"next\":%s,\"comments\":"
                        "[%s%s%s],\"posts\":{\"9\":{\"title\":\"T\",\"text\":"
                        "\"P\",\"date\":\"2024-01-02T03:04:05\","
                        "\"permalink\":\"https://x.example/t/\"}}}",
                        next, first, *second ? "," : "", second)
        .ptr;
}

static size_t next_page(struct site_page *page, size_t *garbled)
{
    enum error_code rc = site_queue_next(site, &arena, page, garbled, &err);

    ck_assert_msg(!rc, "%s", err.text);
    return page->nr;
}

START_TEST(test_wordpress_companion_walk)
{
    const struct fault_answer script[] = {
        ANSWER("after=0&per_page=500", 200,
               queue("2", row("1", "t1", ""), row("2", "t2", ""))),
        ANSWER(
            "after=2&", 200,
            queue("null", row("7", "t7", ",\"link\":\"https://x/#c7\""), "")),
    };
    struct site_page page;
    size_t garbled = 0;
    size_t total;

    start_found(script, NR(script));
    ck_assert(!site_queue(site, &total, &err));
    ck_assert_uint_eq(total, 3);
    ck_assert_uint_eq(next_page(&page, &garbled), 2);
    ck_assert(span_eq(page.comment[0].id, SPAN_LIT("1")));
    ck_assert(span_eq(page.comment[0].role, SPAN_LIT("editor")));
    ck_assert(span_eq(page.comment[0].site, SPAN_LIT("blog")));
    ck_assert(span_eq(page.comment[0].status, SPAN_LIT("hold")));
    ck_assert(span_eq(page.comment[0].parent_text, SPAN_LIT("before")));
    ck_assert(span_eq(page.comment[1].post_title, SPAN_LIT("T")));
    ck_assert(span_eq(page.comment[1].post_text, SPAN_LIT("P")));
    ck_assert(
        span_eq(page.comment[1].post_date, SPAN_LIT("2024-01-02T03:04:05")));
    ck_assert(
        span_eq(page.comment[1].permalink, SPAN_LIT("https://x.example/t/")));
    ck_assert_uint_eq(next_page(&page, &garbled), 1);
    ck_assert(span_eq(page.comment[0].permalink, SPAN_LIT("https://x/#c7")));
    ck_assert_uint_eq(next_page(&page, &garbled), 0);
    ck_assert_uint_eq(garbled, 0);
    ck_assert_uint_eq(fault_server_hits(server, QUEUE), 2);
    ck_assert_uint_eq(fault_server_hits(server, "wp/v2/comments"), 0);
}
END_TEST

/* The next page is made while this one is judged. */
START_TEST(test_wordpress_companion_ahead)
{
    const struct fault_answer script[] = {
        ANSWER("after=0&", 200, queue("1", row("1", "t1", ""), "")),
        ANSWER("after=1&", 200, queue("null", row("2", "t2", ""), "")),
    };
    int64_t began;
    struct site_page page;
    size_t garbled = 0;
    size_t total;

    start_found(script, NR(script));
    ck_assert(!site_queue(site, &total, &err));
    ck_assert_uint_eq(next_page(&page, &garbled), 1);
    began = clock_steady_ms();
    while (!fault_server_hits(server, "after=1&"))
        ck_assert_int_lt(clock_steady_ms() - began, 2000);
    /* One asked for, and never fetched, is no leak. */
}
END_TEST

/* Of two rows one is no use; the other is not held up. */
static const char *const odd_row[] = {
    "{\"id\":1,\"author_name\":\"A\",\"content\":{\"raw\":\"t1\"},"
    "\"hash\":\"00000000000000000000000000000000\"}",
    "{\"id\":1,\"author_name\":\"A\",\"content\":{\"raw\":\"t1\"}}",
    "{\"id\":1,\"author_name\":[],\"hash\":\"\"}",
    "17",
};

START_TEST(test_wordpress_companion_odd_row)
{
    const struct fault_answer script[] = {
        ANSWER(QUEUE, 200, queue("null", odd_row[_i], row("2", "t2", ""))),
    };
    struct site_page page;
    size_t garbled = 0;
    size_t total;

    start_found(script, NR(script));
    ck_assert(!site_queue(site, &total, &err));
    ck_assert_uint_eq(next_page(&page, &garbled), 1);
    ck_assert(span_eq(page.comment[0].id, SPAN_LIT("2")));
    ck_assert_uint_eq(garbled, 1);
}
END_TEST

/* Where the companion's walk ends, core's goes on: without what is through. */
#define WALK(name, code, ...)                                                 \
    {                                                                         \
        name, code,                                                           \
        {                                                                     \
            __VA_ARGS__                                                       \
        }                                                                     \
    }

static const struct {
    const char *name;
    enum error_code code;
    struct fault_answer answer[SCRIPT_MAX];
} lost_case[] = {
    WALK("switched off", ERROR_NONE,
         ANSWER("after=1&", 404, CODE("rest_no_route"))),
    WALK("of another version", ERROR_NONE,
         ANSWER("after=1&", 200, "{\"api\":2}")),
    WALK("dying over its list", ERROR_NONE,
         ANSWER("after=1&", 500, CODE("internal_server_error"))),
    WALK("the site is gone", ERROR_SITE_GONE, ANSWER("after=1&", 502, "no")),
    WALK("the login is lost", ERROR_SITE,
         ANSWER("after=1&", 401, CODE("sluice_not_logged_in"))),
    WALK("a firewall", ERROR_SITE, ANSWER("after=1&", 403, "<html>")),
};

START_TEST(test_wordpress_companion_lost)
{
    const struct fault_answer core[] = {
        ANSWER("after=0&", 200, queue("1", row("1", "t1", ""), "")),
        ANSWER_HEAD("offset=0", 200, "X-WP-TotalPages: 1\r\n",
                    "[{\"id\":1,\"type\":\"comment\"},"
                    "{\"id\":2,\"type\":\"comment\"}]"),
        ANSWER("comments?include=2&", 200, "[" ROW("2", "") "]"),
        ANSWER("comments?include=", 500, "the first is through"),
        ANSWER("wp/v2/", 200, "[]"),
    };
    size_t nr = script_nr(lost_case[_i].answer);
    struct fault_answer script[SCRIPT_MAX];
    enum error_code code;
    struct site_page page;
    size_t garbled = 0;
    size_t total;

    memcpy(script, lost_case[_i].answer, nr * sizeof(script[0]));
    memcpy(script + nr, core, sizeof(core));
    start_found(script, nr + NR(core));
    ck_assert(!site_queue(site, &total, &err));
    ck_assert_uint_eq(next_page(&page, &garbled), 1);
    code = site_queue_next(site, &arena, &page, &garbled, &err);
    ck_assert_msg(code == lost_case[_i].code, "%s: %d %s", lost_case[_i].name,
                  code, err.text);
    if (code)
        return;
    ck_assert_uint_eq(page.nr, 1);
    ck_assert(span_eq(page.comment[0].id, SPAN_LIT("2")));
    ck_assert_uint_eq(next_page(&page, &garbled), 0);
    ck_assert(!site_takes_notes(site));
}
END_TEST

#define HASH "0123456789abcdef0123456789abcdef"
#define RESULT(id, result, status)                                            \
    "{\"id\":" id ",\"result\":\"" result "\",\"status\":\"" status           \
    "\",\"hash\":\"" HASH "\",\"message\":\"why not\"}"
#define RESULTS(list) "{\"results\":[" list "]}"

static struct site_change change_of(const char *id)
{
    return (struct site_change){
        .id = span_str(id),
        .want = SPAN_LIT("spam"),
        .expect = SPAN_LIT("hold"),
    };
}

/* One change: what is answered, and what came of it. */
#define APPLY(name, outcome, code, asked, ...)                                \
    {                                                                         \
        name, outcome, code, asked,                                           \
        {                                                                     \
            __VA_ARGS__                                                       \
        }                                                                     \
    }

static const struct {
    const char *name;
    enum site_outcome outcome;
    enum error_code code;
    size_t asked;
    struct fault_answer answer[SCRIPT_MAX];
} apply_case[] = {
    APPLY("as it should be", SITE_APPLIED, ERROR_NONE, 1,
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "applied", "spam")))),
    APPLY("done already", SITE_APPLIED, ERROR_NONE, 1,
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "already", "spam")))),
    APPLY("a person was faster", SITE_SKIPPED, ERROR_NONE, 1,
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "skipped", "approved")))),
    APPLY("gone", SITE_MISSING, ERROR_NONE, 1,
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "gone", "")))),
    APPLY("an error", SITE_WAITS, ERROR_NONE, 1,
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "error", "hold")))),
    APPLY("a word that we don't know", SITE_WAITS, ERROR_NONE, 1,
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "later", "hold")))),
    APPLY("a plugin sets it back", SITE_REFUSED, ERROR_NONE, 1,
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "applied", "hold")))),
    APPLY("an answer on another comment", SITE_WAITS, ERROR_SITE, 1,
          ANSWER(VERDICTS, 200, RESULTS(RESULT("2", "applied", "spam")))),
    APPLY("an answer on none", SITE_WAITS, ERROR_SITE, 1,
          ANSWER(VERDICTS, 200, "{}")),
    APPLY("a page", SITE_WAITS, ERROR_SITE, 1,
          ANSWER(VERDICTS, 200, "<html>")),
    APPLY("cut, then as it should be", SITE_APPLIED, ERROR_NONE, 2,
          ANSWER_FAULT(VERDICTS, FAULT_CUT, 1),
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "already", "spam")))),
    APPLY("dropped, then as it should be", SITE_APPLIED, ERROR_NONE, 2,
          ANSWER_FAULT(VERDICTS, FAULT_DROP, 1),
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "already", "spam")))),
    APPLY("silence, then as it should be", SITE_APPLIED, ERROR_NONE, 2,
          ANSWER_FAULT(VERDICTS, FAULT_HANG, 1),
          ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "already", "spam")))),
    APPLY("maintenance", SITE_WAITS, ERROR_SITE_GONE, 2,
          ANSWER(VERDICTS, 503, "<html>")),
    APPLY("dropped for ever", SITE_WAITS, ERROR_SITE_GONE, 2,
          ANSWER_FAULT(VERDICTS, FAULT_DROP, 0)),
    APPLY("WordPress dies over it", SITE_WAITS, ERROR_NONE, 2,
          ANSWER(VERDICTS, 500, CODE("internal_server_error"))),
    APPLY("the login is lost", SITE_WAITS, ERROR_SITE, 1,
          ANSWER(VERDICTS, 401, CODE("sluice_not_logged_in")),
          ANSWER(ME, 401, CODE("rest_not_logged_in"))),
    APPLY("forbidden, the login fine", SITE_WAITS, ERROR_SITE, 1,
          ANSWER(VERDICTS, 403, CODE("sluice_forbidden")),
          ANSWER(ME, 200, CAPABLE)),
    APPLY("a firewall", SITE_WAITS, ERROR_SITE, 1,
          ANSWER(VERDICTS, 403, "<html>")),
    APPLY("switched off: core does it", SITE_APPLIED, ERROR_NONE, 1,
          ANSWER(VERDICTS, 404, CODE("rest_no_route")),
          ANSWER("GET /wp-json/wp/v2/comments/1?", 200, ROW("1", "")),
          ANSWER("POST /wp-json/wp/v2/comments/1?", 200,
                 "{\"id\":1,\"status\":\"spam\"}")),
    APPLY("switched off, and a person was faster", SITE_SKIPPED, ERROR_NONE, 1,
          ANSWER(VERDICTS, 404, CODE("rest_no_route")),
          ANSWER("GET /wp-json/wp/v2/comments/1?", 200,
                 "{\"id\":1,\"status\":\"approved\"}")),
};

START_TEST(test_wordpress_companion_apply)
{
    struct site_change change = change_of("1");
    enum error_code code;
    size_t asked;

    start_found(apply_case[_i].answer, script_nr(apply_case[_i].answer));
    code = site_apply(site, &change, 1, &err);
    asked = fault_server_hits(server, VERDICTS);
    ck_assert_msg(code == apply_case[_i].code, "%s: %d %s",
                  apply_case[_i].name, code, err.text);
    ck_assert_msg(change.outcome == apply_case[_i].outcome,
                  "%s: outcome %d %s", apply_case[_i].name, change.outcome,
                  change.error.text);
    ck_assert_msg(asked == apply_case[_i].asked, "%s: asked %zu times",
                  apply_case[_i].name, asked);
    if (!code &&
        (change.outcome == SITE_WAITS || change.outcome == SITE_REFUSED))
        ck_assert_msg(change.error.text[0], "%s: no error",
                      apply_case[_i].name);
    ck_assert_ptr_null(strstr(err.text, "cret"));
}
END_TEST

/* What the site is told. */
START_TEST(test_wordpress_companion_body)
{
    const struct fault_answer script[] = {
        ANSWER(VERDICTS, 200, RESULTS(RESULT("1", "applied", "spam"))),
    };
    const struct verdict verdict = {
        .kind = VERDICT_SPAM,
        .p_spam = 0.99,
        .p_abuse = 0.25,
        .reason = { { SPAN_LIT("word"), 1.5, SPAN_LIT("\"x\"") } },
        .nr = 1,
        .model = SPAN_LIT("m1"),
    };
    struct site_change change = change_of("1");

    change.verdict = &verdict;
    change.digest = (struct digest){ "abc" };
    start_found(script, NR(script));
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_uint_eq(
        fault_server_hits(server,
                          "\r\n\r\n{\"verdicts\":[{\"id\":1,\"verdict\":"
                          "\"spam\",\"if_status\":\"hold\",\"if_hash\":"
                          "\"abc\",\"p_spam\":0.99,\"p_abuse\":0.25,"
                          "\"reasons\":[{\"feature\":\"word\",\"weight\":1.5,"
                          "\"evidence\":\"\\\"x\\\"\"}],\"model\":\"m1\"}]}"),
        1);
    ck_assert_str_eq(change.left.hex, HASH);
    ck_assert_uint_eq(fault_server_hits(server, "User-Agent:"), 0);
}
END_TEST

static const struct {
    const char *id;
    const char *want;
} unsound_case[] = {
    { "1,\"x\":1", "spam" }, { "", "spam" },   { "-1", "spam" },
    { "1", "burn" },         { "1", "trash" },
};

START_TEST(test_wordpress_companion_unsound)
{
    const struct fault_answer script[] = { ANSWER(VERDICTS, 500, "no") };
    struct site_change change = change_of(unsound_case[_i].id);

    change.want = span_str(unsound_case[_i].want);
    start_found(script, NR(script));
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(change.outcome, SITE_REFUSED);
    ck_assert_uint_eq(fault_server_hits(server, VERDICTS), 0);
}
END_TEST

/*
 * Three are one request. The first answer has only one
 * result, and later ones an error; what is left is told again.
 */
START_TEST(test_wordpress_companion_passes)
{
    const struct fault_answer script[] = {
        ANSWER_ONCE("{\"verdicts\":[{\"id\":1,", 200,
                    RESULTS(RESULT("1", "applied", "spam"))),
        ANSWER_ONCE("{\"verdicts\":[{\"id\":2,", 200,
                    RESULTS(RESULT("2", "error", "hold"))),
        ANSWER("{\"verdicts\":[{\"id\":2,", 200,
               RESULTS(RESULT("2", "already", "spam"))),
        ANSWER("{\"verdicts\":[{\"id\":3,", 200,
               RESULTS(RESULT("3", "applied", "spam"))),
    };
    struct site_change change[] = { change_of("1"), change_of("2"),
                                    change_of("3") };

    start_found(script, NR(script));
    ck_assert_msg(!site_apply(site, change, NR(change), &err), "%s", err.text);
    for (size_t i = 0; i < NR(change); i++)
        ck_assert_int_eq(change[i].outcome, SITE_APPLIED);
    ck_assert_uint_eq(fault_server_hits(server, VERDICTS), 4);
    ck_assert(!change[1].error.code);
}
END_TEST

#define MANY 8

/* One comment kills PHP whenever it is told; the others are told without. */
START_TEST(test_wordpress_companion_row_dies)
{
    const struct fault_answer script[] = {
        ANSWER("{\"id\":106,", 500, CODE("internal_server_error")),
        ANSWER("[{\"id\":101,", 200,
               RESULTS(RESULT("101", "applied", "spam"))),
        ANSWER("[{\"id\":102,", 200,
               RESULTS(RESULT("102", "applied", "spam"))),
        ANSWER("[{\"id\":103,", 200,
               RESULTS(RESULT("103", "applied", "spam"))),
        ANSWER("[{\"id\":104,", 200,
               RESULTS(RESULT("104", "applied", "spam"))),
        ANSWER("[{\"id\":105,", 413, "too large"),
        ANSWER("[{\"id\":107,", 200,
               RESULTS(RESULT("107", "applied", "spam"))),
        ANSWER("[{\"id\":108,", 200,
               RESULTS(RESULT("108", "applied", "spam"))),
    };
    struct site_change change[MANY];
    char id[MANY][16];

    for (int i = 0; i < MANY; i++) {
        snprintf(id[i], sizeof(id[i]), "%d", 101 + i);
        change[i] = change_of(id[i]);
    }
    start_found(script, NR(script));
    ck_assert_msg(!site_apply(site, change, MANY, &err), "%s", err.text);
    for (int i = 0; i < MANY; i++) {
        bool dies = i == 4 || i == 5;

        ck_assert_msg(change[i].outcome == (dies ? SITE_WAITS : SITE_APPLIED),
                      "%d: %d", i, change[i].outcome);
        ck_assert_msg((change[i].error.code != ERROR_NONE) == dies, "%d", i);
    }
}
END_TEST

START_TEST(test_wordpress_companion_stop)
{
    const struct fault_answer script[] = {
        { VERDICTS, 200, NULL, RESULTS(RESULT("1", "applied", "spam")),
          FAULT_SLOW, 0 },
    };
    struct site_change change[] = { change_of("1") };

    start_found(script, NR(script));
    fault_server_flag(server, VERDICTS, &stop);
    ck_assert(!site_apply(site, change, 1, &err));
    ck_assert_int_eq(change[0].outcome, SITE_APPLIED);
    ck_assert(!site_apply(site, change, 1, &err));
    ck_assert_int_eq(change[0].outcome, SITE_WAITS);
    ck_assert_uint_eq(fault_server_hits(server, VERDICTS), 1);
}
END_TEST

Suite *wordpress_companion_suite(void)
{
    Suite *s = suite_create("wordpress_companion");
    TCase *tc = tcase_create("wordpress_companion");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_wordpress_companion_absent);
    tcase_add_test(tc, test_wordpress_companion_walk);
    tcase_add_test(tc, test_wordpress_companion_ahead);
    tcase_add_loop_test(tc, test_wordpress_companion_odd_row, 0, NR(odd_row));
    tcase_add_loop_test(tc, test_wordpress_companion_lost, 0, NR(lost_case));
    tcase_add_loop_test(tc, test_wordpress_companion_apply, 0, NR(apply_case));
    tcase_add_test(tc, test_wordpress_companion_body);
    tcase_add_loop_test(tc, test_wordpress_companion_unsound, 0,
                        NR(unsound_case));
    tcase_add_test(tc, test_wordpress_companion_passes);
    tcase_add_test(tc, test_wordpress_companion_row_dies);
    tcase_add_test(tc, test_wordpress_companion_stop);
    suite_add_tcase(s, tc);
    return s;
}
