/*
 * Whose turn it is. On a file everybody's; on a server (CHECK_STORE) that of
 * one node at a time.
 */
#include "store/lease.h"

#include "store/event.h"
#include "store/node.h"
#include "store/writer.h"
#include "support/store_dir.h"

#include <check.h>
#include <pthread.h>
#include <unistd.h>

static struct store_dir d;
static bool on_server;
static struct lease ann;
static struct lease bob;

static void setup(void)
{
    store_dir_begin(&d);
    on_server = store_is_server(span_str(d.path));
    ann =
        (struct lease){ .site = SPAN_LIT("blog"), .holder = SPAN_LIT("ann") };
    bob =
        (struct lease){ .site = SPAN_LIT("blog"), .holder = SPAN_LIT("bob") };
}

static void teardown(void)
{
    store_dir_remove(&d);
}

static bool takes(struct lease *lease)
{
    bool held = false;

    must(&d, lease_take(d.store, lease, &held, &d.err));
    return held;
}

static enum error_code checked(const struct lease *lease)
{
    must(&d, store_begin(d.store, &d.err));
    return store_end(d.store, lease_check(d.store, lease, &d.err), &d.err);
}

/* As if LEASE_MS had gone by. */
static void let_time_pass(void)
{
    struct database db;

    must(&d, database_open(&db, d.path, &d.err));
    must(&d, database_exec(&db, "UPDATE lease SET until_ms = 1", &d.err));
    database_release(&db);
}

static void post(const char *delivery)
{
    struct event event = { .site = SPAN_LIT("blog"),
                           .delivery = span_str(delivery),
                           .kind = SPAN_LIT("comment.created"),
                           .body = SPAN_LIT("{}"),
                           .received_ms = 1 };

    must(&d, store_event_add(d.store, &event, &d.err));
}

static void count_site(void *context, struct span site)
{
    size_t *nr = context;

    must_eq(site, "blog");
    ++*nr;
}

/* Sites that something waits at, for this node. */
static size_t waiting_for(const struct lease *lease)
{
    size_t nr = 0;

    must(&d, lease_each(d.store, lease->holder, count_site, &nr, &d.err));
    return nr;
}

START_TEST(test_lease_take)
{
    ck_assert(takes(&ann));
    ck_assert_int_eq(takes(&bob), !on_server);
    ck_assert(takes(&ann)); /* renewed */
    must(&d, checked(&ann));
    must(&d, lease_give_back(d.store, &ann, &d.err));
    ck_assert(takes(&bob));
    must(&d, checked(&bob));
}
END_TEST

START_TEST(test_lease_is_taken_over)
{
    ck_assert(takes(&ann));
    let_time_pass();
    ck_assert(takes(&bob));
    must(&d, checked(&bob));
    if (on_server) {
        must_fail(&d, checked(&ann), "another node has taken over site blog");
        ck_assert(!takes(&ann));
        must_fail(&d, checked(&ann), "another node");
    }
}
END_TEST

/* Who was away for a while, and nobody came, goes on. */
START_TEST(test_lease_outlives_its_time)
{
    ck_assert(takes(&ann));
    let_time_pass();
    must(&d, checked(&ann));
    must(&d, lease_renew(d.store, ann.holder, &d.err)); /* too late for that */
    ck_assert(takes(&bob));
}
END_TEST

START_TEST(test_lease_each)
{
    ck_assert_uint_eq(waiting_for(&ann), 0);
    post("1");
    ck_assert_uint_eq(waiting_for(&ann), on_server);
    ck_assert(takes(&ann));
    ck_assert_uint_eq(waiting_for(&ann), on_server);
    ck_assert_uint_eq(waiting_for(&bob), 0);
    let_time_pass();
    ck_assert_uint_eq(waiting_for(&bob), on_server);
    store_dir_decide(&d, "7", "text", VERDICT_SPAM);
    ck_assert_uint_eq(waiting_for(&bob), on_server);
}
END_TEST

