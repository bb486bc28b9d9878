#include "server/meter.h"

#include <string.h>

#define US_PER_S 1e6

/* Of the labels of one line. */
#define LABELS_BYTES_MAX ((size_t)512)

/* Microseconds: from a fifth of a millisecond to a minute, and to a day. */
static const int64_t bound[METER_BUCKET_NR] = {
    200,      500,       1000,      2000,       5000,    10000,
    20000,    50000,     100000,    250000,     1000000, 5000000,
    30000000, 120000000, 600000000, 3600000000,
};

static const char *const door_name[METER_DOOR_NR] = {
    [METER_OTHER] = "other", [METER_HOOK] = "hook",
    [METER_JUDGE] = "judge", [METER_AKISMET] = "akismet",
    [METER_CORAL] = "coral", [METER_OPS] = "ops",
    [METER_PAGE] = "page",
};

struct span meter_door_name(enum meter_door door)
{
    return span_str(door_name[door]);
}

int64_t histogram_bound_us(size_t i)
{
    return bound[i];
}

void histogram_add(struct histogram *histogram, int64_t us)
{
    size_t i = 0;

    while (i < METER_BUCKET_NR && us > bound[i])
        i++;
    atomic_fetch_add_explicit(&histogram->bucket[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum_us,
                              us > 0 ? (unsigned long long)us : 0,
                              memory_order_relaxed);
}

void meter_put_head(struct buf *out, const char *name, const char *type,
                    const char *help)
{
    buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void meter_put(struct buf *out, const char *name, struct span labels,
               double value)
{
    buf_addf(out, labels.len ? "%s{%.*s} %.15g\n" : "%s%.*s %.15g\n", name,
             SPAN_ARG(labels), value);
}

void histogram_put(struct buf *out, const char *name, struct span labels,
                   const struct histogram *histogram)
{
    unsigned long long sum = 0;
    const char *comma = labels.len ? "," : "";

    for (size_t i = 0; i < METER_BUCKET_NR; i++) {
        sum += histogram->bucket[i];
        buf_addf(out, "%s_bucket{%.*s%sle=\"%g\"} %llu\n", name,
                 SPAN_ARG(labels), comma, (double)bound[i] / US_PER_S, sum);
    }
    sum += histogram->bucket[METER_BUCKET_NR];
    buf_addf(out, "%s_bucket{%.*s%sle=\"+Inf\"} %llu\n", name,
             SPAN_ARG(labels), comma, sum);
    buf_addf(out, labels.len ? "%s_sum{%.*s} %.6f\n" : "%s_sum%.*s %.6f\n",
             name, SPAN_ARG(labels), (double)histogram->sum_us / US_PER_S);
    buf_addf(out, labels.len ? "%s_count{%.*s} %llu\n" : "%s_count%.*s %llu\n",
             name, SPAN_ARG(labels), sum);
}

static void count(atomic_ullong *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

void meter_refuse(struct meter *meter, const char *refused)
{
    for (size_t i = 0; i < METER_REASON_MAX; i++) {
        const char *free_place = NULL;
        const char *name = meter->refused[i].name;

        /* On failure the exchange says who was faster. */
        if (!name && atomic_compare_exchange_strong(&meter->refused[i].name,
                                                    &free_place, refused))
            name = refused;
        else if (!name)
            name = free_place;
        if (strcmp(name, refused) != 0)
            continue;
        count(&meter->refused[i].nr);
        return;
    }
    count(&meter->other_refused);
}

void meter_answer(struct meter *meter, enum meter_door door, unsigned status,
                  const char *refused, int64_t us)
{
    count(&meter->status[door][status < METER_STATUS_MAX ? status : 0]);
    histogram_add(&meter->seconds[door], us);
    if (refused)
        meter_refuse(meter, refused);
}

static void put_requests(struct buf *out, const struct meter *meter)
{
    meter_put_head(out, "sluice_requests_total", "counter",
                   "Requests answered, by door and status.");
    for (size_t door = 0; door < METER_DOOR_NR; door++)
        for (size_t status = 0; status < METER_STATUS_MAX; status++)
            if (meter->status[door][status])
                buf_addf(out,
                         "sluice_requests_total{door=\"%s\",status=\"%zu\"} "
                         "%llu\n",
                         door_name[door], status,
                         (unsigned long long)meter->status[door][status]);
}

static void put_refused(struct buf *out, const struct meter *meter)
{
    meter_put_head(out, "sluice_refused_total", "counter",
                   "Requests refused, by reason.");
    for (size_t i = 0; i < METER_REASON_MAX && meter->refused[i].name; i++)
        buf_addf(out, "sluice_refused_total{reason=\"%s\"} %llu\n",
                 meter->refused[i].name,
                 (unsigned long long)meter->refused[i].nr);
    if (meter->other_refused)
        buf_addf(out, "sluice_refused_total{reason=\"other\"} %llu\n",
                 (unsigned long long)meter->other_refused);
}

void meter_put_all(struct buf *out, struct meter *meter)
{
    put_requests(out, meter);
    put_refused(out, meter);
    meter_put_head(out, "sluice_request_seconds", "histogram",
                   "From a request's head to its answer, by door.");
    for (size_t door = 0; door < METER_DOOR_NR; door++) {
        char text[LABELS_BYTES_MAX];

        snprintf(text, sizeof(text), "door=\"%s\"", door_name[door]);
        histogram_put(out, "sluice_request_seconds", span_str(text),
                      &meter->seconds[door]);
    }
    meter_put_head(out, "sluice_connections", "gauge", "Open connections.");
    meter_put(out, "sluice_connections", SPAN_LIT(""),
              (double)meter->connections);
}
