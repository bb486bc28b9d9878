#include "store/writer.h"

#include "support/store_dir.h"

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>

static struct store_dir d;
static struct writer *writer;

static void setup(void)
{
    store_dir_begin(&d);
    must(&d, writer_start(&writer, d.path, &d.err));
}

static void teardown(void)
{
    writer_stop(writer);
    store_dir_remove(&d);
}

struct job {
    struct writer_job job; /* first */
    struct event event;
    char delivery[32];
    enum error_code rc;
    bool bad;
    atomic_int *done;
};

static enum error_code keep(struct writer_job *job, struct store *store,
                            struct error *err)
{
    struct job *j = (struct job *)job;

    if (j->bad)
        return error_set(err, ERROR_INPUT, "a bad one");
    return store_event_add(store, &j->event, err);
}

static void count(struct writer_job *job, enum error_code rc,
                  const struct error *err)
{
    struct job *j = (struct job *)job;

    ck_assert(!rc || strstr(err->text, "a bad one"));
    j->rc = rc;
    (*j->done)++;
}

static struct job *jobs_new(size_t nr, atomic_int *done)
{
    struct job *job = calloc(nr, sizeof(*job));

    for (size_t i = 0; i < nr; i++) {
        snprintf(job[i].delivery, sizeof(job[i].delivery), "e%zu", i);
        job[i].job.run = keep;
        job[i].job.done = count;
        job[i].done = done;
        job[i].event = (struct event){ .site = SPAN_LIT("blog"),
                                       .delivery = span_str(job[i].delivery),
                                       .kind = SPAN_LIT("k") };
    }
    return job;
}

/* What was handed in before the stop is done by it; a bad one harms none. */
START_TEST(test_writer_all_done)
{
    atomic_int done = 0;
    struct job *job = jobs_new(1000, &done);
    struct event_list list = { NULL, 0 };

    job[500].bad = true;
    for (size_t i = 0; i < 1000; i++)
        ck_assert(writer_submit(writer, &job[i].job));
    writer_stop(writer);
    writer = NULL;
    ck_assert_int_eq(done, 1000);
    for (size_t i = 0; i < 1000; i++)
        ck_assert_int_eq(job[i].rc, i == 500 ? ERROR_INPUT : ERROR_NONE);
    must(&d, store_inbox(d.store, &d.arena, SPAN_LIT("blog"), 2000, &list,
                         &d.err));
    ck_assert_uint_eq(list.nr, 999);
    must_eq(list.event[0].delivery, "e0");
    must_eq(list.event[998].delivery, "e999");
    free(job);
}
END_TEST

struct gate {
    struct writer_job job; /* first */
    pthread_mutex_t lock;
    bool reached;
};

static enum error_code wait_at_gate(struct writer_job *job,
                                    struct store *store, struct error *err)
{
    struct gate *gate = (struct gate *)job;

    (void)store;
    (void)err;
    gate->reached = true;
    pthread_mutex_lock(&gate->lock);
    pthread_mutex_unlock(&gate->lock);
    return ERROR_NONE;
}

static void ignore(struct writer_job *job, enum error_code rc,
                   const struct error *err)
{
    (void)job;
    (void)rc;
    (void)err;
}

/*
 * What nobody waits for is gathered, and is done all the same; who waits is
 * not held up by it.
 */
START_TEST(test_writer_patient)
{
    atomic_int done = 0;
    struct job *job = jobs_new(1000, &done);
    struct event_list list = { NULL, 0 };

    for (size_t i = 0; i < 1000; i++) {
        job[i].job.patient = i % 100 != 99;
        writer_submit_wait(writer, &job[i].job);
        while (!job[i].job.patient && done <= (int)i)
            sched_yield();
    }
    writer_stop(writer);
    writer = NULL;
    must(&d, store_inbox(d.store, &d.arena, SPAN_LIT("blog"), 2000, &list,
                         &d.err));
    ck_assert_uint_eq(list.nr, 1000);
    free(job);
}
END_TEST

START_TEST(test_writer_queue_full)
{
    struct gate gate = { .job = { .run = wait_at_gate, .done = ignore },
                         .lock = PTHREAD_MUTEX_INITIALIZER };
    atomic_int done = 0;
    struct job *job = jobs_new(WRITER_QUEUE_MAX + 1, &done);

    pthread_mutex_lock(&gate.lock);
    ck_assert(writer_submit(writer, &gate.job));
    while (writer_depth(writer))
        sched_yield();
    for (size_t i = 0; i < WRITER_QUEUE_MAX; i++)
        ck_assert(writer_submit(writer, &job[i].job));
    ck_assert(!writer_submit(writer, &job[WRITER_QUEUE_MAX].job));
    ck_assert_uint_eq(writer_depth(writer), WRITER_QUEUE_MAX);
    pthread_mutex_unlock(&gate.lock);
    writer_submit_wait(writer, &job[WRITER_QUEUE_MAX].job);
    writer_stop(writer);
    writer = NULL;
    ck_assert_int_eq(done, WRITER_QUEUE_MAX + 1);
    free(job);
}
END_TEST

static void *decide_many(void *context)
{
    struct store *store = NULL;
    struct error err;

    (void)context;
    ck_assert_msg(!writer_store(writer, &store, &err), "%s", err.text);
    for (int i = 0; i < 50; i++) {
        struct decision decision =
            store_dir_decision(&d, "7", "text", VERDICT_SPAM);
        struct settlement settled = { .state = DECISION_APPLIED };
        bool known = false;

        ck_assert_msg(!store_decide(store, &decision, 1, &err), "%s",
                      err.text);
        settled.decision = decision.id;
        ck_assert_msg(!store_settle(store, &settled, 1, 1, &err), "%s",
                      err.text);
        ck_assert(!store_knows(store, decision.site, decision.comment,
                               &decision.digest, SPAN_LIT("m1"), &known,
                               &err));
        ck_assert(known);
    }
    store_close(store);
    return NULL;
}

/* A thread's own store sees at once what it has had written. */
START_TEST(test_writer_store)
{
    pthread_t thread[4];

    for (size_t i = 0; i < 4; i++)
        ck_assert(!pthread_create(&thread[i], NULL, decide_many, NULL));
    for (size_t i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    ck_assert_uint_eq(store_dir_count(&d), 200);
}
END_TEST

START_TEST(test_writer_store_reports)
{
    struct store *store = NULL;
    struct decision bad = store_dir_decision(&d, "7", "t", VERDICT_SPAM);

    must(&d, writer_store(writer, &store, &d.err));
    bad.run = 99;
    must_fail(&d, store_decide(store, &bad, 1, &d.err), "constraint");
    ck_assert_int_eq(bad.id, 0);
    must_fail(&d, store_begin(store, &d.err), "no transactions");
    must(&d, store_check(store, &d.err));
    store_close(store);
}
END_TEST

Suite *writer_suite(void)
{
    Suite *s = suite_create("writer");
    TCase *tc = tcase_create("writer");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_writer_all_done);
    tcase_add_test(tc, test_writer_patient);
    tcase_add_test(tc, test_writer_queue_full);
    tcase_add_test(tc, test_writer_store);
    tcase_add_test(tc, test_writer_store_reports);
    suite_add_tcase(s, tc);
    return s;
}
