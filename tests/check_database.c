/*
 * What the store promises when others use the file too, and when the program
 * or the disk gives way.
 */
#include "store/database.h"

#include "base/clock.h"
#include "support/store_dir.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct store_dir d;

static void setup(void)
{
    store_dir_begin(&d);
}

static void teardown(void)
{
    store_dir_remove(&d);
}

/* Without these a commit could still be on its way when it returns. */
static const struct {
    const char *sql;
    const char *want;
} durable_case[] = {
    { "PRAGMA journal_mode", "wal" },
    { "PRAGMA synchronous", "2" }, /* full */
    { "PRAGMA foreign_keys", "1" },
};

START_TEST(test_database_make_durable)
{
    const char *want = durable_case[_i].want;
    struct database db;
    struct query query;
    bool row = false;

    must(&d, database_open(&db, d.path, &d.err));
    must(&d, database_make_durable(&db, &d.err));
    must(&d, query_prepare_once(&query, &db, span_str(durable_case[_i].sql),
                                &d.err));
    must(&d, query_step(&query, &row, &d.err));
    ck_assert(row);
    ck_assert(span_eq(query_span(&query), span_str(want)));
    query_release(&query);
    database_release(&db);
}
END_TEST

#define HELD_MS 1000

/* In a child: hold a transaction for HELD_MS, having said so on `fd`. */
static void hold_transaction(int fd)
{
    struct database db;

    if (database_open(&db, d.path, &d.err) || database_begin(&db, &d.err) ||
        database_exec(&db, "UPDATE run SET site = 'changed'", &d.err) ||
        write(fd, "x", 1) != 1)
        _exit(1);
    usleep(HELD_MS * 1000);
    _exit(0); /* in the midst of it: it is rolled back */
}

START_TEST(test_database_waits_for_others)
{
    int64_t began;
    int64_t id;
    int status;
    int said[2];
    pid_t pid;
    char x;

    store_close(d.store);
    d.store = NULL;
    ck_assert_int_eq(pipe(said), 0);
    pid = fork();
    if (!pid)
        hold_transaction(said[1]);
    ck_assert_int_eq(read(said[0], &x, 1), 1);
    began = clock_steady_ms();

    store_dir_open(&d);
    ck_assert_uint_eq(store_dir_count(&d), 0);
    ck_assert_int_lt(clock_steady_ms() - began, HELD_MS); /* no waiting */

    id = store_dir_decide(&d, "1", "text", VERDICT_SPAM);
    ck_assert_int_gt(id, 0);
    ck_assert_int_ge(clock_steady_ms() - began, HELD_MS / 4);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

#define WRITERS 4
#define WRITES 25

START_TEST(test_database_many_writers)
{
    pid_t pid[WRITERS];
    int status;

    store_close(d.store);
    d.store = NULL;
    for (int i = 0; i < WRITERS; i++) {
        pid[i] = fork();
        if (pid[i])
            continue;
        store_dir_open(&d);
        for (int n = 0; n < WRITES; n++)
            store_dir_decide(&d, "same", "text", VERDICT_SPAM);
        _exit(0);
    }
    for (int i = 0; i < WRITERS; i++) {
        ck_assert_int_eq(waitpid(pid[i], &status, 0), pid[i]);
        ck_assert_int_eq(status, 0);
    }
    store_dir_open(&d);
    ck_assert_uint_eq(store_dir_count(&d), WRITERS * WRITES);
    /* Of one comment, one decision at most waits. */
    for (int64_t id = 1; id < WRITERS * WRITES; id++)
        ck_assert_int_eq(store_dir_get(&d, id).state, DECISION_SKIPPED);
}
END_TEST

/*
 * The dying writer. Call n brings n % BATCH_MAX + 1 decisions, so that the
 * parent can tell a whole one from a half.
 */
#define BATCH_MAX 7

static size_t batch_size(int64_t call)
{
    return (size_t)(call % BATCH_MAX) + 1;
}

/* One call to store_decide, of comments "n/0", "n/1", ... */
static enum error_code batch_decide(int64_t call)
{
    struct decision batch[BATCH_MAX];
    char id[BATCH_MAX][32];

    for (size_t i = 0; i < batch_size(call); i++) {
        snprintf(id[i], sizeof(id[i]), "%lld/%zu", (long long)call, i);
        batch[i] = store_dir_decision(&d, id[i], id[i], VERDICT_SPAM);
    }
    return store_decide(d.store, batch, batch_size(call), &d.err);
}

static void decide_until_killed(int fd)
{
    store_dir_open(&d);
    for (int64_t call = 0;; call++)
        if (batch_decide(call) || write(fd, &call, sizeof(call)) < 0)
            _exit(1);
}

struct tally {
    size_t nr[4096]; /* decisions of each call */
    int64_t last;    /* call that has any; -1: none */
};

static bool tally_add(void *context, const struct decision *decision)
{
    struct tally *tally = context;
    struct span at = decision->comment;
    long long call = -1;

    ck_assert(span_to_long(span_cut(at, 0, span_find_char(at, '/')), &call));
    ck_assert(call >= 0 && call < 4096);
    tally->nr[call]++;
    if (tally->last < call)
        tally->last = call;
    ck_assert(span_eq(decision->excerpt, at));
    ck_assert_uint_eq(decision->verdict.nr, 2);
    must_eq(decision->verdict.reason[0].feature, "link_density");
    must_eq(decision->verdict.reason[1].evidence, "thank you");
    return true;
}

/* Whole calls only, none missing up to the last; returns the last. */
static int64_t tally_check(void)
{
    static struct tally tally;
    struct history_filter all = { 0 };

    memset(&tally, 0, sizeof(tally));
    tally.last = -1;
    must(&d, store_history(d.store, &all, tally_add, &tally, &d.err));
    for (int64_t call = 0; call <= tally.last; call++)
        ck_assert_uint_eq(tally.nr[call], batch_size(call));
    return tally.last;
}

/*
 * What store_decide has returned for is there after SIGKILL, and no part of
 * anything else.
 */
START_TEST(test_database_survives_kill)
{
    int64_t acknowledged = -1;
    int64_t call;
    int told[2];
    pid_t pid;

    store_close(d.store);
    d.store = NULL;
    ck_assert_int_eq(pipe(told), 0);
    pid = fork();
    if (!pid)
        decide_until_killed(told[1]);
    close(told[1]);
    for (int i = 0; i < 5 + 11 * _i; i++)
        ck_assert_int_eq(read(told[0], &call, sizeof(call)), sizeof(call));
    usleep((unsigned)(700 * _i)); /* anywhere within a call */
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    while (read(told[0], &call, sizeof(call)) == sizeof(call))
        acknowledged = call;
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);

    store_dir_open(&d);
    ck_assert_int_ge(tally_check(), acknowledged);
    ck_assert_int_gt(store_dir_decide(&d, "4000/0", "a", VERDICT_SPAM), 0);
}
END_TEST

