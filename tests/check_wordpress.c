#include "site/site.h"

#include "base/arena.h"
#include "support/wordpress_script.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define LINK(url) "Link: <" url ">; rel=\"https://api.w.org/\"\r\n"

static struct fault_server *server;
static struct site *site;
static struct error err;
static struct arena arena;
static volatile bool stop;

static void setup(void)
{
    stop = false;
    site = NULL;
    server = NULL;
    err = (struct error){ ERROR_NONE, "" };
    arena_init(&arena);
}

static void teardown(void)
{
    site_close(site);
    if (server)
        fault_server_stop(server);
    arena_release(&arena);
}

static void start(const struct fault_answer *answer, size_t nr)
{
    server = script_start(&site, answer, nr, &stop);
}

static const struct {
    const char *url;
    const char *user;
    const char *password;
    const char *ca_file;
    const char *needle; /* NULL: fine */
} open_case[] = {
    { "https://a.example", "u", "p", "", NULL },
    { "", "u", "p", "", "url" },
    { "a.example", "u", "p", "", "https://" },
    { "gopher://a.example", "u", "p", "", "https://" },
    { "https://u:sesame@a.example", "u", "p", "", "'password'" },
    { "https://a.example", "", "p", "", "no user" },
    { "https://a.example", "u:v", "p", "", "colon" },
    { "https://a.example", "u", "", "", "application password" },
    { "https://a.example", "u", "p", "/nonexistent", "/nonexistent" },
};

START_TEST(test_wordpress_open)
{
    struct site_options options = script_options(open_case[_i].url, &stop);
    const char *needle = open_case[_i].needle;

    options.user = span_str(open_case[_i].user);
    options.password = span_str(open_case[_i].password);
    options.ca_file = span_str(open_case[_i].ca_file);
    ck_assert_int_eq(site_open(&site, &options, &err),
                     needle ? ERROR_CONFIG : ERROR_NONE);
    if (needle)
        ck_assert_ptr_nonnull(strstr(err.text, needle));
    ck_assert_ptr_null(strstr(err.text, "sesame"));
}
END_TEST

#define CHECK(name, code, needle, ...)                                        \
    {                                                                         \
        name, code, needle,                                                   \
        {                                                                     \
            __VA_ARGS__                                                       \
        }                                                                     \
    }

