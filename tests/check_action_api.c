#include "page/queue_api.h"

#include "store/database.h"
#include "store/event.h"
#include "store/label.h"
#include "support/page_server.h"

static struct page_server server;
static struct browser anna;

static const char held[] =
    "{\"id\":\"1\",\"text\":\"The frigate was late by two years\","
    "\"author\":\"Ann\",\"status\":\"hold\"}\n"
    "{\"id\":\"2\",\"text\":\"Cheap watches for everybody here\","
    "\"author\":\"Bo\",\"status\":\"hold\"}\n";

static void setup(void)
{
    page_server_make(&server);
    page_server_hold(&server, held);
    page_server_serve(&server, NULL);
    browser_open(&anna, &server);
    browser_enter(&anna, "anna", ACCOUNT_MODERATOR);
}

static void teardown(void)
{
    browser_close(&anna);
    page_server_end(&server);
    page_server_remove(&server);
}

/* A judgement is numbered as its comment here. */
static void act(const char *id, const char *action, const char *decisions)
{
    char body[256];

    snprintf(body, sizeof(body),
             "{\"id\":\"action-%s\",\"action\":\"%s\",\"decisions\":[%s]}", id,
             action, decisions);
    must_answer(&anna, "POST", "/actions", body, 200);
}

static struct span outcome(size_t i)
{
    return browser_member(json_item(json_member(anna.doc.root, "results"), i),
                          "outcome");
}

static struct standing_view {
    struct span verdict;
    struct span by;
    struct span state;
} standing(size_t i)
{
    const struct json *standing = json_member(
        json_item(json_member(anna.doc.root, "results"), i), "standing");

    return (struct standing_view){
        browser_member(standing, "verdict"),
        browser_member(standing, "by"),
        browser_member(standing, "state"),
    };
}

/* Ask again for what came of an action until the site has answered. */
static void wait_for(const char *id, const char *action, const char *decisions,
                     const char *state)
{
    for (int i = 0; i < 250; i++) {
        act(id, action, decisions);
        if (span_eq(standing(0).state, span_str(state)))
            return;
        usleep(20000);
    }
    ck_abort_msg("never %s: %s", state, anna.answer.ptr);
}

static void site_must_have(const char *part)
{
    struct buf queue;

    buf_init(&queue, (size_t)1 << 20);
    must(&server.dir, buf_read_file(&queue, server.queue, &server.dir.err));
    ck_assert_msg(span_find(buf_span(&queue), span_str(part)) < queue.len,
                  "no %s in %s", part, queue.ptr);
    buf_release(&queue);
}

static size_t persons_decisions(void)
{
    struct database db;
    struct query query;
    bool row = false;
    size_t nr = 0;

    must(&server.dir, database_open(&db, server.dir.path, &server.dir.err));
    must(&server.dir,
         query_prepare(&query, &db,
                       "SELECT count(*) FROM decision WHERE decided_by <> ''",
                       &server.dir.err));
    must(&server.dir, query_step(&query, &row, &server.dir.err));
    nr = (size_t)query_int(&query);
    query_release(&query);
    database_release(&db);
    return nr;
}

static int64_t waiting(void)
{
    must_answer(&anna, "GET", "/queue", NULL, 200);
    return browser_number(anna.doc.root, "waiting");
}

START_TEST(test_action_reaches_site)
{
    wait_for("one", "approve", "1", "applied");
    must_eq(standing(0).verdict, "approve");
    must_eq(standing(0).by, "anna");
    site_must_have("\"approved\"");
    ck_assert_int_eq(waiting(), 1);
}
END_TEST

/* Sent again by a page that did not hear the answer. */
START_TEST(test_action_once)
{
    bool known = false;

    act("one", "spam", "1,2");
    must_eq(outcome(0), "done");
    must_eq(outcome(1), "done");
    act("one", "spam", "1,2");
    ck_assert(json_boolean(json_member(anna.doc.root, "known"), &known) &&
              known);
    must_eq(outcome(1), "done");
    ck_assert_uint_eq(persons_decisions(), 2);
    act("two", "spam", "1");
    must_eq(outcome(0), "same");
    ck_assert_uint_eq(persons_decisions(), 2);
}
END_TEST

