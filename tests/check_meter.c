#include "server/meter.h"

#include <check.h>
#include <string.h>

#define TEXT_MAX ((size_t)4 << 20)

static struct meter meter;
static struct buf out;

static void setup(void)
{
    memset(&meter, 0, sizeof(meter));
    buf_init(&out, TEXT_MAX);
}

static void teardown(void)
{
    buf_release(&out);
}

static void must_have(const char *line)
{
    ck_assert_msg(span_find(buf_span(&out), span_str(line)) < out.len,
                  "no '%s' in:\n%s", line, out.ptr);
}

START_TEST(test_meter_answers)
{
    meter_answer(&meter, METER_HOOK, 202, NULL, 1500);
    meter_answer(&meter, METER_HOOK, 202, NULL, 300);
    meter_answer(&meter, METER_JUDGE, 401, "token", 10);
    meter_answer(&meter, METER_OTHER, 9999, "token", 10);
    meter_put_all(&out, &meter);
    must_have("sluice_requests_total{door=\"hook\",status=\"202\"} 2\n");
    must_have("sluice_requests_total{door=\"judge\",status=\"401\"} 1\n");
    must_have("sluice_refused_total{reason=\"token\"} 2\n");
    must_have(
        "sluice_request_seconds_bucket{door=\"hook\",le=\"0.0005\"} 1\n");
    must_have("sluice_request_seconds_bucket{door=\"hook\",le=\"0.002\"} 2\n");
    must_have("sluice_request_seconds_bucket{door=\"hook\",le=\"+Inf\"} 2\n");
    must_have("sluice_request_seconds_sum{door=\"hook\"} 0.001800\n");
    must_have("sluice_request_seconds_count{door=\"hook\"} 2\n");
}
END_TEST

/* The list of reasons is as long as it is; the rest is one. */
START_TEST(test_meter_reasons)
{
    static char name[METER_REASON_MAX + 2][16];

    for (size_t i = 0; i < METER_REASON_MAX + 2; i++) {
        snprintf(name[i], sizeof(name[i]), "reason%zu", i);
        meter_refuse(&meter, name[i]);
    }
    meter_refuse(&meter, "reason1");
    meter_put_all(&out, &meter);
    must_have("sluice_refused_total{reason=\"reason0\"} 1\n");
    must_have("sluice_refused_total{reason=\"reason1\"} 2\n");
    must_have("sluice_refused_total{reason=\"other\"} 2\n");
}
END_TEST

START_TEST(test_meter_histogram_bounds)
{
    struct histogram histogram = { 0 };

    histogram_add(&histogram, -5);
    histogram_add(&histogram, 200);
    histogram_add(&histogram, 201);
    histogram_add(&histogram, INT64_MAX / 2);
    histogram_put(&out, "h", SPAN_LIT(""), &histogram);
    must_have("h_bucket{le=\"0.0002\"} 2\n");
    must_have("h_bucket{le=\"0.0005\"} 3\n");
    must_have("h_bucket{le=\"3600\"} 3\n");
    must_have("h_bucket{le=\"+Inf\"} 4\n");
    must_have("h_count 4\n");
}
END_TEST

Suite *meter_suite(void)
{
    Suite *s = suite_create("meter");
    TCase *tc = tcase_create("meter");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_meter_answers);
    tcase_add_test(tc, test_meter_reasons);
    tcase_add_test(tc, test_meter_histogram_bounds);
    suite_add_tcase(s, tc);
    return s;
}
