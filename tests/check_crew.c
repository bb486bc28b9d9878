#include "app/crew.h"

#include "policy/policy.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define LINES 3000

static struct model *model;
static struct policy policy = { 0.2, 0.9, 0.5, true, NULL };
static struct judge judge;
static struct juror juror;
static struct buf want;
static struct buf got;

static void setup(void)
{
    struct error err;

    ck_assert_int_eq(model_open(&model, NULL, &err), ERROR_NONE);
    judge = (struct judge){ .model = model, .policy = &policy };
    juror_init(&juror);
    buf_init(&want, (size_t)16 << 20);
    buf_init(&got, (size_t)16 << 20);
}

static void teardown(void)
{
    buf_release(&got);
    buf_release(&want);
    juror_release(&juror);
    model_close(model);
}

/* Line `i`: some take long, some hardly anything, some are no comment. */
static struct span line_at(size_t i)
{
    struct buf line;
    struct span copy;

    buf_init(&line, (size_t)1 << 20);
    buf_addf(&line, "{\"id\":%zu,\"text\":\"", i);
    for (size_t k = 0; k < i * 7 % 61; k++)
        buf_addf(&line, "word%zu http://a%zu.example ", k, i);
    buf_addf(&line, "end\"%s", i % 50 == 7 ? "" : "}");
    copy = arena_dup(&juror.arena, buf_span(&line));
    buf_release(&line);
    return copy;
}

static void take(struct crew *crew, size_t *bad)
{
    const struct batch *batch = crew_take(crew);

    buf_add(&got, buf_span(&batch->out));
    for (size_t i = 0; i < batch->bad_nr; i++) {
        ck_assert_uint_gt(batch->bad[i].number, *bad);
        ck_assert_uint_eq(batch->bad[i].number % 50, 7);
        *bad = batch->bad[i].number;
    }
    crew_give_back(crew);
}

static void judge_alone(void)
{
    struct juror own;
    struct error err;

    juror_init(&own);
    for (size_t i = 0; i < LINES; i++)
        (void)!batch_judge_line(&want, &judge, &own, line_at(i), &err);
    juror_release(&own);
}

/* However many threads, the verdicts are the same, in the same order. */
START_TEST(test_crew_keeps_the_order)
{
    struct crew *crew;
    struct error err;
    size_t bad = 0;

    judge_alone();
    ck_assert_int_eq(crew_start(&crew, &judge, (size_t)_i, &err), ERROR_NONE);
    for (size_t i = 0; i < LINES; i++) {
        while (!crew_next(crew))
            take(crew, &bad);
        batch_add(crew_next(crew), line_at(i), i);
        if (batch_is_full(crew_next(crew)) || i + 1 == LINES)
            crew_hand(crew);
    }
    while (crew_take(crew))
        take(crew, &bad);
    crew_free(crew);
    ck_assert_uint_eq(bad, LINES - 50 + 7);
    ck_assert_uint_eq(got.len, want.len);
    ck_assert(!memcmp(got.ptr, want.ptr, want.len));
}
END_TEST

/* What is not taken back holds up what is to come. */
START_TEST(test_crew_has_only_so_many)
{
    struct crew *crew;
    struct error err;
    size_t handed = 0;
    size_t bad = 0;

    ck_assert_int_eq(crew_start(&crew, &judge, 2, &err), ERROR_NONE);
    ck_assert_ptr_null(crew_take(crew));
    while (crew_next(crew)) {
        batch_add(crew_next(crew), line_at(handed), handed);
        crew_hand(crew);
        ck_assert_uint_lt(++handed, 100);
    }
    take(crew, &bad);
    ck_assert_ptr_nonnull(crew_next(crew));
    crew_free(crew); /* with work still under way */
}
END_TEST

START_TEST(test_batch_names_lines_too_long)
{
    struct batch batch;

    batch_init(&batch);
    batch_add(&batch, SPAN_LIT("{\"text\":\"a\"}"), 1);
    batch_add_too_long(&batch, 2);
    batch_add(&batch, SPAN_LIT("{\"text\":\"b\"}"), 3);
    batch_judge(&batch, &judge, &juror);
    ck_assert_uint_eq(batch.bad_nr, 1);
    ck_assert_uint_eq(batch.bad[0].number, 2);
    ck_assert_ptr_nonnull(strstr(batch.bad[0].err.text, "longer"));
    batch_reset(&batch);
    ck_assert_uint_eq(batch.nr + batch.bad_nr + batch.out.len, 0);
    batch_release(&batch);
}
END_TEST

Suite *crew_suite(void)
{
    Suite *s = suite_create("crew");
    TCase *tc = tcase_create("crew");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_crew_keeps_the_order, 1, 4);
    tcase_add_test(tc, test_crew_has_only_so_many);
    tcase_add_test(tc, test_batch_names_lines_too_long);
    suite_add_tcase(s, tc);
    return s;
}
