#include "page/stats_api.h"

#include "base/clock.h"
#include "learn/promise.h"
#include "learn/teach.h"
#include "learn/weeks.h"
#include "page/put.h"
#include "page/setting_api.h"
#include "pipeline/words.h"
#include "store/event.h"
#include "store/label.h"
#include "store/stats.h"
#include "store/waiting.h"

#define DAYS 30
#define DAYS_MOST 366

#define US_PER_MS 1000.0

/* One answer being put together; each part asks the store for its own. */
struct doing {
    struct visit *visit;
    struct page_site site;
    int64_t since_ms;
};

/* "2026-11-28" */
static struct span date_of(struct arena *arena, int64_t ms)
{
    struct clock_text text = clock_format(ms);

    return arena_dup(arena, span_cut(span_str(text.text), 0, 10));
}

static enum error_code put_days(const struct doing *doing, struct error *err)
{
    struct visit *visit = doing->visit;
    struct buf *out = &visit->out;
    struct stats_days days;
    enum error_code rc =
        stats_days(visit->store, visit->arena, doing->site.name,
                   doing->since_ms, &days, err);

    put_open(out, "days", '[');
    for (size_t i = 0; !rc && i < days.nr; i++) {
        const struct stats_day *day = &days.day[i];

        put_open(out, NULL, '{');
        put_text(out, "day", date_of(visit->arena, day->day * STATS_DAY_MS));
        put_int(out, "approved", (int64_t)day->approved);
        put_int(out, "held", (int64_t)day->held);
        put_int(out, "spam", (int64_t)day->spam);
        put_int(out, "false_positives", (int64_t)day->false_positives);
        put_int(out, "missed_spam", (int64_t)day->missed_spam);
        put_close(out, '}');
    }
    put_close(out, ']');
    return rc;
}

static bool see(void *context, const struct outcome *outcome)
{
    weeks_see(context, outcome->at_ms, outcome->spam,
              outcome->verdict == VERDICT_SPAM,
              outcome->verdict == VERDICT_HOLD);
    return true;
}

static void put_weeks(struct visit *visit, const struct weeks *weeks)
{
    struct buf *out = &visit->out;

    put_open(out, "weeks", '[');
    for (size_t i = 0; i < weeks->nr; i++) {
        const struct week *week = &weeks->week[i];

        put_open(out, NULL, '{');
        put_text(out, "week", date_of(visit->arena, week->number * WEEK_MS));
        put_int(out, "honest", (int64_t)week->honest);
        put_int(out, "marked", (int64_t)week->marked);
        put_int(out, "held", (int64_t)week->held);
        put_int(out, "spam", (int64_t)week->spam);
        put_int(out, "caught", (int64_t)week->caught);
        put_real(out, "stake", week->stake);
        put_close(out, '}');
    }
    put_close(out, ']');
}

static void put_promise(struct buf *out, const struct weeks *weeks)
{
    const struct teach_promise *promise = &teach_promise_default;
    const struct watch *watch = &weeks->watch;
    double honest = watch->honest ? (double)watch->honest : 1;

    put_open(out, "promise", '{');
    put_real(out, "marked", promise->marked);
    put_real(out, "observed", (double)watch->marked / honest);
    put_real(out, "upper",
             watch->honest ? promise_upper_bound(watch->marked, watch->honest,
                                                 promise->confidence)
                           : 1);
    put_int(out, "honest", (int64_t)watch->honest);
    put_int(out, "wrong", (int64_t)watch->marked);
    put_real(out, "stake", watch_stake(watch));
    put_bool(out, "broken", watch_broken(watch, promise->confidence));
    put_close(out, '}');
}

static void put_recall(struct buf *out, const struct weeks *weeks)
{
    size_t spam = 0;
    size_t caught = 0;

    for (size_t i = 0; i < weeks->nr; i++) {
        spam += weeks->week[i].spam;
        caught += weeks->week[i].caught;
    }
    put_open(out, "recall", '{');
    put_int(out, "spam", (int64_t)spam);
    put_int(out, "caught", (int64_t)caught);
    put_close(out, '}');
}

static enum error_code put_outcomes(const struct doing *doing,
                                    struct error *err)
{
    struct visit *visit = doing->visit;
    struct weeks weeks;
    enum error_code rc;

    weeks_begin(&weeks, teach_promise_default.marked);
    rc = store_outcomes(visit->store, doing->site.name, doing->since_ms, see,
                        &weeks, err);
    put_weeks(visit, &weeks);
    put_promise(&visit->out, &weeks);
    put_recall(&visit->out, &weeks);
    weeks_release(&weeks);
    return rc;
}

static void put_count(struct buf *out, const struct stats_count *count,
                      bool words)
{
    struct span meaning = words_meaning(count->name);

    put_open(out, NULL, '{');
    put_text(out, "name", count->name);
    put_int(out, "nr", (int64_t)count->nr);
    if (words)
        put_text(out, "words", meaning.len ? meaning : count->name);
    put_close(out, '}');
}

