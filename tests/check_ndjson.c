#include "wire/ndjson.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* More than a line and a block of reading take, with doubling. */
#define MEMORY_MAX (3 * NDJSON_LINE_MAX)

/* A writer at the far end of the pipe, which it closes when it is done. */
struct feed {
    int fd;
    struct span text;
    struct span tail; /* after all of the text */
    size_t step;      /* bytes a write */
    size_t times;     /* to write text */
};

static struct ndjson in;
static int far_end;
static pthread_t writer;

static void setup(void)
{
    int fd[2];

    ck_assert_int_eq(pipe(fd), 0);
    far_end = fd[1];
    ndjson_init(&in, fd[0]);
}

static void teardown(void)
{
    close(in.fd);
    ndjson_release(&in);
}

static void put(struct span text)
{
    ck_assert_int_eq(write(far_end, text.ptr, text.len), (ssize_t)text.len);
}

static void feed_put(const struct feed *feed, struct span text)
{
    while (text.len) {
        size_t len = text.len < feed->step ? text.len : feed->step;
        ssize_t done = write(feed->fd, text.ptr, len);

        if (done < 0)
            return;
        text = span_cut(text, (size_t)done, text.len);
    }
}

static void *feed_run(void *arg)
{
    const struct feed *feed = arg;

    for (size_t i = 0; i < feed->times; i++)
        feed_put(feed, feed->text);
    feed_put(feed, feed->tail);
    close(feed->fd);
    return NULL;
}

static void feed_start(struct feed *feed)
{
    feed->fd = far_end;
    ck_assert_int_eq(pthread_create(&writer, NULL, feed_run, feed), 0);
}

static void feed_join(void)
{
    pthread_join(writer, NULL);
}

static void next_is(size_t number, struct span want)
{
    struct span line;

    ck_assert_int_eq(ndjson_next(&in, &line), NDJSON_LINE);
    ck_assert_uint_eq(in.number, number);
    ck_assert_msg(span_eq(line, want), "line %zu: %.*s", number,
                  SPAN_ARG(line));
}

static void end_is_next(void)
{
    struct span line;

    ck_assert_int_eq(ndjson_next(&in, &line), NDJSON_END);
    ck_assert_int_eq(ndjson_next(&in, &line), NDJSON_END);
    ck_assert(!ndjson_would_wait(&in));
}

/* `want` names the lines as "number:text", one after the other with "|". */
static const struct {
    const char *text;
    const char *want;
} line_case[] = {
    { "", "" },
    { "\n", "" },
    { "\n\n \t\r\n", "" },
    { "a", "1:a|" },
    { "a\n", "1:a|" },
    { "a\r\n", "1:a|" },
    { "a\r", "1:a|" },
    { "a\rb\n", "1:a\rb|" },
    { "a\r\r\n", "1:a\r|" },
    { "a\nb", "1:a|2:b|" },
    { "\n\na\n\n b \n\n", "3:a|5: b |" },
    { "a\n ", "1:a|" },
};

/* Whole, and byte by byte: the lines are the same. */
START_TEST(test_ndjson_lines)
{
    bool slow = _i % 2;
    const char *text = line_case[_i / 2].text;
    struct feed feed = { .text = span_str(text),
                         .step = slow ? 1 : 4096,
                         .times = 1 };
    struct buf got;
    struct span line;

    buf_init(&got, 4096);
    feed_start(&feed);
    while (ndjson_next(&in, &line) == NDJSON_LINE)
        buf_addf(&got, "%zu:%.*s|", in.number, SPAN_ARG(line));
    ck_assert_str_eq(got.len ? got.ptr : "", line_case[_i / 2].want);
    end_is_next();
    feed_join();
    buf_release(&got);
}
END_TEST

START_TEST(test_ndjson_nul)
{
    put(SPAN_LIT("a\0b\n\0\n"));
    close(far_end);
    next_is(1, SPAN_LIT("a\0b"));
    next_is(2, SPAN_LIT("\0"));
    end_is_next();
}
END_TEST

/* Many lines, in pieces that fit neither them nor the blocks. */
START_TEST(test_ndjson_many)
{
    struct feed feed = { .text = SPAN_LIT("{\"id\":\"1\"}\n{\"id\":\"22\"}\n"),
                         .step = 7,
                         .times = 20000 };

    feed_start(&feed);
    for (size_t i = 0; i < feed.times; i++) {
        next_is(2 * i + 1, SPAN_LIT("{\"id\":\"1\"}"));
        next_is(2 * i + 2, SPAN_LIT("{\"id\":\"22\"}"));
    }
    end_is_next();
    feed_join();
    ck_assert_uint_lt(in.bytes.alloc, (size_t)2 << 20);
}
END_TEST

