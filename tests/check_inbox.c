#include "pipeline/inbox.h"

#include "support/store_dir.h"
#include "support/tiny_model.h"

#include <check.h>

static struct store_dir d;
static struct model *model;
static struct policy policy;
static struct judge judge;
static struct moderate moderate;
static struct run_totals totals;
static struct course course;
static struct inbox inbox;
static int done[EVENT_FAILED + 1];
static int delivery;

static void on_done(void *context, const struct event *event,
                    const struct event_result *result)
{
    (void)context;
    ck_assert_int_eq(event->id, result->event);
    done[result->state]++;
}

static void setup(void)
{
    memset(done, 0, sizeof(done));
    store_dir_begin(&d);
    tiny_model_write(d.dir);
    must(&d, model_open(&model, d.dir, &d.err));
    policy = (struct policy){ 0.5, 0.5, 1, true, NULL };
    judge = (struct judge){ .model = model, .policy = &policy };
    /* No site is needed where nothing is told; any address will do. */
    moderate = (struct moderate){ .judge = &judge,
                                  .store = d.store,
                                  .site_name = SPAN_LIT("blog") };
    course_init(&course, &moderate, &totals);
    course.run = d.run;
    inbox = (struct inbox){ &course, SPAN_LIT("bot"), on_done, NULL };
}

static void teardown(void)
{
    course_release(&course);
    model_close(model);
    store_dir_remove(&d);
}

/* An event about comment `id` with `text`; `more` are further members. */
static void put(const char *type, int id, const char *text, const char *status,
                const char *more)
{
    char body[512];
    char name[32];
    struct event event = { .site = SPAN_LIT("blog"), .kind = span_str(type) };

    snprintf(body, sizeof(body),
             "{\"type\":\"%s\",\"data\":{\"comment\":{\"id\":%d,"
             "\"text\":\"%s\"},\"status\":\"%s\"%s}}",
             type, id, text, status, more);
    snprintf(name, sizeof(name), "e%d", delivery++);
    event.delivery = span_str(name);
    event.body = span_str(body);
    must(&d, store_event_add(d.store, &event, &d.err));
}

static size_t work(struct decision_list *list)
{
    size_t nr = 0;

    must(&d, inbox_work(&inbox, &nr, list, &d.err));
    return nr;
}

START_TEST(test_inbox_judges_what_is_held)
{
    struct decision_list list;

    put("comment.created", 1, "hello there", "hold", "");
    put("comment.created", 2, "hello there", "0", "");
    put("comment.created", 3, "hello there", "approved", "");
    put("comment.starred", 4, "hello there", "hold", "");
    put("comment.created", 5, "hello there", "", "");
    ck_assert_uint_eq(work(&list), 5);
    ck_assert_int_eq(done[EVENT_JUDGED], 3);
    ck_assert_int_eq(done[EVENT_SKIPPED], 2);
    ck_assert_uint_eq(store_dir_count(&d), 3);
    ck_assert_uint_eq(work(&list), 0);
    ck_assert_uint_eq(totals.seen, 3);
    ck_assert_uint_eq(totals.approved + totals.spam + totals.held, 3);
}
END_TEST

START_TEST(test_inbox_judges_once)
{
    struct decision_list list;

    put("comment.created", 1, "hello there", "hold", "");
    put("comment.created", 1, "hello there", "hold", "");
    work(&list);
    put("comment.edited", 1, "hello there", "hold", "");
    work(&list);
    ck_assert_int_eq(done[EVENT_JUDGED], 1);
    ck_assert_int_eq(done[EVENT_KNOWN], 2);
    put("comment.edited", 1, "hello you", "hold", "");
    put("comment.edited", 1, "hello there", "hold", "");
    work(&list);
    ck_assert_int_eq(done[EVENT_JUDGED], 3);
    ck_assert_uint_eq(store_dir_count(&d), 3);
}
END_TEST

/* Without a site nothing is to be told, and nothing waits. */
START_TEST(test_inbox_without_site)
{
    struct decision_list list;
    struct store_depth depth = { 0 };

    put("comment.created", 1, "hello there", "hold", "");
    work(&list);
    ck_assert_uint_eq(list.nr, 0);
    must(&d, store_depth(d.store, SPAN_LIT("blog"), &depth, &d.err));
    ck_assert_uint_eq(depth.inbox + depth.outbox, 0);
}
END_TEST

static const struct {
    const char *status;
    const char *more;
    enum event_state state;
} decided_case[] = {
    { "approved", ",\"by\":\"ann\",\"source\":\"admin\"", EVENT_NOTED },
    { "spam", ",\"by\":\"bot\",\"source\":\"rest\"", EVENT_NOTED },
    { "trash", "", EVENT_NOTED },
    { "approved", ",\"by\":\"bot\",\"source\":\"rest\"", EVENT_SKIPPED },
    { "approved", ",\"by\":\"bot\",\"source\":\"admin\"", EVENT_NOTED },
    { "approved", ",\"by\":\"bot\",\"source\":\"sluice\"", EVENT_SKIPPED },
    { "", "", EVENT_SKIPPED },
};

/* The comment has been approved by us, who are "bot" there. */
START_TEST(test_inbox_decided)
{
    struct decision_list list;

    store_dir_decide(&d, "1", "hello", VERDICT_APPROVE);
    put("comment.decided", 1, "hello", decided_case[_i].status,
        decided_case[_i].more);
    work(&list);
    ck_assert_int_eq(done[decided_case[_i].state], 1);
    ck_assert_uint_eq(store_dir_count(&d), 1);
}
END_TEST

/* What the door should have refused is put aside, and does not block. */
START_TEST(test_inbox_garbled)
{
    struct decision_list list;
    struct event event = { .site = SPAN_LIT("blog"),
                           .kind = SPAN_LIT("k"),
                           .delivery = SPAN_LIT("garbled"),
                           .body = SPAN_LIT("{") };

    must(&d, store_event_add(d.store, &event, &d.err));
    put("comment.created", 1, "hello there", "hold", "");
    ck_assert_uint_eq(work(&list), 2);
    ck_assert_int_eq(done[EVENT_FAILED], 1);
    ck_assert_int_eq(done[EVENT_JUDGED], 1);
}
END_TEST

START_TEST(test_inbox_in_batches)
{
    struct decision_list list;

    for (int i = 0; i < INBOX_BATCH_MAX + 5; i++)
        put("comment.created", i + 1, "hello there", "hold", "");
    ck_assert_uint_eq(work(&list), INBOX_BATCH_MAX);
    ck_assert_uint_eq(work(&list), 5);
    ck_assert_uint_eq(work(&list), 0);
    ck_assert_uint_eq(store_dir_count(&d), INBOX_BATCH_MAX + 5);
}
END_TEST

#define NR(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *inbox_suite(void)
{
    Suite *s = suite_create("inbox");
    TCase *tc = tcase_create("inbox");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_inbox_judges_what_is_held);
    tcase_add_test(tc, test_inbox_judges_once);
    tcase_add_test(tc, test_inbox_without_site);
    tcase_add_loop_test(tc, test_inbox_decided, 0, NR(decided_case));
    tcase_add_test(tc, test_inbox_garbled);
    tcase_add_test(tc, test_inbox_in_batches);
    suite_add_tcase(s, tc);
    return s;
}
