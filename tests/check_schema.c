#include "store/schema.h"

#include "base/buf.h"
#include "store/database.h"
#include "store/search.h"
#include "store/waiting.h"
#include "support/store_dir.h"

#include <check.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct store_dir d;

static void setup(void)
{
    store_dir_make(&d);
}

static void teardown(void)
{
    store_dir_remove(&d);
}

/* Run `sql` on the file, past the store. */
static void file_exec(const char *sql)
{
    struct database db;

    must(&d, database_open(&db, d.path, &d.err));
    must(&d, database_exec(&db, sql, &d.err));
    database_release(&db);
}

static void file_write(const char *bytes, size_t len, off_t at)
{
    int fd = open(d.path, O_WRONLY | O_CREAT, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, bytes, len, at), (ssize_t)len);
    close(fd);
}

static struct digest file_digest(void)
{
    static char bytes[1 << 16];
    int fd = open(d.path, O_RDONLY);
    ssize_t len = read(fd, bytes, sizeof(bytes));

    ck_assert_int_ge(len, 0);
    close(fd);
    return digest_of((struct span){ bytes, (size_t)len });
}

static void store_fill(void)
{
    struct decision batch[100];

    store_dir_open(&d);
    must(&d, store_run_begin(d.store, SPAN_LIT("blog"), SPAN_LIT("m1"), 1,
                             &d.run, &d.err));
    for (size_t i = 0; i < 100; i++) {
        struct span id = arena_printf(&d.arena, "%zu", i);

        batch[i] = store_dir_decision(&d, id.ptr, "some text", VERDICT_SPAM);
    }
    must(&d, store_decide(d.store, batch, 100, &d.err));
    store_close(d.store);
    d.store = NULL;
}

static const struct {
    const char *sql; /* makes a file that is not for us */
    const char *says;
} stranger_case[] = {
    { "CREATE TABLE wp_options (a)", "another program's database" },
    { "PRAGMA application_id = 42", "another program's database" },
    { "PRAGMA user_version = 1", "another program's database" },
    { "PRAGMA application_id = 1936487779; PRAGMA user_version = 1000",
      "made by a newer version of sluice (schema 1000" },
    { "PRAGMA application_id = 1936487779", "damaged" },
    { "PRAGMA application_id = 1936487779; PRAGMA user_version = -5",
      "damaged" },
};

START_TEST(test_schema_recognise_leaves_strangers_alone)
{
    struct digest before;
    struct digest after;

    file_exec(stranger_case[_i].sql);
    before = file_digest();
    must_fail(&d, store_open(&d.store, d.path, &d.err),
              stranger_case[_i].says);
    ck_assert_ptr_nonnull(strstr(d.err.text, d.path));
    after = file_digest();
    ck_assert_str_eq(before.hex, after.hex);
}
END_TEST

START_TEST(test_schema_recognise_text_file)
{
    char line[64] = "This is a diary, and has been one for many years now.\n";

    for (int i = 0; i < 64; i++)
        file_write(line, sizeof(line), i * (off_t)sizeof(line));
    must_fail(&d, store_open(&d.store, d.path, &d.err), "not a sluice store");
}
END_TEST

START_TEST(test_schema_recognise_empty_file)
{
    file_write("", 0, 0);
    store_dir_open(&d);
    ck_assert_uint_eq(store_dir_count(&d), 0);
}
END_TEST

START_TEST(test_schema_recognise_cut_file)
{
    struct stat st;

    store_fill();
    ck_assert_int_eq(stat(d.path, &st), 0);
    ck_assert_int_eq(truncate(d.path, st.st_size / 2), 0);
    must_fail(&d, store_open(&d.store, d.path, &d.err), "damaged");
}
END_TEST

START_TEST(test_schema_recognise_scribbled_header)
{
    store_fill();
    file_write("scribble", 8, 0);
    must_fail(&d, store_open(&d.store, d.path, &d.err), "not a sluice store");
}
END_TEST

/* Damage beyond the first page is found by who reads it; no crash. */
START_TEST(test_schema_scribbled_pages)
{
    struct history_filter all = { 0 };
    struct store_dir_found found = { .arena = &d.arena };
    char junk[4096];
    struct stat st;

    store_fill();
    memset(junk, 0x5a + _i, sizeof(junk));
    ck_assert_int_eq(stat(d.path, &st), 0);
    for (off_t at = 4096; at < st.st_size; at += 4096)
        file_write(junk, sizeof(junk), at);
    if (!store_open(&d.store, d.path, &d.err))
        ck_assert_int_eq(
            store_history(d.store, &all, store_dir_match, &found, &d.err),
            ERROR_STORE);
    ck_assert_ptr_nonnull(strstr(d.err.text, "damaged"));
}
END_TEST

