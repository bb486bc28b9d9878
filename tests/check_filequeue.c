#include "site/site.h"

#include "base/arena.h"
#include "base/buf.h"
#include "site/status_edit.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static char dir[64];
static char path[80];
static struct site *site;
static struct error err;
static struct arena arena;
static struct buf bytes;

static void write_file(const char *text)
{
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

static const char *read_file(void)
{
    buf_reset(&bytes);
    ck_assert(!buf_read_file(&bytes, path, &err));
    return bytes.len ? bytes.ptr : "";
}

static struct site *open_site(void)
{
    const struct site_options options = {
        .name = SPAN_LIT("box"),
        .kind = SPAN_LIT("filequeue"),
        .url = span_str(path),
    };
    struct site *opened = NULL;

    ck_assert(!site_open(&opened, &options, &err));
    return opened;
}

static void setup(void)
{
    snprintf(dir, sizeof(dir), "/tmp/check_filequeue.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/queue.ndjson", dir);
    arena_init(&arena);
    buf_init(&bytes, (size_t)64 << 20);
    site = open_site();
}

static void teardown(void)
{
    char side[120];

    site_close(site);
    buf_release(&bytes);
    arena_release(&arena);
    unlink(path);
    snprintf(side, sizeof(side), "%s/real.ndjson", dir);
    unlink(side);
    ck_assert_int_eq(rmdir(dir), 0);
}

/* The ids of the whole walk, with a space after each. */
static const char *walk_ids(size_t *garbled)
{
    static char ids[4096];
    struct site_page page;
    size_t len = 0;
    size_t total;

    *garbled = 0;
    ids[0] = '\0';
    ck_assert(!site_queue(site, &total, &err));
    do {
        ck_assert(!site_queue_next(site, &arena, &page, garbled, &err));
        for (size_t i = 0; i < page.nr; i++)
            len += (size_t)snprintf(ids + len, sizeof(ids) - len, "%.*s ",
                                    SPAN_ARG(page.comment[i].id));
    } while (page.nr);
    return ids;
}

static const struct {
    const char *file;
    const char *ids;
    size_t garbled;
} walk_case[] = {
    { "", "", 0 },
    { "\n\n", "", 0 },
    { "{\"id\":\"1\",\"text\":\"a\"}", "1 ", 0 },
    { "{\"id\":7,\"text\":\"a\",\"status\":\"hold\"}\r\n", "7 ", 0 },
    { "{\"id\":\"1\",\"text\":\"a\",\"status\":\"spam\"}\n"
      "{\"id\":\"2\",\"text\":\"a\",\"status\":null}\n"
      "{\"id\":\"3\",\"text\":\"a\",\"status\":\"0\"}\n"
      "{\"id\":\"4\",\"text\":\"a\",\"status\":\"odd\"}\n",
      "2 3 ", 0 },
    { "nonsense\n{\"text\":\"no id\"}\n[1]\n{\"id\":\"\",\"text\":\"x\"}\n"
      "{\"id\":\"5\",\"text\":\"a\"}\n{\"id\":\"6\",\"text\":[]}\n"
      "{\"id\":\"8\"}\n",
      "5 ", 6 },
    { "{\"id\":\"1\",\"text\":\"first\",\"status\":\"spam\"}\n"
      "{\"id\":\"1\",\"text\":\"second\"}\n",
      "", 0 },
    { "{\"id\":\"b\",\"text\":\"1\"}\n{\"id\":\"a\",\"text\":\"2\"}\n"
      "{\"id\":\"b\",\"text\":\"3\"}\n",
      "b a ", 0 },
};

START_TEST(test_filequeue_walk)
{
    size_t garbled;

    write_file(walk_case[_i].file);
    ck_assert(!site_check(site, &err));
    ck_assert_str_eq(walk_ids(&garbled), walk_case[_i].ids);
    ck_assert_uint_eq(garbled, walk_case[_i].garbled);
    ck_assert_str_eq(read_file(), walk_case[_i].file);
}
END_TEST

/* The past: by our names for statuses, however the file writes them. */
static const struct {
    const char *status;
    const char *ids;
} history_case[] = {
    { "approved", "1 5 " }, { "spam", "2 " }, { "trash", "3 " },
    { "hold", "4 " },       { "odd", "" },
};

START_TEST(test_filequeue_history)
{
    struct span status = span_str(history_case[_i].status);
    struct site_page page;
    char ids[64] = "";
    size_t garbled = 0;
    size_t len = 0;
    size_t total;

    write_file("{\"id\":\"1\",\"text\":\"a\",\"status\":\"approved\"}\n"
               "{\"id\":\"2\",\"text\":\"a\",\"status\":\"spam\"}\n"
               "{\"id\":\"3\",\"text\":\"a\",\"status\":\"trash\"}\n"
               "{\"id\":\"4\",\"text\":\"a\"}\n"
               "{\"id\":\"5\",\"text\":\"a\",\"status\":\"1\"}\n");
    ck_assert(!site_history(site, status, &total, &err));
    ck_assert(!site_queue_next(site, &arena, &page, &garbled, &err));
    ck_assert_uint_eq(page.nr, total);
    for (size_t i = 0; i < page.nr; i++) {
        len += (size_t)snprintf(ids + len, sizeof(ids) - len, "%.*s ",
                                SPAN_ARG(page.comment[i].id));
        ck_assert(span_eq(page.comment[i].status, status));
    }
    ck_assert_str_eq(ids, history_case[_i].ids);
}
END_TEST

START_TEST(test_filequeue_fields)
{
    struct site_page page;
    size_t garbled = 0;
    size_t total;

    write_file("{\"id\":\"1\",\"text\":\"t\",\"author\":\"a\",\"site\":"
               "\"other\"}\n{\"id\":\"2\",\"text\":\"t\"}\n");
    ck_assert(!site_queue(site, &total, &err));
    ck_assert_uint_eq(total, 2);
    ck_assert(!site_queue_next(site, &arena, &page, &garbled, &err));
    ck_assert_uint_eq(page.nr, 2);
    ck_assert(span_eq(page.comment[0].author, SPAN_LIT("a")));
    ck_assert(span_eq(page.comment[0].site, SPAN_LIT("other")));
    ck_assert(span_eq(page.comment[1].site, SPAN_LIT("box")));
    ck_assert(span_eq(page.comment[1].status, SPAN_LIT("hold")));
}
END_TEST

START_TEST(test_filequeue_pages)
{
    struct site_page page;
    size_t garbled = 0;
    size_t seen = 0;
    size_t total;
    FILE *file = fopen(path, "wb");

    for (int i = 0; i < 2 * SITE_PAGE_MAX + 5; i++)
        fprintf(file, "{\"id\":\"%d\",\"text\":\"x\"}\n", i);
    fclose(file);
    ck_assert(!site_queue(site, &total, &err));
    ck_assert_uint_eq(total, 2 * SITE_PAGE_MAX + 5);
    do {
        ck_assert(!site_queue_next(site, &arena, &page, &garbled, &err));
        ck_assert_uint_le(page.nr, SITE_PAGE_MAX);
        seen += page.nr;
    } while (page.nr);
    ck_assert_uint_eq(seen, total);
}
END_TEST

/* Somebody decides, and somebody else adds, while we walk. */
START_TEST(test_filequeue_changes_during_walk)
{
    struct site_page page;
    size_t garbled = 0;
    size_t total;

    write_file(
        "{\"id\":\"1\",\"text\":\"x\"}\n{\"id\":\"2\",\"text\":\"x\"}\n");
    ck_assert(!site_queue(site, &total, &err));
    write_file("{\"id\":\"3\",\"text\":\"x\"}\n"
               "{\"id\":\"1\",\"text\":\"x\",\"status\":\"spam\"}\n"
               "{\"id\":\"2\",\"text\":\"x\"}\n");
    ck_assert(!site_queue_next(site, &arena, &page, &garbled, &err));
    ck_assert_uint_eq(page.nr, 1);
    ck_assert(span_eq(page.comment[0].id, SPAN_LIT("2")));
}
END_TEST

START_TEST(test_filequeue_missing)
{
    struct site_change change = { .id = SPAN_LIT("1"),
                                  .want = SPAN_LIT("spam"),
                                  .expect = SPAN_LIT("hold") };
    size_t total;

    ck_assert_int_eq(site_check(site, &err), ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, path));
    ck_assert_int_eq(site_queue(site, &total, &err), ERROR_CONFIG);
    ck_assert_int_eq(site_apply(site, &change, 1, &err), ERROR_SITE_GONE);
    ck_assert_int_eq(change.outcome, SITE_WAITS);
    ck_assert_ptr_nonnull(strstr(change.error.text, path));
}
END_TEST

