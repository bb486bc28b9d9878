/*
 * What is PostgreSQL's alone: who may come in, many writers at once, and a
 * connection that goes away. Without a server (support/postgres.sh) there is
 * nothing to ask.
 */
#include "store/database.h"

#include "base/clock.h"
#include "store/event.h"
#include "store/search.h"
#include "support/store_dir.h"

#include <check.h>
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

/* Past the store: at its server, and in its schema. */
static void server_exec(const char *sql)
{
    struct database db;

    must(&d, database_open(&db, d.path, &d.err));
    must(&d, database_exec(&db, sql, &d.err));
    database_release(&db);
}

static const struct {
    const char *url; /* %s: the server's directory */
    const char *says;
} refuse_case[] = {
    { "postgresql://ann:secret@127.0.0.1:1/db", "start the server" },
    { "postgresql:///db?host=/nowhere&password=secret", "start the server" },
    { "postgresql://nobody:secret@/postgres?host=%s", "create it with" },
    { "postgresql://sluice:secret@/missing?host=%s",
      "database \"missing\" does not exist; create it with" },
    { "postgresql://sluice@/postgres?host=%s&passwd=secret", "not a Postgre" },
    { "postgresql://sluice:secret@/postgres?host=%s"
      "&options=-csearch_path%%3Dmissing",
      "create one with CREATE SCHEMA" },
    { "postgresql://sluice:secret@/latin1?host=%s", "encoding is LATIN1" },
};

START_TEST(test_postgres_refuses)
{
    const char *host = strstr(getenv("CHECK_POSTGRES"), "host=") + 5;
    char url[512];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(url, sizeof(url), refuse_case[_i].url, host);
#pragma GCC diagnostic pop
    if (strstr(url, "latin1"))
        server_exec("CREATE DATABASE latin1 TEMPLATE template0"
                    " ENCODING LATIN1 LOCALE 'C'");
    must_fail(&d, store_open(&d.store, url, &d.err), refuse_case[_i].says);
    ck_assert_ptr_nonnull(strstr(d.err.text, "postgresql://"));
    ck_assert_ptr_null(strstr(d.err.text, "secret"));
    if (strstr(url, "latin1"))
        server_exec("DROP DATABASE latin1");
    ck_assert_int_eq(store_is_away(url), _i < 2);
}
END_TEST

/* A server that takes no writing does for who only reads. */
START_TEST(test_postgres_to_read)
{
    struct store *reader = NULL;
    char url[600];

    must(&d, store_open(&d.store, d.path, &d.err));
    ck_assert(!store_is_away(d.path));
    snprintf(url, sizeof(url), "%s%%20-cdefault_transaction_read_only%%3Don",
             d.path);
    must_fail(&d, store_open(&reader, url, &d.err), "read-only");
    ck_assert(store_is_away(url));
    must(&d, store_open_to_read(&reader, url, &d.err));
    must(&d, store_runs(reader, SPAN_LIT(""), NULL, NULL, &d.err));
    store_close(reader);
    must(&d, store_open_to_read(&reader, d.path, &d.err));
    store_close(reader);
}
END_TEST

static const struct {
    const char *sql; /* makes a schema that is not for us */
    const char *says;
} stranger_case[] = {
    { "CREATE TABLE wp_options (a int)", "another program's database" },
    { "CREATE TABLE sluice_schema (version bigint);"
      "INSERT INTO sluice_schema VALUES (1000)",
      "made by a newer version of sluice (schema 1000" },
    { "CREATE TABLE sluice_schema (version bigint)", "damaged (schema 0)" },
};

START_TEST(test_postgres_leaves_strangers_alone)
{
    server_exec(stranger_case[_i].sql);
    must_fail(&d, store_open(&d.store, d.path, &d.err),
              stranger_case[_i].says);
}
END_TEST

#define OPENERS 6

/* Many nodes start at once; all get a whole store. */
START_TEST(test_postgres_migrate_together)
{
    pid_t pid[OPENERS];
    int status;

    for (int i = 0; i < OPENERS; i++) {
        pid[i] = fork();
        if (pid[i])
            continue;
        store_dir_begin_here(&d);
        store_close(d.store);
        _exit(0);
    }
    for (int i = 0; i < OPENERS; i++) {
        ck_assert_int_eq(waitpid(pid[i], &status, 0), pid[i]);
        ck_assert_int_eq(status, 0);
    }
    store_dir_begin_here(&d);
    ck_assert_int_eq(d.run, OPENERS + 1);
}
END_TEST

#define WRITERS 4
#define WRITES 25

/* Of one comment, one decision at most waits, whoever writes. */
START_TEST(test_postgres_many_writers)
{
    pid_t pid[WRITERS];
    struct decision_list list;
    int status;

    store_dir_begin_here(&d);
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
    must(&d, store_outbox(d.store, &d.arena, SPAN_LIT("blog"), 0, 100, &list,
                          &d.err));
    ck_assert_uint_eq(list.nr, 1);
}
END_TEST

/* As a server that restarts does: all connections but the asking one. */
static void cut_connections(void)
{
    server_exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid()"
                " AND application_name = 'sluice'");
}

START_TEST(test_postgres_connects_again)
{
    int64_t id;

    store_dir_begin_here(&d);
    id = store_dir_decide(&d, "1", "text", VERDICT_SPAM);
    cut_connections();
    ck_assert_uint_eq(store_dir_count(&d), 1); /* a question */
    cut_connections();
    store_dir_settle(&d, id, DECISION_APPLIED, ""); /* a transaction */
    ck_assert_int_eq(store_dir_get(&d, id).state, DECISION_APPLIED);
}
END_TEST

