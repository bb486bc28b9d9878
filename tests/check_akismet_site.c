#include "site/site.h"

#include "base/buf.h"
#include "support/fault_server.h"

#include <check.h>
#include <string.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define HOOK "/wp-json/akismet/v1/webhook"
#define GUID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define GUID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct fault_server *server;
static struct site *site;
static struct buf url;
static struct error err;

static void setup(void)
{
    buf_init(&url, 256);
    err = (struct error){ ERROR_NONE, "" };
    server = NULL;
    site = NULL;
}

static void teardown(void)
{
    site_close(site);
    if (server)
        fault_server_stop(server);
    buf_release(&url);
}

static enum error_code open_with(const char *key)
{
    const struct site_options options = {
        .name = SPAN_LIT("blog"),
        .kind = SPAN_LIT("akismet"),
        .url = buf_span(&url),
        .key = span_str(key),
        .timeout_s = 5,
        .retries = 1,
    };

    return site_open(&site, &options, &err);
}

static void start(const struct fault_answer *script, size_t nr)
{
    server = fault_server_start(script, nr);
    buf_addf(&url, "%s" HOOK, fault_server_url(server));
    ck_assert_msg(!open_with("k3y0fthe8log"), "%s", err.text);
}

/* As WordPress answers, and the plugin's own words are none we rely on. */
static const struct {
    const char *want;
    const char *said; /* must be in the request */
    const char *answer;
    enum site_outcome outcome;
} apply_case[] = {
    { "spam", "{\"guid\":\"" GUID_A "\",\"result\":\"true\"}",
      "{\"comments\":{\"" GUID_A "\":{\"status\":\"success\"}}}",
      SITE_APPLIED },
    { "approved", "{\"guid\":\"" GUID_A "\",\"result\":\"false\"}",
      "{\"comments\":{\"" GUID_A "\":{\"status\":\"success\"}}}",
      SITE_APPLIED },
    { "spam", "\"key\":\"k3y0fthe8log\",\"endpoint\":\"comment-check\"",
      "{\"comments\":{\"" GUID_A "\":{\"status\":\"error\",\"message\":"
      "\"x\"}}}",
      SITE_SKIPPED },
    { "spam", GUID_A,
      "{\"comments\":{\"" GUID_B "\":{\"status\":\"success\"}}}",
      SITE_MISSING },
    { "spam", GUID_A, "{\"comments\":[]}", SITE_MISSING },
    { "spam", GUID_A, "{}", SITE_MISSING },
    { "hold", "\"comments\":[]", "{\"comments\":{}}", SITE_REFUSED },
};

START_TEST(test_akismet_site_apply)
{
    const struct fault_answer script[] = {
        ANSWER("POST " HOOK, 200, apply_case[_i].answer),
    };
    struct site_change change = {
        .id = SPAN_LIT(GUID_A),
        .want = span_str(apply_case[_i].want),
    };

    start(script, NR(script));
    ck_assert_msg(!site_apply(site, &change, 1, &err), "%s", err.text);
    ck_assert_int_eq(change.outcome, apply_case[_i].outcome);
    ck_assert_uint_eq(fault_server_hits(server, apply_case[_i].said), 1);
    /* Nobody's login goes along. */
    ck_assert_uint_eq(fault_server_hits(server, "Authorization:"), 0);
}
END_TEST

static const struct {
    int status;
    const char *body;
    enum error_code code;
    const char *text;
} refuse_case[] = {
    { 401, "{\"code\":\"rest_forbidden\"}", ERROR_SITE, "another key" },
    { 404, "{\"code\":\"rest_no_route\"}", ERROR_SITE, "5.3.2" },
    { 400, "{}", ERROR_SITE, "status 400" },
    { 200, "<html>", ERROR_SITE, "no JSON" },
    { 503, "", ERROR_SITE_GONE, "" },
};

START_TEST(test_akismet_site_refused)
{
    const struct fault_answer script[] = {
        ANSWER("POST", refuse_case[_i].status, refuse_case[_i].body),
    };
    struct site_change change = { .id = SPAN_LIT(GUID_A),
                                  .want = SPAN_LIT("spam") };

    start(script, NR(script));
    ck_assert_int_eq(site_check(site, &err), refuse_case[_i].code);
    ck_assert_msg(strstr(err.text, refuse_case[_i].text), "%s", err.text);
    ck_assert_int_eq(site_apply(site, &change, 1, &err), refuse_case[_i].code);
    ck_assert_int_eq(change.outcome, SITE_WAITS);
}
END_TEST

/* More than one call's worth: each comment in just one of them. */
START_TEST(test_akismet_site_many)
{
    static const struct fault_answer script[] = {
        ANSWER("POST", 200, "{\"comments\":{\"7\":{\"status\":\"success\"}}}"),
    };
    struct site_change change[SITE_PAGE_MAX + 1];

    for (size_t i = 0; i < NR(change); i++)
        change[i] = (struct site_change){ .id = SPAN_LIT("7"),
                                          .want = SPAN_LIT("spam") };
    start(script, NR(script));
    ck_assert(!site_apply(site, change, NR(change), &err));
    for (size_t i = 0; i < NR(change); i++)
        ck_assert_int_eq(change[i].outcome, SITE_APPLIED);
    ck_assert_uint_eq(fault_server_hits(server, "POST"), 2);
}
END_TEST

START_TEST(test_akismet_site_options)
{
    ck_assert_int_eq(open_with("k3y0fthe8log"), ERROR_CONFIG);
    buf_addf(&url, "http://127.0.0.1:1" HOOK);
    ck_assert_int_eq(open_with(""), ERROR_CONFIG);
    ck_assert(strstr(err.text, "no key"));
    ck_assert(!open_with("k3y0fthe8log"));
}
END_TEST

START_TEST(test_akismet_site_queue)
{
    struct site_page page = { NULL, 7 };
    size_t total = 7;
    size_t garbled = 0;
    struct arena arena;

    arena_init(&arena);
    buf_addf(&url, "http://127.0.0.1:1" HOOK);
    ck_assert(!open_with("k3y0fthe8log"));
    ck_assert(!site_queue(site, &total, &err));
    ck_assert(!site_queue_next(site, &arena, &page, &garbled, &err));
    ck_assert_uint_eq(total + page.nr + garbled, 0);
    arena_release(&arena);
}
END_TEST

Suite *akismet_site_suite(void)
{
    Suite *s = suite_create("akismet_site");
    TCase *tc = tcase_create("akismet_site");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_akismet_site_apply, 0, NR(apply_case));
    tcase_add_loop_test(tc, test_akismet_site_refused, 0, NR(refuse_case));
    tcase_add_test(tc, test_akismet_site_many);
    tcase_add_test(tc, test_akismet_site_options);
    tcase_add_test(tc, test_akismet_site_queue);
    suite_add_tcase(s, tc);
    return s;
}
