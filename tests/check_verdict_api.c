#include "page/verdict_api.h"

#include "support/page_server.h"

static struct page_server server;
static struct browser anna;

static const char held[] =
    "{\"id\":\"1\",\"text\":\"<p>The frigate was <i>late</i></p>\","
    "\"author\":\"Ann\",\"status\":\"hold\"}\n"
    "{\"id\":\"2\",\"text\":\"Cheap watches for everybody here\","
    "\"author\":\"Bo\",\"status\":\"hold\"}\n"
    "{\"id\":\"3\",\"text\":\"Cheap shoes for everybody here\","
    "\"author\":\"Bo\",\"status\":\"hold\"}\n";

static void setup(void)
{
    page_server_make(&server);
    page_server_hold(&server, held);
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

static size_t items(void)
{
    return json_nr(json_member(anna.doc.root, "items"));
}

START_TEST(test_verdict_api_list)
{
    must_answer(&anna, "GET", "/verdicts?limit=2", NULL, 200);
    ck_assert_uint_eq(items(), 2);
    must_eq(browser_text(&anna, "next"), "2");
    must_answer(&anna, "GET", "/verdicts?limit=2&after=2", NULL, 200);
    ck_assert_uint_eq(items(), 1);
    ck_assert_int_eq(browser_text(&anna, "next").len, 0);
    must_answer(&anna, "GET", "/verdicts?q=cheap+shoes&verdict=hold", NULL,
                200);
    ck_assert_uint_eq(items(), 1);
    must_answer(&anna, "GET", "/verdicts?verdict=delete", NULL, 400);
    must_answer(&anna, "GET", "/verdicts?since_ms=yesterday", NULL, 400);
}
END_TEST

START_TEST(test_verdict_api_corrected)
{
    must_answer(&anna, "GET", "/verdicts?corrected=yes", NULL, 200);
    ck_assert_uint_eq(items(), 0);
    must_answer(&anna, "POST", "/actions",
                "{\"id\":\"action-one\",\"action\":\"spam\",\"decisions\":"
                "[2]}",
                200);
    must_answer(&anna, "GET", "/verdicts?corrected=yes", NULL, 200);
    ck_assert_uint_eq(items(), 1);
    ck_assert_int_eq(browser_number(browser_item(&anna, 0), "id"), 2);
}
END_TEST

START_TEST(test_verdict_api_story)
{
    const struct json *story;
    const struct json *item;
    const struct json *explain;

    must_answer(&anna, "POST", "/actions",
                "{\"id\":\"action-one\",\"action\":\"approve\","
                "\"decisions\":[1]}",
                200);
    must_answer(&anna, "GET", "/verdicts/1", NULL, 200);
    item = json_member(anna.doc.root, "item");
    must_eq(browser_member(item, "raw"), "<p>The frigate was <i>late</i></p>");
    story = json_member(anna.doc.root, "story");
    must_eq(browser_member(json_item(story, 0), "what"), "judged");
    must_eq(browser_member(json_item(story, 1), "what"), "changed");
    must_eq(browser_member(json_item(story, 1), "by"), "anna");
    must_eq(browser_member(json_item(story, 1), "verdict"), "approve");
    explain = json_member(anna.doc.root, "explain");
    ck_assert_uint_gt(json_nr(json_member(explain, "spam")), 0);
    ck_assert_uint_gt(json_nr(json_member(explain, "path")), 0);
    ck_assert(span_eq(browser_member(explain, "model"),
                      browser_member(item, "model")));
}
END_TEST

START_TEST(test_verdict_api_unknown)
{
    must_answer(&anna, "GET", "/verdicts/4", NULL, 404);
    must_answer(&anna, "GET", "/verdicts/none", NULL, 404);
    must_answer(&anna, "GET", "/verdicts/1/more", NULL, 404);
    must_answer(&anna, "DELETE", "/verdicts/1", NULL, 405);
}
END_TEST

START_TEST(test_verdict_api_facets)
{
    must_answer(&anna, "GET", "/facets", NULL, 200);
    ck_assert_uint_eq(json_nr(json_member(anna.doc.root, "sites")), 1);
    ck_assert_uint_eq(json_nr(json_member(anna.doc.root, "models")), 1);
    ck_assert_uint_gt(json_nr(json_member(anna.doc.root, "reasons")), 0);
}
END_TEST

Suite *verdict_api_suite(void)
{
    Suite *s = suite_create("verdict_api");
    TCase *tc = tcase_create("verdicts");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_verdict_api_list);
    tcase_add_test(tc, test_verdict_api_corrected);
    tcase_add_test(tc, test_verdict_api_story);
    tcase_add_test(tc, test_verdict_api_unknown);
    tcase_add_test(tc, test_verdict_api_facets);
    suite_add_tcase(s, tc);
    return s;
}