static enum error_code put_tops(const struct doing *doing, struct error *err)
{
    struct visit *visit = doing->visit;
    struct stats_top top;
    enum error_code rc =
        stats_hosts(visit->store, visit->arena, doing->site.name,
                    doing->since_ms, &top, err);

    put_open(&visit->out, "hosts", '[');
    for (size_t i = 0; !rc && i < top.nr; i++)
        put_count(&visit->out, &top.count[i], false);
    put_close(&visit->out, ']');
    if (!rc)
        rc = stats_reasons(visit->store, visit->arena, doing->site.name,
                           doing->since_ms, &top, err);
    put_open(&visit->out, "reasons", '[');
    for (size_t i = 0; !rc && i < top.nr; i++)
        put_count(&visit->out, &top.count[i], true);
    put_close(&visit->out, ']');
    return rc;
}

static enum error_code put_campaigns(const struct doing *doing,
                                     struct error *err)
{
    struct visit *visit = doing->visit;
    struct buf *out = &visit->out;
    struct stats_campaigns list;
    enum error_code rc =
        stats_campaigns(visit->store, visit->arena, doing->site.name,
                        doing->since_ms, &list, err);

    put_open(out, "campaigns", '[');
    for (size_t i = 0; !rc && i < list.nr; i++) {
        put_open(out, NULL, '{');
        put_int(out, "id", list.campaign[i].id);
        put_text(out, "excerpt", list.campaign[i].excerpt);
        put_int(out, "nr", (int64_t)list.campaign[i].nr);
        put_int(out, "first_ms", list.campaign[i].first_ms);
        put_int(out, "last_ms", list.campaign[i].last_ms);
        put_close(out, '}');
    }
    put_close(out, ']');
    return rc;
}

static enum error_code put_depths(const struct doing *doing, struct error *err)
{
    struct visit *visit = doing->visit;
    struct store_depth depth = { 0 };
    size_t waiting = 0;
    enum error_code rc =
        store_depth(visit->store, doing->site.name, &depth, err);

    if (!rc)
        rc = waiting_count(visit->store, doing->site.name, &waiting, err);
    put_int(&visit->out, "waiting", (int64_t)waiting);
    put_int(&visit->out, "inbox", (int64_t)depth.inbox);
    put_int(&visit->out, "outbox", (int64_t)depth.outbox);
    return rc;
}

/* The bound of the bucket that the share falls into; 0 when none did. */
static double quantile_ms(const unsigned long long *bucket,
                          unsigned long long nr, double share)
{
    unsigned long long sum = 0;

    for (size_t i = 0; i < METER_BUCKET_NR; i++) {
        sum += bucket[i];
        if (nr && (double)sum >= share * (double)nr)
            return (double)histogram_bound_us(i) / US_PER_MS;
    }
    return 0;
}

static void put_latency(const struct doing *doing)
{
    unsigned long long bucket[METER_BUCKET_NR + 1];
    struct visit *visit = doing->visit;
    struct buf *out = &visit->out;
    unsigned long long nr = 0;

    visit->house->latency(visit->house->context, doing->site.name, bucket);
    for (size_t i = 0; i <= METER_BUCKET_NR; i++)
        nr += bucket[i];
    put_open(out, "latency", '{');
    put_int(out, "nr", (int64_t)nr);
    put_real(out, "p50_ms", quantile_ms(bucket, nr, 0.5));
    put_real(out, "p95_ms", quantile_ms(bucket, nr, 0.95));
    put_real(out, "p99_ms", quantile_ms(bucket, nr, 0.99));
    put_open(out, "buckets", '[');
    for (size_t i = 0; i <= METER_BUCKET_NR; i++) {
        put_open(out, NULL, '{');
        put_real(out, "le_ms",
                 i < METER_BUCKET_NR
                     ? (double)histogram_bound_us(i) / US_PER_MS
                     : 0);
        put_int(out, "nr", (int64_t)bucket[i]);
        put_close(out, '}');
    }
    put_close(out, ']');
    put_close(out, '}');
}

void stats_get(struct visit *visit)
{
    static enum error_code (*const part[])(const struct doing *doing,
                                           struct error *err) = {
        put_days, put_outcomes, put_tops, put_campaigns, put_depths,
    };
    struct doing doing = { .visit = visit };
    enum error_code rc = ERROR_NONE;
    int64_t days = DAYS;
    struct error err;

    if (!setting_site(visit, &doing.site) ||
        !visit_query_int(visit, "days", 1, DAYS_MOST, &days))
        return;
    doing.since_ms = visit->request->came_ms - days * STATS_DAY_MS;
    put_open(&visit->out, NULL, '{');
    for (size_t i = 0; !rc && i < sizeof(part) / sizeof(part[0]); i++)
        rc = part[i](&doing, &err);
    put_latency(&doing);
    put_close(&visit->out, '}');
    if (rc)
        visit_fail(visit, &err);
}
