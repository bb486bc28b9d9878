#include "store/store.h"

#include "support/store_dir.h"

#include <check.h>

static struct store_dir d;

static void setup(void)
{
    store_dir_begin(&d);
}

static void teardown(void)
{
    store_dir_remove(&d);
}

static int64_t run_begin(struct span site)
{
    int64_t run = 0;

    must(&d,
         store_run_begin(d.store, site, SPAN_LIT("m2"), 2000, &run, &d.err));
    return run;
}

START_TEST(test_runs_begin_and_end)
{
    struct run_totals totals = { 9, 8, 7, 6, 5, 4, 3, 2 };
    struct run run;
    bool found = false;

    must(&d, store_run_find(d.store, &d.arena, d.run, &run, &found, &d.err));
    ck_assert(found);
    ck_assert_int_eq(run.ended_ms, 0);
    ck_assert_uint_eq(run.totals.seen, 0);

    must(&d, store_run_end(d.store, d.run, &totals, 5000, &d.err));
    store_dir_reopen(&d);
    must(&d, store_run_find(d.store, &d.arena, d.run, &run, &found, &d.err));
    ck_assert(found);
    ck_assert_int_eq(run.id, d.run);
    must_eq(run.site, "blog");
    must_eq(run.model, "m1");
    ck_assert_int_eq(run.began_ms, 1000);
    ck_assert_int_eq(run.ended_ms, 5000);
    ck_assert_mem_eq(&run.totals, &totals, sizeof(totals));
}
END_TEST

START_TEST(test_runs_unknown)
{
    struct run_totals totals = { 0 };
    struct run run;
    bool found = true;

    must(&d, store_run_find(d.store, &d.arena, 99, &run, &found, &d.err));
    ck_assert(!found);
    must_fail(&d, store_run_end(d.store, 99, &totals, 1, &d.err),
              "there is no run 99");
    run_begin(SPAN_LIT("blog"));
}
END_TEST

struct seen {
    int64_t id[8];
    size_t nr;
    size_t stop; /* after so many */
};

static bool see(void *context, const struct run *run)
{
    struct seen *seen = context;

    seen->id[seen->nr++] = run->id;
    return seen->nr != seen->stop;
}

START_TEST(test_runs_each)
{
    int64_t news = run_begin(SPAN_LIT("news"));
    int64_t blog = run_begin(SPAN_LIT("blog"));
    struct seen all = { .nr = 0 };
    struct seen one = { .nr = 0 };
    struct seen first = { .stop = 1 };
    struct seen none = { .nr = 0 };

    must(&d, store_runs(d.store, SPAN_LIT(""), see, &all, &d.err));
    ck_assert_uint_eq(all.nr, 3);
    ck_assert_int_eq(all.id[0], blog);
    ck_assert_int_eq(all.id[1], news);
    ck_assert_int_eq(all.id[2], d.run);

    must(&d, store_runs(d.store, SPAN_LIT("blog"), see, &one, &d.err));
    ck_assert_uint_eq(one.nr, 2);
    ck_assert_int_eq(one.id[0], blog);
    ck_assert_int_eq(one.id[1], d.run);

    must(&d, store_runs(d.store, SPAN_LIT(""), see, &first, &d.err));
    ck_assert_uint_eq(first.nr, 1);
    must(&d, store_runs(d.store, SPAN_LIT("Blog"), see, &none, &d.err));
    ck_assert_uint_eq(none.nr, 0);
}
END_TEST

static bool see_inside(void *context, const struct run *run)
{
    struct seen seen = { .nr = 0 };
    size_t *nr = context;

    ck_assert_int_gt(run->id, 0);
    must(&d, store_runs(d.store, run->site, see, &seen, &d.err));
    *nr += seen.nr;
    return true;
}

START_TEST(test_runs_each_inside_each)
{
    size_t nr = 0;

    run_begin(SPAN_LIT("blog"));
    must(&d, store_runs(d.store, SPAN_LIT(""), see_inside, &nr, &d.err));
    ck_assert_uint_eq(nr, 4);
}
END_TEST

Suite *runs_suite(void)
{
    Suite *s = suite_create("runs");
    TCase *tc = tcase_create("runs");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_runs_begin_and_end);
    tcase_add_test(tc, test_runs_unknown);
    tcase_add_test(tc, test_runs_each);
    tcase_add_test(tc, test_runs_each_inside_each);
    suite_add_tcase(s, tc);
    return s;
}