/* What a node brings that is not its turn any more is not written. */
START_TEST(test_lease_guards)
{
    struct decision decision = store_dir_decision(&d, "7", "t", VERDICT_SPAM);
    struct writer *writer = NULL;
    struct store *store = NULL;

    must(&d, writer_start(&writer, d.path, &d.err));
    must(&d, writer_store(writer, &store, &d.err));
    ck_assert(takes(&ann));
    writer_store_guard(store, &ann);
    must(&d, store_decide(store, &decision, 1, &d.err));
    let_time_pass();
    ck_assert(takes(&bob));
    decision.comment = SPAN_LIT("8");
    if (on_server)
        must_fail(&d, store_decide(store, &decision, 1, &d.err),
                  "another node");
    writer_store_guard(store, &bob);
    must(&d, store_decide(store, &decision, 1, &d.err));
    ck_assert_uint_eq(store_dir_count(&d), 2);
    store_close(store);
    writer_stop(writer);
}
END_TEST

/* What a node has heard. */
struct heard {
    pthread_mutex_t lock;
    size_t sites;
    size_t settings;
};

static void hear(void *context, struct span site)
{
    struct heard *heard = context;

    pthread_mutex_lock(&heard->lock);
    heard->sites += span_eq(site, SPAN_LIT("blog"));
    heard->settings += !site.len;
    pthread_mutex_unlock(&heard->lock);
}

/* Wait up to ten seconds for a count that is no longer 0. */
static bool soon(struct heard *heard, const size_t *count)
{
    bool there = false;

    for (int i = 0; i < 1000 && !there; i++) {
        pthread_mutex_lock(&heard->lock);
        there = *count > 0;
        pthread_mutex_unlock(&heard->lock);
        usleep(10000);
    }
    return there;
}

START_TEST(test_node_calls)
{
    struct heard heard = { PTHREAD_MUTEX_INITIALIZER, 0, 0 };
    struct heard deaf = { PTHREAD_MUTEX_INITIALIZER, 0, 0 };
    struct node *one = NULL;
    struct node *two = NULL;
    bool held;

    must(&d, node_start(&one, d.path, hear, &heard, &d.err));
    must(&d, node_start(&two, d.path, hear, &deaf, &d.err));
    must(&d, node_take(one, SPAN_LIT("blog"), &ann, &held, &d.err));
    ck_assert(held);
    must(&d, node_take(two, SPAN_LIT("blog"), &bob, &held, &d.err));
    ck_assert_int_eq(held, !on_server);
    node_call(two, SPAN_LIT(""));
    if (on_server) {
        ck_assert(soon(&heard, &heard.sites));
        ck_assert(soon(&heard, &heard.settings));
    }
    node_give_back(one, &ann);
    must(&d, node_take(two, SPAN_LIT("blog"), &bob, &held, &d.err));
    ck_assert(held);
    node_stop(two);
    node_stop(one);
}
END_TEST

/* A lease is sure for a while, and longer if the node renews it. */
START_TEST(test_node_holds)
{
    struct heard deaf = { PTHREAD_MUTEX_INITIALIZER, 0, 0 };
    struct node *node = NULL;
    bool held;

    must(&d, node_start(&node, d.path, hear, &deaf, &d.err));
    must(&d, node_take(node, SPAN_LIT("blog"), &ann, &held, &d.err));
    ck_assert(node_holds(node, &ann));
    ann.taken_ms -= LEASE_MS;
    ck_assert(node_holds(node, &ann));
    ann.term--; /* as if renewing had come too late */
    ck_assert_int_eq(node_holds(node, &ann), !on_server);
    ann.taken_ms += LEASE_MS;
    ck_assert(node_holds(node, &ann));
    ann.fence = LEASE_NONE;
    ck_assert(!node_holds(node, &ann));
    node_stop(node);
}
END_TEST

/* Nobody calls, for the caller died; who looks round finds it. */
START_TEST(test_node_looks_round)
{
    struct heard heard = { PTHREAD_MUTEX_INITIALIZER, 0, 0 };
    struct node *node = NULL;

    must(&d, node_start(&node, d.path, hear, &heard, &d.err));
    post("1");
    ck_assert(!on_server || soon(&heard, &heard.sites));
    node_stop(node);
}
END_TEST

Suite *lease_suite(void)
{
    Suite *s = suite_create("lease");
    TCase *tc = tcase_create("lease");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_lease_take);
    tcase_add_test(tc, test_lease_is_taken_over);
    tcase_add_test(tc, test_lease_outlives_its_time);
    tcase_add_test(tc, test_lease_each);
    tcase_add_test(tc, test_lease_guards);
    tcase_add_test(tc, test_node_calls);
    tcase_add_test(tc, test_node_holds);
    tcase_add_test(tc, test_node_looks_round);
    suite_add_tcase(s, tc);
    return s;
}
