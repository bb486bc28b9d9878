#include "store/intake.h"

#include "store/load.h"
#include "support/store_dir.h"

#include <stdatomic.h>
#include <time.h>

static struct store_dir d;
static char journal_path[600];
static struct writer *writer;
static struct intake *intake;
static atomic_int waked;
static atomic_int learned;

static void on_events(void *context, struct span site)
{
    (void)context;
    must_eq(site, "blog");
    waked++;
}

static void on_feedback(void *context, const struct feedback *feedback)
{
    (void)context;
    must_eq(feedback->about, "{\"text\":\"x\"}");
    learned++;
}

static void begin(void)
{
    const struct intake_listener listener = { NULL, on_events, on_feedback };

    must(&d, writer_start(&writer, d.path, &d.err));
    must(&d, intake_start(&intake, writer, &listener, &d.err));
}

static size_t end(int64_t ms)
{
    size_t left = intake_stop(intake, ms);

    writer_stop(writer);
    intake = NULL;
    writer = NULL;
    return left;
}

static void setup(void)
{
    store_dir_begin(&d);
    snprintf(journal_path, sizeof(journal_path), "%s-intake", d.path);
    waked = 0;
    learned = 0;
    begin();
}

static void teardown(void)
{
    (void)end(0);
    store_dir_remove(&d);
}

static atomic_int done;

static void count(void *context, enum error_code rc, const struct error *err)
{
    (void)context;
    ck_assert_msg(!rc, "%s", rc ? err->text : "");
    done++;
}

static bool offer_event(size_t i)
{
    char name[32];

    snprintf(name, sizeof(name), "e%zu", i);
    return intake_event(intake,
                        &(struct event){ .site = SPAN_LIT("blog"),
                                         .delivery = span_str(name),
                                         .kind = SPAN_LIT("k"),
                                         .body = SPAN_LIT("b") },
                        count, NULL);
}

/* The writer's queue may be full for the moment. */
static void give_event(size_t i)
{
    const struct timespec pause = { 0, 1000 * 1000 };

    while (!offer_event(i))
        nanosleep(&pause, NULL);
}

static void give_decision_of(size_t i, int64_t run)
{
    char name[32];
    struct decision decision;

    snprintf(name, sizeof(name), "c%zu", i);
    decision = store_dir_decision(&d, name, "Hi", VERDICT_SPAM);
    decision.state = DECISION_ANSWERED;
    if (run)
        decision.run = run;
    intake_decision(intake, &decision);
}

static void give_decision(size_t i)
{
    give_decision_of(i, 0);
}

static void give_feedback(const char *comment, const char *by)
{
    intake_feedback(
        intake,
        &(struct feedback){ .site = SPAN_LIT("blog"),
                            .comment = span_str(comment),
                            .label = SPAN_LIT("spam"),
                            .source = SPAN_LIT("akismet"),
                            .by = span_str(by),
                            .about = SPAN_LIT("{\"text\":\"x\"}") },
        SPAN_LIT("bot"));
}

static size_t inbox_nr(void)
{
    struct store_depth depth = { 0 };

    must(&d, store_depth(d.store, SPAN_LIT("blog"), &depth, &d.err));
    return depth.inbox;
}

static struct store_stats stats(void)
{
    struct store_stats stats = { 0 };

    must(&d, store_stats(d.store, SPAN_LIT("blog"), 0, &stats, &d.err));
    return stats;
}

/* All that was given is in the store when it ends, in the order it came in. */
START_TEST(test_intake_carries_over)
{
    done = 0;
    for (size_t i = 0; i < 1000; i++)
        give_event(i);
    for (size_t i = 1000; i < 1998; i++)
        give_decision(i);
    give_feedback("c1500", "ann");
    give_feedback("c1501", "bot");
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_int_eq(done, 1000);
    ck_assert_uint_eq(inbox_nr(), 1000);
    ck_assert_uint_eq(store_dir_count(&d), 998);
    ck_assert_uint_eq(stats().spam, 998);
    /* The second was the echo of what we had said: it came after that. */
    ck_assert_int_eq(learned, 1);
    ck_assert_int_gt(waked, 0);
}
END_TEST

/* An event sent twice is one. */
START_TEST(test_intake_known_event)
{
    give_event(1);
    give_event(1);
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(inbox_nr(), 1);
}
END_TEST

/* What it had no time for is carried over by the next, and only once. */
START_TEST(test_intake_leaves_for_the_next)
{
    size_t left;

    for (size_t i = 0; i < 3000; i++)
        give_decision(i);
    left = end(0);
    ck_assert_uint_eq(store_dir_count(&d) + left, 3000);
    begin();
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(store_dir_count(&d), 3000);
}
END_TEST