/* Where the REST API is found, and what a login is told about itself. */
static const struct {
    const char *name;
    enum error_code code;
    const char *needle; /* in the error, or of a request that must come */
    struct fault_answer answer[SCRIPT_MAX];
} check_case[] = {
    CHECK("link of the home page", ERROR_NONE, "GET /api/wp/v2" ME,
          ANSWER_HEAD("HEAD / ", 200, LINK("http://127.0.0.1/api/"), ""),
          ANSWER("GET /api/wp/v2" ME, 200, CAPABLE)),
    CHECK("second of two links, plain permalinks", ERROR_NONE,
          "rest_route=/wp/v2/users/me&context=edit",
          ANSWER_HEAD(
              "HEAD / ", 200,
              "Link: </feed>; rel=\"alternate\"\r\nLink: <https://127.0.0.1/"
              "index.php?rest_route=/>; rel=\"https://api.w.org/\"\r\n",
              ""),
          ANSWER("GET /index.php?rest_route=/wp/v2/users/me&context=edit", 200,
                 CAPABLE)),
    CHECK("home page moved", ERROR_NONE, "GET /api/wp/v2" ME,
          ANSWER_HEAD("HEAD / ", 302, "Location: /de/\r\n", ""),
          ANSWER_HEAD("HEAD /de/ ", 200, LINK("http://127.0.0.1/api"), ""),
          ANSWER("GET /api/wp/v2" ME, 200, CAPABLE)),
    CHECK("no link", ERROR_NONE, "GET /wp-json/wp/v2" ME, ROOT,
          ANSWER(ME, 200, CAPABLE)),
    CHECK("home page out of order", ERROR_NONE, "GET /wp-json/wp/v2" ME,
          ANSWER_HEAD("HEAD ", 503, "Retry-After: 60\r\n", ""), ROOT,
          ANSWER(ME, 200, CAPABLE)),
    CHECK(
        "plain permalinks without a link", ERROR_NONE,
        "GET /?rest_route=/wp/v2/users/me&context=edit",
        ANSWER("GET /wp-json/", 404, "<html>"),
        ANSWER("GET /?rest_route=/ ", 200, "{\"namespaces\":[\"wp/v2\"]}"),
        ANSWER("GET /?rest_route=/wp/v2/users/me&context=edit", 200, CAPABLE)),
    CHECK("link to another host", ERROR_CONFIG, "b.example",
          ANSWER_HEAD("HEAD / ", 200, LINK("http://b.example/wp-json/"), "")),
    CHECK("not WordPress", ERROR_SITE, "instead of JSON",
          ANSWER("GET", 200, "<html>")),
    CHECK("other JSON", ERROR_SITE, "not as WordPress",
          ANSWER("GET", 200, "{}")),
    CHECK("nothing there", ERROR_SITE, "no REST API",
          ANSWER("GET", 404, "none")),
    CHECK("gone", ERROR_SITE_GONE, "no answer",
          ANSWER_FAULT(NULL, FAULT_DROP, 0)),
    CHECK("garbage", ERROR_SITE, "instead of JSON",
          ANSWER("GET", 200, "{\"namespaces\":[")),
    CHECK("wrong password", ERROR_SITE, "Authorization header",
          ANSWER("GET /wp-json/ ", 200,
                 "{\"namespaces\":[\"wp/v2\"],\"authentication\":{"
                 "\"application-passwords\":{}}}"),
          ANSWER(ME, 401, CODE("rest_not_logged_in"))),
    CHECK("no application passwords", ERROR_SITE,
          "https (or WP_ENVIRONMENT_TYPE",
          ANSWER("GET /wp-json/ ", 200,
                 "{\"namespaces\":[\"wp/v2\"],\"authentication\":[]}"),
          ANSWER(ME, 401, CODE("rest_not_logged_in"))),
    CHECK("password of the web server", ERROR_SITE, "before WordPress", ROOT,
          ANSWER(ME, 401, "<html>")),
    CHECK("author only", ERROR_SITE, "moderate_comments", ROOT,
          ANSWER(ME, 200,
                 "{\"id\":3,\"capabilities\":{\"edit_posts\":true,"
                 "\"moderate_comments\":false}}")),
    CHECK("cannot edit others'", ERROR_SITE, "edit_others_posts", ROOT,
          ANSWER(ME, 200,
                 "{\"id\":3,\"capabilities\":{\"edit_posts\":true,"
                 "\"moderate_comments\":true}}")),
    CHECK("firewall", ERROR_SITE, "firewall", ROOT,
          ANSWER("/wp/v2/", 403, "<html>")),
    CHECK("forbidden", ERROR_SITE, "Editor", ROOT,
          ANSWER("/wp/v2/", 403, CODE("rest_forbidden"))),
    CHECK("users hidden by a plugin", ERROR_NONE, "status=hold", ROOT,
          ANSWER(ME, 404, CODE("rest_no_route")),
          ANSWER("/wp/v2/comments?", 200, "[]")),
    CHECK("REST switched off", ERROR_SITE, "switched", ROOT,
          ANSWER("/wp/v2/", 404, CODE("rest_no_route"))),
    CHECK("login page", ERROR_SITE, "instead of JSON", ROOT,
          ANSWER(ME, 200, "<html>")),
    CHECK("conflict", ERROR_SITE, "status 409 x", ROOT,
          ANSWER(ME, 409, CODE("x"))),
    CHECK("overloaded", ERROR_SITE_GONE, "503", ROOT,
          ANSWER(ME, 503, "<html>")),
    CHECK("redirected away", ERROR_SITE, "evil.example", ROOT,
          ANSWER_HEAD(ME, 302, "Location: https://evil.example/\r\n", "")),
};

START_TEST(test_wordpress_check)
{
    enum error_code code;

    start(check_case[_i].answer, script_nr(check_case[_i].answer));
    code = site_check(site, &err);
    ck_assert_msg(code == check_case[_i].code, "%s: %d %s",
                  check_case[_i].name, code, err.text);
    if (code)
        ck_assert_msg(strstr(err.text, check_case[_i].needle), "%s: %s",
                      check_case[_i].name, err.text);
    else
        ck_assert_msg(fault_server_hits(server, check_case[_i].needle),
                      "%s: no %s", check_case[_i].name, check_case[_i].needle);
    ck_assert_ptr_null(strstr(err.text, "cret"));
    /* The login is for wp/v2 and what is beside it, not to find the way. */
    ck_assert_uint_eq(fault_server_hits(server, "Authorization"),
                      fault_server_hits(server, "wp/v2/") +
                          fault_server_hits(server, "_fields=namespaces"));
}
END_TEST

