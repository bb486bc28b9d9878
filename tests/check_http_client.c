#include "site/http_client.h"

#include "base/arena.h"
#include "base/clock.h"
#include "site/http_url.h"
#include "support/fault_server.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define ANSWER_MAX 4096

static struct fault_server *server;
static struct http_client *client;
static struct http_exchange ex;
static struct error err;
static struct arena arena;
static volatile bool stop;
static bool turn_ended;

static bool turn_over(void *context)
{
    return *(bool *)context;
}

static const struct turn turn = { .over = turn_over, .context = &turn_ended };

static const struct http_options options = {
    .user = { "editor", 6 },
    .password = { "se cret", 7 },
    .timeout_s = 1,
    .in_flight = 4,
    .retries = 2,
    .backoff_ms = 10,
    .stop = &stop,
    .turn = &turn,
};

static void setup(void)
{
    stop = false;
    turn_ended = false;
    err = (struct error){ ERROR_NONE, "" };
    arena_init(&arena);
    http_exchange_init(&ex, ANSWER_MAX);
    ck_assert(!http_client_new(&client, &options, &err));
}

static void teardown(void)
{
    http_exchange_release(&ex);
    http_client_free(client);
    if (server)
        fault_server_stop(server);
    server = NULL;
    arena_release(&arena);
}

static struct span url_of(const char *path)
{
    return arena_printf(&arena, "%s%s", fault_server_url(server), path);
}

static enum error_code fetch(const char *path)
{
    ex.url = url_of(path);
    return http_fetch(client, &ex, &err);
}

#define ANSWERED(name, code, status, hits, ...)                               \
    {                                                                         \
        name, code, status, hits,                                             \
        {                                                                     \
            __VA_ARGS__                                                       \
        }                                                                     \
    }

/* What a site may answer, how often we ask, and what we make of it. */
static const struct {
    const char *name;
    enum error_code code;
    long status;
    size_t hits;
    struct fault_answer answer[2];
} answer_case[] = {
    ANSWERED("fine", ERROR_NONE, 200, 1, ANSWER(NULL, 200, "{}")),
    ANSWERED("401", ERROR_NONE, 401, 1, ANSWER(NULL, 401, "{}")),
    ANSWERED("403", ERROR_NONE, 403, 1, ANSWER(NULL, 403, "no")),
    ANSWERED("404", ERROR_NONE, 404, 1, ANSWER(NULL, 404, "no")),
    ANSWERED("409", ERROR_NONE, 409, 1, ANSWER(NULL, 409, "{}")),
    ANSWERED("see other", 0, 303, 1,
             ANSWER_HEAD(NULL, 303, "Location: /x\r\n", "")),
    ANSWERED("429 once", ERROR_NONE, 200, 2, ANSWER_ONCE(NULL, 429, "no"),
             ANSWER(NULL, 200, "{}")),
    ANSWERED("500", ERROR_SITE_GONE, 500, 3, ANSWER(NULL, 500, "<h1>")),
    ANSWERED("502", ERROR_SITE_GONE, 502, 3, ANSWER(NULL, 502, "<h1>")),
    ANSWERED("503", ERROR_SITE_GONE, 503, 3, ANSWER(NULL, 503, "<h1>")),
    ANSWERED("504", ERROR_SITE_GONE, 504, 3, ANSWER(NULL, 504, "<h1>")),
    ANSWERED("503 twice", ERROR_NONE, 200, 3, { NULL, 503, NULL, "no", 0, 2 },
             ANSWER(NULL, 200, "{}")),
    ANSWERED("cut", ERROR_NONE, 200, 2, ANSWER_FAULT(NULL, FAULT_CUT, 1),
             ANSWER(NULL, 200, "{}")),
    ANSWERED("dropped", ERROR_SITE_GONE, 0, 3,
             ANSWER_FAULT(NULL, FAULT_DROP, 0)),
    ANSWERED("hangs once", ERROR_NONE, 200, 2,
             ANSWER_FAULT(NULL, FAULT_HANG, 1), ANSWER(NULL, 200, "{}")),
    ANSWERED("redirect here", ERROR_NONE, 200, 2,
             ANSWER_HEAD("GET /a ", 301, "Location: /b\r\n", ""),
             ANSWER("GET /b ", 200, "{}")),
    ANSWERED("redirect away", ERROR_SITE, 302, 1,
             ANSWER_HEAD(NULL, 302, "Location: http://127.0.0.2/b\r\n", "")),
    ANSWERED("redirect to another port", ERROR_SITE, 302, 1,
             ANSWER_HEAD(NULL, 302, "Location: http://127.0.0.1:1/b\r\n", "")),
    ANSWERED("redirect to a file", ERROR_SITE, 302, 1,
             ANSWER_HEAD(NULL, 302, "Location: file:///etc/passwd\r\n", "")),
    ANSWERED("redirect in a ring", ERROR_SITE, 308, HTTP_REDIRECTS_MAX + 1,
             ANSWER_HEAD(NULL, 308, "Location: /a\r\n", "")),
};

