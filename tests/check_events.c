#include "store/event.h"

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

static struct event event_of(const char *site, const char *delivery,
                             const char *body)
{
    struct event event = { .site = span_str(site),
                           .delivery = span_str(delivery),
                           .kind = SPAN_LIT("comment.created"),
                           .body = span_str(body),
                           .received_ms = 5000 };

    return event;
}

static int64_t add(const char *site, const char *delivery, const char *body)
{
    struct event event = event_of(site, delivery, body);

    must(&d, store_event_add(d.store, &event, &d.err));
    ck_assert(!event.known);
    return event.id;
}

static struct event_list inbox(const char *site, size_t max)
{
    struct event_list list = { NULL, 0 };

    must(&d,
         store_inbox(d.store, &d.arena, span_str(site), max, &list, &d.err));
    return list;
}

START_TEST(test_events_in_order)
{
    int64_t one = add("blog", "e1", "{\"a\":1}");
    int64_t two = add("blog", "e2", "x\xff");
    struct event_list list;

    add("news", "e1", "other site, same id");
    list = inbox("blog", 10);
    ck_assert_uint_eq(list.nr, 2);
    ck_assert_int_eq(list.event[0].id, one);
    ck_assert_int_eq(list.event[1].id, two);
    must_eq(list.event[0].body, "{\"a\":1}");
    must_eq(list.event[1].body, "x\xff");
    must_eq(list.event[0].delivery, "e1");
    must_eq(list.event[0].kind, "comment.created");
    must_eq(list.event[0].site, "blog");
    ck_assert_int_eq(list.event[0].received_ms, 5000);
    ck_assert_uint_eq(inbox("blog", 1).nr, 1);
    ck_assert_uint_eq(inbox("blog", 0).nr, 0);
    ck_assert_uint_eq(inbox("none", 10).nr, 0);
}
END_TEST

START_TEST(test_events_once)
{
    int64_t id = add("blog", "e1", "first");
    struct event again = event_of("blog", "e1", "second");

    add("blog", "e2", "");
    must(&d, store_event_add(d.store, &again, &d.err));
    ck_assert(again.known);
    ck_assert_int_eq(again.id, id);
    ck_assert_uint_eq(inbox("blog", 10).nr, 2);
    must_eq(inbox("blog", 10).event[0].body, "first");
}
END_TEST

/* Whether it had come is known at the end of the transaction. */
START_TEST(test_events_later)
{
    struct event event[] = { event_of("blog", "e1", "first"),
                             event_of("blog", "e1", "second"),
                             event_of("news", "e1", "third") };

    must(&d, store_begin(d.store, &d.err));
    for (size_t i = 0; i < 3; i++)
        must(&d, store_event_add_later(d.store, &event[i], &d.err));
    must(&d, store_end(d.store, ERROR_NONE, &d.err));
    ck_assert(!event[0].known);
    ck_assert(event[1].known);
    ck_assert(!event[2].known);
    must_eq(inbox("blog", 10).event[0].body, "first");
    ck_assert_uint_eq(inbox("blog", 10).nr, 1);
    ck_assert_uint_eq(inbox("news", 10).nr, 1);
}
END_TEST

START_TEST(test_events_too_long)
{
    char name[EVENT_DELIVERY_MAX + 2] = "";
    struct event event;

    memset(name, 'x', EVENT_DELIVERY_MAX + 1);
    event = event_of("blog", name, "");
    ck_assert_int_eq(store_event_add(d.store, &event, &d.err), ERROR_INPUT);
    name[EVENT_DELIVERY_MAX] = '\0';
    add("blog", name, "");
}
END_TEST

static void settle(struct event_result *result, size_t nr)
{
    must(&d, store_event_settle(d.store, result, nr, 9000, &d.err));
}

