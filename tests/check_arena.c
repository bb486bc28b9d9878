#include "base/arena.h"

#include <check.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

START_TEST(test_arena_aligns)
{
    for (size_t size = 0; size < 100; size++) {
        char *ptr = arena_alloc(&arena, size);

        ck_assert_uint_eq((uintptr_t)ptr % alignof(max_align_t), 0);
        memset(ptr, 0xAB, size);
    }
}
END_TEST

START_TEST(test_arena_reset_reuses_blocks)
{
    void *first = arena_alloc(&arena, 100);

    for (int i = 0; i < 1000; i++)
        arena_alloc(&arena, 1000);
    arena_alloc(&arena, (size_t)1 << 20);
    arena_reset(&arena);
    ck_assert_ptr_eq(arena_alloc(&arena, 100), first);
}
END_TEST

START_TEST(test_arena_large_after_reset)
{
    char *large;

    arena_alloc(&arena, 10);
    arena_reset(&arena);
    arena_alloc(&arena, 10);
    large = arena_alloc(&arena, (size_t)3 << 20);
    memset(large, 1, (size_t)3 << 20);
}
END_TEST

START_TEST(test_arena_printf)
{
    struct span s = arena_printf(&arena, "%d-%s", 7, "x");

    ck_assert(span_eq(s, SPAN_LIT("7-x")));
    ck_assert_int_eq(s.ptr[s.len], '\0');
}
END_TEST

START_TEST(test_arena_shrink)
{
    char *a = arena_alloc(&arena, 1000);
    char *b;

    arena_shrink(&arena, a, 1000, 10);
    b = arena_alloc(&arena, 10);
    ck_assert_ptr_eq(b, a + 16);
}
END_TEST

Suite *arena_suite(void)
{
    Suite *s = suite_create("arena");
    TCase *tc = tcase_create("arena");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_arena_aligns);
    tcase_add_test(tc, test_arena_reset_reuses_blocks);
    tcase_add_test(tc, test_arena_large_after_reset);
    tcase_add_test(tc, test_arena_printf);
    tcase_add_test(tc, test_arena_shrink);
    suite_add_tcase(s, tc);
    return s;
}