START_TEST(test_filequeue_is_directory)
{
    struct site_options options = { .kind = SPAN_LIT("filequeue") };
    struct site *other = NULL;

    ck_assert_int_eq(site_open(&other, &options, &err), ERROR_CONFIG);
    options.url = span_str(dir);
    ck_assert(!site_open(&other, &options, &err));
    ck_assert_int_eq(site_check(other, &err), ERROR_CONFIG);
    site_close(other);
    options.kind = SPAN_LIT("drupal");
    ck_assert_int_eq(site_open(&other, &options, &err), ERROR_CONFIG);
    site_close(NULL);
}
END_TEST

static const struct {
    const char *before;
    const char *after; /* NULL: as before */
    const char *id;
    const char *want;
    const char *expect;
    enum site_outcome outcome;
} apply_case[] = {
    { "{\"id\":\"1\",\"status\":\"hold\",\"text\":\"a\"}\n",
      "{\"id\":\"1\",\"status\":\"spam\",\"text\":\"a\"}\n", "1", "spam",
      "hold", SITE_APPLIED },
    /* Everything else stays as it is, down to the last byte. */
    { " { \"id\" : 1 , \"text\":\"\\u0041 \\\"status\\\": \xff\" ,"
      "\"x\":{\"status\":1}}\t\r\n\nnonsense "
      "\xfe\n{\"id\":\"2\",\"text\":\"\"}",
      " { \"id\" : 1 , \"text\":\"\\u0041 \\\"status\\\": \xff\" ,"
      "\"x\":{\"status\":1}, \"status\": \"approved\"}\t\r\n\nnonsense \xfe\n"
      "{\"id\":\"2\",\"text\":\"\"}",
      "1", "approved", "hold", SITE_APPLIED },
    { "{\"id\":\"1\",\"text\":\"a\",\"status\":null}",
      "{\"id\":\"1\",\"text\":\"a\",\"status\":\"trash\"}", "1", "trash",
      "hold", SITE_APPLIED },
    { "{\"id\":\"1\",\"text\":\"a\",\"status\":\"spam\"}\n", NULL, "1", "spam",
      "hold", SITE_APPLIED },
    { "{\"id\":\"1\",\"text\":\"a\",\"status\":\"approve\"}\n", NULL, "1",
      "approved", "hold", SITE_APPLIED },
    { "{\"id\":\"1\",\"text\":\"a\",\"status\":\"approved\"}\n", NULL, "1",
      "spam", "hold", SITE_SKIPPED },
    { "{\"id\":\"1\",\"text\":\"a\",\"status\":\"approved\"}\n",
      "{\"id\":\"1\",\"text\":\"a\",\"status\":\"hold\"}\n", "1", "hold",
      "approved", SITE_APPLIED },
    { "{\"id\":\"1\",\"text\":\"a\"}\n", NULL, "2", "spam", "hold",
      SITE_MISSING },
    { "{\"id\":\"1\",\"text\":\"a\"}\n", NULL, "1", "nuke", "hold",
      SITE_REFUSED },
    { "{\"id\":\"1\",\"text\":\"a\"}\n{\"id\":\"1\",\"text\":\"b\"}\n",
      "{\"id\":\"1\",\"text\":\"a\", \"status\": \"spam\"}\n"
      "{\"id\":\"1\",\"text\":\"b\"}\n",
      "1", "spam", "hold", SITE_APPLIED },
    /* The last of two members counts, as it does for JSON parsers. */
    { "{\"id\":\"1\",\"status\":\"spam\",\"text\":\"a\",\"status\":\"hold\"}",
      "{\"id\":\"1\",\"status\":\"spam\",\"text\":\"a\",\"status\":\"spam\"}",
      "1", "spam", "hold", SITE_APPLIED },
    { "{\"id\":\"1\",\"text\":\"a\",\"stat\\u0075s\":\"hold\"}",
      "{\"id\":\"1\",\"text\":\"a\",\"stat\\u0075s\":\"spam\"}", "1", "spam",
      "hold", SITE_APPLIED },
};