START_TEST(test_action_undo)
{
    wait_for("one", "spam", "2", "applied");
    ck_assert_int_eq(waiting(), 1);
    wait_for("two", "undo", "2", "applied");
    must_eq(standing(0).verdict, "hold");
    ck_assert_int_eq(waiting(), 2);
    act("three", "undo", "1");
    must_eq(outcome(0), "nothing");
    act("four", "approve", "77");
    must_eq(outcome(0), "unknown");
}
END_TEST

/* Before the first has gone out: the site ends as the last one says. */
START_TEST(test_action_change_of_mind)
{
    act("one", "spam", "1");
    act("two", "undo", "1");
    act("three", "spam", "1");
    wait_for("four", "approve", "1", "applied");
    must_eq(standing(0).verdict, "approve");
    site_must_have("\"approved\"");
}
END_TEST

/* Somebody at the site was faster: his word stays. */
START_TEST(test_action_person_at_site)
{
    FILE *queue = fopen(server.queue, "w");

    fputs("{\"id\":\"1\",\"text\":\"The frigate was late by two years\","
          "\"author\":\"Ann\",\"status\":\"spam\"}\n",
          queue);
    fclose(queue);
    wait_for("one", "approve", "1", "skipped");
    site_must_have("\"spam\"");
}
END_TEST

static bool count_label(void *context, const struct kept_label *label)
{
    size_t *nr = context;

    ck_assert(label->spam);
    must_eq(label->giver, "page:anna");
    (*nr)++;
    return true;
}

static size_t labels(void)
{
    size_t nr = 0;

    must(&server.dir, store_labels(server.dir.store, SPAN_LIT("default"),
                                   count_label, &nr, &server.dir.err));
    return nr;
}

START_TEST(test_action_teaches)
{
    struct store_stats stats;

    act("one", "spam", "2");
    ck_assert_uint_eq(labels(), 1);
    must(&server.dir, store_stats(server.dir.store, SPAN_LIT("default"), 0,
                                  &stats, &server.dir.err));
    ck_assert_uint_eq(stats.missed_spam, 1);
    ck_assert_uint_eq(stats.held, 2);
    ck_assert_uint_eq(stats.spam, 0);
    act("two", "undo", "2");
    ck_assert_uint_eq(labels(), 0);
    must(&server.dir, store_stats(server.dir.store, SPAN_LIT("default"), 0,
                                  &stats, &server.dir.err));
    ck_assert_uint_eq(stats.missed_spam, 0);
}
END_TEST

static const struct {
    const char *body;
} bad_case[] = {
    { "{}" },
    { "{\"id\":\"short\",\"action\":\"spam\",\"decisions\":[1]}" },
    { "{\"id\":\"has a space in it\",\"action\":\"spam\","
      "\"decisions\":[1]}" },
    { "{\"id\":\"action-one\",\"action\":\"delete\",\"decisions\":[1]}" },
    { "{\"id\":\"action-one\",\"action\":\"spam\",\"decisions\":[]}" },
    { "{\"id\":\"action-one\",\"action\":\"spam\",\"decisions\":"
      "[\"1\"]}" },
    { "{\"id\":\"action-one\",\"action\":\"spam\",\"decisions\":1}" },
};

START_TEST(test_action_bad)
{
    must_answer(&anna, "POST", "/actions", bad_case[_i].body, 400);
    ck_assert_uint_eq(persons_decisions(), 0);
}
END_TEST

Suite *action_api_suite(void)
{
    Suite *s = suite_create("action_api");
    TCase *tc = tcase_create("action");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_action_reaches_site);
    tcase_add_test(tc, test_action_once);
    tcase_add_test(tc, test_action_undo);
    tcase_add_test(tc, test_action_change_of_mind);
    tcase_add_test(tc, test_action_person_at_site);
    tcase_add_test(tc, test_action_teaches);
    tcase_add_loop_test(tc, test_action_bad, 0,
                        sizeof(bad_case) / sizeof(bad_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
