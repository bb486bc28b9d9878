#include "server/http_server.h"

#include "base/clock.h"
#include "support/raw_client.h"

#include <check.h>
#include <pthread.h>

static struct http_server *server;
static struct meter meter;
static struct buf answer;
static char where[32];
static int port;

/* Says back what it was asked. */
static void echo(void *context, struct http_request *request,
                 struct http_answer *reply)
{
    (void)context;
    reply->status = 200;
    reply->body =
        arena_printf(request->arena, "%.*s %.*s|%.*s|%.*s|%.*s|%.*s",
                     SPAN_ARG(request->method), SPAN_ARG(request->path),
                     SPAN_ARG(request->query), SPAN_ARG(request->tail),
                     SPAN_ARG(request->client), SPAN_ARG(request->body));
    http_answer_header(
        reply, "X-Host",
        arena_dup(request->arena, http_request_header(request, "host")));
}

static void *answer_later(void *context)
{
    struct http_request *request = context;
    struct timespec pause = { 0, 50000000L };
    struct http_answer reply = { .status = 202, .body = SPAN_LIT("late") };

    nanosleep(&pause, NULL);
    http_request_resume(request, &reply);
    return NULL;
}

static void later(void *context, struct http_request *request,
                  struct http_answer *reply)
{
    pthread_t thread;

    (void)context;
    reply->status = 500; /* ignored */
    http_request_suspend(request);
    ck_assert_int_eq(pthread_create(&thread, NULL, answer_later, request), 0);
    pthread_detach(thread);
}

/* Answers before the handler is done with suspending. */
static void at_once(void *context, struct http_request *request,
                    struct http_answer *reply)
{
    struct http_answer real = { .status = 201, .body = SPAN_LIT("at once") };

    (void)context;
    (void)reply;
    http_request_suspend(request);
    http_request_resume(request, &real);
}

static void nothing(void *context, struct http_request *request,
                    struct http_answer *reply)
{
    (void)context;
    (void)request;
    (void)reply;
}

static const struct http_route route[] = {
    { .method = "GET", .path = "/get", .handler = echo, .door = METER_OPS },
    { .method = "POST",
      .path = "/hook/*",
      .handler = echo,
      .door = METER_HOOK },
    { .method = "POST", .path = "/small", .handler = echo, .body_max = 10 },
    { .method = "POST", .path = "/later", .handler = later },
    { .method = "POST", .path = "/once", .handler = at_once },
    { .method = "GET", .path = "/nothing", .handler = nothing },
    { .method = "GET", .path = "/free", .handler = echo, .unlimited = true },
    { .method = NULL },
};

static void start(const struct http_server_options *more)
{
    struct http_server_options options = *more;
    struct error err;

    memset(&meter, 0, sizeof(meter));
    port = raw_free_port();
    snprintf(where, sizeof(where), "127.0.0.1:%d", port);
    options.listen = span_str(where);
    options.route = route;
    options.meter = &meter;
    ck_assert_msg(!http_server_start(&server, &options, &err), "%s", err.text);
}

static void setup(void)
{
    struct http_server_options options = { .threads = 2, .body_max = 1000 };

    buf_init(&answer, RAW_ANSWER_MAX);
    start(&options);
}

static void teardown(void)
{
    http_server_stop(server);
    buf_release(&answer);
}

static int ask(const char *request)
{
    return raw_ask(port, span_str(request), &answer);
}

static void must_have(const char *part)
{
    ck_assert_msg(span_find(buf_span(&answer), span_str(part)) < answer.len,
                  "no '%s' in: %s", part, answer.ptr);
}

#define H "Host: a.example\r\n"