START_TEST(test_filequeue_apply)
{
    const char *after = apply_case[_i].after;
    struct site_change change = {
        .id = span_str(apply_case[_i].id),
        .want = span_str(apply_case[_i].want),
        .expect = span_str(apply_case[_i].expect),
    };

    write_file(apply_case[_i].before);
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(change.outcome, apply_case[_i].outcome);
    ck_assert_str_eq(read_file(), after ? after : apply_case[_i].before);

    /* Once more: what is done is done. */
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(change.outcome, apply_case[_i].outcome);
    ck_assert_str_eq(read_file(), after ? after : apply_case[_i].before);
}
END_TEST

START_TEST(test_filequeue_apply_digest)
{
    struct site_change change = { .id = SPAN_LIT("1"),
                                  .want = SPAN_LIT("spam"),
                                  .expect = SPAN_LIT("hold") };
    struct site_page page;
    size_t garbled = 0;
    size_t total;

    write_file("{\"id\":\"1\",\"text\":\"judged\"}\n");
    ck_assert(!site_queue(site, &total, &err));
    ck_assert(!site_queue_next(site, &arena, &page, &garbled, &err));
    change.digest = comment_digest(&page.comment[0]);

    write_file("{\"id\":\"1\",\"text\":\"edited\"}\n");
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(change.outcome, SITE_SKIPPED);
    ck_assert_str_eq(read_file(), "{\"id\":\"1\",\"text\":\"edited\"}\n");

    write_file("{\"id\":\"1\",\"text\":\"judged\"}\n");
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(change.outcome, SITE_APPLIED);
}
END_TEST