/* Copy `from` to d.path and `suffix`, its first `len` bytes. */
static void copy_cut(const char *from, const char *suffix, off_t len)
{
    char path[sizeof(d.path) + 8];
    char *bytes = malloc((size_t)len);
    int in = open(from, O_RDONLY);
    int out;

    snprintf(path, sizeof(path), "%s%s", d.path, suffix);
    out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_eq(read(in, bytes, (size_t)len), len);
    ck_assert_int_eq(write(out, bytes, (size_t)len), len);
    close(in);
    close(out);
    free(bytes);
}

static off_t size_of(const char *path)
{
    struct stat st;

    ck_assert_int_eq(stat(path, &st), 0);
    return st.st_size;
}

#define CUT_CALLS 20

/* The power fails: of the log only a part is there. All else is whole. */
START_TEST(test_database_survives_cut_log)
{
    char main_file[sizeof(d.path)];
    char log_file[sizeof(d.path) + 8];
    off_t len;
    int64_t last;

    memcpy(main_file, d.path, sizeof(d.path));
    snprintf(log_file, sizeof(log_file), "%s-wal", d.path);
    for (int64_t call = 0; call < CUT_CALLS; call++)
        must(&d, batch_decide(call));
    len = size_of(log_file);
    snprintf(d.path, sizeof(d.path), "%s/copy.db", d.dir);
    copy_cut(main_file, "", size_of(main_file));
    copy_cut(log_file, "-wal", len - len * _i / 40 - (_i ? 1 : 0));

    store_dir_reopen(&d);
    last = tally_check();
    ck_assert_int_le(last, CUT_CALLS - 1);
    if (!_i)
        ck_assert_int_eq(last, CUT_CALLS - 1);
    else
        ck_assert_int_lt(last, CUT_CALLS - 1);
    ck_assert_int_ge(last, CUT_CALLS / 2);
}
END_TEST

/*
 * The disk fills up, or rather the process may not make files larger. Half
 * a call is taken back, and when there is room again, all goes on.
 */
START_TEST(test_database_survives_full_disk)
{
    struct rlimit limit;
    struct rlimit low;
    enum error_code rc = ERROR_NONE;
    int64_t call = 0;

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    low = limit;
    low.rlim_cur = 2 << 20;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &low), 0);
    while (!rc && call < 1000)
        rc = batch_decide(call++);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);

    ck_assert_int_eq(rc, ERROR_STORE);
    ck_assert_int_gt(call, 2);
    call--;
    ck_assert_int_eq(tally_check(), call - 1);
    must(&d, batch_decide(call));
    ck_assert_int_eq(tally_check(), call);
    store_dir_reopen(&d);
    ck_assert_int_eq(tally_check(), call);
}
END_TEST

Suite *database_suite(void)
{
    Suite *s = suite_create("database");
    TCase *tc = tcase_create("database");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_database_make_durable, 0,
                        sizeof(durable_case) / sizeof(durable_case[0]));
    tcase_add_test(tc, test_database_waits_for_others);
    tcase_add_test(tc, test_database_many_writers);
    tcase_add_loop_test(tc, test_database_survives_kill, 0, 10);
    tcase_add_loop_test(tc, test_database_survives_cut_log, 0, 10);
    tcase_add_test(tc, test_database_survives_full_disk);
    suite_add_tcase(s, tc);
    return s;
}
