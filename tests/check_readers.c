#include "store/readers.h"

#include "support/store_dir.h"

#include <check.h>
#include <pthread.h>
#include <unistd.h>

static struct store_dir d;
static struct readers *readers;

static void setup(void)
{
    store_dir_begin(&d);
    readers = readers_new(d.path);
}

static void teardown(void)
{
    readers_free(readers);
    store_dir_remove(&d);
}

static struct store *take(void)
{
    struct store *store = NULL;

    must(&d, readers_take(readers, &store, &d.err));
    return store;
}

START_TEST(test_readers_take)
{
    struct store *one = take();
    struct store *two = take();

    ck_assert_ptr_ne(one, two);
    must(&d, store_runs(one, SPAN_LIT("none"), NULL, NULL, &d.err));
    readers_give(readers, two);
    ck_assert_ptr_eq(take(), two);
    readers_give(readers, two);
    readers_give(readers, one);
}
END_TEST

/* One that comes when all are taken. */
struct late {
    pthread_t thread;
    struct store *got;
};

static void *come_late(void *context)
{
    struct late *late = context;
    struct error err;

    ck_assert(!readers_take(readers, &late->got, &err));
    return NULL;
}

START_TEST(test_readers_wait)
{
    struct store *store[READERS_MAX];
    struct late late = { .got = NULL };

    for (size_t i = 0; i < READERS_MAX; i++)
        store[i] = take();
    ck_assert(!pthread_create(&late.thread, NULL, come_late, &late));
    usleep(100000);
    readers_give(readers, store[3]);
    pthread_join(late.thread, NULL);
    ck_assert_ptr_eq(late.got, store[3]);
    for (size_t i = 0; i < READERS_MAX; i++)
        readers_give(readers, store[i]);
}
END_TEST

/* One that can't be opened takes nobody's place. */
START_TEST(test_readers_fail)
{
    struct readers *broken = readers_new("/nowhere/store.db");
    struct store *store;

    for (size_t i = 0; i <= READERS_MAX; i++)
        must_fail(&d, readers_take(broken, &store, &d.err), "/nowhere");
    readers_free(broken);
}
END_TEST

Suite *readers_suite(void)
{
    Suite *s = suite_create("readers");
    TCase *tc = tcase_create("readers");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_readers_take);
    tcase_add_test(tc, test_readers_wait);
    tcase_add_test(tc, test_readers_fail);
    suite_add_tcase(s, tc);
    return s;
}