/* The longest line there may be, and one that is a byte longer. */
START_TEST(test_ndjson_ceiling)
{
    size_t len = NDJSON_LINE_MAX + (size_t)(_i % 2);
    bool last = _i / 2;
    char *text = malloc(len);
    struct feed feed = { .text = { text, len },
                         .tail = span_str(last ? "" : "\n"),
                         .step = 1 << 20,
                         .times = 1 };
    struct span line;

    memset(text, 'x', len);
    feed_start(&feed);
    if (len > NDJSON_LINE_MAX) {
        ck_assert_int_eq(ndjson_next(&in, &line), NDJSON_TOO_LONG);
    } else {
        ck_assert_int_eq(ndjson_next(&in, &line), NDJSON_LINE);
        ck_assert(span_eq(line, (struct span){ text, len }));
    }
    ck_assert_uint_eq(in.number, 1);
    end_is_next();
    feed_join();
    free(text);
}
END_TEST

/* 50 MB in one line are skipped, and are not kept. */
START_TEST(test_ndjson_huge)
{
    char block[100000];
    struct feed feed = { .text = { block, sizeof(block) },
                         .tail = SPAN_LIT("\nafter"),
                         .step = sizeof(block),
                         .times = 500 };
    struct span line;

    memset(block, '[', sizeof(block));
    put(SPAN_LIT("before\n"));
    feed_start(&feed);
    next_is(1, SPAN_LIT("before"));
    ck_assert_int_eq(ndjson_next(&in, &line), NDJSON_TOO_LONG);
    ck_assert_uint_eq(in.number, 2);
    ck_assert_uint_lt(in.bytes.alloc, MEMORY_MAX);
    next_is(3, SPAN_LIT("after"));
    end_is_next();
    feed_join();
}
END_TEST

START_TEST(test_ndjson_would_wait)
{
    ck_assert(ndjson_would_wait(&in));
    put(SPAN_LIT("a\nb\nc"));
    next_is(1, SPAN_LIT("a"));
    ck_assert(!ndjson_would_wait(&in));
    next_is(2, SPAN_LIT("b"));
    ck_assert(ndjson_would_wait(&in));
    put(SPAN_LIT("c\n\n \r\n"));
    next_is(3, SPAN_LIT("cc"));
    /* Blank lines are there, but they are nothing to return. */
    ck_assert(ndjson_would_wait(&in));
    put(SPAN_LIT("d\n\ne\n"));
    next_is(6, SPAN_LIT("d"));
    ck_assert(!ndjson_would_wait(&in));
    next_is(8, SPAN_LIT("e"));
    /* What can be read at once is no reason to wait; half a line is. */
    put(SPAN_LIT("f"));
    ck_assert(ndjson_would_wait(&in));
    put(SPAN_LIT("g\n"));
    ck_assert(!ndjson_would_wait(&in));
    next_is(9, SPAN_LIT("fg"));
    close(far_end);
    end_is_next();
}
END_TEST

static void on_alarm(int signal)
{
    (void)signal;
    (void)!write(far_end, "late\n", 5);
}

/* A signal in the middle of waiting is no end of the input. */
START_TEST(test_ndjson_interrupted)
{
    struct sigaction action = { .sa_handler = on_alarm };
    struct itimerval soon = { .it_value = { .tv_usec = 50000 } };

    if (_i)
        ck_assert_int_eq(fcntl(in.fd, F_SETFL, O_NONBLOCK), 0);
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    next_is(1, SPAN_LIT("late"));
    close(far_end);
    end_is_next();
}
END_TEST

START_TEST(test_ndjson_failed)
{
    struct ndjson broken;
    struct span line;

    ndjson_init(&broken, -1);
    ck_assert_int_eq(ndjson_next(&broken, &line), NDJSON_FAILED);
    ck_assert_int_eq(errno, EBADF);
    ndjson_release(&broken);
    close(far_end);
}
END_TEST

Suite *ndjson_suite(void)
{
    Suite *s = suite_create("ndjson");
    TCase *tc = tcase_create("ndjson");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_ndjson_lines, 0, 2 * NR(line_case));
    tcase_add_test(tc, test_ndjson_nul);
    tcase_add_test(tc, test_ndjson_many);
    tcase_add_loop_test(tc, test_ndjson_ceiling, 0, 4);
    tcase_add_test(tc, test_ndjson_huge);
    tcase_add_test(tc, test_ndjson_would_wait);
    tcase_add_loop_test(tc, test_ndjson_interrupted, 0, 2);
    tcase_add_test(tc, test_ndjson_failed);
    suite_add_tcase(s, tc);
    return s;
}