static const struct {
    const char *request;
    int status;
    const char *part;
} exchange_case[] = {
    { "GET /get HTTP/1.1\r\n" H "\r\n", 200, "GET /get|||127.0.0.1|" },
    { "GET /get?a=%20&b HTTP/1.1\r\n" H "\r\n", 200, "GET /get|a=%20&b||" },
    { "GET /get HTTP/1.1\r\n" H "\r\n", 200, "X-Host: a.example" },
    { "HEAD /get HTTP/1.1\r\n" H "\r\n", 200, "Content-Length: " },
    { "GET /get HTTP/1.0\r\n\r\n", 200, "GET /get|||" },
    { "POST /hook/blog HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc", 200,
      "|blog|127.0.0.1|abc" },
    { "POST /hook/ HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", 200,
      "POST /hook/|||127.0.0.1|" },
    { "POST /hook/x HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
      200, "|x|127.0.0.1|abcdefg" },
    { "POST /small HTTP/1.1\r\n" H "Content-Length: 10\r\n\r\n1234567890", 200,
      "|1234567890" },
    { "POST /small HTTP/1.1\r\n" H "Content-Length: 11\r\n\r\n12345678901",
      413, "10 bytes at most" },
    { "POST /small HTTP/1.1\r\n" H "Expect: 100-continue\r\n"
      "Content-Length: 1100\r\n\r\n",
      413, "too_large" },
    { "POST /small HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
      "6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n",
      413, "too_large" },
    { "POST /later HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", 202, "late" },
    { "POST /once HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", 201,
      "at once" },
    { "GET /nothing HTTP/1.1\r\n" H "\r\n", 500, "see its log" },
    { "GET /none HTTP/1.1\r\n" H "\r\n", 404, "no_such_path" },
    { "GET /getx HTTP/1.1\r\n" H "\r\n", 404, "no_such_path" },
    { "PUT /get HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", 405,
      "Allow: GET" },
    { "GET /hook/x HTTP/1.1\r\n" H "\r\n", 405, "Allow: POST" },
    { "POST /hook/x HTTP/1.1\r\n" H "Content-Length: 3\r\n"
      "Content-Length: 3\r\n\r\nabc",
      400, "header_twice" },
    { "POST /hook/x HTTP/1.1\r\n" H "webhook-id: a\r\nWebhook-ID: b\r\n"
      "Content-Length: 0\r\n\r\n",
      400, "header_twice" },
    { "POST /hook/x HTTP/1.1\r\n" H H "Content-Length: 0\r\n\r\n", 400,
      "header_twice" },
    { "POST /hook/x HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n"
      "Content-Length: 3\r\n\r\n0\r\n\r\n",
      400, "two_lengths" },
    { "GET /get HTTP/1.1\r\n\r\n", 400, "" },
    { "POST /hook/x HTTP/1.1\r\n" H "Content-Length: x\r\n\r\n", 400, "" },
    { "POST /hook/x HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\n", 400, "" },
    { "\xff\xfe\xfd\r\n\r\n", 0, "" }, /* only closed */
    { "GET /get\xc3 HTTP/1.1\r\n" H "\r\n", 404, "no_such_path" },
};

START_TEST(test_http_server_exchange)
{
    int status = ask(exchange_case[_i].request);

    ck_assert_msg(status == exchange_case[_i].status, "%s: %d: %s",
                  exchange_case[_i].request, status, answer.ptr);
    if (status)
        must_have(exchange_case[_i].part);
}
END_TEST

/* Fed byte by byte, whole requests are answered alike. */
START_TEST(test_http_server_byte_by_byte)
{
    struct span request = span_str("POST /hook/blog HTTP/1.1\r\n" H
                                   "Content-Length: 3\r\n\r\nabc");
    int fd = raw_connect(port);

    for (size_t i = 0; i < request.len; i++)
        raw_send(fd, span_cut(request, i, i + 1));
    raw_receive(fd, &answer);
    close(fd);
    ck_assert_int_eq(raw_status(&answer), 200);
    must_have("|blog|127.0.0.1|abc");
}
END_TEST