#define PAGES(nr) "X-WP-TotalPages: " nr "\r\n"
#define LIST "_fields=id,type"

/* The whole walk, as ids with a space after each. */
static enum error_code walk(char ids[4096], size_t *total, size_t *garbled)
{
    enum error_code rc = site_queue(site, total, &err);
    struct site_page page = { NULL, 1 };
    size_t len = 0;

    *garbled = 0;
    ids[0] = '\0';
    while (!rc && page.nr) {
        rc = site_queue_next(site, &arena, &page, garbled, &err);
        for (size_t i = 0; i < page.nr && !rc; i++)
            len += (size_t)snprintf(ids + len, 4096 - len, "%.*s ",
                                    SPAN_ARG(page.comment[i].id));
    }
    return rc;
}

#define WALK(name, code, total, ids, garbled, ...)                            \
    {                                                                         \
        name, code, total, ids, garbled,                                      \
        {                                                                     \
            __VA_ARGS__                                                       \
        }                                                                     \
    }

static const struct {
    const char *name;
    enum error_code code;
    size_t total;
    const char *ids;
    size_t garbled;
    struct fault_answer answer[SCRIPT_MAX];
} walk_case[] = {
    WALK("empty", ERROR_NONE, 0, "", 0, ROOT,
         ANSWER_HEAD(LIST, 200, PAGES("0"), "[]")),
    WALK("three pages, in no order, one row twice, a note", ERROR_NONE, 3,
         "1 2 4 ", 0, ROOT,
         ANSWER_HEAD("&offset=0&", 200, PAGES("3"), "[{\"id\":2},{\"id\":1}]"),
         ANSWER_HEAD("&offset=100&", 200, PAGES("3"),
                     "[{\"id\":2},{\"id\":5,\"type\":\"note\"}]"),
         ANSWER_HEAD("&offset=200&", 200, PAGES("3"), "[{\"id\":4}]"),
         ANSWER("include=1,2,4&", 200,
                "[" ROW("1", "") "," ROW("2", "") "," ROW("4", "") "]")),
    WALK("no header tells how many pages", ERROR_NONE, 1, "1 ", 0, ROOT,
         ANSWER("&offset=0&", 200, "[{\"id\":1}]"), ANSWER(LIST, 200, "[]"),
         ANSWER("include=1&", 200, "[" ROW("1", "") "]")),
    WALK("an empty page in the middle, whose rows are hidden", ERROR_NONE, 1,
         "1 ", 0, ROOT,
         ANSWER_HEAD("&offset=0&", 200,
                     "X-WP-TotalPages: 3\r\nX-WP-Total: 7\r\n", "[]"),
         ANSWER_HEAD("&offset=100&", 200, PAGES("3"), "[]"),
         ANSWER_HEAD("&offset=200&", 200, PAGES("3"), "[{\"id\":1}]"),
         ANSWER("include=1&", 200, "[" ROW("1", "") "]")),
    WALK("moderated meanwhile", ERROR_NONE, 2, "", 0, ROOT,
         ANSWER_HEAD(LIST, 200, PAGES("1"), "[{\"id\":1},{\"id\":2}]"),
         ANSWER("include=1,2&", 200, "[]")),
    WALK("garbled rows", ERROR_NONE, 1, "1 ", 3, ROOT,
         ANSWER_HEAD(LIST, 200, PAGES("1"),
                     "[{\"id\":1},7,{\"id\":\"x\"},{\"id\":-3}]"),
         ANSWER(
             "include=1&", 200,
             "[7,{\"id\":2},{\"id\":3,\"author_name\":[]}," ROW("1", "") "]")),
    /* The site dies over row 2, or answers nonsense: the others still come. */
    WALK("a row that kills WordPress", ERROR_NONE, 3, "1 3 ", 1, ROOT,
         ANSWER_HEAD(LIST, 200, PAGES("1"),
                     "[{\"id\":1},{\"id\":2},{\"id\":3}]"),
         ANSWER("include=1&", 200, "[" ROW("1", "") "]"),
         ANSWER("include=3&", 200, "[" ROW("3", "") "]"),
         ANSWER("include=9&", 200, "[]"),
         ANSWER("include=", 500, CODE("internal_server_error"))),
    WALK("a row that kills WordPress even when listed", ERROR_NONE, 1, "2 ", 1,
         ROOT, ANSWER("per_page=1&offset=1&", 200, "[{\"id\":2}]"),
         ANSWER("&offset=0&", 500, CODE("internal_server_error")),
         ANSWER(LIST, 200, "[]"),
         ANSWER("include=2&", 200, "[" ROW("2", "") "]"),
         ANSWER("include=9&", 200, "[]")),
    WALK("a byte order mark before every answer", ERROR_NONE, 1, "1 ", 0, ROOT,
         ANSWER_HEAD(LIST, 200, PAGES("1"), "\xef\xbb\xbf[{\"id\":1}]"),
         ANSWER("include=1&", 200,
                "\xef\xbb\xbf\xef\xbb\xbf\n[" ROW("1", "") "]")),
    WALK("a row whose answer is no JSON", ERROR_NONE, 2, "1 ", 1, ROOT,
         ANSWER_HEAD(LIST, 200, PAGES("1"), "[{\"id\":1},{\"id\":2}]"),
         ANSWER("include=1&", 200, "[" ROW("1", "") "]"),
         ANSWER("include=9&", 200, "[]"),
         ANSWER("include=", 200, "[{\"id\":2,")),
    WALK("all answers nonsense", ERROR_SITE, 4, "", 2, ROOT,
         ANSWER_HEAD(LIST, 200, PAGES("1"),
                     "[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4}]"),
         ANSWER("include=", 200, "<html>")),
    WALK("the database is down", ERROR_SITE_GONE, 2, "", 0, ROOT,
         ANSWER_HEAD(LIST, 200, PAGES("1"), "[{\"id\":1},{\"id\":2}]"),
         ANSWER("include=", 500, CODE("wp_die"))),
    WALK("login lost", ERROR_SITE, 0, "", 0, ROOT,
         ANSWER(LIST, 401, CODE("rest_x"))),
};