/* Many changes are one rewrite; lines keep their places for the next one. */
START_TEST(test_filequeue_apply_many)
{
    struct site_change change[3] = {
        { .id = SPAN_LIT("1"),
          .want = SPAN_LIT("spam"),
          .expect = SPAN_LIT("hold") },
        { .id = SPAN_LIT("3"),
          .want = SPAN_LIT("approved"),
          .expect = SPAN_LIT("hold") },
        { .id = SPAN_LIT("2"),
          .want = SPAN_LIT("trash"),
          .expect = SPAN_LIT("hold") },
    };

    write_file("{\"id\":\"1\",\"text\":\"a\"}\n{\"id\":\"2\",\"text\":\"b\"}\n"
               "\n{\"id\":\"3\",\"status\":\"hold\",\"text\":\"c\"}");
    ck_assert(!site_apply(site, change, 2, &err));
    ck_assert(!site_apply(site, change + 2, 1, &err));
    ck_assert_str_eq(
        read_file(),
        "{\"id\":\"1\",\"text\":\"a\", \"status\": \"spam\"}\n"
        "{\"id\":\"2\",\"text\":\"b\", \"status\": \"trash\"}\n"
        "\n{\"id\":\"3\",\"status\":\"approved\",\"text\":\"c\"}");
}
END_TEST