/* Nothing of one request is left for the next on the same connection. */
START_TEST(test_http_server_kept_connection)
{
    static const char *const request[] = {
        "POST /hook/a HTTP/1.1\r\n" H "Content-Length: 4\r\n\r\nlong",
        "POST /later HTTP/1.1\r\n" H "Content-Length: 4\r\n\r\nlong",
        "POST /hook/b?q HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n",
    };
    static const char *const part[] = { "||a|127.0.0.1|long", "late",
                                        "/hook/b|q|b|127.0.0.1|" };
    int fd = raw_connect(port);

    for (size_t i = 0; i < sizeof(request) / sizeof(request[0]); i++) {
        raw_send(fd, span_str(request[i]));
        raw_receive(fd, &answer);
        ck_assert_int_eq(raw_status(&answer) / 100, 2);
        must_have(part[i]);
        ck_assert(!span_ends(buf_span(&answer), SPAN_LIT("|long")) || !i);
    }
    close(fd);
}
END_TEST

START_TEST(test_http_server_head_too_large)
{
    struct buf request;
    int status;

    buf_init(&request, RAW_ANSWER_MAX);
    buf_add(&request, SPAN_LIT("GET /get HTTP/1.1\r\n" H "X: "));
    for (size_t i = 0; i < 2 * HTTP_SERVER_HEAD_MAX; i++)
        buf_add_char(&request, 'x');
    buf_add(&request, SPAN_LIT("\r\n\r\n"));
    status = raw_ask(port, buf_span(&request), &answer);
    buf_release(&request);
    ck_assert_msg(status == 0 || status == 413 || status == 431, "%d", status);
    ck_assert_int_eq(ask("GET /get HTTP/1.1\r\n" H "\r\n"), 200);
}
END_TEST

/* A body that never comes to its end is no reason to wait, nor to answer. */
START_TEST(test_http_server_cut_off)
{
    int fd = raw_connect(port);
    struct timespec pause = { 0, 10000000L };
    char go_on[64];

    /* By its answer we know that it waits for the body. */
    raw_send(fd,
             span_str("POST /hook/x HTTP/1.1\r\n" H
                      "Expect: 100-continue\r\nContent-Length: 300\r\n\r\n"));
    ck_assert_int_gt(recv(fd, go_on, sizeof(go_on), 0), 0);
    ck_assert(!strncmp(go_on, "HTTP/1.1 100 ", 13));
    close(fd);
    for (int i = 0; i < 500 && !meter.refused[0].nr; i++)
        nanosleep(&pause, NULL);
    ck_assert_uint_eq(meter.refused[0].nr, 1);
    ck_assert_str_eq(meter.refused[0].name, "cut_off");
}
END_TEST

static const struct {
    const char *begin; /* then a byte now and then */
} slow_case[] = {
    { "" },
    { "GET /get HT" },
    { "GET /get HTTP/1.1\r\n" H "X-Slow: " },
    { "POST /hook/x HTTP/1.1\r\n" H "Content-Length: 900\r\n\r\n" },
};

/* A byte now and then keeps nobody connected. */
START_TEST(test_http_server_slow)
{
    struct timespec pause = { 0, 50000000L };
    int64_t began;
    int fd;

    teardown();
    buf_init(&answer, RAW_ANSWER_MAX);
    start(&(struct http_server_options){ .threads = 1, .slow_ms = 300 });
    fd = raw_connect(port);
    began = clock_steady_ms();
    raw_send(fd, span_str(slow_case[_i].begin));
    while (clock_steady_ms() - began < 5000) {
        char byte;

        raw_send(fd, SPAN_LIT("x"));
        nanosleep(&pause, NULL);
        if (recv(fd, &byte, 1, MSG_DONTWAIT) == 0)
            break;
    }
    close(fd);
    ck_assert_int_lt(clock_steady_ms() - began, 3000);
    ck_assert_int_eq(ask("GET /get HTTP/1.1\r\n" H "\r\n"), 200);
}
END_TEST

START_TEST(test_http_server_rate)
{
    int status[10];

    teardown();
    buf_init(&answer, RAW_ANSWER_MAX);
    start(&(struct http_server_options){ .threads = 1, .rate = 2 });
    for (int i = 0; i < 10; i++)
        status[i] = ask("GET /get HTTP/1.1\r\n" H "\r\n");
    ck_assert_int_eq(status[0], 200);
    ck_assert_int_eq(status[3], 200);
    ck_assert_int_eq(status[9], 429);
    must_have("Retry-After: 1");
    ck_assert_int_eq(ask("GET /free HTTP/1.1\r\n" H "\r\n"), 200);
}
END_TEST

