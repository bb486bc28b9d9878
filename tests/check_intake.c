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

struct job {
    struct writer_job job; /* first */
    struct event event;
    struct decision decision;
    struct feedback feedback;
    char name[32];
};

static atomic_int done;

static void count(struct writer_job *job, enum error_code rc,
                  const struct error *err)
{
    (void)job;
    ck_assert_msg(!rc, "%s", rc ? err->text : "");
    done++;
}

static enum error_code keep_event(struct writer_job *job, struct store *store,
                                  struct error *err)
{
    return store_event_add(store, &((struct job *)job)->event, err);
}

static enum error_code keep_decision(struct writer_job *job,
                                     struct store *store, struct error *err)
{
    return store_decide(store, &((struct job *)job)->decision, 1, err);
}

static enum error_code keep_feedback(struct writer_job *job,
                                     struct store *store, struct error *err)
{
    bool echo;

    return store_feedback(store, &((struct job *)job)->feedback,
                          SPAN_LIT("bot"), &echo, err);
}

static void give(struct job *job,
                 enum error_code (*run)(struct writer_job *job,
                                        struct store *store,
                                        struct error *err))
{
    job->job.run = run;
    job->job.done = count;
    writer_submit_wait(intake_writer(intake), &job->job);
}

static void give_event(struct job *job, size_t i)
{
    snprintf(job->name, sizeof(job->name), "e%zu", i);
    job->event = (struct event){ .site = SPAN_LIT("blog"),
                                 .delivery = span_str(job->name),
                                 .kind = SPAN_LIT("k"),
                                 .body = SPAN_LIT("b") };
    give(job, keep_event);
}

static void give_decision(struct job *job, size_t i)
{
    snprintf(job->name, sizeof(job->name), "c%zu", i);
    job->decision = store_dir_decision(&d, job->name, "Hi", VERDICT_SPAM);
    job->decision.state = DECISION_ANSWERED;
    give(job, keep_decision);
}

static void give_feedback(struct job *job, const char *comment, const char *by)
{
    job->feedback = (struct feedback){ .site = SPAN_LIT("blog"),
                                       .comment = span_str(comment),
                                       .label = SPAN_LIT("spam"),
                                       .source = SPAN_LIT("akismet"),
                                       .by = span_str(by),
                                       .about = SPAN_LIT("{\"text\":\"x\"}") };
    give(job, keep_feedback);
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
    struct job *job = calloc(2000, sizeof(*job));

    done = 0;
    for (size_t i = 0; i < 1000; i++)
        give_event(&job[i], i);
    for (size_t i = 1000; i < 1998; i++)
        give_decision(&job[i], i);
    give_feedback(&job[1998], "c1500", "ann");
    give_feedback(&job[1999], "c1501", "bot");
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_int_eq(done, 2000);
    ck_assert_uint_eq(inbox_nr(), 1000);
    ck_assert_uint_eq(store_dir_count(&d), 998);
    ck_assert_uint_eq(stats().spam, 998);
    /* The second was the echo of what we had said: it came after that. */
    ck_assert_int_eq(learned, 1);
    ck_assert_int_gt(waked, 0);
    free(job);
}
END_TEST

/* An event sent twice is one. */
START_TEST(test_intake_known_event)
{
    struct job job[2] = { 0 };

    give_event(&job[0], 1);
    give_event(&job[1], 1);
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(inbox_nr(), 1);
}
END_TEST

/* What it had no time for is carried over by the next, and only once. */
START_TEST(test_intake_leaves_for_the_next)
{
    struct job *job = calloc(3000, sizeof(*job));
    size_t left;

    for (size_t i = 0; i < 3000; i++)
        give_decision(&job[i], i);
    left = end(0);
    ck_assert_uint_eq(store_dir_count(&d) + left, 3000);
    begin();
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(store_dir_count(&d), 3000);
    free(job);
}
END_TEST

/* Or by who wants the store alone. */
START_TEST(test_intake_empty)
{
    struct job *job = calloc(3000, sizeof(*job));

    for (size_t i = 0; i < 3000; i++)
        give_decision(&job[i], i);
    (void)end(0);
    must(&d, intake_empty(d.path, &d.err));
    ck_assert_uint_eq(store_dir_count(&d), 3000);
    free(job);
    must(&d, intake_empty("/nowhere/store.db", &d.err));
}
END_TEST

/* It died after the store had them, before the journal forgot them. */
START_TEST(test_intake_not_twice)
{
    char command[1024];
    struct job job[20] = { 0 };

    for (size_t i = 0; i < 20; i++)
        give_decision(&job[i], i);
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
    struct job job[21] = { 0 };

    for (size_t i = 0; i < 20; i++)
        give_decision(&job[i], i);
    ck_assert_uint_eq(end(60000), 0);
    snprintf(command, sizeof(command),
             "sqlite3 '%s' 'UPDATE sqlite_sequence SET seq = 3'",
             journal_path);
    ck_assert_int_eq(system(command), 0);
    begin();
    give_decision(&job[20], 20);
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(store_dir_count(&d), 21);
}
END_TEST

/* Of a store that was there before; what follows is taken all the same. */
START_TEST(test_intake_unknown_run)
{
    struct job job[3] = { 0 };

    give_decision(&job[0], 0);
    job[1].decision = store_dir_decision(&d, "c1", "Hi", VERDICT_SPAM);
    job[1].decision.run = 4711;
    give(&job[1], keep_decision);
    give_decision(&job[2], 2);
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
    struct job *job = calloc(500, sizeof(*job));

    done = 0;
    give_event(&job[0], 0);
    for (size_t i = 1; i < 500; i++)
        give_event(&job[i], i);
    must(&d, writer_call(writer, hold_up, NULL, &d.err));
    ck_assert_int_eq(done, 500);
    ck_assert(!intake_is_full(intake));
    ck_assert_uint_eq(end(60000), 0);
    ck_assert_uint_eq(inbox_nr(), 500);
    free(job);
}
END_TEST

static enum error_code fill_up(void *context, struct store *store,
                               struct error *err)
{
    struct event event = { .site = SPAN_LIT("blog"), .kind = SPAN_LIT("k") };
    enum error_code rc = ERROR_NONE;

    (void)context;
    for (int64_t i = 0; !rc && i < INTAKE_MAX + LOAD_MAX; i++)
        rc = store_event_add(store, &event, err);
    return rc;
}

/* A store that is held up does not hold up who waits for an answer. */
static enum error_code wait_for_room(void *context, struct store *store,
                                     struct error *err)
{
    bool *full = context;

    (void)store;
    must(&d, writer_call(intake_writer(intake), fill_up, NULL, err));
    *full = intake_is_full(intake);
    intake_wait(intake);
    return ERROR_NONE;
}

START_TEST(test_intake_full)
{
    bool full = false;

    must(&d, writer_call(writer, wait_for_room, &full, &d.err));
    ck_assert(full);
    ck_assert_uint_gt(end(0), 0);
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
    suite_add_tcase(s, tc);
    return s;
}