START_TEST(test_http_client_answer)
{
    enum error_code code;

    server = fault_server_start(answer_case[_i].answer, 2);
    ex.login = true;
    code = fetch("/a");
    ck_assert_msg(code == answer_case[_i].code, "%s: %d %s",
                  answer_case[_i].name, code, err.text);
    ck_assert_int_eq(ex.error.code, code);
    ck_assert_msg(ex.status == answer_case[_i].status, "%s: status %ld",
                  answer_case[_i].name, ex.status);
    ck_assert_msg(fault_server_hits(server, "") == answer_case[_i].hits,
                  "%s: %zu requests", answer_case[_i].name,
                  fault_server_hits(server, ""));
    ck_assert_ptr_null(strstr(err.text, "cret"));
    if (code)
        ck_assert_ptr_nonnull(strstr(err.text, "127.0.0.1"));
}
END_TEST

START_TEST(test_http_client_refused_connection)
{
    ex.url = SPAN_LIT("http://127.0.0.1:1/x?secret=1");
    ck_assert_int_eq(http_fetch(client, &ex, &err), ERROR_SITE_GONE);
    ck_assert_uint_eq(ex.failed, 3);
    ck_assert_ptr_nonnull(strstr(err.text, "http://127.0.0.1:1/x:"));
}
END_TEST

START_TEST(test_http_client_sends)
{
    const struct fault_answer script[] = {
        ANSWER(NULL, 200, "{}"),
    };

    server = fault_server_start(script, NR(script));
    ck_assert(!fetch("/open"));
    ck_assert_uint_eq(fault_server_hits(server, "Authorization"), 0);

    ex.method = HTTP_POST;
    ex.body = SPAN_LIT("{\"status\":\"spam\"}");
    ex.login = true;
    ex.webhook = true;
    ck_assert(!fetch("/write"));
    /* "editor:se cret" */
    ck_assert_uint_eq(
        fault_server_hits(server, "Authorization: Basic ZWRpdG9yOnNlIGNyZXQ="),
        1);
    ck_assert_uint_eq(fault_server_hits(server, "X-Akismet-Webhook: 1\r\n"),
                      1);
    ck_assert_uint_eq(
        fault_server_hits(server, "Content-Type: application/json\r\n"), 1);
    ck_assert_uint_eq(
        fault_server_hits(server, "\r\n\r\n{\"status\":\"spam\"}"), 1);
    ck_assert_uint_eq(fault_server_hits(server, "User-Agent"), 0);
    ck_assert_uint_eq(fault_server_hits(server, "Expect"), 0);
    ck_assert_uint_eq(
        fault_server_hits(server, "Accept: application/json\r\n"), 2);
}
END_TEST

