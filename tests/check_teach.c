#include "learn/teach.h"

#include "learn/label.h"
#include "support/taught.h"

#include <check.h>
#include <math.h>
#include <string.h>

#define TEST_NR 2000

static struct teach_row *test_row;

static void setup(void)
{
    test_row = taught_rows(TEST_NR, 99);
}

static void teardown(void)
{
    taught_release(test_row, TEST_NR);
}

static struct site_model taught(const struct teach_row *row, size_t nr,
                                struct teach_metrics *metrics)
{
    struct teach_options options = taught_options();
    struct teach_metrics ignored;
    struct site_model model;

    teach(&model, metrics ? metrics : &ignored, row, nr, &options);
    return model;
}

START_TEST(test_teach_helps)
{
    struct teach_row *row = taught_rows(200, 1);
    struct teach_metrics metrics;
    struct site_model none;
    struct site_model model = taught(row, 200, &metrics);

    site_model_make(&none, NULL, SPAN_LIT("m"), 0.5, 0.98);
    ck_assert(metrics.corrected);
    ck_assert_double_lt(metrics.loss, metrics.general_loss / 2);
    ck_assert_double_lt(taught_share(&none, test_row, TEST_NR, true), 0.7);
    ck_assert_double_gt(taught_share(&model, test_row, TEST_NR, true), 0.9);
    ck_assert_double_lt(taught_share(&model, test_row, TEST_NR, false), 0.1);
    site_model_release(&model);
    site_model_release(&none);
    taught_release(row, 200);
}
END_TEST

/* Same labels, same bytes, in whatever order they come. */
START_TEST(test_teach_is_deterministic)
{
    struct teach_row *row = taught_rows(100, 2);
    struct site_model model = taught(row, 100, NULL);
    struct site_model again;

    for (size_t i = 0; i < 50; i++) {
        struct teach_row kept = row[i];

        row[i] = row[99 - i];
        row[99 - i] = kept;
    }
    again = taught(row, 100, NULL);
    ck_assert_str_eq(model.id, again.id);
    site_model_release(&model);
    site_model_release(&again);
    taught_release(row, 100);
}
END_TEST

/* One more label is seen; without it the model is as if it never was. */
START_TEST(test_teach_forgets_exactly)
{
    struct teach_row *row = taught_rows(61, 3);
    struct site_model before = taught(row, 60, NULL);
    struct site_model with = taught(row, 61, NULL);
    struct site_model after = taught(row, 60, NULL);

    ck_assert_str_ne(before.id, with.id);
    ck_assert_str_eq(before.id, after.id);
    site_model_release(&before);
    site_model_release(&with);
    site_model_release(&after);
    taught_release(row, 61);
}
END_TEST

START_TEST(test_teach_guard)
{
    struct teach_row *row = taught_rows(2 * TEACH_CLASS_MIN, 4);
    struct teach_metrics metrics;
    struct site_model few = taught(row, 2 * TEACH_CLASS_MIN - 1, &metrics);

    ck_assert(!metrics.corrected);
    ck_assert_ptr_null(few.weight);
    ck_assert_double_eq(few.bias, 0);
    site_model_release(&few);
    few = taught(row, 2 * TEACH_CLASS_MIN, &metrics);
    ck_assert(metrics.corrected);
    ck_assert_ptr_nonnull(few.weight);
    site_model_release(&few);
    taught_release(row, 2 * TEACH_CLASS_MIN);
}
END_TEST

START_TEST(test_teach_of_nothing_is_the_general_model)
{
    struct teach_metrics metrics;
    struct site_model model = taught(NULL, 0, &metrics);

    ck_assert_double_eq_tol(model.spam_at, 0.98, 1e-9);
    ck_assert_double_eq_tol(model.approve_below, 0.5, 1e-9);
    ck_assert(!metrics.promised);
    site_model_release(&model);
}
END_TEST

/* Too few to promise by themselves: the general promise is not loosened. */
START_TEST(test_teach_does_not_loosen_on_few)
{
    struct teach_row *row = taught_rows(400, 5);
    struct teach_metrics metrics;
    struct site_model model = taught(row, 400, &metrics);

    ck_assert(!metrics.promised);
    ck_assert_double_ge(model.spam_at, 0.98 - 1e-9);
    ck_assert_uint_eq(metrics.false_marks, 0);
    site_model_release(&model);
    taught_release(row, 400);
}
END_TEST

/*
 * Of a hundred sites, each with its own labels, at most five may break the
 * promise on honest comments to come.
 */
