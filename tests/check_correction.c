#include "learn/correction.h"

#include <check.h>
#include <math.h>
#include <string.h>

/* Two words; the first is in spam only. */
static const struct correction_entry spam_word[] = {
    { FEATURE_DENSE_NR + 5, 0.8F },
    { FEATURE_DENSE_NR + 9, 0.6F },
};
static const struct correction_entry ham_word[] = {
    { FEATURE_DENSE_NR + 7, 0.8F },
    { FEATURE_DENSE_NR + 9, 0.6F },
};

static struct correction_example example(bool spam, double general)
{
    return (struct correction_example){ spam ? spam_word : ham_word, 2,
                                        general, 1, spam };
}

/* At the minimum, w = sum of each row's pull, C y (1 - p). */
START_TEST(test_correction_is_the_minimum)
{
    const struct correction_example x[] = { example(true, -1),
                                            example(false, 0.5) };
    const struct correction_options options = { .cost = 2, .named = 1 };
    struct correction c;
    double pull[2];

    correction_learn(&c, x, 2, &options);
    for (int i = 0; i < 2; i++) {
        double z = x[i].general + correction_of(&c, x[i].entry, x[i].nr);

        pull[i] = x[i].spam ? 2 / (1 + exp(z)) : -2 / (1 + exp(-z));
    }
    ck_assert_double_eq_tol(c.weight[FEATURE_DENSE_NR + 5], 0.8 * pull[0],
                            1e-2);
    ck_assert_double_eq_tol(c.weight[FEATURE_DENSE_NR + 7], 0.8 * pull[1],
                            1e-2);
    ck_assert_double_eq_tol(c.bias, pull[0] + pull[1], 1e-2);
    correction_release(&c);
}
END_TEST

/* What the general model knows is not learned a second time. */
START_TEST(test_correction_leaves_alone_what_is_right)
{
    const struct correction_example x[] = { example(true, 12),
                                            example(false, -12) };
    struct correction c;

    correction_learn(&c, x, 2, &correction_recipe);
    for (uint32_t i = 0; i < FEATURE_NR; i++)
        ck_assert_double_lt(fabs(c.weight[i]), 0.01);
    correction_release(&c);
}
END_TEST

/* However wrong a label is, it pulls with its weight at most. */
START_TEST(test_correction_pull_is_bounded)
{
    struct correction_example x = example(true, -25);
    const struct correction_options options = { .cost = 3, .named = 1 };
    struct correction c;

    x.weight = 0.5;
    correction_learn(&c, &x, 1, &options);
    ck_assert_double_le(correction_of(&c, x.entry, x.nr),
                        3 * 0.5 * (1 + 0.64 + 0.36) + 1e-6);
    correction_release(&c);
}
END_TEST

START_TEST(test_correction_named_features_are_scaled)
{
    const struct correction_entry named = { FEATURE_link_many, 1 };
    struct correction_example x = { &named, 1, 0, 1, true };
    struct correction_options options = { .cost = 1, .named = 1 };
    struct correction full;
    struct correction half;

    correction_learn(&full, &x, 1, &options);
    options.named = 0.5;
    correction_learn(&half, &x, 1, &options);
    ck_assert_double_gt(full.weight[FEATURE_link_many],
                        2 * half.weight[FEATURE_link_many]);
    correction_release(&full);
    correction_release(&half);
}
END_TEST

START_TEST(test_correction_of_nothing)
{
    struct correction c;

    correction_learn(&c, NULL, 0, &correction_recipe);
    ck_assert_double_eq(correction_of(&c, spam_word, 2), 0);
    correction_release(&c);
}
END_TEST

Suite *correction_suite(void)
{
    Suite *s = suite_create("correction");
    TCase *tc = tcase_create("learn");

    tcase_add_test(tc, test_correction_is_the_minimum);
    tcase_add_test(tc, test_correction_leaves_alone_what_is_right);
    tcase_add_test(tc, test_correction_pull_is_bounded);
    tcase_add_test(tc, test_correction_named_features_are_scaled);
    tcase_add_test(tc, test_correction_of_nothing);
    suite_add_tcase(s, tc);
    return s;
}