/* A redirect must not turn a write into a read that does nothing. */
START_TEST(test_http_client_redirected_write)
{
    const struct fault_answer script[] = {
        ANSWER_HEAD("POST /a ", 301, "Location: /b\r\n", ""),
        ANSWER("POST /b ", 200, "{}"),
    };

    server = fault_server_start(script, NR(script));
    ex.method = HTTP_POST;
    ex.body = SPAN_LIT("{\"x\":1}");
    ex.login = true;
    ck_assert(!fetch("/a"));
    ck_assert_int_eq(ex.status, 200);
    ck_assert_uint_eq(fault_server_hits(server, "{\"x\":1}"), 2);
    ck_assert_uint_eq(fault_server_hits(server, "Authorization"), 2);
}
END_TEST

static const struct {
    const char *url;
    bool login;
    enum error_code code;
} plain_case[] = {
    { "http://192.0.2.1/", true, ERROR_CONFIG },
    { "http://127.0.0.1.example/", true, ERROR_CONFIG },
    { "ftp://127.0.0.1/", false, ERROR_CONFIG },
    { "http://u:pw@127.0.0.1/", false, ERROR_CONFIG },
    { "nonsense", false, ERROR_CONFIG },
    { "", false, ERROR_CONFIG },
};

START_TEST(test_http_client_refuses)
{
    ex.url = span_str(plain_case[_i].url);
    ex.login = plain_case[_i].login;
    ck_assert_int_eq(http_fetch(client, &ex, &err), plain_case[_i].code);
    ck_assert_uint_eq(ex.failed, 0);
    ck_assert_ptr_null(strstr(err.text, "pw"));
}
END_TEST

START_TEST(test_http_client_ceiling)
{
    static char large[ANSWER_MAX + 2];
    struct fault_answer script[] = {
        ANSWER("/large", 200, large),
        ANSWER("/exact", 200, large + 1),
    };

    memset(large, '<', sizeof(large) - 1);
    server = fault_server_start(script, NR(script));
    ck_assert_int_eq(fetch("/large"), ERROR_SITE);
    ck_assert_uint_eq(fault_server_hits(server, ""), 1);
    ck_assert(!fetch("/exact"));
    ck_assert_uint_eq(ex.answer.len, ANSWER_MAX);
}
END_TEST

START_TEST(test_http_client_once)
{
    const struct fault_answer script[] = {
        ANSWER_ONCE(NULL, 503, "no"),
        ANSWER(NULL, 200, "{}"),
    };

    server = fault_server_start(script, NR(script));
    ex.once = true;
    ck_assert_int_eq(fetch("/a"), ERROR_SITE_GONE);
    ck_assert_uint_eq(ex.failed, 1);
    ck_assert_uint_eq(fault_server_hits(server, ""), 1);
    ck_assert(!fetch("/a"));
}
END_TEST

START_TEST(test_http_client_retry_after)
{
    const struct fault_answer script[] = {
        { "/busy", 503, "Retry-After: 1\r\n", "no", 0, 1 },
        ANSWER(NULL, 200, "{}"),
    };
    struct http_exchange other;
    int64_t began = clock_steady_ms();

    server = fault_server_start(script, NR(script));
    ex.once = true;
    ck_assert_int_eq(fetch("/busy"), ERROR_SITE_GONE);

    /* It holds for everything, not only for what was answered with it. */
    http_exchange_init(&other, ANSWER_MAX);
    other.url = url_of("/other");
    ck_assert(!http_fetch(client, &other, &err));
    ck_assert_int_ge(clock_steady_ms() - began, 1000);
    http_exchange_release(&other);
}
END_TEST

static size_t done_nr;

static void count_done(struct http_exchange *done)
{
    ck_assert_int_eq(done->status, 200);
    done_nr++;
}

START_TEST(test_http_client_in_flight)
{
    const struct fault_answer script[] = {
        ANSWER_FAULT(NULL, FAULT_SLOW, 0),
    };
    struct http_exchange many[16];

    server = fault_server_start(script, NR(script));
    done_nr = 0;
    for (size_t i = 0; i < NR(many); i++) {
        http_exchange_init(&many[i], ANSWER_MAX);
        many[i].url = url_of("/slow");
        many[i].done = count_done;
        http_start(client, &many[i]);
    }
    http_run(client);
    ck_assert_uint_eq(done_nr, NR(many));
    ck_assert_uint_eq(fault_server_at_once(server), options.in_flight);
    for (size_t i = 0; i < NR(many); i++)
        http_exchange_release(&many[i]);
}
END_TEST

