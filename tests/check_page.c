#include "page/page.h"

#include "page/assets.h"
#include "page/route.h"
#include "support/page_server.h"

static struct page_server server;
static struct browser anna;
static struct browser bob;

static void setup(void)
{
    page_server_make(&server);
    page_server_serve(&server, NULL);
    browser_open(&anna, &server);
    browser_open(&bob, &server);
}

static void teardown(void)
{
    browser_close(&bob);
    browser_close(&anna);
    page_server_end(&server);
    page_server_remove(&server);
}

#define PASSWORD "a password of mine"

static void must_say(const struct browser *b, const char *code)
{
    ck_assert_msg(span_eq(browser_code(b), span_str(code)), "not %s: %s", code,
                  b->answer.ptr);
}

/* bob is added by anna and uses his link. */
static void add_bob(const char *role)
{
    char body[512];
    struct span link;

    snprintf(body, sizeof(body), "{\"login\":\"bob\",\"role\":\"%s\"}", role);
    must_answer(&anna, "POST", "/accounts", body, 201);
    link = browser_text(&anna, "link");
    ck_assert(span_starts(link, SPAN_LIT("/#/setup?token=")));
    snprintf(body, sizeof(body),
             "{\"token\":\"%.*s\",\"password\":\"" PASSWORD "\"}",
             SPAN_ARG(span_cut(link, 15, link.len)));
    must_answer(&bob, "POST", "/setup", body, 201);
    must_answer(&bob, "POST", "/setup", body, 404);
    must_say(&bob, "link");
}

START_TEST(test_page_first_account)
{
    bool truth = false;

    must_answer(&anna, "GET", "/session", NULL, 200);
    ck_assert(json_boolean(json_member(anna.doc.root, "setup"), &truth) &&
              truth);
    must_answer(&anna, "POST", "/setup",
                "{\"token\":\"guess\",\"login\":\"eve\",\"password\":"
                "\"" PASSWORD "\"}",
                404);
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    ck_assert(span_find(buf_span(&anna.answer),
                        SPAN_LIT("; Path=/; HttpOnly; SameSite=Strict")) <
              anna.answer.len);
    must_answer(&anna, "GET", "/session", NULL, 200);
    ck_assert(span_eq(browser_text(&anna, "login"), SPAN_LIT("anna")));
    ck_assert(span_eq(browser_text(&anna, "role"), SPAN_LIT("admin")));
}
END_TEST

/* A second link for the first account opens nothing once there is one. */
START_TEST(test_page_first_account_once)
{
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    page_server_link(&server, "second", "", ACCOUNT_ADMIN,
                     clock_now_ms() + 60000);
    must_answer(&bob, "POST", "/setup",
                "{\"token\":\"second\",\"login\":\"eve\",\"password\":"
                "\"" PASSWORD "\"}",
                404);
    must_answer(&bob, "GET", "/session", NULL, 200);
    ck_assert_int_eq(browser_text(&bob, "login").len, 0);
}
END_TEST

START_TEST(test_page_link_too_old)
{
    page_server_link(&server, "old", "", ACCOUNT_ADMIN, clock_now_ms() - 1);
    must_answer(&anna, "POST", "/setup/look", "{\"token\":\"old\"}", 404);
}
END_TEST

START_TEST(test_page_sign_in)
{
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    must_answer(&bob, "POST", "/session",
                "{\"login\":\"anna\",\"password\":\"wrong\"}", 401);
    must_answer(&bob, "POST", "/session",
                "{\"login\":\"nobody\",\"password\":\"wrong\"}", 401);
    must_answer(&bob, "POST", "/session",
                "{\"login\":\"anna\",\"password\":\"" PASSWORD "\"}", 200);
    must_answer(&bob, "DELETE", "/session", NULL, 204);
    must_answer(&bob, "GET", "/accounts", NULL, 401);
    must_answer(&anna, "GET", "/accounts", NULL, 200);
}
END_TEST

/* After some wrong passwords even the right one must wait; others need not. */
START_TEST(test_page_guessing)
{
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    for (int i = 0; i < 6; i++)
        must_answer(&bob, "POST", "/session",
                    "{\"login\":\"anna\",\"password\":\"wrong\"}", 401);
    must_answer(&bob, "POST", "/session",
                "{\"login\":\"anna\",\"password\":\"" PASSWORD "\"}", 429);
    ck_assert(span_find(buf_span(&bob.answer), SPAN_LIT("Retry-After: ")) <
              bob.answer.len);
    must_answer(&anna, "GET", "/accounts", NULL, 200);
}
END_TEST