/* What was lost half-way is not half there, and the store can be used. */
START_TEST(test_postgres_loses_a_transaction)
{
    struct decision decision;

    store_dir_begin_here(&d);
    decision = store_dir_decision(&d, "1", "text", VERDICT_SPAM);
    must(&d, store_begin(d.store, &d.err));
    must(&d, store_decide(d.store, &decision, 1, &d.err));
    cut_connections();
    decision = store_dir_decision(&d, "2", "text", VERDICT_SPAM);
    ck_assert_int_eq(store_decide(d.store, &decision, 1, &d.err), ERROR_STORE);
    ck_assert_int_eq(store_end(d.store, ERROR_NONE, &d.err), ERROR_STORE);
    ck_assert_uint_eq(store_dir_count(&d), 0);
    store_dir_decide(&d, "3", "text", VERDICT_SPAM);
    ck_assert_uint_eq(store_dir_count(&d), 1);
}
END_TEST

/* Statements that are not waited for: more than are sent at a time. */
#define LATER_NR 600

static const char insert_later[] = "INSERT INTO late (id) VALUES (?)";
static const char count_late[] = "SELECT count(*) FROM late";

static void count_done(void *context, size_t changes, int64_t last_id)
{
    (void)last_id;
    *(size_t *)context += changes;
}

static enum error_code add_later(struct database *db, int64_t id, size_t *done)
{
    struct query query;

    must(&d, query_prepare(&query, db, insert_later, &d.err));
    query_bind_int(&query, id);
    return query_run_later(&query, count_done, done, &d.err);
}

static int64_t late(struct database *db)
{
    struct query query;
    int64_t nr;
    bool row;

    must(&d, query_prepare(&query, db, count_late, &d.err));
    must(&d, query_step(&query, &row, &d.err));
    nr = query_int(&query);
    query_release(&query);
    return nr;
}

START_TEST(test_postgres_run_later)
{
    struct database db;
    size_t done = 0;

    server_exec("CREATE TABLE late (id bigint PRIMARY KEY)");
    must(&d, database_open(&db, d.path, &d.err));
    must(&d, add_later(&db, 0, &done)); /* no transaction: at once */
    ck_assert_uint_eq(done, 1);
    must(&d, database_begin(&db, &d.err));
    for (int64_t i = 1; i <= LATER_NR; i++)
        must(&d, add_later(&db, i, &done));
    ck_assert_uint_lt(done, LATER_NR);
    ck_assert_int_eq(late(&db), LATER_NR + 1);
    ck_assert_uint_eq(done, LATER_NR + 1);
    must(&d, add_later(&db, LATER_NR + 1, &done));
    must(&d, database_end(&db, ERROR_NONE, &d.err));
    ck_assert_uint_eq(done, LATER_NR + 2);
    database_release(&db);
}
END_TEST

/* What fails takes its own transaction with it, and nothing else. */
START_TEST(test_postgres_run_later_fails)
{
    struct database db;
    size_t done = 0;

    server_exec("CREATE TABLE late (id bigint PRIMARY KEY)");
    must(&d, database_open(&db, d.path, &d.err));
    must(&d, database_begin(&db, &d.err));
    must(&d, add_later(&db, 1, &done));
    must(&d, database_begin(&db, &d.err));
    must(&d, add_later(&db, 2, &done));
    must(&d, add_later(&db, 1, &done));
    must(&d, add_later(&db, 3, &done));
    must_fail(&d, database_end(&db, ERROR_NONE, &d.err), "duplicate key");
    must(&d, add_later(&db, 4, &done));
    must(&d, database_end(&db, ERROR_NONE, &d.err));
    ck_assert_int_eq(late(&db), 2);
    must(&d, database_begin(&db, &d.err));
    must(&d, add_later(&db, 4, &done));
    must_fail(&d, database_wait(&db, &d.err), "duplicate key");
    ck_assert_int_eq(database_end(&db, ERROR_STORE, &d.err), ERROR_STORE);
    ck_assert_int_eq(late(&db), 2);
    database_release(&db);
}
END_TEST

START_TEST(test_postgres_run_later_is_cut)
{
    struct database db;
    size_t done = 0;

    server_exec("CREATE TABLE late (id bigint PRIMARY KEY)");
    must(&d, database_open(&db, d.path, &d.err));
    must(&d, database_begin(&db, &d.err));
    must(&d, add_later(&db, 1, &done));
    server_exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE state = 'idle in transaction'");
    ck_assert_int_eq(database_end(&db, ERROR_NONE, &d.err), ERROR_STORE);
    ck_assert_int_eq(late(&db), 0);
    must(&d, database_begin(&db, &d.err));
    must(&d, add_later(&db, 1, &done));
    must(&d, database_end(&db, ERROR_NONE, &d.err));
    ck_assert_int_eq(late(&db), 1);
    database_release(&db);
}
END_TEST

Suite *postgres_suite(void)
{
    Suite *s = suite_create("postgres");
    TCase *tc;

    if (!getenv("CHECK_STORE"))
        return s;
    tc = tcase_create("postgres");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_postgres_refuses, 0,
                        sizeof(refuse_case) / sizeof(refuse_case[0]));
    tcase_add_loop_test(tc, test_postgres_leaves_strangers_alone, 0,
                        sizeof(stranger_case) / sizeof(stranger_case[0]));
    tcase_add_test(tc, test_postgres_migrate_together);
    tcase_add_test(tc, test_postgres_to_read);
    tcase_add_test(tc, test_postgres_many_writers);
    tcase_add_test(tc, test_postgres_connects_again);
    tcase_add_test(tc, test_postgres_loses_a_transaction);
    tcase_add_test(tc, test_postgres_run_later);
    tcase_add_test(tc, test_postgres_run_later_fails);
    tcase_add_test(tc, test_postgres_run_later_is_cut);
    suite_add_tcase(s, tc);
    return s;
}