#define BODY_BYTES (100 << 10)
#define PUSHED_MS 2000

/* A site can't begin before it has all of a body. */
START_TEST(test_http_client_push)
{
    const struct fault_answer script[] = {
        ANSWER(NULL, 200, "{}"),
    };
    char *body = arena_alloc(&arena, BODY_BYTES);
    int64_t began;

    server = fault_server_start(script, NR(script));
    ck_assert(!fetch("/open"));
    memset(body, ' ', BODY_BYTES);
    body[BODY_BYTES - 1] = '7';
    ex.method = HTTP_POST;
    ex.body = (struct span){ body, BODY_BYTES };
    http_start(client, &ex);
    http_push(client);
    began = clock_steady_ms();
    while (!fault_server_hits(server, "POST"))
        ck_assert_int_lt(clock_steady_ms() - began, PUSHED_MS);
    http_wait(client, &ex);
    ck_assert_int_eq(ex.status, 200);
}
END_TEST

/* A reader that hangs, a wait for a retry, and what has not begun. */
static const struct fault_answer stop_case[] = {
    ANSWER_FAULT(NULL, FAULT_HANG, 0),
    ANSWER_HEAD(NULL, 503, "Retry-After: 50\r\n", ""),
};

START_TEST(test_http_client_stop)
{
    int64_t began = clock_steady_ms();
    struct http_exchange other;

    server = fault_server_start(&stop_case[_i], 1);
    fault_server_flag(server, "GET", &stop);
    http_exchange_init(&other, ANSWER_MAX);
    other.url = url_of("/b");
    http_start(client, &other);
    ck_assert_int_eq(fetch("/a"), ERROR_SITE_GONE);
    ck_assert_int_eq(other.error.code, ERROR_SITE_GONE);
    ck_assert_int_lt(clock_steady_ms() - began, 600);
    ck_assert(http_stopped(client));
    http_exchange_release(&other);
}
END_TEST

/* The outcome of a write in flight is worth a little patience. */
START_TEST(test_http_client_stop_spares_write)
{
    const struct fault_answer script[] = {
        ANSWER_FAULT(NULL, FAULT_SLOW, 0),
    };

    server = fault_server_start(script, NR(script));
    fault_server_flag(server, "POST", &stop);
    ex.method = HTTP_POST;
    ck_assert(!fetch("/a"));
    ck_assert_int_eq(ex.status, 200);
    ck_assert(stop);
}
END_TEST

static void end_turn(struct http_exchange *done)
{
    (void)done;
    turn_ended = true;
}

/* The first was on its way; the second is not sent. */
START_TEST(test_http_client_turn_ends)
{
    const struct fault_answer script[] = {
        ANSWER_FAULT(NULL, FAULT_SLOW, 0),
    };

    server = fault_server_start(script, NR(script));
    ex.method = HTTP_POST;
    ex.done = end_turn;
    ck_assert(!fetch("/a"));
    ck_assert_int_eq(fetch("/b"), ERROR_SITE_GONE);
    ck_assert_uint_eq(fault_server_hits(server, "/"), 1);
    ck_assert(http_stopped(client));
    ck_assert(!stop);
}
END_TEST

START_TEST(test_http_client_header)
{
    const struct fault_answer script[] = {
        ANSWER_HEAD(NULL, 200, "Link: <a>\r\nX-Y:  z \r\nlink:<b>\r\n", ""),
    };
    struct span value;
    size_t at = 0;

    server = fault_server_start(script, NR(script));
    ex.method = HTTP_HEAD;
    ck_assert(!fetch("/"));
    ck_assert(http_header(&ex, SPAN_LIT("Link"), &at, &value));
    ck_assert(span_eq(value, SPAN_LIT("<a>")));
    ck_assert(http_header(&ex, SPAN_LIT("Link"), &at, &value));
    ck_assert(span_eq(value, SPAN_LIT("<b>")));
    ck_assert(!http_header(&ex, SPAN_LIT("Link"), &at, &value));
    at = 0;
    ck_assert(http_header(&ex, SPAN_LIT("x-y"), &at, &value));
    ck_assert(span_eq(value, SPAN_LIT("z")));
}
END_TEST

