#include "page/stats_api.h"

#include "support/page_server.h"

static struct page_server server;
static struct browser anna;

static const char held[] =
    "{\"id\":\"1\",\"text\":\"The frigate was late by two years\","
    "\"author\":\"Ann\",\"status\":\"hold\"}\n"
    "{\"id\":\"2\",\"text\":\"Cheap watches for everybody here, all of "
    "them http://w.example/1\",\"author\":\"Bo\",\"status\":\"hold\"}\n"
    "{\"id\":\"3\",\"text\":\"Cheap watches for everybody here, all of "
    "them http://w.example/2\",\"author\":\"Cy\",\"status\":\"hold\"}\n";

/* Beside those that are held, one that was marked, and came with a host. */
static void add_marked(void)
{
    struct decision decision;

    must(&server.dir,
         store_run_begin(server.dir.store, SPAN_LIT("default"), SPAN_LIT("m1"),
                         1000, &server.dir.run, &server.dir.err));
    decision = store_dir_decision(&server.dir, "4", "text", VERDICT_SPAM);
    decision.site = SPAN_LIT("default");
    decision.at_ms = clock_now_ms();
    decision.state = DECISION_ANSWERED;
    decision.content = (struct content){
        .host = SPAN_LIT("shop.example w.example"),
        .text = SPAN_LIT("text"),
        .comment = SPAN_LIT("{\"id\":\"4\",\"text\":\"text\"}"),
    };
    must(&server.dir,
         store_decide(server.dir.store, &decision, 1, &server.dir.err));
}

static void setup(void)
{
    page_server_make(&server);
    page_server_hold(&server, held);
    add_marked();
    page_server_serve(&server, NULL);
    browser_open(&anna, &server);
    browser_enter(&anna, "anna", ACCOUNT_MODERATOR);
}

static void teardown(void)
{
    browser_close(&anna);
    page_server_end(&server);
    page_server_remove(&server);
}

static const struct json *first(const char *name)
{
    return json_item(json_member(anna.doc.root, name), 0);
}

START_TEST(test_stats_api_verdicts)
{
    must_answer(&anna, "GET", "/stats?days=1", NULL, 200);
    ck_assert_int_eq(browser_number(first("days"), "held"), 3);
    ck_assert_int_eq(browser_number(first("days"), "spam"), 1);
    ck_assert_int_eq(browser_number(first("campaigns"), "nr"), 2);
    must_eq(browser_member(first("hosts"), "name"), "shop.example");
    ck_assert_uint_eq(json_nr(json_member(anna.doc.root, "hosts")), 2);
    ck_assert_uint_gt(json_nr(json_member(anna.doc.root, "reasons")), 0);
    ck_assert_int_eq(browser_number(anna.doc.root, "waiting"), 3);
}
END_TEST

/* A mark that was wrong, and spam that was only held. */
START_TEST(test_stats_api_corrections)
{
    const struct json *promise;

    must_answer(&anna, "POST", "/actions",
                "{\"id\":\"action-1\",\"action\":\"approve\","
                "\"decisions\":[4]}",
                200);
    must_answer(&anna, "POST", "/actions",
                "{\"id\":\"action-2\",\"action\":\"spam\","
                "\"decisions\":[2]}",
                200);
    must_answer(&anna, "GET", "/stats", NULL, 200);
    ck_assert_int_eq(browser_number(first("days"), "false_positives"), 1);
    ck_assert_int_eq(browser_number(first("days"), "missed_spam"), 1);
    ck_assert_int_eq(browser_number(first("days"), "held"), 3);
    promise = json_member(anna.doc.root, "promise");
    ck_assert_int_eq(browser_number(promise, "honest"), 1);
    ck_assert_int_eq(browser_number(promise, "wrong"), 1);
    ck_assert_int_eq(
        browser_number(json_member(anna.doc.root, "recall"), "spam"), 1);
    ck_assert_int_eq(
        browser_number(json_member(anna.doc.root, "recall"), "caught"), 0);
}
END_TEST

Suite *stats_api_suite(void)
{
    Suite *s = suite_create("stats_api");
    TCase *tc = tcase_create("stats");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_stats_api_verdicts);
    tcase_add_test(tc, test_stats_api_corrections);
    suite_add_tcase(s, tc);
    return s;
}