START_TEST(test_events_settled_with_decision)
{
    struct decision decision =
        store_dir_decision(&d, "7", "text", VERDICT_SPAM);
    struct event_result result[] = {
        { .event = add("blog", "e1", "one"),
          .state = EVENT_JUDGED,
          .decision = &decision },
        { .event = add("blog", "e2", "two"), .state = EVENT_SKIPPED },
    };
    struct event again = event_of("blog", "e1", "one");

    add("blog", "e3", "three");
    settle(result, 2);
    ck_assert_int_gt(decision.id, 0);
    ck_assert_int_eq(store_dir_get(&d, decision.id).state, DECISION_PENDING);
    ck_assert_uint_eq(inbox("blog", 10).nr, 1);
    must_eq(inbox("blog", 10).event[0].body, "three");
    must(&d, store_event_add(d.store, &again, &d.err));
    ck_assert(again.known);
    ck_assert_uint_eq(inbox("blog", 10).nr, 1);
}
END_TEST

/* As after a crash between a settlement and hearing of it. */
START_TEST(test_events_settled_once)
{
    struct decision first = store_dir_decision(&d, "7", "t", VERDICT_SPAM);
    struct decision second = store_dir_decision(&d, "7", "t", VERDICT_APPROVE);
    struct event_result result = { .event = add("blog", "e1", "one"),
                                   .state = EVENT_JUDGED,
                                   .decision = &first };

    settle(&result, 1);
    result.decision = &second;
    settle(&result, 1);
    ck_assert_int_eq(second.id, 0);
    ck_assert_uint_eq(store_dir_count(&d), 1);
}
END_TEST

START_TEST(test_events_superseded)
{
    struct decision first = store_dir_decision(&d, "7", "a", VERDICT_SPAM);
    struct decision second = store_dir_decision(&d, "7", "b", VERDICT_APPROVE);
    struct event_result result[] = {
        { .event = add("blog", "e1", ""),
          .state = EVENT_JUDGED,
          .decision = &first },
        { .event = add("blog", "e2", ""),
          .state = EVENT_JUDGED,
          .decision = &second },
    };

    settle(result, 2);
    ck_assert_int_eq(first.state, DECISION_SKIPPED);
    ck_assert_int_eq(second.state, DECISION_PENDING);
    ck_assert_int_eq(store_dir_get(&d, first.id).state, DECISION_SKIPPED);
}
END_TEST

/* One that can't be stored takes the others with it: all or none. */
START_TEST(test_events_settled_together)
{
    struct decision good = store_dir_decision(&d, "7", "a", VERDICT_SPAM);
    struct decision bad = store_dir_decision(&d, "8", "b", VERDICT_SPAM);
    struct event_result result[] = {
        { .event = add("blog", "e1", ""),
          .state = EVENT_JUDGED,
          .decision = &good },
        { .event = add("blog", "e2", ""),
          .state = EVENT_JUDGED,
          .decision = &bad },
    };

    bad.run = 99;
    ck_assert_int_eq(store_event_settle(d.store, result, 2, 1, &d.err),
                     ERROR_STORE);
    ck_assert_int_eq(good.id, 0);
    ck_assert_uint_eq(store_dir_count(&d), 0);
    ck_assert_uint_eq(inbox("blog", 10).nr, 2);
    bad.run = d.run;
    settle(result, 2);
    ck_assert_uint_eq(store_dir_count(&d), 2);
}
END_TEST

START_TEST(test_events_depth)
{
    struct store_depth depth = { 0 };

    must(&d, store_depth(d.store, SPAN_LIT("blog"), &depth, &d.err));
    ck_assert_uint_eq(depth.inbox + depth.outbox, 0);
    ck_assert_int_eq(depth.inbox_oldest_ms + depth.outbox_oldest_ms, 0);
    add("blog", "e1", "");
    add("blog", "e2", "");
    add("news", "e3", "");
    store_dir_decide(&d, "7", "t", VERDICT_SPAM);
    store_dir_decide(&d, "8", "t", VERDICT_HOLD);
    must(&d, store_depth(d.store, SPAN_LIT("blog"), &depth, &d.err));
    ck_assert_uint_eq(depth.inbox, 2);
    ck_assert_int_eq(depth.inbox_oldest_ms, 5000);
    ck_assert_uint_eq(depth.outbox, 1);
    ck_assert_int_eq(depth.outbox_oldest_ms, 2000);
}
END_TEST

