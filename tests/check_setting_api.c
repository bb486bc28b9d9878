#include "page/setting_api.h"

#include "store/setting.h"
#include "support/page_server.h"

static struct page_server server;
static struct browser anna;

static const char held[] =
    "{\"id\":\"1\",\"text\":\"The frigate was late by two years\","
    "\"author\":\"Ann\",\"status\":\"hold\"}\n"
    "{\"id\":\"2\",\"text\":\"Cheap watches for everybody here\","
    "\"author\":\"Bo\",\"status\":\"hold\"}\n";

static void setup(void)
{
    page_server_make(&server);
    page_server_hold(&server, held);
    page_server_serve(&server, NULL);
    browser_open(&anna, &server);
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
}

static void teardown(void)
{
    browser_close(&anna);
    page_server_end(&server);
    page_server_remove(&server);
}

static double number(const struct json *value, const char *name)
{
    double real = -1;

    (void)json_double(json_member(value, name), &real);
    return real;
}

/* Of the preview: all are, by these thresholds, one kind. */
static const struct {
    const char *body;
    const char *kind;
} preview_case[] = {
    { "{\"approve_below\":1,\"spam_at\":1,\"abuse_hold_at\":1}", "approve" },
    { "{\"approve_below\":0,\"spam_at\":0,\"abuse_hold_at\":1}", "spam" },
    { "{\"approve_below\":0,\"spam_at\":1,\"abuse_hold_at\":1}", "hold" },
    { "{\"approve_below\":1,\"spam_at\":1,\"abuse_hold_at\":0}", "hold" },
};

START_TEST(test_setting_api_preview)
{
    must_answer(&anna, "POST", "/settings/preview", preview_case[_i].body,
                200);
    ck_assert_int_eq(browser_number(anna.doc.root, "nr"), 2);
    ck_assert_int_eq(browser_number(json_member(anna.doc.root, "then"),
                                    preview_case[_i].kind),
                     2);
}
END_TEST

/* What the server then judges by, and what it is without the page. */
START_TEST(test_setting_api_thresholds)
{
    double before;

    must_answer(&anna, "GET", "/settings", NULL, 200);
    before = number(json_member(anna.doc.root, "default"), "spam_at");
    must_answer(&anna, "PUT", "/settings",
                "{\"thresholds\":{\"approve_below\":0,\"spam_at\":1,"
                "\"abuse_hold_at\":1}}",
                200);
    for (int i = 0; i < 250; i++) {
        must_answer(&anna, "POST", "/settings/preview", preview_case[0].body,
                    200);
        if (browser_number(json_member(anna.doc.root, "now"), "hold") == 2)
            break;
        usleep(20000);
    }
    ck_assert_int_eq(browser_number(json_member(anna.doc.root, "now"), "hold"),
                     2);
    ck_assert_uint_eq(json_nr(json_member(anna.doc.root, "changed")), 2);
    must_answer(&anna, "PUT", "/settings", "{\"thresholds\":null}", 200);
    ck_assert(number(json_member(anna.doc.root, "thresholds"), "spam_at") ==
              before);
}
END_TEST

/* Taken up by what judges, in this server and in others. */
START_TEST(test_setting_api_lists)
{
    const struct json *path;

    must_answer(&anna, "PUT", "/settings", "{\"deny\":[\"author:Ann\"]}", 200);
    for (int i = 0; i < 250; i++) {
        must_answer(&anna, "GET", "/verdicts/1", NULL, 200);
        path = json_member(json_member(anna.doc.root, "explain"), "path");
        if (json_nr(path) == 1)
            break;
        usleep(20000);
    }
    must_eq(browser_member(json_item(path, 0), "rule"), "deny_list");
    must_eq(browser_member(json_item(path, 0), "detail"), "author:Ann");
}
END_TEST

START_TEST(test_setting_api_recorded)
{
    must_answer(&anna, "PUT", "/settings",
                "{\"allow\":[\"role:editor\",\"ip:192.0.2.0/24\"]}", 200);
    must_answer(&anna, "PUT", "/settings", "{\"allow\":[\"role:editor\"]}",
                200);
    must_answer(&anna, "GET", "/audit?limit=1", NULL, 200);
    must_eq(browser_member(browser_item(&anna, 0), "what"), "settings");
    must_eq(browser_member(browser_item(&anna, 0), "subject"), "allow");
    must_eq(browser_member(browser_item(&anna, 0), "before"),
            "role:editor\nip:192.0.2.0/24\n");
    must_eq(browser_member(browser_item(&anna, 0), "after"), "role:editor\n");
}
END_TEST

static const char *const bad_case[] = {
    "{\"deny\":[\"nonsense\"]}",
    "{\"deny\":[\"ip:none\"]}",
    "{\"deny\":\"word:a\"}",
    "{\"deny\":[1]}",
    "{\"deny\":[\"word:a\\nword:b\"]}",
    "{\"deny\":[\"\"]}",
    "{\"thresholds\":1}",
    "{\"thresholds\":{\"approve_below\":1}}",
    "{\"thresholds\":{\"approve_below\":1,\"spam_at\":0.5,"
    "\"abuse_hold_at\":1}}",
    "{\"thresholds\":{\"approve_below\":-1,\"spam_at\":0.5,"
    "\"abuse_hold_at\":1}}",
};

START_TEST(test_setting_api_bad)
{
    must_answer(&anna, "PUT", "/settings", bad_case[_i], 400);
    must_answer(&anna, "GET", "/settings", NULL, 200);
    ck_assert_uint_eq(json_nr(json_member(anna.doc.root, "deny")), 0);
}
END_TEST

Suite *setting_api_suite(void)
{
    Suite *s = suite_create("setting_api");
    TCase *tc = tcase_create("settings");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_setting_api_preview, 0,
                        sizeof(preview_case) / sizeof(preview_case[0]));
    tcase_add_test(tc, test_setting_api_thresholds);
    tcase_add_test(tc, test_setting_api_lists);
    tcase_add_test(tc, test_setting_api_recorded);
    tcase_add_loop_test(tc, test_setting_api_bad, 0,
                        sizeof(bad_case) / sizeof(bad_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