START_TEST(test_http_client_ca_file)
{
    struct http_options broken = options;
    struct http_client *none = NULL;

    broken.ca_file = SPAN_LIT("/nonexistent/ca.pem");
    ck_assert_int_eq(http_client_new(&none, &broken, &err), ERROR_CONFIG);
    ck_assert_ptr_null(none);
    ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent/ca.pem"));
}
END_TEST

static const struct {
    const char *from;
    const char *to;
    bool may;
} follow_case[] = {
    { "https://a.example/", "https://A.example/x", true },
    { "http://a.example/", "https://a.example/", true },
    { "http://a.example:8080/", "https://a.example/", false },
    { "https://a.example/", "http://a.example/", false },
    { "https://a.example/", "https://b.example/", false },
    { "https://a.example/", "https://a.example:444/", false },
    { "https://a.example/", "https://a.example:443/", true },
    { "https://a.example/", "https://a.example.b.example/", false },
};

START_TEST(test_http_url_may_follow)
{
    struct http_url from;
    struct http_url to;

    ck_assert(
        !http_url_parse(&from, &arena, span_str(follow_case[_i].from), &err));
    ck_assert(
        !http_url_parse(&to, &arena, span_str(follow_case[_i].to), &err));
    ck_assert_int_eq(http_url_may_follow(&from, &to), follow_case[_i].may);
}
END_TEST

static const struct {
    const char *url;
    const char *text;
    bool loopback;
} url_case[] = {
    { "http://localhost", "http://localhost/", true },
    { "http://127.9.9.9:8080/a?b=c#d", "http://127.9.9.9:8080/a?b=c", true },
    { "http://[::1]:80/", "http://[::1]/", true },
    { "https://example.com:443", "https://example.com/", false },
    { "https://localhost.example/", "https://localhost.example/", false },
    { "http://1270.0.0.1.example/", "http://1270.0.0.1.example/", false },
};

START_TEST(test_http_url_text)
{
    struct http_url url;
    struct span text;

    ck_assert(!http_url_parse(&url, &arena, span_str(url_case[_i].url), &err));
    text = http_url_text(&arena, &url);
    ck_assert_str_eq(text.ptr, url_case[_i].text);
    ck_assert_int_eq(http_url_is_loopback(&url), url_case[_i].loopback);
}
END_TEST

Suite *http_client_suite(void)
{
    Suite *s = suite_create("http_client");
    TCase *tc = tcase_create("exchange");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 20);
    tcase_add_loop_test(tc, test_http_client_answer, 0, NR(answer_case));
    tcase_add_loop_test(tc, test_http_client_refuses, 0, NR(plain_case));
    tcase_add_loop_test(tc, test_http_client_stop, 0, NR(stop_case));
    tcase_add_test(tc, test_http_client_refused_connection);
    tcase_add_test(tc, test_http_client_sends);
    tcase_add_test(tc, test_http_client_redirected_write);
    tcase_add_test(tc, test_http_client_ceiling);
    tcase_add_test(tc, test_http_client_once);
    tcase_add_test(tc, test_http_client_retry_after);
    tcase_add_test(tc, test_http_client_in_flight);
    tcase_add_test(tc, test_http_client_push);
    tcase_add_test(tc, test_http_client_stop_spares_write);
    tcase_add_test(tc, test_http_client_turn_ends);
    tcase_add_test(tc, test_http_client_header);
    tcase_add_test(tc, test_http_client_ca_file);
    suite_add_tcase(s, tc);

    tc = tcase_create("url");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_http_url_may_follow, 0, NR(follow_case));
    tcase_add_loop_test(tc, test_http_url_text, 0, NR(url_case));
    suite_add_tcase(s, tc);
    return s;
}
