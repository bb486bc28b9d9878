#ifndef STORE_STATS_H
#define STORE_STATS_H

#include "store/store.h"

/*
 * Sums over a site's judgements, for charts. Like those of account.h, these
 * functions are for a store as store_open gives it.
 */

/* Lists of what is frequent look at the newest so many judgements at most. */
#define STATS_NEWEST 20000

#define STATS_DAY_MS ((int64_t)24 * 3600 * 1000)

struct stats_day {
    int64_t day; /* since 1970, UTC */
    size_t approved;
    size_t held;
    size_t spam;
    size_t false_positives; /* persons approved that day what was marked */
    size_t missed_spam;     /* and called spam what was not */
};

/* The days from `since_ms` on that have anything, in order; in the arena. */
struct stats_days {
    struct stats_day *day;
    size_t nr;
};

enum error_code stats_days(struct store *store, struct arena *arena,
                           struct span site, int64_t since_ms,
                           struct stats_days *days,
                           struct error *err) MUST_CHECK;

/* How often a host stands in spam, and a feature among reasons. */
struct stats_count {
    struct span name;
    size_t nr;
};

#define STATS_TOP 20

struct stats_top {
    struct stats_count count[STATS_TOP]; /* the most frequent first */
    size_t nr;
};

enum error_code stats_hosts(struct store *store, struct arena *arena,
                            struct span site, int64_t since_ms,
                            struct stats_top *top,
                            struct error *err) MUST_CHECK;
enum error_code stats_reasons(struct store *store, struct arena *arena,
                              struct span site, int64_t since_ms,
                              struct stats_top *top,
                              struct error *err) MUST_CHECK;

/* Near copies that came often. */
struct stats_campaign {
    int64_t id; /* of the newest judgement */
    struct span excerpt;
    size_t nr;
    int64_t first_ms;
    int64_t last_ms;
};

struct stats_campaigns {
    struct stats_campaign campaign[STATS_TOP];
    size_t nr;
};

enum error_code stats_campaigns(struct store *store, struct arena *arena,
                                struct span site, int64_t since_ms,
                                struct stats_campaigns *campaigns,
                                struct error *err) MUST_CHECK;

#endif /* STORE_STATS_H */
