#include "app/serve_tally.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define LABELS_BYTES 256

struct labels {
    char text[LABELS_BYTES];
};

static struct labels labels_of(const struct tally *tally, const char *key,
                               struct span value)
{
    struct labels labels;

    snprintf(labels.text, sizeof(labels.text), "site=\"%s\",%s=\"%.*s\"",
             tally->name, key, SPAN_ARG(value));
    return labels;
}

void tallies_init(struct tallies *tallies)
{
    pthread_mutex_init(&tallies->lock, NULL);
    tallies->first = NULL;
}

void tallies_release(struct tallies *tallies)
{
    while (tallies->first) {
        struct tally *tally = tallies->first;

        tallies->first = tally->next;
        free(tally->name);
        free(tally);
    }
    pthread_mutex_destroy(&tallies->lock);
}

struct tally *tallies_of(struct tallies *tallies, struct span site)
{
    struct tally *tally;

    pthread_mutex_lock(&tallies->lock);
    tally = tallies->first;
    while (tally && !span_eq(span_str(tally->name), site))
        tally = tally->next;
    if (!tally) {
        tally = xcalloc(1, sizeof(*tally));
        tally->name = xcalloc(1, site.len + 1);
        memcpy(tally->name, site.ptr, site.len);
        tally->next = tallies->first;
        tallies->first = tally;
    }
    pthread_mutex_unlock(&tallies->lock);
    return tally;
}

static void put_verdicts(struct buf *out, const struct tally *tally)
{
    for (size_t door = 0; door < METER_DOOR_NR; door++)
        for (size_t kind = 0; kind < TALLY_VERDICTS; kind++) {
            struct labels labels =
                labels_of(tally, "verdict", verdict_name(kind));

            if (!tally->verdict[door][kind])
                continue;
            buf_addf(out, "sluice_verdicts_total{%s,door=\"%.*s\"} %llu\n",
                     labels.text, SPAN_ARG(meter_door_name(door)),
                     (unsigned long long)tally->verdict[door][kind]);
        }
}

static void put_events(struct buf *out, const struct tally *tally)
{
    for (size_t state = 0; state < TALLY_EVENTS; state++) {
        struct labels labels =
            labels_of(tally, "ended", event_state_name(state));

        if (tally->event[state])
            meter_put(out, "sluice_events_total", span_str(labels.text),
                      (double)tally->event[state]);
    }
}

static void put_feedback(struct buf *out, const struct tally *tally)
{
    struct labels labels;

    snprintf(labels.text, sizeof(labels.text), "site=\"%s\"", tally->name);
    meter_put(out, "sluice_feedback_total", span_str(labels.text),
              (double)tally->feedback);
}

static void put_told(struct buf *out, const struct tally *tally)
{
    struct labels took = labels_of(tally, "answer", SPAN_LIT("took"));
    struct labels refused = labels_of(tally, "answer", SPAN_LIT("refused"));

    meter_put(out, "sluice_told_total", span_str(took.text),
              (double)tally->told);
    meter_put(out, "sluice_told_total", span_str(refused.text),
              (double)tally->failed);
}

static void put_resting(struct buf *out, const struct tally *tally)
{
    struct labels labels;

    snprintf(labels.text, sizeof(labels.text), "site=\"%s\"", tally->name);
    meter_put(out, "sluice_site_resting", span_str(labels.text),
              tally->resting ? 1 : 0);
}

static void put_judged(struct buf *out, const struct tally *tally)
{
    struct labels labels;

    snprintf(labels.text, sizeof(labels.text), "site=\"%s\"", tally->name);
    histogram_put(out, "sluice_judged_seconds", span_str(labels.text),
                  &tally->judged);
}

static const struct {
    const char *name;
    const char *type;
    const char *help;
    void (*put)(struct buf *out, const struct tally *tally);
} family[] = {
    { "sluice_verdicts_total", "counter", "Comments judged.", put_verdicts },
    { "sluice_events_total", "counter",
      "Events worked off, by how they ended.", put_events },
    { "sluice_feedback_total", "counter", "What persons said of verdicts.",
      put_feedback },
    { "sluice_told_total", "counter", "Verdicts that the site answered.",
      put_told },
    { "sluice_site_resting", "gauge",
      "1: the site does not answer and is left alone for a while.",
      put_resting },
    { "sluice_judged_seconds", "histogram",
      "From an event's receipt to its verdict.", put_judged },
};

void tallies_put(struct buf *out, struct tallies *tallies)
{
    pthread_mutex_lock(&tallies->lock);
    for (size_t i = 0; i < sizeof(family) / sizeof(family[0]); i++) {
        meter_put_head(out, family[i].name, family[i].type, family[i].help);
        for (struct tally *t = tallies->first; t; t = t->next)
            family[i].put(out, t);
    }
    pthread_mutex_unlock(&tallies->lock);
}