START_TEST(test_page_sign_out_everywhere)
{
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    must_answer(&bob, "POST", "/session",
                "{\"login\":\"anna\",\"password\":\"" PASSWORD "\"}", 200);
    must_answer(&anna, "DELETE", "/sessions", NULL, 204);
    must_answer(&bob, "GET", "/accounts", NULL, 401);
}
END_TEST

START_TEST(test_page_password)
{
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    must_answer(&bob, "POST", "/session",
                "{\"login\":\"anna\",\"password\":\"" PASSWORD "\"}", 200);
    must_answer(&anna, "PUT", "/password",
                "{\"old\":\"wrong\",\"new\":\"another password\"}", 403);
    must_answer(&anna, "PUT", "/password",
                "{\"old\":\"" PASSWORD "\",\"new\":\"short\"}", 400);
    must_answer(&anna, "PUT", "/password",
                "{\"old\":\"" PASSWORD "\",\"new\":\"another password\"}",
                200);
    must_answer(&anna, "GET", "/accounts", NULL, 200);
    must_answer(&bob, "GET", "/accounts", NULL, 401);
}
END_TEST

START_TEST(test_page_roles)
{
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    add_bob("moderator");
    must_answer(&bob, "GET", "/accounts", NULL, 403);
    must_say(&bob, "role");
    must_answer(&bob, "POST", "/accounts",
                "{\"login\":\"eve\",\"role\":\"admin\"}", 403);
    must_answer(&anna, "PATCH", "/accounts/bob", "{\"role\":\"admin\"}", 200);
    must_answer(&bob, "GET", "/accounts", NULL, 200);
    must_answer(&anna, "PATCH", "/accounts/bob", "{\"disabled\":true}", 200);
    must_answer(&bob, "GET", "/session", NULL, 200);
    ck_assert_int_eq(browser_text(&bob, "login").len, 0);
    must_answer(&anna, "PATCH", "/accounts/anna", "{\"role\":\"moderator\"}",
                409);
    must_answer(&anna, "PATCH", "/accounts/carl", "{\"disabled\":true}", 404);
}
END_TEST

/* Each row: further headers, and whether the page itself could send them. */
static const struct {
    const char *more;
    const char *csrf; /* NULL: the session's */
    int status;
} origin_case[] = {
    { "Sec-Fetch-Site: same-origin\r\n", NULL, 201 },
    { "Sec-Fetch-Site: same-site\r\n", NULL, 403 },
    { "Sec-Fetch-Site: cross-site\r\n", NULL, 403 },
    { "Sec-Fetch-Site: none\r\n", NULL, 403 },
    { "Origin: http://evil.example\r\n", NULL, 403 },
    { "Origin: null\r\n", NULL, 403 },
    { "", NULL, 403 },
    { "Sec-Fetch-Site: same-origin\r\n", "forged", 403 },
};

START_TEST(test_page_origin)
{
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    anna.more = origin_case[_i].more;
    if (origin_case[_i].csrf)
        snprintf(anna.csrf, sizeof(anna.csrf), "%s", origin_case[_i].csrf);
    must_answer(&anna, "POST", "/accounts",
                "{\"login\":\"eve\",\"role\":\"admin\"}",
                origin_case[_i].status);
}
END_TEST

START_TEST(test_page_own_origin)
{
    char more[64];

    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    snprintf(more, sizeof(more), "Origin: http://127.0.0.1:%d\r\n",
             server.port);
    anna.more = more;
    must_answer(&anna, "POST", "/accounts",
                "{\"login\":\"eve\",\"role\":\"admin\"}", 201);
}
END_TEST

START_TEST(test_page_audit)
{
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    add_bob("moderator");
    must_answer(&anna, "GET", "/audit?limit=2", NULL, 200);
    ck_assert_uint_eq(json_nr(json_member(anna.doc.root, "items")), 2);
    ck_assert_int_gt(browser_text(&anna, "next").len, 0);
    must_answer(&anna, "GET", "/audit?who=bob", NULL, 200);
    ck_assert_uint_eq(json_nr(json_member(anna.doc.root, "items")), 1);
    must_answer(&anna, "GET", "/audit?limit=0", NULL, 400);
}
END_TEST