/* A word that no version of ours writes is damage too. */
START_TEST(test_schema_unknown_state)
{
    struct history_filter all = { 0 };
    struct store_dir_found found = { .arena = &d.arena };

    store_fill();
    file_exec("UPDATE decision SET state = 'eaten' WHERE id = 7");
    store_dir_open(&d);
    must_fail(&d,
              store_history(d.store, &all, store_dir_match, &found, &d.err),
              "decision 7 has");
    ck_assert_uint_eq(found.nr, 93);
}
END_TEST

/* What is not yet a whole schema is not there at all. */
START_TEST(test_schema_migrate_is_whole)
{
    struct database db;

    must(&d, database_open(&db, d.path, &d.err));
    must(&d, database_begin(&db, &d.err));
    must(&d, database_exec(&db, "CREATE TABLE run (id)", &d.err));
    database_release(&db); /* as if the program had died here */
    store_dir_open(&d);
    ck_assert_uint_eq(store_dir_count(&d), 0);
}
END_TEST

#define OPENERS 8

/* Many processes open a new store at once; all get a good one. */
START_TEST(test_schema_migrate_together)
{
    int gate[2];
    pid_t pid[OPENERS];
    int status;
    char go;

    ck_assert_int_eq(pipe(gate), 0);
    for (int i = 0; i < OPENERS; i++) {
        pid[i] = fork();
        if (pid[i])
            continue;
        close(gate[1]);
        if (read(gate[0], &go, 1)) /* returns 0 for all at the same time */
            _exit(2);
        if (store_open(&d.store, d.path, &d.err) ||
            store_run_begin(d.store, SPAN_LIT("blog"), SPAN_LIT("m1"), 1,
                            &d.run, &d.err)) {
            fprintf(stderr, "%s\n", d.err.text);
            _exit(1);
        }
        store_close(d.store);
        _exit(0);
    }
    close(gate[0]);
    close(gate[1]);
    for (int i = 0; i < OPENERS; i++) {
        ck_assert_int_eq(waitpid(pid[i], &status, 0), pid[i]);
        ck_assert_int_eq(status, 0);
    }
    store_dir_open(&d);
    must(&d, store_run_begin(d.store, SPAN_LIT("blog"), SPAN_LIT("m1"), 1,
                             &d.run, &d.err));
    ck_assert_int_eq(d.run, OPENERS + 1);
}
END_TEST

/*
 * A store that schema 3 left, of two held comments of which a person has had
 * a say about one: the other waits, and the words that were kept are found.
 */
START_TEST(test_schema_migrate_from_3)
{
    const struct search search = { .words = SPAN_LIT("frigate"), .limit = 9 };
    struct decision_list list;
    struct buf sql;
    size_t nr = 0;

    buf_init(&sql, (size_t)1 << 20);
    must(&d, buf_read_file(&sql, "tests/data/store_schema3.sql", &d.err));
    file_exec(sql.ptr);
    buf_release(&sql);
    store_dir_open(&d);
    ck_assert_uint_eq(store_dir_count(&d), 2);
    must(&d, waiting_count(d.store, SPAN_LIT("default"), &nr, &d.err));
    ck_assert_uint_eq(nr, 1);
    must(&d, search_find(d.store, &d.arena, &search, &list, &d.err));
    ck_assert_uint_eq(list.nr, 1);
    must_eq(list.decision[0].comment, "1");
}
END_TEST

Suite *schema_suite(void)
{
    Suite *s = suite_create("schema");
    TCase *tc = tcase_create("recognise");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_schema_recognise_leaves_strangers_alone, 0,
                        sizeof(stranger_case) / sizeof(stranger_case[0]));
    tcase_add_test(tc, test_schema_recognise_text_file);
    tcase_add_test(tc, test_schema_recognise_empty_file);
    tcase_add_test(tc, test_schema_recognise_cut_file);
    tcase_add_test(tc, test_schema_recognise_scribbled_header);
    tcase_add_loop_test(tc, test_schema_scribbled_pages, 0, 4);
    tcase_add_test(tc, test_schema_unknown_state);
    suite_add_tcase(s, tc);

    tc = tcase_create("migrate");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_schema_migrate_is_whole);
    tcase_add_test(tc, test_schema_migrate_together);
    tcase_add_test(tc, test_schema_migrate_from_3);
    suite_add_tcase(s, tc);
    return s;
}
