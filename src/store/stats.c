#include "store/stats.h"

#include "base/alloc.h"
#include "store/tables.h"

#include <stdlib.h>
#include <string.h>

/* Days of a year and some; further ones are left out. */
#define DAYS_MAX 400

static const char select_days[] =
    "SELECT at_ms / 86400000 AS day,"
    " count(*) FILTER (WHERE verdict = 'approve'),"
    " count(*) FILTER (WHERE verdict = 'hold'),"
    " count(*) FILTER (WHERE verdict = 'spam'), 0, 0"
    " FROM decision WHERE site = ?1 AND at_ms >= ?2 AND decided_by = ''"
    " GROUP BY day ORDER BY day LIMIT ?3";

static const char select_said[] =
    "SELECT at_ms / 86400000 AS day, 0, 0, 0,"
    " count(*) FILTER (WHERE label = 'approve' AND verdict = 'spam'),"
    " count(*) FILTER (WHERE label = 'spam' AND verdict <> 'spam')"
    " FROM feedback WHERE site = ?1 AND at_ms >= ?2"
    " GROUP BY day ORDER BY day LIMIT ?3";

/* The newest judgements of a site since a time, and no more. */
#define NEWEST(columns, more)                                                 \
    "SELECT " columns " FROM decision WHERE site = ?1 AND decided_by = ''"    \
    " AND at_ms >= ?2" more " ORDER BY at_ms DESC LIMIT ?3"

static const char select_hosts[] = "SELECT host FROM (" NEWEST(
    "id", " AND verdict = 'spam'") ") AS newest"
                                   " JOIN content ON content.decision = "
                                   "newest.id WHERE host <> ''";

static const char select_reasons[] =
    "SELECT feature, count(DISTINCT decision) FROM"
    " (" NEWEST(
        "id",
        "") ") AS newest"
            " JOIN reason ON reason.decision = newest.id GROUP BY feature"
            " ORDER BY 2 DESC, feature LIMIT ?4";

static const char select_campaigns[] =
    "SELECT newest, excerpt, nr, first_ms, last_ms FROM"
    " (SELECT max(id) AS newest, count(*) AS nr, min(at_ms) AS first_ms,"
    "   max(at_ms) AS last_ms FROM"
    "   (" NEWEST("id, campaign, at_ms",
                  " AND campaign <> 0") ") AS near"
                                        "  GROUP BY campaign HAVING count(*) "
                                        "> 1 ORDER BY nr DESC LIMIT ?4)"
                                        " AS top JOIN decision ON decision.id "
                                        "= newest ORDER BY nr DESC, newest";

static enum error_code begin(struct query *query, struct store *store,
                             const char *sql, struct span site,
                             int64_t since_ms, size_t most, struct error *err)
{
    enum error_code rc = query_prepare(query, store_database(store), sql, err);

    if (rc)
        return rc;
    query_bind_span(query, site);
    query_bind_int(query, since_ms);
    query_bind_limit(query, most);
    return ERROR_NONE;
}

/* The day's place, made where there is none yet. Both come in order. */
static struct stats_day *day_at(struct stats_days *days, int64_t number)
{
    size_t i = days->nr;

    while (i && days->day[i - 1].day > number)
        i--;
    if (i && days->day[i - 1].day == number)
        return &days->day[i - 1];
    memmove(&days->day[i + 1], &days->day[i],
            (days->nr - i) * sizeof(days->day[0]));
    days->day[i] = (struct stats_day){ .day = number };
    days->nr++;
    return &days->day[i];
}

static enum error_code add_days(struct stats_days *days, struct store *store,
                                const char *sql, struct span site,
                                int64_t since_ms, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc =
        begin(&query, store, sql, site, since_ms, DAYS_MAX, err);

    while (!rc) {
        struct stats_day *day;

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        day = day_at(days, query_int(&query));
        day->approved += (size_t)query_int(&query);
        day->held += (size_t)query_int(&query);
        day->spam += (size_t)query_int(&query);
        day->false_positives += (size_t)query_int(&query);
        day->missed_spam += (size_t)query_int(&query);
    }
    query_release(&query);
    return rc;
}

