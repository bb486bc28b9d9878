#include "store/store.h"

#include "store/store_ops.h"
#include "support/store_dir.h"

#include <check.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct store_dir d;

static void setup(void)
{
    store_dir_make(&d);
    ck_assert_int_eq(chdir(d.dir), 0);
}

static void teardown(void)
{
    store_dir_remove(&d);
}

/* Names that mean something else to SQLite must be files to us. */
static const struct {
    const char *url;
    const char *file;
} open_case[] = {
    { "store.db", "store.db" },
    { "sqlite:store.db", "store.db" },
    { "./store.db", "store.db" },
    { ":memory:", ":memory:" },
    { "sqlite::memory:", ":memory:" },
    { "file:a?mode=memory", "file:a?mode=memory" },
    { "two words.db", "two words.db" },
    { "postgres", "postgres" },
};

START_TEST(test_store_open)
{
    must(&d, store_open(&d.store, open_case[_i].url, &d.err));
    ck_assert_int_eq(access(open_case[_i].file, F_OK), 0);
}
END_TEST

static const struct {
    const char *url;
    const char *says;
} refuse_case[] = {
    { "", "no file is named" },
    { "sqlite:", "no file is named" },
    { "missing/store.db", "missing/store.db: its directory does not exist" },
    { ".", "is a directory" },
    { "mysql://user:secret@host/db", "no \"mysql\" database" },
    { "http://example.com/", "no \"http\" database" },
    { "/proc/store.db", "/proc/store.db: " },
};

START_TEST(test_store_open_refuses)
{
    must_fail(&d, store_open(&d.store, refuse_case[_i].url, &d.err),
              refuse_case[_i].says);
    ck_assert_ptr_null(strstr(d.err.text, "secret"));
    ck_assert_ptr_null(d.store);
}
END_TEST

START_TEST(test_store_open_names_a_long_path)
{
    char path[2000];

    memset(path, 'a', sizeof(path));
    memcpy(path, "missing/", 8);
    path[sizeof(path) - 1] = '\0';
    ck_assert_int_eq(store_open(&d.store, path, &d.err), ERROR_STORE);
    /* Long as it is, what is wrong still comes after it. */
    ck_assert_ptr_nonnull(strstr(d.err.text, "a: "));
}
END_TEST

static unsigned mode_of(const char *path)
{
    struct stat st;

    ck_assert_int_eq(stat(path, &st), 0);
    return st.st_mode & 07777;
}

START_TEST(test_store_open_keeps_others_out)
{
    umask(0);
    store_dir_open(&d);
    must(&d, store_run_begin(d.store, SPAN_LIT("blog"), SPAN_LIT("m1"), 1,
                             &d.run, &d.err));
    ck_assert_uint_eq(mode_of("store.db"), 0600);
    ck_assert_uint_eq(mode_of("store.db-wal"), 0600);
    ck_assert_uint_eq(mode_of("store.db-shm"), 0600);
}
END_TEST

START_TEST(test_store_open_read_only)
{
    if (geteuid() == 0) {
        puts("store: skipped, root may write to a read-only file");
        return;
    }
    store_dir_open(&d);
    store_close(d.store);
    d.store = NULL;
    ck_assert_int_eq(chmod("store.db", 0400), 0);
    must_fail(&d, store_open(&d.store, d.path, &d.err), "not writable");
}
END_TEST

START_TEST(test_store_reopen)
{
    int64_t id;

    store_dir_open(&d);
    must(&d, store_run_begin(d.store, SPAN_LIT("blog"), SPAN_LIT("m1"), 1,
                             &d.run, &d.err));
    id = store_dir_decide(&d, "1", "text", VERDICT_SPAM);
    for (int i = 0; i < 3; i++) {
        store_dir_reopen(&d);
        ck_assert_int_eq(store_dir_get(&d, id).state, DECISION_PENDING);
        ck_assert_uint_eq(store_dir_count(&d), 1);
    }
    ck_assert_int_gt(store_dir_decide(&d, "2", "text", VERDICT_SPAM), id);
}
END_TEST

START_TEST(test_store_close_null)
{
    store_close(NULL);
}
END_TEST

START_TEST(test_decision_state_name)
{
    enum decision_state state = DECISION_UNDONE;

    for (int i = DECISION_PENDING; i <= DECISION_UNDONE; i++) {
        ck_assert(decision_state_parse(
            &state, decision_state_name((enum decision_state)i)));
        ck_assert_int_eq(state, i);
    }
    must_eq(decision_state_name(DECISION_PENDING), "pending");
    must_eq(decision_state_name(DECISION_UNDONE), "undone");
    ck_assert(!decision_state_parse(&state, SPAN_LIT("Applied")));
    ck_assert(!decision_state_parse(&state, SPAN_LIT("")));
    ck_assert_int_eq(state, DECISION_UNDONE);
}
END_TEST

static const struct {
    const char *text;
    size_t max;
    const char *want;
} cut_case[] = {
    { "", 0, "" },
    { "", 4, "" },
    { "abc", 3, "abc" },
    { "abc", 2, "ab" },
    { "abc", 0, "" },
    { "a\xc3\xa4", 2, "a" },
    { "a\xe2\x82\xac!", 4, "a\xe2\x82\xac" },
    { "a\xe2\x82\xac!", 3, "a" },
    { "a\xf0\x9f\x98\x80", 4, "a" },
    { "\xf0\x9f\x98\x80", 3, "" },
    { "\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80" },
    { "\x80\x80", 1, "\x80" },
};

START_TEST(test_store_cut)
{
    struct span got = store_cut(span_str(cut_case[_i].text), cut_case[_i].max);

    ck_assert_msg(span_eq(got, span_str(cut_case[_i].want)), "case %d: %zu",
                  _i, got.len);
}
END_TEST

Suite *store_suite(void)
{
    Suite *s = suite_create("store");
    TCase *tc = tcase_create("open");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_store_open, 0,
                        sizeof(open_case) / sizeof(open_case[0]));
    tcase_add_loop_test(tc, test_store_open_refuses, 0,
                        sizeof(refuse_case) / sizeof(refuse_case[0]));
    tcase_add_test(tc, test_store_open_names_a_long_path);
    tcase_add_test(tc, test_store_open_keeps_others_out);
    tcase_add_test(tc, test_store_open_read_only);
    tcase_add_test(tc, test_store_reopen);
    tcase_add_test(tc, test_store_close_null);
    suite_add_tcase(s, tc);

    tc = tcase_create("text");
    tcase_add_test(tc, test_decision_state_name);
    tcase_add_loop_test(tc, test_store_cut, 0,
                        sizeof(cut_case) / sizeof(cut_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
