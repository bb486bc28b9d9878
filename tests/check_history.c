#include "store/store.h"

#include "support/store_dir.h"

#include <check.h>

static struct store_dir d;
static int64_t second_run;

/*
 * Six decisions, ids 1 to 6: comments 1 to 3 of "blog", judged spam, approve
 * and hold in the first run; the same of "news" in a second run, later.
 */
static void setup(void)
{
    static const enum verdict_kind kind[] = { VERDICT_SPAM, VERDICT_APPROVE,
                                              VERDICT_HOLD };
    static const char *const comment[] = { "1", "2", "3" };

    store_dir_begin(&d);
    must(&d, store_run_begin(d.store, SPAN_LIT("news"), SPAN_LIT("m1"), 5000,
                             &second_run, &d.err));
    for (size_t i = 0; i < 6; i++) {
        struct decision decision =
            store_dir_decision(&d, comment[i % 3], "some Text", kind[i % 3]);

        if (i >= 3) {
            decision.run = second_run;
            decision.site = SPAN_LIT("news");
            decision.at_ms = 6000;
            decision.author = SPAN_LIT("Z\xc3\xb6"
                                       "e 100%_");
        }
        must(&d, store_decide(d.store, &decision, 1, &d.err));
        ck_assert_int_eq(decision.id, (int64_t)i + 1);
    }
    store_dir_settle(&d, 1, DECISION_APPLIED, "");
}

static void teardown(void)
{
    store_dir_remove(&d);
}

struct seen {
    char ids[64]; /* "6 5 4" */
    size_t nr;
    size_t stop; /* after so many; 0: never */
};

static bool see(void *context, const struct decision *decision)
{
    struct seen *seen = context;
    size_t len = strlen(seen->ids);

    snprintf(seen->ids + len, sizeof(seen->ids) - len, "%s%lld",
             len ? " " : "", (long long)decision->id);
    ck_assert_uint_eq(decision->verdict.nr, 2);
    must_eq(decision->verdict.reason[1].evidence, "thank you");
    return ++seen->nr != seen->stop;
}

static const struct {
    struct history_filter filter;
    const char *ids;
} filter_case[] = {
    { { .limit = 0 }, "6 5 4 3 2 1" },
    { { .limit = 2 }, "6 5" },
    { { .limit = SIZE_MAX }, "6 5 4 3 2 1" },
    { { .site = SPAN_LIT("blog") }, "3 2 1" },
    { { .site = SPAN_LIT("blo") }, "" },
    { { .comment = SPAN_LIT("2") }, "5 2" },
    { { .site = SPAN_LIT("news"), .comment = SPAN_LIT("2") }, "5" },
    { { .run = 1 }, "3 2 1" },
    { { .run = 3 }, "" },
    { { .run = 1, .site = SPAN_LIT("news") }, "" },
    { { .has_kind = true, .kind = VERDICT_HOLD }, "6 3" },
    { { .has_state = true, .state = DECISION_PENDING }, "5 4 2" },
    { { .has_state = true, .state = DECISION_APPLIED }, "1" },
    { { .since_ms = 6000 }, "6 5 4" },
    { { .since_ms = 6001 }, "" },
    { { .text = SPAN_LIT("ANN") }, "3 2 1" },
    { { .text = SPAN_LIT("some tEXT"), .limit = 1 }, "6" },
    { { .text = SPAN_LIT("z\xc3\xb6") }, "6 5 4" },
    { { .text = SPAN_LIT("100%_") }, "6 5 4" },
    { { .text = SPAN_LIT("1%0") }, "" },
    { { .text = SPAN_LIT("'") }, "" },
    { { .text = SPAN_LIT("Ann\0") }, "" },
    { { .site = SPAN_LIT("news"),
        .comment = SPAN_LIT("1"),
        .run = 2,
        .has_kind = true,
        .kind = VERDICT_SPAM,
        .has_state = true,
        .state = DECISION_PENDING,
        .text = SPAN_LIT("text"),
        .since_ms = 5000,
        .limit = 10 },
      "4" },
};