START_TEST(test_http_server_proxy)
{
    teardown();
    buf_init(&answer, RAW_ANSWER_MAX);
    start(&(struct http_server_options){
        .threads = 1, .proxies = SPAN_LIT("127.0.0.0/8, 10.0.0.1") });
    ask("GET /get HTTP/1.1\r\n" H
        "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.1\r\n\r\n");
    must_have("GET /get|||192.0.2.7|");
}
END_TEST

/* What came before the drain is answered, and then the port is free. */
START_TEST(test_http_server_drain)
{
    int fd = raw_connect(port);
    struct timespec pause = { 0, 20000000L };

    raw_send(fd, span_str("POST /later HTTP/1.1\r\n" H
                          "Content-Length: 0\r\n\r\n"));
    nanosleep(&pause, NULL);
    ck_assert(http_server_drain(server, 5000));
    raw_receive(fd, &answer);
    close(fd);
    ck_assert_int_eq(raw_status(&answer), 202);
    must_have("Connection: close");
    http_server_stop(server);
    start(&(struct http_server_options){ .threads = 1 });
    ck_assert_int_eq(ask("GET /get HTTP/1.1\r\n" H "\r\n"), 200);
}
END_TEST

/* Not drained, or one came after: stopping waits for who is to answer it. */
START_TEST(test_http_server_stop_suspended)
{
    int fd = raw_connect(port);
    struct timespec pause = { 0, 10000000L };

    raw_send(fd, span_str("POST /later HTTP/1.1\r\n" H
                          "Content-Length: 0\r\n\r\n"));
    nanosleep(&pause, NULL);
    http_server_stop(server);
    close(fd);
    start(&(struct http_server_options){ .threads = 1 });
    ck_assert_int_eq(ask("GET /get HTTP/1.1\r\n" H "\r\n"), 200);
}
END_TEST

static const struct {
    struct http_server_options options;
    const char *part;
} start_case[] = {
    { { .listen = SPAN_LIT("256.0.0.1:80") }, "256.0.0.1:80" },
    { { .listen = SPAN_LIT("127.0.0.1:1"), .proxies = SPAN_LIT("10/8") },
      "'10/8'" },
};

START_TEST(test_http_server_cannot_start)
{
    struct http_server_options options = start_case[_i].options;
    struct http_server *second = NULL;
    struct error err;

    options.route = route;
    ck_assert_int_eq(http_server_start(&second, &options, &err), ERROR_CONFIG);
    ck_assert_msg(strstr(err.text, start_case[_i].part) != NULL, "%s",
                  err.text);
}
END_TEST

START_TEST(test_http_server_port_taken)
{
    struct http_server_options options = { .listen = span_str(where),
                                           .route = route };
    struct http_server *second = NULL;
    struct error err;

    ck_assert_int_eq(http_server_start(&second, &options, &err), ERROR_CONFIG);
    ck_assert_msg(strstr(err.text, "already in use") != NULL, "%s", err.text);
}
END_TEST

#define NR(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *http_server_suite(void)
{
    Suite *s = suite_create("http_server");
    TCase *tc = tcase_create("http_server");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_http_server_exchange, 0, NR(exchange_case));
    tcase_add_test(tc, test_http_server_byte_by_byte);
    tcase_add_test(tc, test_http_server_kept_connection);
    tcase_add_test(tc, test_http_server_head_too_large);
    tcase_add_test(tc, test_http_server_cut_off);
    tcase_add_loop_test(tc, test_http_server_slow, 0, NR(slow_case));
    tcase_add_test(tc, test_http_server_rate);
    tcase_add_test(tc, test_http_server_proxy);
    tcase_add_test(tc, test_http_server_drain);
    tcase_add_test(tc, test_http_server_stop_suspended);
    tcase_add_loop_test(tc, test_http_server_cannot_start, 0, NR(start_case));
    tcase_add_test(tc, test_http_server_port_taken);
    suite_add_tcase(s, tc);
    return s;
}
