#include "model/manifest.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct manifest sample(void)
{
    struct manifest m = {
        .features = 3,
        .hash_bits = 18,
        .seed = 1,
        .spam = { 2.5, -0.25 },
        .abuse = { 1.5, 0.5 },
        .thresholds = { 0.2, 0.9, 0.6 },
        .known_below = 0.25,
        .memory = { 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 1.5 },
        .promise = { { 100, 0.9, 0.5 }, { 200, 0.95, 0.25 } },
        .promise_nr = 2,
    };

    m.weights = digest_of(SPAN_LIT("weights"));
    return m;
}

START_TEST(test_manifest_round_trip)
{
    struct manifest out = sample();
    struct manifest in;
    struct error err;
    struct buf buf;

    buf_init(&buf, MANIFEST_BYTES_MAX);
    manifest_write(&out, &buf, SPAN_LIT("source = spam x.ndjson 10 5\n"));
    ck_assert_int_eq(manifest_parse(&in, "m", buf_span(&buf), &err),
                     ERROR_NONE);
    ck_assert_str_eq(in.id, out.id);
    ck_assert_str_eq(in.weights.hex, out.weights.hex);
    ck_assert_int_eq(in.features, 3);
    ck_assert_double_eq(in.spam.offset, -0.25);
    ck_assert_double_eq(in.thresholds.abuse_hold_at, 0.6);
    ck_assert_double_eq(in.known_below, 0.25);
    ck_assert_double_eq(in.memory[0], 0.5);
    ck_assert_double_eq(in.memory[MANIFEST_MEMORY_NR - 1], 1.5);
    ck_assert_uint_eq(in.promise_nr, 2);
    ck_assert_double_eq(in.promise[1].one_in, 200);
    ck_assert_double_eq(in.promise[1].spam_at, 0.95);
    ck_assert_double_eq(in.promise[1].recall, 0.25);
    buf_release(&buf);
}
END_TEST

/* Any byte changed by hand, or by a bad disk, is noticed. */
START_TEST(test_manifest_refuses_any_change)
{
    struct manifest out = sample();
    struct manifest in;
    struct error err;
    struct buf buf;

    buf_init(&buf, MANIFEST_BYTES_MAX);
    manifest_write(&out, &buf, SPAN_LIT(""));
    for (size_t i = 0; i < buf.len; i++) {
        buf.ptr[i] ^= 1;
        ck_assert_msg(manifest_parse(&in, "m", buf_span(&buf), &err) ==
                          ERROR_MODEL,
                      "byte %zu", i);
        buf.ptr[i] ^= 1;
    }
    for (size_t len = 0; len < buf.len; len++)
        ck_assert_int_eq(
            manifest_parse(&in, "m", span_cut(buf_span(&buf), 0, len), &err),
            ERROR_MODEL);
    buf_release(&buf);
}
END_TEST

/* Promises that can't be chosen among: of the wrong order, or not whole. */
static const char *const promise_case[] = {
    "promise = 200 0.9 0.5\npromise = 100 0.8 0.6\n",
    "promise = 200 0.9 0.5\npromise = 200 0.9 0.5\n",
    "promise = 200 0.9\n",
    "promise = 200 0.9 0.5 7\n",
    "promise = often 0.9 0.5\n",
    "promise =\n",
};

START_TEST(test_manifest_refuses_promises)
{
    struct manifest out = sample();
    struct manifest in;
    struct error err;
    struct buf buf;

    buf_init(&buf, MANIFEST_BYTES_MAX);
    out.promise_nr = 0;
    /* What follows the known lines is under the same fingerprint. */
    manifest_write(&out, &buf, span_str(promise_case[_i]));
    ck_assert_int_eq(manifest_parse(&in, "m", buf_span(&buf), &err),
                     ERROR_MODEL);
    buf_release(&buf);
}
END_TEST

Suite *manifest_suite(void)
{
    Suite *s = suite_create("manifest");
    TCase *tc = tcase_create("manifest");

    tcase_add_test(tc, test_manifest_round_trip);
    tcase_add_test(tc, test_manifest_refuses_any_change);
    tcase_add_loop_test(tc, test_manifest_refuses_promises, 0,
                        sizeof(promise_case) / sizeof(promise_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