/* An answered decision is on record, and nothing is to be told. */
START_TEST(test_events_answered)
{
    struct decision decision =
        store_dir_decision(&d, "7", "text", VERDICT_SPAM);
    struct store_depth depth = { 0 };

    decision.state = DECISION_ANSWERED;
    must(&d, store_decide(d.store, &decision, 1, &d.err));
    ck_assert_int_eq(store_dir_get(&d, decision.id).state, DECISION_ANSWERED);
    must(&d, store_depth(d.store, SPAN_LIT("blog"), &depth, &d.err));
    ck_assert_uint_eq(depth.outbox, 0);
}
END_TEST

static struct feedback feedback_of(const char *comment, const char *label,
                                   const char *by)
{
    struct feedback feedback = { .site = SPAN_LIT("blog"),
                                 .comment = span_str(comment),
                                 .label = span_str(label),
                                 .source = SPAN_LIT("admin"),
                                 .by = span_str(by),
                                 .at_ms = 6000 };

    return feedback;
}

static const struct {
    const char *comment;
    const char *label;
    const char *by;
    const char *echo_by;
    const char *verdict; /* ours, as found */
    bool echo;
} feedback_case[] = {
    { "7", "spam", "bot", "bot", "spam", true },
    { "7", "spam", "Bot", "bot", "spam", true },
    { "7", "approve", "bot", "bot", "spam", false },
    { "7", "spam", "ann", "bot", "spam", false },
    { "7", "spam", "", "", "spam", false },
    { "8", "spam", "bot", "bot", "approve", false },
    { "9", "spam", "bot", "bot", "", false },
};

/* A comment judged under two names: the newest verdict of either counts. */
START_TEST(test_feedback_also)
{
    struct feedback feedback = feedback_of("guid", "spam", "bot");
    bool echo = false;

    store_dir_decide(&d, "7", "t", VERDICT_HOLD);
    store_dir_decide(&d, "guid", "t", VERDICT_HOLD);
    store_dir_decide(&d, "7", "t", VERDICT_SPAM);
    must(&d,
         store_feedback(d.store, &feedback, SPAN_LIT("bot"), &echo, &d.err));
    ck_assert(!echo);
    ck_assert(span_eq(feedback.verdict, SPAN_LIT("hold")));
    feedback.also = SPAN_LIT("7");
    must(&d,
         store_feedback(d.store, &feedback, SPAN_LIT("bot"), &echo, &d.err));
    ck_assert(echo);
    ck_assert(span_eq(feedback.verdict, SPAN_LIT("spam")));
}
END_TEST

START_TEST(test_feedback_echo)
{
    struct feedback feedback =
        feedback_of(feedback_case[_i].comment, feedback_case[_i].label,
                    feedback_case[_i].by);
    struct store_stats stats = { 0 };
    bool echo = false;

    store_dir_decide(&d, "7", "old", VERDICT_HOLD);
    store_dir_decide(&d, "7", "new", VERDICT_SPAM);
    store_dir_decide(&d, "8", "t", VERDICT_APPROVE);
    must(&d,
         store_feedback(d.store, &feedback,
                        span_str(feedback_case[_i].echo_by), &echo, &d.err));
    ck_assert_int_eq(echo, feedback_case[_i].echo);
    ck_assert_msg(
        span_eq(feedback.verdict, span_str(feedback_case[_i].verdict)), "%.*s",
        SPAN_ARG(feedback.verdict));
    must(&d, store_stats(d.store, SPAN_LIT("blog"), 0, &stats, &d.err));
    ck_assert_uint_eq(stats.approved, 1);
    ck_assert_uint_eq(stats.held, 1);
    ck_assert_uint_eq(stats.spam, 1);
}
END_TEST