enum error_code stats_days(struct store *store, struct arena *arena,
                           struct span site, int64_t since_ms,
                           struct stats_days *days, struct error *err)
{
    enum error_code rc;

    days->nr = 0;
    days->day = arena_zalloc(arena, 2 * DAYS_MAX + 1, sizeof(*days->day));
    rc = add_days(days, store, select_days, site, since_ms, err);
    return rc ? rc : add_days(days, store, select_said, site, since_ms, err);
}

/* Hosts on their way to being counted: one for each time it was met. */
struct hosts {
    struct span *host;
    size_t nr;
    size_t alloc;
};

static int by_bytes(const void *a, const void *b)
{
    return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

static int by_count(const void *a, const void *b)
{
    const struct stats_count *x = a;
    const struct stats_count *y = b;

    if (x->nr != y->nr)
        return x->nr > y->nr ? -1 : 1;
    return span_cmp(x->name, y->name);
}

static void add_hosts(struct hosts *hosts, struct span list)
{
    while (list.len) {
        size_t end = span_find_char(list, ' ');

        hosts->host =
            xgrow(hosts->host, hosts->nr, &hosts->alloc, sizeof(*hosts->host));
        hosts->host[hosts->nr++] = span_cut(list, 0, end);
        list = span_cut(list, end + 1, list.len);
    }
}

static void count_hosts(struct hosts *hosts, struct arena *arena,
                        struct stats_top *top)
{
    struct stats_count *count =
        arena_alloc(arena, (hosts->nr + 1) * sizeof(*count));
    size_t nr = 0;

    if (hosts->nr)
        qsort(hosts->host, hosts->nr, sizeof(*hosts->host), by_bytes);
    for (size_t i = 0; i < hosts->nr; i++) {
        if (!nr || !span_eq(count[nr - 1].name, hosts->host[i]))
            count[nr++] = (struct stats_count){ hosts->host[i], 0 };
        count[nr - 1].nr++;
    }
    if (nr)
        qsort(count, nr, sizeof(*count), by_count);
    for (top->nr = 0; top->nr < nr && top->nr < STATS_TOP; top->nr++)
        top->count[top->nr] = count[top->nr];
}

enum error_code stats_hosts(struct store *store, struct arena *arena,
                            struct span site, int64_t since_ms,
                            struct stats_top *top, struct error *err)
{
    struct hosts hosts = { NULL, 0, 0 };
    struct query query;
    bool row;
    enum error_code rc =
        begin(&query, store, select_hosts, site, since_ms, STATS_NEWEST, err);

    while (!rc) {
        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        add_hosts(&hosts, arena_dup(arena, query_span(&query)));
    }
    query_release(&query);
    count_hosts(&hosts, arena, top);
    free(hosts.host);
    return rc;
}

enum error_code stats_reasons(struct store *store, struct arena *arena,
                              struct span site, int64_t since_ms,
                              struct stats_top *top, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc = begin(&query, store, select_reasons, site, since_ms,
                               STATS_NEWEST, err);

    top->nr = 0;
    if (!rc)
        query_bind_limit(&query, STATS_TOP);
    while (!rc && top->nr < STATS_TOP) {
        struct stats_count *count = &top->count[top->nr];

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        count->name = arena_dup(arena, query_span(&query));
        count->nr = (size_t)query_int(&query);
        top->nr++;
    }
    query_release(&query);
    return rc;
}

enum error_code stats_campaigns(struct store *store, struct arena *arena,
                                struct span site, int64_t since_ms,
                                struct stats_campaigns *campaigns,
                                struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc = begin(&query, store, select_campaigns, site, since_ms,
                               STATS_NEWEST, err);

    campaigns->nr = 0;
    if (!rc)
        query_bind_limit(&query, STATS_TOP);
    while (!rc && campaigns->nr < STATS_TOP) {
        struct stats_campaign *c = &campaigns->campaign[campaigns->nr];

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        c->id = query_int(&query);
        c->excerpt = arena_dup(arena, query_span(&query));
        c->nr = (size_t)query_int(&query);
        c->first_ms = query_int(&query);
        c->last_ms = query_int(&query);
        campaigns->nr++;
    }
    query_release(&query);
    return rc;
}
