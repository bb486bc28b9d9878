#ifndef SERVER_METER_H
#define SERVER_METER_H

#include "base/buf.h"
#include "base/span.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Counting, in Prometheus's text format. Counting takes no lock; reading may
 * see one request's counts half added, which is nothing to a counter.
 */

/* The doors a request may come through; their names are in meter.c. */
enum meter_door {
    METER_OTHER, /* no route */
    METER_HOOK,
    METER_JUDGE,
    METER_AKISMET,
    METER_CORAL,
    METER_OPS,
    METER_PAGE,
    METER_DOOR_NR,
};

struct span meter_door_name(enum meter_door door);

/* Upper bounds of the buckets of all histograms, in microseconds. */
#define METER_BUCKET_NR 16

struct histogram {
    atomic_ullong bucket[METER_BUCKET_NR + 1]; /* the last: beyond all */
    atomic_ullong sum_us;
};

/* The upper bound of bucket `i`. */
int64_t histogram_bound_us(size_t i);

void histogram_add(struct histogram *histogram, int64_t us);

/*
 * Append bucket, sum and count lines of `name`; `labels` as "door=\"hook\"",
 * or empty.
 */
void histogram_put(struct buf *out, const char *name, struct span labels,
                   const struct histogram *histogram);

/* Append "# HELP" and "# TYPE"; `type` is counter, gauge or histogram. */
void meter_put_head(struct buf *out, const char *name, const char *type,
                    const char *help);

/* Append one sample. */
void meter_put(struct buf *out, const char *name, struct span labels,
               double value);

/* Room for the reasons of refusals; further ones are counted as "other". */
#define METER_REASON_MAX 48
#define METER_STATUS_MAX 600

/* What the server counts by itself. Zeroed is a good beginning. */
struct meter {
    atomic_ullong status[METER_DOOR_NR][METER_STATUS_MAX];
    struct histogram seconds[METER_DOOR_NR];
    struct {
        const char *_Atomic name; /* static; compared by its text */
        atomic_ullong nr;
    } refused[METER_REASON_MAX];
    atomic_ullong other_refused;
    atomic_llong connections;
};

/* One request was answered; `refused` as in struct http_answer. */
void meter_answer(struct meter *meter, enum meter_door door, unsigned status,
                  const char *refused, int64_t us);

/* One was refused before there was anything to answer. */
void meter_refuse(struct meter *meter, const char *refused);

/* Append all of it. */
void meter_put_all(struct buf *out, struct meter *meter);

#endif /* SERVER_METER_H */