START_TEST(test_feedback_stats)
{
    struct feedback missed = feedback_of("8", "spam", "ann");
    struct feedback wrong = feedback_of("7", "approve", "ann");
    struct feedback fine = feedback_of("7", "spam", "ann");
    struct store_stats stats = { 0 };
    bool echo;

    store_dir_decide(&d, "7", "t", VERDICT_SPAM);
    store_dir_decide(&d, "8", "t", VERDICT_APPROVE);
    must(&d, store_feedback(d.store, &missed, SPAN_LIT(""), &echo, &d.err));
    must(&d, store_feedback(d.store, &wrong, SPAN_LIT(""), &echo, &d.err));
    must(&d, store_feedback(d.store, &fine, SPAN_LIT(""), &echo, &d.err));
    must(&d, store_stats(d.store, SPAN_LIT("blog"), 0, &stats, &d.err));
    ck_assert_uint_eq(stats.missed_spam, 1);
    ck_assert_uint_eq(stats.false_positives, 1);
    must(&d, store_stats(d.store, SPAN_LIT("blog"), 7000, &stats, &d.err));
    ck_assert_uint_eq(stats.missed_spam + stats.spam, 0);
}
END_TEST

/* The event of an echo is done, and says what it was. */
START_TEST(test_feedback_by_event)
{
    struct feedback echo = feedback_of("7", "spam", "bot");
    struct feedback word = feedback_of("7", "approve", "ann");
    struct event_result result[] = {
        { .event = add("blog", "e1", ""),
          .state = EVENT_NOTED,
          .feedback = &echo,
          .echo_by = SPAN_LIT("bot") },
        { .event = add("blog", "e2", ""),
          .state = EVENT_NOTED,
          .feedback = &word,
          .echo_by = SPAN_LIT("bot") },
    };

    store_dir_decide(&d, "7", "t", VERDICT_SPAM);
    settle(result, 2);
    ck_assert_int_eq(result[0].state, EVENT_SKIPPED);
    ck_assert_int_eq(result[1].state, EVENT_NOTED);
    ck_assert_uint_eq(inbox("blog", 10).nr, 0);
}
END_TEST

START_TEST(test_store_transaction)
{
    struct decision bad = store_dir_decision(&d, "8", "b", VERDICT_SPAM);

    must(&d, store_begin(d.store, &d.err));
    store_dir_decide(&d, "7", "t", VERDICT_SPAM);
    bad.run = 99;
    ck_assert_int_eq(store_decide(d.store, &bad, 1, &d.err), ERROR_STORE);
    must(&d, store_end(d.store, ERROR_NONE, &d.err));
    ck_assert_uint_eq(store_dir_count(&d), 1);

    must(&d, store_begin(d.store, &d.err));
    store_dir_decide(&d, "9", "t", VERDICT_SPAM);
    ck_assert_int_eq(store_end(d.store, ERROR_INPUT, &d.err), ERROR_INPUT);
    ck_assert_uint_eq(store_dir_count(&d), 1);
    must(&d, store_check(d.store, &d.err));
}
END_TEST

#define NR(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *events_suite(void)
{
    Suite *s = suite_create("events");
    TCase *tc = tcase_create("events");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_events_in_order);
    tcase_add_test(tc, test_events_once);
    tcase_add_test(tc, test_events_later);
    tcase_add_test(tc, test_events_too_long);
    tcase_add_test(tc, test_events_settled_with_decision);
    tcase_add_test(tc, test_events_settled_once);
    tcase_add_test(tc, test_events_superseded);
    tcase_add_test(tc, test_events_settled_together);
    tcase_add_test(tc, test_events_depth);
    tcase_add_test(tc, test_events_answered);
    tcase_add_loop_test(tc, test_feedback_echo, 0, NR(feedback_case));
    tcase_add_test(tc, test_feedback_also);
    tcase_add_test(tc, test_feedback_stats);
    tcase_add_test(tc, test_feedback_by_event);
    tcase_add_test(tc, test_store_transaction);
    suite_add_tcase(s, tc);
    return s;
}