/* Or by who wants the store alone. */
START_TEST(test_intake_empty)
{
    for (size_t i = 0; i < 3000; i++)
        give_decision(i);
    (void)end(0);
    must(&d, intake_empty(d.path, &d.err));
    ck_assert_uint_eq(store_dir_count(&d), 3000);
    must(&d, intake_empty("/nowhere/store.db", &d.err));
}
END_TEST

/* It died after the store had them, before the journal forgot them. */
START_TEST(test_intake_not_twice)
{
    char command[1024];
    for (size_t i = 0; i < 20; i++)
        give_decision(i);
    ck_assert_uint_eq(end(60000), 0);
    /* The journal as it was: the same name, the same numbers. */
    snprintf(command, sizeof(command),
             "sqlite3 '%s' \"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
             " SELECT i + 1 FROM n WHERE i < 20)"
             " INSERT INTO entry (id, kind, body) SELECT i, 1, 'x' FROM n\"",
             journal_path);
    ck_assert_int_eq(system(command), 0);
    begin();
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(store_dir_count(&d), 20);
}
END_TEST

/* An older copy of the journal was put back: what comes now is new. */
START_TEST(test_intake_older_copy)
{
    char command[1024];
    for (size_t i = 0; i < 20; i++)
        give_decision(i);
    ck_assert_uint_eq(end(60000), 0);
    snprintf(command, sizeof(command),
             "sqlite3 '%s' 'UPDATE sqlite_sequence SET seq = 3'",
             journal_path);
    ck_assert_int_eq(system(command), 0);
    begin();
    give_decision(20);
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(store_dir_count(&d), 21);
}
END_TEST

/* Of a store that was there before; what follows is taken all the same. */
START_TEST(test_intake_unknown_run)
{
    give_decision(0);
    give_decision_of(1, 4711);
    give_decision(2);
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(store_dir_count(&d), 2);
}
END_TEST

/* The store writes nothing else while the journal takes in all there is. */
static enum error_code hold_up(void *context, struct store *store,
                               struct error *err)
{
    const struct timespec pause = { 0, 1000 * 1000 };

    (void)context;
    (void)store;
    (void)err;
    for (int i = 0; i < 30000 && done < 500; i++)
        nanosleep(&pause, NULL);
    return ERROR_NONE;
}

/* The journal does not wait for the store. */
START_TEST(test_intake_is_ahead)
{
    done = 0;
    give_event(0);
    for (size_t i = 1; i < 500; i++)
        give_event(i);
    must(&d, writer_call(writer, hold_up, NULL, &d.err));
    ck_assert_int_eq(done, 500);
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(inbox_nr(), 500);
}
END_TEST

/* A store that is held up does not hold up who waits for an answer. */
static enum error_code fill_up(void *context, struct store *store,
                               struct error *err)
{
    const struct timespec pause = { 0, 1000 * 1000 };

    (void)context;
    (void)store;
    (void)err;
    for (size_t i = 0; intake_depth(intake) < (size_t)INTAKE_MAX; i++)
        if (!offer_event(i))
            nanosleep(&pause, NULL);
    ck_assert(!offer_event(0));
    give_decision(0);
    return ERROR_NONE;
}

START_TEST(test_intake_full)
{
    must(&d, writer_call(writer, fill_up, NULL, &d.err));
    ck_assert_uint_gt(end(0), 0);
}
END_TEST

static void refused(void *context, enum error_code rc, const struct error *err)
{
    (void)err;
    *(enum error_code *)context = rc;
}

/* It says so at once, and nothing is left of it. */
START_TEST(test_intake_refuses)
{
    char long_id[EVENT_DELIVERY_MAX + 1];
    struct event event = { .site = SPAN_LIT("blog") };
    enum error_code rc = ERROR_NONE;

    memset(long_id, 'x', sizeof(long_id));
    event.delivery = (struct span){ long_id, sizeof(long_id) };
    ck_assert(intake_event(intake, &event, refused, &rc));
    ck_assert_int_eq(rc, ERROR_INPUT);
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(inbox_nr(), 0);
}
END_TEST

Suite *intake_suite(void)
{
    Suite *s = suite_create("intake");
    TCase *tc = tcase_create("intake");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, test_intake_carries_over);
    tcase_add_test(tc, test_intake_known_event);
    tcase_add_test(tc, test_intake_leaves_for_the_next);
    tcase_add_test(tc, test_intake_empty);
    tcase_add_test(tc, test_intake_not_twice);
    tcase_add_test(tc, test_intake_older_copy);
    tcase_add_test(tc, test_intake_unknown_run);
    tcase_add_test(tc, test_intake_is_ahead);
    tcase_add_test(tc, test_intake_full);
    tcase_add_test(tc, test_intake_refuses);
    suite_add_tcase(s, tc);
    return s;
}