START_TEST(test_wordpress_walk)
{
    char ids[4096];
    size_t garbled;
    size_t total;
    enum error_code code;

    start(walk_case[_i].answer, script_nr(walk_case[_i].answer));
    code = walk(ids, &total, &garbled);
    ck_assert_msg(code == walk_case[_i].code, "%s: %d %s", walk_case[_i].name,
                  code, err.text);
    ck_assert_msg(total == walk_case[_i].total, "%s: total %zu",
                  walk_case[_i].name, total);
    ck_assert_str_eq(ids, walk_case[_i].ids);
    ck_assert_msg(garbled == walk_case[_i].garbled, "%s: garbled %zu",
                  walk_case[_i].name, garbled);
}
END_TEST

/* "[{"id":1},{"id":2},...]", what is listed of so many comments. */
static const char *listed(size_t nr)
{
    const char *list = "[";

    for (size_t i = 1; i <= nr; i++)
        list =
            arena_printf(&arena, "%s%s{\"id\":%zu}", list, i > 1 ? "," : "", i)
                .ptr;
    return arena_printf(&arena, "%s]", list).ptr;
}

#define FIRST "[" ROW("1", "") "]"
#define SECOND "[" ROW("101", "") "]"
#define THIRD "[" ROW("201", "") "]"

/* Three lists are one page. One that fails ends it, and is asked for anew. */
START_TEST(test_wordpress_lists)
{
    const struct fault_answer fine[] = {
        ROOT,
        ANSWER_HEAD(LIST, 200, PAGES("1"), listed(250)),
        { "include=1,2,", 200, NULL, FIRST, FAULT_SLOW, 0 },
        { "include=101,", 200, NULL, SECOND, FAULT_SLOW, 0 },
        ANSWER("include=201,", 200, THIRD),
        ANSWER("include=9&", 200, "[]"),
    };
    const struct fault_answer dies[] = {
        ROOT,
        ANSWER_HEAD(LIST, 200, PAGES("1"), listed(250)),
        ANSWER("include=1,2,", 200, FIRST),
        { "include=101,", 500, NULL, CODE("internal_server_error"), 0, 2 },
        ANSWER("include=101,", 200, SECOND),
        ANSWER(",201,", 200, THIRD),
        ANSWER("include=", 200, "[]"),
    };
    struct site_page page;
    char ids[4096];
    size_t garbled = 0;
    size_t total;

    start(_i ? dies : fine, _i ? NR(dies) : NR(fine));
    if (_i) {
        ck_assert(!walk(ids, &total, &garbled));
        ck_assert_str_eq(ids, "1 101 201 ");
        ck_assert_uint_eq(total, 250);
        return;
    }
    ck_assert(!site_queue(site, &total, &err));
    ck_assert(!site_queue_next(site, &arena, &page, &garbled, &err));
    ck_assert_uint_eq(page.nr, 3);
    ck_assert(span_eq(page.comment[2].id, SPAN_LIT("201")));
    ck_assert_uint_eq(fault_server_at_once(server), 2);
}
END_TEST

