#include "app/memories.h"

#include "base/alloc.h"
#include "base/log.h"
#include "learn/label.h"
#include "pipeline/recollect.h"
#include "store/label.h"
#include "wire/comment_json.h"

#include <stdlib.h>

/* The labels of a site, as they pass by twice: to be weighed, to be learned.
 */
struct passing {
    struct memory *memory;
    struct arena keep; /* givers */
    struct arena scratch;
    struct label_mark *mark;
    double *weight;
    size_t nr;
    size_t alloc;
    size_t at;
    int64_t *labelled_ms;
    size_t labelled_alloc;
    int64_t oldest_ms; /* that is still learned */
    size_t unreadable;
};

/* How old it is the memory sees to itself. */
static bool take_mark(void *context, const struct kept_label *label)
{
    struct passing *passing = context;

    passing->mark = xgrow(passing->mark, passing->nr, &passing->alloc,
                          sizeof(*passing->mark));
    passing->labelled_ms =
        xgrow(passing->labelled_ms, passing->nr, &passing->labelled_alloc,
              sizeof(*passing->labelled_ms));
    passing->labelled_ms[passing->nr] = label->labelled_ms;
    passing->mark[passing->nr++] = (struct label_mark){
        .spam = label->spam,
        .giver = arena_dup(&passing->keep, label->giver),
        .weight = label->weight,
    };
    return true;
}

static bool learn(void *context, const struct kept_label *label)
{
    struct passing *passing = context;
    struct comment comment;
    struct error ignored;
    size_t i = passing->at++;

    /* What another process has added meanwhile was not weighed. */
    if (i >= passing->nr)
        return false;
    if (label->labelled_ms < passing->oldest_ms)
        return true;
    arena_reset(&passing->scratch);
    if (comment_parse(&comment, &passing->scratch, label->body, &ignored))
        passing->unreadable++;
    else
        recollect_learn(passing->memory, &passing->scratch, &comment,
                        label->spam, passing->weight[i], label->at_ms);
    return true;
}

static int newest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x < y) - (x > y);
}

static void weigh(struct passing *passing)
{
    passing->weight = xcalloc(passing->nr + 1, sizeof(*passing->weight));
    label_weigh(passing->weight, passing->mark, passing->nr);
    passing->oldest_ms = INT64_MIN;
    if (passing->nr <= MEMORIES_MOST)
        return;
    qsort(passing->labelled_ms, passing->nr, sizeof(*passing->labelled_ms),
          newest_first);
    passing->oldest_ms = passing->labelled_ms[MEMORIES_MOST - 1];
}

static enum error_code fill(struct memory *memory, struct store *store,
                            struct span site, struct error *err)
{
    struct passing passing = { .memory = memory };
    enum error_code rc;

    arena_init(&passing.keep);
    arena_init(&passing.scratch);
    rc = store_labels(store, site, take_mark, &passing, err);
    if (!rc) {
        weigh(&passing);
        rc = store_labels(store, site, learn, &passing, err);
    }
    if (passing.unreadable)
        log_warn("labels_unreadable", "site=%.*s labels=%zu", SPAN_ARG(site),
                 passing.unreadable);
    arena_release(&passing.keep);
    arena_release(&passing.scratch);
    free(passing.mark);
    free(passing.weight);
    free(passing.labelled_ms);
    return rc;
}

enum error_code memories_open(struct setup *setup, const struct config *config,
                              struct error *err)
{
    struct store *store = setup->store;
    enum error_code rc;

    setup->judge.memory = memory_new();
    if (!store) {
        if (!setup_store_exists(config))
            return ERROR_NONE;
        rc = store_open(&store, config->store.ptr, err);
        if (rc)
            return rc;
    }
    rc = fill(setup->judge.memory, store, config->site.name, err);
    if (!setup->store)
        store_close(store);
    return rc;
}