static const struct {
    const char *body;
    int status;
} garbage_case[] = {
    { "", 400 },
    { "[]", 400 },
    { "{\"login\":3,\"role\":\"admin\"}", 400 },
    { "{\"login\":\"eve\"}", 400 },
    { "{\"login\":\"Eve <script>\",\"role\":\"admin\"}", 400 },
    { "{\"login\":\"eve\",\"role\":\"owner\"}", 400 },
    { "{\"login\":\"anna\",\"role\":\"admin\"}", 409 },
};

START_TEST(test_page_garbage)
{
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    must_answer(&anna, "POST", "/accounts", garbage_case[_i].body,
                garbage_case[_i].status);
}
END_TEST

/* Asked for as a browser asks; only the head and some of it are looked at. */
START_TEST(test_page_assets)
{
    struct buf answer;
    char request[256];
    struct span tag;
    struct span all;

    buf_init(&answer, (size_t)1 << 20);
    for (size_t i = 0; i < assets_nr(); i++) {
        snprintf(request, sizeof(request),
                 "GET /page/%.*s HTTP/1.1\r\nHost: a\r\n\r\n",
                 SPAN_ARG(assets_name(i)));
        ck_assert_int_eq(raw_ask(server.port, span_str(request), &answer),
                         200);
        all = buf_span(&answer);
        ck_assert(span_find(all, SPAN_LIT("default-src 'none'")) < all.len);
        ck_assert(span_find(all, SPAN_LIT("nosniff")) < all.len);
        tag = span_cut(all, span_find(all, SPAN_LIT("ETag: ")) + 6, all.len);
        snprintf(request, sizeof(request),
                 "GET /page/%.*s HTTP/1.1\r\nHost: a\r\nIf-None-Match: "
                 "%.34s\r\n\r\n",
                 SPAN_ARG(assets_name(i)), tag.ptr);
        ck_assert_int_eq(raw_ask(server.port, span_str(request), &answer),
                         304);
    }
    ck_assert_int_eq(raw_ask(server.port,
                             SPAN_LIT("GET /page/../etc/passwd HTTP/1.1\r\n"
                                      "Host: a\r\n\r\n"),
                             &answer),
                     404);
    buf_release(&answer);
}
END_TEST

/* What says that it came by plain http through a proxy is not answered. */
START_TEST(test_page_plain_http)
{
    anna.more = "X-Forwarded-Proto: http\r\n";
    must_answer(&anna, "GET", "/session", NULL, 403);
    must_say(&anna, "plain_http");
}
END_TEST

static void setup_proxied(void)
{
    static const char *const more[] = { "--serve-proxies", "127.0.0.1", NULL };

    page_server_make(&server);
    page_server_serve(&server, more);
    browser_open(&anna, &server);
    browser_open(&bob, &server);
}

START_TEST(test_page_https)
{
    anna.more = "Sec-Fetch-Site: same-origin\r\n"
                "X-Forwarded-Proto: https\r\nX-Forwarded-For: "
                "192.0.2.7\r\n";
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
    ck_assert(span_starts(span_str(anna.cookie),
                          SPAN_LIT("__Host-sluice_session=")));
    ck_assert(span_find(buf_span(&anna.answer), SPAN_LIT("; Secure")) <
              anna.answer.len);
    must_answer(&anna, "GET", "/audit", NULL, 200);
}
END_TEST

Suite *page_suite(void)
{
    Suite *s = suite_create("page");
    TCase *tc = tcase_create("page");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_page_first_account);
    tcase_add_test(tc, test_page_first_account_once);
    tcase_add_test(tc, test_page_link_too_old);
    tcase_add_test(tc, test_page_sign_in);
    tcase_add_test(tc, test_page_guessing);
    tcase_add_test(tc, test_page_sign_out_everywhere);
    tcase_add_test(tc, test_page_password);
    tcase_add_test(tc, test_page_roles);
    tcase_add_loop_test(tc, test_page_origin, 0,
                        sizeof(origin_case) / sizeof(origin_case[0]));
    tcase_add_test(tc, test_page_own_origin);
    tcase_add_test(tc, test_page_audit);
    tcase_add_loop_test(tc, test_page_garbage, 0,
                        sizeof(garbage_case) / sizeof(garbage_case[0]));
    tcase_add_test(tc, test_page_assets);
    tcase_add_test(tc, test_page_plain_http);
    suite_add_tcase(s, tc);
    tc = tcase_create("proxied");
    tcase_add_checked_fixture(tc, setup_proxied, teardown);
    tcase_add_test(tc, test_page_https);
    suite_add_tcase(s, tc);
    return s;
}