START_TEST(test_teach_keeps_the_promise)
{
    struct teach_options options = taught_options();
    int broken = 0;

    options.promise.marked = 0.02;
    for (uint64_t site = 0; site < 100; site++) {
        struct teach_row *row = taught_rows(400, 1000 + site);
        struct teach_metrics metrics;
        struct site_model model;
        size_t marked = 0;

        teach(&model, &metrics, row, 400, &options);
        ck_assert(metrics.promised);
        for (size_t i = 0; i < TEST_NR; i++)
            marked +=
                !test_row[i].x.spam && taught_score(&model, &test_row[i]) >=
                                           teach_log_odds(model.spam_at);
        broken += (double)marked > 0.02 * TEST_NR / 2;
        site_model_release(&model);
        taught_release(row, 400);
    }
    ck_assert_int_le(broken, 5);
}
END_TEST

START_TEST(test_teach_bears_wrong_labels)
{
    struct teach_row *row = taught_rows(400, 6);
    struct site_model clean = taught(row, 400, NULL);
    struct site_model noisy;

    for (size_t i = 0; i < 400; i += 20)
        row[i + i / 20 % 2].x.spam = !row[i + i / 20 % 2].x.spam;
    noisy = taught(row, 400, NULL);
    ck_assert_double_gt(taught_share(&noisy, test_row, TEST_NR, true),
                        taught_share(&clean, test_row, TEST_NR, true) - 0.05);
    ck_assert_double_lt(taught_share(&noisy, test_row, TEST_NR, false), 0.05);
    site_model_release(&clean);
    site_model_release(&noisy);
    taught_release(row, 400);
}
END_TEST

/*
 * One door reports a thousand honest comments as spam, against a hundred
 * labels of the site's own. With the cap it can at worst undo what the site
 * taught; without it, and this is what the cap is for, most are lost.
 */
static double share_after_poison(bool capped)
{
    struct teach_row *row = taught_rows(2200, 7);
    static struct label_mark mark[1300];
    static double weight[1300];
    struct site_model model;
    size_t nr = 0;
    double share;

    for (size_t i = 0; i < 2200; i++) {
        bool poison = i >= 200;
        struct teach_row *kept = &row[nr];

        if (poison && row[i].x.spam)
            continue;
        if (nr != i) {
            struct teach_row moved = row[i];

            row[i] = *kept;
            *kept = moved;
        }
        kept->x.spam = kept->x.spam || poison;
        mark[nr++] = (struct label_mark){
            .spam = kept->x.spam,
            .giver = poison && capped ? SPAN_LIT("door") : SPAN_LIT(""),
            .weight = 1,
        };
    }
    label_weigh(weight, mark, nr);
    for (size_t i = 0; i < nr; i++)
        row[i].x.weight = weight[i];
    model = taught(row, nr, NULL);
    share = taught_share(&model, test_row, TEST_NR, false);
    site_model_release(&model);
    taught_release(row, 2200);
    return share;
}

START_TEST(test_teach_bounds_poison)
{
    struct site_model none;
    double general;

    site_model_make(&none, NULL, SPAN_LIT("m"), 0.5, 0.98);
    general = taught_share(&none, test_row, TEST_NR, false);
    ck_assert_double_le(share_after_poison(true), general);
    ck_assert_double_gt(share_after_poison(false), 0.5);
}
END_TEST

START_TEST(test_teach_loss)
{
    const double score[] = { 2, -2, -2 };
    const bool spam[] = { true, false, false };

    ck_assert_double_eq_tol(teach_loss(score, spam, 3), log1p(exp(-2)), 1e-12);
    ck_assert_double_eq_tol(teach_log_odds(teach_probability(3.5)), 3.5, 1e-9);
    ck_assert(isfinite(teach_log_odds(0)) && isfinite(teach_log_odds(1)));
}
END_TEST

Suite *teach_suite(void)
{
    Suite *s = suite_create("teach");
    TCase *tc = tcase_create("teach");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_teach_helps);
    tcase_add_test(tc, test_teach_is_deterministic);
    tcase_add_test(tc, test_teach_forgets_exactly);
    tcase_add_test(tc, test_teach_guard);
    tcase_add_test(tc, test_teach_of_nothing_is_the_general_model);
    tcase_add_test(tc, test_teach_does_not_loosen_on_few);
    tcase_add_test(tc, test_teach_keeps_the_promise);
    tcase_add_test(tc, test_teach_bears_wrong_labels);
    tcase_add_test(tc, test_teach_bounds_poison);
    tcase_add_test(tc, test_teach_loss);
    suite_add_tcase(s, tc);
    return s;
}
