/*
 * What the protocol tells about an account: how much it was used, and how
 * well that went. There is no account, no plan and no limit here; the figures
 * are counted from the store.
 */
#include "base/clock.h"
#include "server/akismet_visit.h"
#include "wire/json.h"

#define ANSWER_BYTES_MAX ((size_t)64 << 10)
#define JSON_TYPE "application/json"
#define DAY_MS ((int64_t)86400 * 1000)

/* The first instant of month `month` (January is 1) of `year`, UTC. */
static int64_t month_begin_ms(int year, int month)
{
    struct tm tm = { .tm_year = year - 1900,
                     .tm_mon = month - 1,
                     .tm_mday = 1 };

    return (int64_t)timegm(&tm) * 1000;
}

struct month {
    char name[8]; /* "2026-11" */
    int64_t begin_ms;
    int64_t end_ms;
};

/* Set to the month called `name`; false if it is none. */
static bool month_read(struct month *month, struct span name)
{
    long long year;
    long long number;

    if (name.len != sizeof(month->name) - 1 || name.ptr[4] != '-' ||
        !span_to_long(span_cut(name, 0, 4), &year) || year < 1970 ||
        !span_to_long(span_cut(name, 5, 7), &number) || number < 1 ||
        number > 12)
        return false;
    (void)snprintf(month->name, sizeof(month->name), "%.*s", SPAN_ARG(name));
    month->begin_ms = month_begin_ms((int)year, (int)number);
    month->end_ms = month_begin_ms((int)year, (int)number + 1);
    return true;
}

static void month_of(struct month *month, int64_t now_ms)
{
    struct clock_text now = clock_format(now_ms);

    (void)month_read(month, span_cut(span_str(now.text), 0, 7));
}

/* Figures from `since_ms` on; false, and answered, if the store can't say. */
static bool count(struct akismet_visit *visit, int64_t since_ms,
                  struct desk_stats *stats)
{
    struct error err;

    if (!visit->desk->stats(visit->desk->context, visit->site.name, since_ms,
                            stats, &err))
        return true;
    akismet_visit_refuse(visit, "stats", "the figures can't be read now");
    return false;
}

static size_t judged(const struct desk_stats *stats)
{
    return stats->approved + stats->held + stats->spam;
}

static void subtract(struct desk_stats *stats, const struct desk_stats *later)
{
    stats->approved -= later->approved;
    stats->held -= later->held;
    stats->spam -= later->spam;
    stats->missed_spam -= later->missed_spam;
    stats->false_positives -= later->false_positives;
}

/* What was judged in `month`, and not after it. */
static bool count_month(struct akismet_visit *visit, const struct month *month,
                        struct desk_stats *stats)
{
    struct desk_stats later = { 0 };

    /* The later ones first: what comes in between then counts as of now. */
    if (month->end_ms <= visit->request->came_ms &&
        !count(visit, month->end_ms, &later))
        return false;
    if (!count(visit, month->begin_ms, stats))
        return false;
    subtract(stats, &later);
    return true;
}

void akismet_usage_limit(struct akismet_visit *visit)
{
    struct desk_stats stats;
    struct month month;
    struct buf out;

    month_of(&month, visit->request->came_ms);
    if (!count_month(visit, &month, &stats))
        return;
    buf_init(&out, ANSWER_BYTES_MAX);
    buf_addf(&out,
             "{\"limit\":\"none\",\"usage\":%zu,\"percentage\":\"0.0\","
             "\"throttled\":false}",
             judged(&stats));
    akismet_visit_answer(visit, JSON_TYPE, &out);
    buf_release(&out);
}

/* What is asked of key-sites. */
struct listing {
    struct month month;
    long long limit;
    long long offset;
    struct span name; /* of the one site that a key has */
    bool shown;
    struct desk_stats stats;
};

static long long number_or(struct span text, long long otherwise)
{
    long long number;

    return span_to_long(text, &number) && number >= 0 ? number : otherwise;
}

static bool read_listing(struct akismet_visit *visit, struct listing *listing)
{
    struct span month = akismet_visit_get(visit, SPAN_LIT("month"));
    struct span filter = akismet_visit_get(visit, SPAN_LIT("filter"));

    if (!month_read(&listing->month, month))
        month_of(&listing->month, visit->request->came_ms);
    listing->limit =
        number_or(akismet_visit_get(visit, SPAN_LIT("limit")), 500);
    listing->offset =
        number_or(akismet_visit_get(visit, SPAN_LIT("offset")), 0);
    listing->name = visit->site.url.len ? visit->site.url : visit->site.name;
    listing->shown = listing->limit > 0 && !listing->offset &&
                     (!filter.len || span_find_nocase(listing->name, filter) <
                                         listing->name.len);
    return count_month(visit, &listing->month, &listing->stats);
}