START_TEST(test_filequeue_keeps_mode_and_link)
{
    struct site_change change = { .id = SPAN_LIT("1"),
                                  .want = SPAN_LIT("spam"),
                                  .expect = SPAN_LIT("hold") };
    struct stat st;
    char real[120];

    snprintf(real, sizeof(real), "%s/real.ndjson", dir);
    write_file("{\"id\":\"1\",\"text\":\"a\"}\n");
    ck_assert_int_eq(chmod(path, 0640), 0);
    ck_assert_int_eq(rename(path, real), 0);
    ck_assert_int_eq(symlink("real.ndjson", path), 0);
    ck_assert(!site_apply(site, &change, 1, &err));
    ck_assert_int_eq(lstat(path, &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0640);
}
END_TEST

#define WRITERS 3
#define EACH 40

/* One process: its own comments, one rewrite each. */
static int writer(int number)
{
    struct site *own = open_site();
    char id[32];

    for (int i = 0; i < EACH; i++) {
        struct site_change change = { .want = SPAN_LIT("spam"),
                                      .expect = SPAN_LIT("hold") };

        snprintf(id, sizeof(id), "%d-%d", number, i);
        change.id = span_str(id);
        if (site_apply(own, &change, 1, &err) ||
            change.outcome != SITE_APPLIED)
            return 1;
    }
    site_close(own);
    return 0;
}

/* Another, which knows nothing of locks, appends all the while. */
static int appender(void)
{
    for (int i = 0; i < EACH; i++) {
        char line[64];
        int len = snprintf(line, sizeof(line),
                           "{\"id\":\"new-%d\",\"text\":\"x\"}\n", i);
        int fd = open(path, O_WRONLY | O_APPEND);

        if (fd < 0 || write(fd, line, (size_t)len) != len)
            return 1;
        close(fd);
        usleep(2000);
    }
    return 0;
}

static size_t count(const char *text, const char *needle)
{
    size_t nr = 0;

    while ((text = strstr(text, needle))) {
        text += strlen(needle);
        nr++;
    }
    return nr;
}

START_TEST(test_filequeue_many_processes)
{
    FILE *file = fopen(path, "wb");
    int status;

    for (int n = 0; n < WRITERS; n++)
        for (int i = 0; i < EACH; i++)
            fprintf(file, "{\"id\":\"%d-%d\",\"text\":\"x\"}\n", n, i);
    fclose(file);
    for (int n = 0; n <= WRITERS; n++)
        if (!fork())
            _exit(n < WRITERS ? writer(n) : appender());
    for (int n = 0; n <= WRITERS; n++) {
        ck_assert_int_gt(wait(&status), 0);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_uint_eq(count(read_file(), "\"status\": \"spam\""),
                      WRITERS * EACH);
    ck_assert_uint_eq(count(read_file(), "\"new-"), EACH);
}
END_TEST

static const struct {
    const char *line;
    const char *edited; /* NULL: no object */
} edit_case[] = {
    { "{}", "{\"status\": \"spam\"}" },
    { " { } ", " { \"status\": \"spam\"} " },
    { "{\"a\":[\"}\",{\"status\":2}]}",
      "{\"a\":[\"}\",{\"status\":2}], \"status\": \"spam\"}" },
    { "{\"status\" : {\"x\":[1,\"]\"]} }", "{\"status\" : \"spam\" }" },
    { "{\"status\":-1e5,\"b\":true}", "{\"status\":\"spam\",\"b\":true}" },
    { "{\"a\":\"\\\\\",\"status\":\"\\\"\"}",
      "{\"a\":\"\\\\\",\"status\":\"spam\"}" },
    { "", NULL },
    { "[]", NULL },
    { "\"status\"", NULL },
    { "{\"a\":1", NULL },
    { "{\"a\"", NULL },
    { "{\"a", NULL },
    { "{\"a\\", NULL },
    { "{\"a\":1} x", NULL },
    { "{,}", NULL },
    { "{\"a\":}", NULL },
    { "{\"a\":]}", NULL },
};

START_TEST(test_status_edit)
{
    const char *edited = edit_case[_i].edited;
    bool ok =
        status_edit(&bytes, span_str(edit_case[_i].line), SPAN_LIT("spam"));

    ck_assert_int_eq(ok, edited != NULL);
    ck_assert_str_eq(bytes.len ? bytes.ptr : "", edited ? edited : "");
}
END_TEST

/* Cut anywhere, a line is refused, not read beyond. */
START_TEST(test_status_edit_cut)
{
    const char *line = "{\"a\\u0041\":[1,{\"b\":\"c\\\\\"}],\"status\":\"x\"}";

    for (size_t len = 0; len < strlen(line); len++) {
        char *copy = malloc(len + 1);

        memcpy(copy, line, len);
        ck_assert(!status_edit(&bytes, (struct span){ copy, len },
                               SPAN_LIT("spam")));
        free(copy);
    }
}
END_TEST

Suite *filequeue_suite(void)
{
    Suite *s = suite_create("filequeue");
    TCase *tc = tcase_create("filequeue");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_filequeue_walk, 0, NR(walk_case));
    tcase_add_loop_test(tc, test_filequeue_history, 0, NR(history_case));
    tcase_add_test(tc, test_filequeue_fields);
    tcase_add_test(tc, test_filequeue_pages);
    tcase_add_test(tc, test_filequeue_changes_during_walk);
    tcase_add_test(tc, test_filequeue_missing);
    tcase_add_test(tc, test_filequeue_is_directory);
    tcase_add_loop_test(tc, test_filequeue_apply, 0, NR(apply_case));
    tcase_add_test(tc, test_filequeue_apply_digest);
    tcase_add_test(tc, test_filequeue_apply_many);
    tcase_add_test(tc, test_filequeue_keeps_mode_and_link);
    tcase_add_test(tc, test_filequeue_many_processes);
    tcase_add_loop_test(tc, test_status_edit, 0, NR(edit_case));
    tcase_add_test(tc, test_status_edit_cut);
    suite_add_tcase(s, tc);
    return s;
}
