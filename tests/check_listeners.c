#include "page/listeners.h"

#include "support/page_server.h"

#include <sys/socket.h>

static struct page_server server;
static struct browser anna;

static const char held[] =
    "{\"id\":\"1\",\"text\":\"The frigate was late by two years\","
    "\"author\":\"Ann\",\"status\":\"hold\"}\n";

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

static int listen_as(const struct browser *b)
{
    struct timeval patience = { .tv_sec = 20 };
    char request[512];
    int fd = raw_connect(server.port);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    snprintf(request, sizeof(request),
             "GET /v1/page/events HTTP/1.1\r\nHost: a\r\nCookie: %s\r\n\r\n",
             b->cookie);
    raw_send(fd, span_str(request));
    return fd;
}

/* Read until `part` has come; false when the stream ends before. */
static bool hears(int fd, struct buf *heard, const char *part)
{
    char some[512];

    while (span_find(buf_span(heard), span_str(part)) == heard->len) {
        ssize_t len = recv(fd, some, sizeof(some), 0);

        ck_assert_msg(len >= 0, "no %s in time, but: %s", part,
                      heard->len ? heard->ptr : "");
        if (!len)
            return false;
        buf_add(heard, (struct span){ some, (size_t)len });
    }
    return true;
}

START_TEST(test_listeners_hear)
{
    struct buf heard;
    int fd = listen_as(&anna);

    buf_init(&heard, (size_t)1 << 20);
    ck_assert(hears(fd, &heard, "text/event-stream"));
    ck_assert(hears(fd, &heard, "event: queue\ndata: {\"waiting\":1}\n\n"));
    must_answer(
        &anna, "POST", "/actions",
        "{\"id\":\"action-one\",\"action\":\"spam\",\"decisions\":[1]}", 200);
    ck_assert(hears(fd, &heard, "event: queue\ndata: {\"waiting\":0}\n\n"));
    close(fd);
    buf_release(&heard);
}
END_TEST

/* Also what another process writes. */
START_TEST(test_listeners_hear_others)
{
    struct decision decision;
    struct buf heard;
    int fd = listen_as(&anna);

    buf_init(&heard, (size_t)1 << 20);
    ck_assert(hears(fd, &heard, "\"waiting\":1}"));
    must(&server.dir,
         store_run_begin(server.dir.store, SPAN_LIT("blog"), SPAN_LIT("m1"),
                         1000, &server.dir.run, &server.dir.err));
    decision = store_dir_decision(&server.dir, "9", "text", VERDICT_HOLD);
    must(&server.dir,
         store_decide(server.dir.store, &decision, 1, &server.dir.err));
    ck_assert(hears(fd, &heard, "\"waiting\":2}"));
    close(fd);
    buf_release(&heard);
}
END_TEST

/* More than there are places for; then all end with the server. */
START_TEST(test_listeners_too_many)
{
    struct buf heard;
    int fd[LISTENERS_MAX];

    buf_init(&heard, (size_t)1 << 20);
    for (size_t i = 0; i < LISTENERS_MAX; i++) {
        fd[i] = listen_as(&anna);
        buf_reset(&heard);
        ck_assert(hears(fd[i], &heard, "text/event-stream"));
    }
    must_answer(&anna, "GET", "/events", NULL, 503);
    /* Those who went make room when next they are spoken to. */
    close(fd[0]);
    must_answer(
        &anna, "POST", "/actions",
        "{\"id\":\"action-one\",\"action\":\"spam\",\"decisions\":[1]}", 200);
    kill(getpid(), SIGTERM);
    buf_reset(&heard);
    ck_assert(!hears(fd[1], &heard, "never said"));
    for (size_t i = 1; i < LISTENERS_MAX; i++)
        close(fd[i]);
    buf_release(&heard);
}
END_TEST

START_TEST(test_listeners_signed_in)
{
    struct browser bob;

    browser_open(&bob, &server);
    must_answer(&bob, "GET", "/events", NULL, 401);
    browser_close(&bob);
}
END_TEST

Suite *listeners_suite(void)
{
    Suite *s = suite_create("listeners");
    TCase *tc = tcase_create("listeners");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_listeners_hear);
    tcase_add_test(tc, test_listeners_hear_others);
    tcase_add_test(tc, test_listeners_too_many);
    tcase_add_test(tc, test_listeners_signed_in);
    suite_add_tcase(s, tc);
    return s;
}