/* Post 9 is a post, 8 a page, 7 nothing we may read; 5 answers 6. */
START_TEST(test_wordpress_context)
{
    const struct fault_answer script[] = {
        ROOT,
        ANSWER_HEAD(LIST, 200, PAGES("1"),
                    "[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":5}]"),
        { "include=1,2,3,5&", 200, NULL,
          "[" ROW("1", "") "," ROW("2", ",\"post\":8") "," ROW(
              "3", ",\"post\":7") "," ROW("5", ",\"parent\":6") "]",
          0, 0 },
        ANSWER(
            "/wp/v2/posts?include=9,8,7&", 200,
            "[{\"id\":9,\"title\":{\"raw\":\"T\"},\"content\":{\"raw\":\"C\"},"
            "\"date_gmt\":\"2024-01-02T03:04:05\"}]"),
        ANSWER("/wp/v2/pages?include=8,7&", 200,
               "[{\"id\":8,\"title\":{\"rendered\":\"P\"}}]"),
        ANSWER("/wp/v2/comments?include=6&", 200,
               "[{\"id\":6,\"content\":{\"raw\":\"parent\"}}]"),
    };
    struct site_page page;
    size_t garbled = 0;
    size_t total;

    start(script, NR(script));
    for (int round = 0; round < 2; round++) {
        ck_assert(!site_queue(site, &total, &err));
        ck_assert(!site_queue_next(site, &arena, &page, &garbled, &err));
        ck_assert_uint_eq(page.nr, 4);
        ck_assert(span_eq(page.comment[0].post_title, SPAN_LIT("T")));
        ck_assert(span_eq(page.comment[0].post_text, SPAN_LIT("C")));
        ck_assert(span_eq(page.comment[0].text, SPAN_LIT("t1")));
        ck_assert(span_eq(page.comment[0].site, SPAN_LIT("blog")));
        ck_assert(span_eq(page.comment[0].status, SPAN_LIT("hold")));
        ck_assert_uint_eq(page.comment[0].parent_text.len, 0);
        ck_assert(span_eq(page.comment[1].post_title, SPAN_LIT("P")));
        ck_assert_uint_eq(page.comment[2].post_title.len, 0);
        ck_assert(span_eq(page.comment[3].post_title, SPAN_LIT("T")));
        ck_assert(span_eq(page.comment[3].parent_text, SPAN_LIT("parent")));
    }
    /* Posts are remembered, even those that could not be read. */
    ck_assert_uint_eq(fault_server_hits(server, "/wp/v2/posts"), 1);
    ck_assert_uint_eq(fault_server_hits(server, "/wp/v2/pages"), 1);
}
END_TEST

START_TEST(test_wordpress_walk_stop)
{
    const struct fault_answer script[] = {
        ROOT,
        ANSWER_HEAD(LIST, 200, PAGES("1"), "[{\"id\":1}]"),
        ANSWER_FAULT("include=1&", FAULT_HANG, 0),
    };
    char ids[4096];
    size_t garbled;
    size_t total;

    start(script, NR(script));
    fault_server_flag(server, "include=1&", &stop);
    ck_assert(!walk(ids, &total, &garbled));
    ck_assert_str_eq(ids, "");
    ck_assert(!walk(ids, &total, &garbled));
    ck_assert_uint_eq(total, 0);
}
END_TEST

Suite *wordpress_suite(void)
{
    Suite *s = suite_create("wordpress");
    TCase *tc = tcase_create("wordpress");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_wordpress_open, 0, NR(open_case));
    tcase_add_loop_test(tc, test_wordpress_check, 0, NR(check_case));
    tcase_add_loop_test(tc, test_wordpress_walk, 0, NR(walk_case));
    tcase_add_loop_test(tc, test_wordpress_lists, 0, 2);
    tcase_add_test(tc, test_wordpress_context);
    tcase_add_test(tc, test_wordpress_walk_stop);
    suite_add_tcase(s, tc);
    return s;
}