static void put_json_listing(struct buf *out, const struct listing *listing)
{
    const struct desk_stats *stats = &listing->stats;

    buf_addf(out, "{\"%s\":[", listing->month.name);
    if (listing->shown) {
        buf_add(out, SPAN_LIT("{\"site\":"));
        json_put_text(out, listing->name);
        buf_addf(out,
                 ",\"api_calls\":%zu,\"spam\":%zu,\"ham\":%zu,"
                 "\"missed_spam\":%zu,\"false_positives\":%zu,"
                 "\"is_revoked\":false}",
                 judged(stats), stats->spam, stats->approved + stats->held,
                 stats->missed_spam, stats->false_positives);
    }
    buf_addf(out, "],\"limit\":%lld,\"offset\":%lld,\"total\":1}",
             listing->limit, listing->offset);
}

static void put_csv_listing(struct buf *out, const struct listing *listing,
                            struct span key)
{
    const struct desk_stats *stats = &listing->stats;

    buf_addf(out,
             "Active sites for %.*s during %s (limit:%lld, offset: %lld, "
             "total: 1)\n"
             "Site,Total API Calls,Spam,Ham,Missed Spam,False Positives,"
             "Is Revoked\n",
             SPAN_ARG(key), listing->month.name, listing->limit,
             listing->offset);
    if (listing->shown)
        buf_addf(out, "%.*s,%zu,%zu,%zu,%zu,%zu,false\n",
                 SPAN_ARG(listing->name), judged(stats), stats->spam,
                 stats->approved + stats->held, stats->missed_spam,
                 stats->false_positives);
}

void akismet_key_sites(struct akismet_visit *visit)
{
    bool csv = span_eq_nocase(akismet_visit_get(visit, SPAN_LIT("format")),
                              SPAN_LIT("csv"));
    struct listing listing;
    struct buf out;

    if (!read_listing(visit, &listing))
        return;
    buf_init(&out, ANSWER_BYTES_MAX);
    if (csv)
        put_csv_listing(&out, &listing, visit->key);
    else
        put_json_listing(&out, &listing);
    akismet_visit_answer(visit, csv ? "text/csv" : JSON_TYPE, &out);
    buf_release(&out);
}

void akismet_subscription(struct akismet_visit *visit)
{
    visit->answer->status = 200;
    visit->answer->type = JSON_TYPE;
    visit->answer->body =
        SPAN_LIT("{\"account_id\":1,\"account_type\":\"self-hosted\","
                 "\"account_name\":\"sluice\",\"status\":\"active\","
                 "\"next_billing_date\":false,\"limit_reached\":false}");
}

static int64_t stats_since(struct akismet_visit *visit)
{
    struct span from = akismet_visit_get(visit, SPAN_LIT("from"));
    int64_t now_ms = visit->request->came_ms;

    if (span_eq(from, SPAN_LIT("all")))
        return 0;
    if (span_eq(from, SPAN_LIT("60-days")))
        return now_ms - 60 * DAY_MS;
    return now_ms - 183 * DAY_MS;
}

/* In percent. Of nothing, all was right. */
static double accuracy(const struct desk_stats *stats)
{
    size_t all = judged(stats);
    size_t wrong = stats->missed_spam + stats->false_positives;

    if (!all)
        return 100;
    return wrong < all ? 100.0 * (double)(all - wrong) / (double)all : 0;
}

void akismet_stats(struct akismet_visit *visit)
{
    struct desk_stats stats;
    struct buf out;

    if (!count(visit, stats_since(visit), &stats))
        return;
    buf_init(&out, ANSWER_BYTES_MAX);
    buf_addf(&out,
             "{\"spam\":%zu,\"ham\":%zu,\"missed_spam\":%zu,"
             "\"false_positives\":%zu,\"accuracy\":",
             stats.spam, stats.approved + stats.held, stats.missed_spam,
             stats.false_positives);
    json_put_real(&out, accuracy(&stats));
    buf_add(&out, SPAN_LIT(",\"time_saved\":0,\"breakdown\":{}}"));
    akismet_visit_answer(visit, JSON_TYPE, &out);
    buf_release(&out);
}
