#include "learn/site_model.h"

#include "base/alloc.h"
#include "features/features.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct buf bytes;
static struct site_model model;
static struct error err;

static void setup(void)
{
    struct correction correction = {
        xcalloc(FEATURE_NR, sizeof(*correction.weight)),
        -0.25,
    };

    correction.weight[FEATURE_link_many] = 1.5;
    correction.weight[FEATURE_NR - 1] = -0.1;
    site_model_make(&model, &correction, SPAN_LIT("0f1d5f4ed598"), 0.4, 0.99);
    correction_release(&correction);
    buf_init(&bytes, SITE_MODEL_BYTES_MAX);
    site_model_write(&model, &bytes);
}

static void teardown(void)
{
    site_model_release(&model);
    buf_release(&bytes);
}

START_TEST(test_site_model_comes_back)
{
    struct site_model back;

    ck_assert(!site_model_parse(&back, buf_span(&bytes), &err));
    ck_assert_str_eq(back.id, model.id);
    ck_assert_str_eq(back.general, "0f1d5f4ed598");
    ck_assert_double_eq(back.bias, -0.25);
    ck_assert_double_eq(back.spam_at, 0.99);
    ck_assert_double_eq(back.approve_below, 0.4);
    ck_assert(
        !memcmp(back.weight, model.weight, FEATURE_NR * sizeof(*back.weight)));
    site_model_release(&back);
}
END_TEST

START_TEST(test_site_model_parts_add_up)
{
    struct vector_entry entry[] = {
        { FEATURE_link_many, 2, 0, FAMILY_LINK },
        { FEATURE_NR - 1, 0.5F, 0, FAMILY_WORD },
        { FEATURE_NR - 2, 0.5F, 0, FAMILY_WORD },
    };
    struct vector vector = { entry, 3, 3 };
    double sum = model.bias;

    for (int i = 0; i < 3; i++)
        sum += site_model_part(&model, &entry[i]);
    ck_assert_double_eq(sum, site_model_log_odds(&model, &vector));
    ck_assert_double_eq_tol(sum, 3 - 0.05 - 0.25, 1e-6);
}
END_TEST

START_TEST(test_site_model_of_thresholds_only)
{
    struct vector_entry entry = { 7, 1, 0, FAMILY_LINK };
    struct vector vector = { &entry, 1, 1 };
    struct site_model bare;
    struct site_model back;

    site_model_make(&bare, NULL, SPAN_LIT("0f1d5f4ed598"), 0.4, 0.99);
    ck_assert_str_ne(bare.id, model.id);
    ck_assert_double_eq(site_model_log_odds(&bare, &vector), 0);
    buf_reset(&bytes);
    site_model_write(&bare, &bytes);
    ck_assert(!site_model_parse(&back, buf_span(&bytes), &err));
    ck_assert_ptr_null(back.weight);
    site_model_release(&back);
    site_model_release(&bare);
}
END_TEST

/* Cut short anywhere, it is refused. */
START_TEST(test_site_model_refuses_cut_bytes)
{
    struct site_model back;

    for (size_t len = 0; len < bytes.len; len++)
        ck_assert_int_eq(
            site_model_parse(&back, span_cut(buf_span(&bytes), 0, len), &err),
            ERROR_MODEL);
}
END_TEST

/* Offsets in the header, and what must not be believed there. */
static const struct {
    size_t at;
    unsigned char byte;
} damage_case[] = {
    { 0, 'x' },   /* magic */
    { 8, 0xff },  /* byte order */
    { 12, 0xff }, /* version of the features */
    { 16, 0xff }, /* slots */
    { 20, 0xff }, /* how many weights */
    { 31, 0x7f }, /* approve_below: not a number */
    { 31, 0x41 }, /* approve_below: far above 1 */
    { 39, 0x7f }, /* spam_at: not a number */
    { 47, 0x7f }, /* bias: not a number */
    { 67, 0x7f }, /* a slot beyond all */
    { 71, 0x7f }, /* a weight that is not a number */
};

START_TEST(test_site_model_refuses_damage)
{
    struct site_model back;

    bytes.ptr[damage_case[_i].at] = (char)damage_case[_i].byte;
    /* 0x7ff8... and 0x7ff8 are no numbers, as double and as float. */
    if (damage_case[_i].byte == 0x7f)
        bytes.ptr[damage_case[_i].at - 1] = (char)0xf8;
    ck_assert_int_eq(site_model_parse(&back, buf_span(&bytes), &err),
                     ERROR_MODEL);
    ck_assert_ptr_null(back.weight);
}
END_TEST

Suite *site_model_suite(void)
{
    Suite *s = suite_create("site_model");
    TCase *tc = tcase_create("bytes");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_site_model_comes_back);
    tcase_add_test(tc, test_site_model_parts_add_up);
    tcase_add_test(tc, test_site_model_of_thresholds_only);
    tcase_add_test(tc, test_site_model_refuses_cut_bytes);
    tcase_add_loop_test(tc, test_site_model_refuses_damage, 0,
                        sizeof(damage_case) / sizeof(damage_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
