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

Suite *manifest_suite(void)
{
    Suite *s = suite_create("manifest");
    TCase *tc = tcase_create("manifest");

    tcase_add_test(tc, test_manifest_round_trip);
    tcase_add_test(tc, test_manifest_refuses_any_change);
    suite_add_tcase(s, tc);
    return s;
}