START_TEST(test_history_filter)
{
    struct seen seen = { "", 0, 0 };

    must(&d,
         store_history(d.store, &filter_case[_i].filter, see, &seen, &d.err));
    ck_assert_msg(!strcmp(seen.ids, filter_case[_i].ids),
                  "case %d: got \"%s\", want \"%s\"", _i, seen.ids,
                  filter_case[_i].ids);
}
END_TEST

START_TEST(test_history_stops)
{
    struct history_filter all = { 0 };
    struct seen seen = { "", 0, 2 };

    must(&d, store_history(d.store, &all, see, &seen, &d.err));
    ck_assert_str_eq(seen.ids, "6 5");
}
END_TEST

static bool see_inside(void *context, const struct decision *decision)
{
    struct history_filter filter = { .comment = decision->comment };
    struct seen seen = { "", 0, 0 };
    size_t *nr = context;

    must(&d, store_history(d.store, &filter, see, &seen, &d.err));
    *nr += seen.nr;
    return true;
}

START_TEST(test_history_inside_history)
{
    struct history_filter all = { 0 };
    size_t nr = 0;

    must(&d, store_history(d.store, &all, see_inside, &nr, &d.err));
    ck_assert_uint_eq(nr, 12);
}
END_TEST

static const struct {
    const char *site;
    int64_t after;
    size_t max;
    int64_t first; /* id; 0: empty */
    size_t nr;
} outbox_case[] = {
    { "blog", 0, 10, 2, 1 },       { "news", 0, 10, 4, 2 },
    { "news", 0, SIZE_MAX, 4, 2 }, { "news", 0, 1, 4, 1 },
    { "news", 4, 10, 5, 1 },       { "news", 5, 10, 0, 0 },
    { "news", 0, 0, 0, 0 },        { "", 0, 10, 0, 0 },
    { "new", 0, 10, 0, 0 },
};

START_TEST(test_history_outbox)
{
    struct decision_list list = { NULL, 99 };

    must(&d, store_outbox(d.store, &d.arena, span_str(outbox_case[_i].site),
                          outbox_case[_i].after, outbox_case[_i].max, &list,
                          &d.err));
    ck_assert_uint_eq(list.nr, outbox_case[_i].nr);
    for (size_t i = 0; i < list.nr; i++) {
        ck_assert_int_eq(list.decision[i].id,
                         outbox_case[_i].first + (int64_t)i);
        ck_assert_uint_eq(list.decision[i].verdict.nr, 2);
    }
}
END_TEST

START_TEST(test_history_undoable)
{
    struct decision_list list = { NULL, 99 };

    must(&d, store_undoable(d.store, &d.arena, d.run, 0, 9, &list, &d.err));
    ck_assert_uint_eq(list.nr, 1);
    ck_assert_int_eq(list.decision[0].id, 1);
    must_eq(list.decision[0].was, "hold");

    store_dir_settle(&d, 2, DECISION_APPLIED, "");
    must(&d, store_undoable(d.store, &d.arena, d.run, 1, 9, &list, &d.err));
    ck_assert_uint_eq(list.nr, 1);
    ck_assert_int_eq(list.decision[0].id, 2);
    must(&d, store_undoable(d.store, &d.arena, d.run, 0, 1, &list, &d.err));
    ck_assert_uint_eq(list.nr, 1);

    store_dir_settle(&d, 1, DECISION_UNDONE, "");
    store_dir_settle(&d, 2, DECISION_SKIPPED, "");
    must(&d, store_undoable(d.store, &d.arena, d.run, 0, 9, &list, &d.err));
    ck_assert_uint_eq(list.nr, 0);
    must(&d,
         store_undoable(d.store, &d.arena, second_run, 0, 9, &list, &d.err));
    ck_assert_uint_eq(list.nr, 0);
}
END_TEST

Suite *history_suite(void)
{
    Suite *s = suite_create("history");
    TCase *tc = tcase_create("history");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_history_filter, 0,
                        sizeof(filter_case) / sizeof(filter_case[0]));
    tcase_add_test(tc, test_history_stops);
    tcase_add_test(tc, test_history_inside_history);
    tcase_add_loop_test(tc, test_history_outbox, 0,
                        sizeof(outbox_case) / sizeof(outbox_case[0]));
    tcase_add_test(tc, test_history_undoable);
    suite_add_tcase(s, tc);
    return s;
}
