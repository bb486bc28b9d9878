#ifndef SUPPORT_TAUGHT_H
#define SUPPORT_TAUGHT_H

#include "base/alloc.h"
#include "learn/teach.h"

#include <stdlib.h>

/*
 * A made-up site: comments of twenty words out of a few hundred. Its spammers
 * use words that the general model has no opinion of.
 */
#define TAUGHT_WORDS 20
#define TAUGHT_SPAM_WORD ((uint32_t)FEATURE_DENSE_NR + 1000)
#define TAUGHT_HAM_WORD ((uint32_t)FEATURE_DENSE_NR + 2000)
#define TAUGHT_ANY_WORD ((uint32_t)FEATURE_DENSE_NR + 3000)

static inline uint64_t taught_lot(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15ULL;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

/* The entries are the row's own, for taught_release. */
static inline struct teach_row taught_row(uint64_t *lot, bool spam,
                                          int64_t at_ms)
{
    struct correction_entry *entry = xcalloc(TAUGHT_WORDS, sizeof(*entry));
    uint32_t own = spam ? TAUGHT_SPAM_WORD : TAUGHT_HAM_WORD;

    for (uint32_t i = 0; i < TAUGHT_WORDS; i++) {
        uint32_t from = i < TAUGHT_WORDS / 4 ? own : TAUGHT_ANY_WORD;

        entry[i].slot = from + i * 20 + (uint32_t)(taught_lot(lot) % 20);
        entry[i].value = 0.22F;
    }
    return (struct teach_row){
        .x = { entry, TAUGHT_WORDS,
               (double)(taught_lot(lot) % 4000) / 1000 - (spam ? 1.5 : 2.5), 1,
               spam },
        .at_ms = at_ms,
        .key = taught_lot(lot),
    };
}

/* `nr` rows, every other one spam, a minute apart. */
static inline struct teach_row *taught_rows(size_t nr, uint64_t seed)
{
    struct teach_row *row = xcalloc(nr + 1, sizeof(*row));

    for (size_t i = 0; i < nr; i++)
        row[i] = taught_row(&seed, i % 2, (int64_t)i * 60000);
    return row;
}

static inline void taught_release(struct teach_row *row, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        free((void *)(uintptr_t)row[i].x.entry);
    free(row);
}

static inline struct teach_options taught_options(void)
{
    return (struct teach_options){
        .recipe = correction_recipe,
        .promise = teach_promise_default,
        .approve_below = 0.5,
        .spam_at = 0.98,
    };
}

/* The log-odds of a row under general model and layer. */
static inline double taught_score(const struct site_model *model,
                                  const struct teach_row *row)
{
    return row->x.general + site_model_of(model, row->x.entry, row->x.nr);
}

/* Share of `spam` rows that score above even odds. */
static inline double taught_share(const struct site_model *model,
                                  const struct teach_row *row, size_t nr,
                                  bool spam)
{
    size_t above = 0;
    size_t of = 0;

    for (size_t i = 0; i < nr; i++) {
        if (row[i].x.spam != spam)
            continue;
        of++;
        above += taught_score(model, &row[i]) > 0;
    }
    return (double)above / (double)of;
}

#endif /* SUPPORT_TAUGHT_H */
