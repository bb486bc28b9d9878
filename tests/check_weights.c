#include "model/scale.h"
#include "model/weights.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *weight[WEIGHTS_HEAD_NR];
static uint16_t *idf;
static unsigned char known[KNOWN_BYTES];
static struct buf file;

static void setup(void)
{
    struct weights_source source = { .bias = { 0.5, -0.5 } };

    for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
        weight[head] = calloc(FEATURE_NR, sizeof(double));
    idf = calloc(FEATURE_HASH_NR, sizeof(*idf));
    for (uint32_t i = 0; i < FEATURE_NR; i++) {
        weight[0][i] = sin(i) * 3;
        weight[1][i] = cos(i) / 7;
    }
    for (uint32_t i = 0; i < FEATURE_HASH_NR; i++)
        idf[i] = (uint16_t)(i % 60000);
    buf_init(&file, (size_t)64 << 20);
    source.weight[0] = weight[0];
    source.weight[1] = weight[1];
    source.idf = idf;
    source.kind[2] = weight[1];
    source.kind_bias[2] = 0.25;
    known[7] = 0x81;
    source.known = known;
    weights_write(&file, &source);
}

static void teardown(void)
{
    for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
        free(weight[head]);
    free(idf);
    buf_release(&file);
}

START_TEST(test_weights_round_trip)
{
    struct weights weights;
    struct error err;

    ck_assert_int_eq(weights_parse(&weights, "w", buf_span(&file), &err),
                     ERROR_NONE);
    for (uint32_t i = 0; i < FEATURE_NR; i += 97)
        for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
            ck_assert_double_eq_tol(weights_at(&weights, head, i),
                                    weight[head][i], 3.0 / 32767 / 2 + 1e-7);
    ck_assert_uint_eq(weights.bucket[12345].idf, 12345);
    ck_assert_float_eq(weights.header->bias[1], -0.5F);
    ck_assert_mem_eq(weights.known, known, KNOWN_BYTES);
}
END_TEST

/* A kind that was not trained is never named: below 0 whatever comes. */
START_TEST(test_weights_kinds)
{
    struct weights weights;
    struct error err;

    ck_assert_int_eq(weights_parse(&weights, "w", buf_span(&file), &err),
                     ERROR_NONE);
    for (uint32_t i = 0; i < FEATURE_NR; i += 97) {
        ck_assert_double_eq_tol(weights_kind_at(&weights, 2, i), weight[1][i],
                                1.0 / 7 / 127 / 2 + 1e-7);
        ck_assert_double_eq(weights_kind_at(&weights, 0, i), 0);
    }
    ck_assert_float_eq(weights.header->kind_bias[2], 0.25F);
    ck_assert_float_lt(weights.header->kind_bias[0], 0);
}
END_TEST

/* Both heads in one pass, against one weight at a time. */
START_TEST(test_weights_margins)
{
    struct weights weights;
    struct error err;
    struct vector_entry entry[99];
    struct vector vector = { entry, 0, 99 };
    double margin[WEIGHTS_HEAD_NR];
    double want[WEIGHTS_HEAD_NR] = { 0.5, -0.5 };

    ck_assert_int_eq(weights_parse(&weights, "w", buf_span(&file), &err),
                     ERROR_NONE);
    for (; vector.nr < vector.alloc; vector.nr++) {
        uint32_t i = (uint32_t)vector.nr;

        entry[i] = (struct vector_entry){
            .slot = i % 3 ? i * i * 26 : i % FEATURE_DENSE_NR,
            .value = (float)i / 7 - 5,
        };
        for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
            want[head] += (double)entry[i].value *
                          weights_at(&weights, head, entry[i].slot);
    }
    weights_margins(&weights, &vector, margin);
    for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
        ck_assert_double_eq_tol(margin[head], want[head], 1e-9);
}
END_TEST

START_TEST(test_weights_refuses_others)
{
    struct weights weights;
    struct error err;
    struct span all = buf_span(&file);

    ck_assert_int_eq(weights_parse(&weights, "w", SPAN_LIT(""), &err),
                     ERROR_MODEL);
    ck_assert_int_eq(
        weights_parse(&weights, "w", span_cut(all, 0, all.len - 1), &err),
        ERROR_MODEL);
    file.ptr[offsetof(struct weights_header, features)]++;
    ck_assert_int_eq(weights_parse(&weights, "w", all, &err), ERROR_MODEL);
    ck_assert_ptr_nonnull(strstr(err.text, "make model"));
    file.ptr[0]++;
    ck_assert_int_eq(weights_parse(&weights, "w", all, &err), ERROR_MODEL);
}
END_TEST

START_TEST(test_scale_brings_blocks_to_unit_length)
{
    const uint16_t rare[] = { 4096, 8192, 4096 };
    struct vector_entry entry[] = {
        { FEATURE_DENSE_NR, 1, 0, FAMILY_WORD },
        { FEATURE_DENSE_NR + 1, 1, 0, FAMILY_PAIR },
        { FEATURE_DENSE_NR + 2, 5, 0, FAMILY_CHAR },
        { 3, 0.5F, 0, FAMILY_LINK },
    };
    struct vector vector = { entry, 4, 4 };

    scale_apply(&vector, (const unsigned char *)rare, sizeof(rare[0]));
    ck_assert_float_eq_tol(entry[0].value, 1 / sqrtf(5), 1e-6F);
    ck_assert_float_eq_tol(entry[1].value, 2 / sqrtf(5), 1e-6F);
    ck_assert_float_eq_tol(entry[2].value, 1, 1e-6F);
    ck_assert_float_eq(entry[3].value, 0.5F * SCALE_NAMED);
}
END_TEST

Suite *weights_suite(void)
{
    Suite *s = suite_create("weights");
    TCase *tc = tcase_create("weights");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_weights_round_trip);
    tcase_add_test(tc, test_weights_margins);
    tcase_add_test(tc, test_weights_kinds);
    tcase_add_test(tc, test_weights_refuses_others);
    tcase_add_test(tc, test_scale_brings_blocks_to_unit_length);
    suite_add_tcase(s, tc);
    return s;
}
