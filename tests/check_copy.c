/*
 * A store copied to a file, and from there to another store: with CHECK_STORE
 * from a server to a file and back to a server.
 */
#include "store/copy.h"

#include "store/event.h"
#include "store/label.h"
#include "store/search.h"
#include "store/setting.h"
#include "support/store_dir.h"

#include <check.h>

static struct store_dir d;
static struct store_dir e;
static char file[300];
static struct store *between;

/* Any bytes; a number that has no short decimal form. */
static const char odd[] = "a\0b\xff\xf4\x8f\xbc\x80";

static void fill(size_t nr)
{
    for (size_t i = 0; i < nr; i++) {
        struct span id = arena_printf(&d.arena, "c%zu", i);
        struct decision decision =
            store_dir_decision(&d, id.ptr, id.ptr, VERDICT_SPAM);

        decision.author = (struct span){ odd, sizeof(odd) - 1 };
        decision.verdict.p_spam = 1.0 / 3;
        decision.content.text = SPAN_LIT("a frigate at anchor");
        must(&d, store_decide(d.store, &decision, 1, &d.err));
    }
}

static void setup(void)
{
    struct event event = { .site = SPAN_LIT("blog"),
                           .delivery = SPAN_LIT("1"),
                           .kind = SPAN_LIT("comment.created"),
                           .body = SPAN_LIT("{}"),
                           .received_ms = 1 };

    store_dir_begin(&d);
    store_dir_make(&e);
    store_dir_open(&e);
    fill(7);
    must(&d, store_event_add(d.store, &event, &d.err));
    must(&d, setting_put(d.store, SPAN_LIT("blog"), "allow", SPAN_LIT("a\nb"),
                         &d.err));
    snprintf(file, sizeof(file), "%s/copy.db", d.dir);
    must(&d, store_open(&between, file, &d.err));
}

static void teardown(void)
{
    store_close(between);
    store_dir_remove(&e);
    store_dir_remove(&d);
}

struct heard {
    size_t copied;
    size_t rows;
};

static void hear(void *context, const struct copy_table *table)
{
    struct heard *heard = context;

    if (table->rows)
        heard->rows += table->rows;
    else
        heard->copied += table->copied;
}

static struct heard copy(struct store *from, struct store *to)
{
    struct heard heard = { 0, 0 };

    must(&d, copy_all(from, to, hear, &heard, &d.err));
    return heard;
}

/* A run, 7 decisions with 2 reasons and a content each, an event, a setting.
 */
#define ROWS (1 + 7 * 4 + 1 + 1)

START_TEST(test_copy_all)
{
    const struct search search = { .words = SPAN_LIT("frigate"), .limit = 9 };
    struct decision_list list;
    struct decision was = store_dir_get(&d, 3);
    struct decision is;
    struct span value;
    struct heard heard = copy(d.store, between);

    ck_assert_uint_eq(heard.copied, ROWS);
    ck_assert_uint_eq(heard.rows, ROWS);
    heard = copy(between, e.store);
    ck_assert_uint_eq(heard.copied, ROWS);

    is = store_dir_get(&e, 3);
    ck_assert(was.verdict.p_spam == is.verdict.p_spam);
    ck_assert_str_eq(was.digest.hex, is.digest.hex);
    must(&e, search_find(e.store, &e.arena, &search, &list, &e.err));
    ck_assert_uint_eq(list.nr, 7);
    ck_assert(span_eq(list.decision[0].author,
                      (struct span){ odd, sizeof(odd) - 1 }));
    must(&e, setting_get(e.store, &e.arena, SPAN_LIT("blog"), "allow", &value,
                         &e.err));
    must_eq(value, "a\nb");
    /* What comes next has a number of its own. */
    e.run = d.run;
    ck_assert_int_eq(store_dir_decide(&e, "new", "t", VERDICT_SPAM), 8);
}
END_TEST

START_TEST(test_copy_goes_on)
{
    struct heard heard = copy(d.store, between);

    store_dir_decide(&d, "other", "text", VERDICT_HOLD);
    heard = copy(d.store, between);
    ck_assert_uint_eq(heard.copied, 4);
    ck_assert_uint_eq(heard.rows, ROWS + 4);
    heard = copy(d.store, between);
    ck_assert_uint_eq(heard.copied, 0);
    ck_assert_uint_eq(heard.rows, ROWS + 4);
}
END_TEST

START_TEST(test_copy_finds_a_change)
{
    struct heard heard = copy(d.store, between);
    struct database db;

    must(&d, database_open(&db, file, &d.err));
    must(&d, database_exec(&db,
                           "UPDATE reason SET weight = 7 WHERE decision = 5"
                           " AND position = 1",
                           &d.err));
    database_release(&db);
    must_fail(&d, copy_all(d.store, between, hear, &heard, &d.err),
              "table reason is not what");
}
END_TEST

START_TEST(test_copy_into_another)
{
    struct heard heard = { 0, 0 };
    int64_t run;

    must(&d, store_run_begin(between, SPAN_LIT("x"), SPAN_LIT("y"), 1, &run,
                             &d.err));
    must(&d, store_run_begin(between, SPAN_LIT("x"), SPAN_LIT("y"), 1, &run,
                             &d.err));
    must_fail(&d, copy_all(d.store, between, hear, &heard, &d.err),
              "table run holds other rows");
    ck_assert_uint_eq(heard.copied, 0);
}
END_TEST

Suite *copy_suite(void)
{
    Suite *s = suite_create("copy");
    TCase *tc = tcase_create("copy");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_copy_all);
    tcase_add_test(tc, test_copy_goes_on);
    tcase_add_test(tc, test_copy_finds_a_change);
    tcase_add_test(tc, test_copy_into_another);
    suite_add_tcase(s, tc);
    return s;
}
