#include "app/teaching.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "features/features.h"
#include "learn/champion.h"
#include "learn/label.h"
#include "store/label.h"
#include "text/normalise.h"
#include "wire/comment_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The labels of the site, ready to be taught. */
struct material {
    const struct model *model;
    struct arena keep; /* entries and givers */
    struct arena scratch;
    struct teach_row *row;
    struct label_mark *mark;
    int64_t *labelled_ms;
    size_t nr;
    size_t alloc[3];
    size_t unreadable;
    int64_t *at_ms[2]; /* of all labels, by class, to find the newest */
    size_t at_nr[2];
    size_t at_alloc[2];
    int64_t oldest[2]; /* that is still taught */
};

/* What is live now. */
struct incumbent {
    struct arena *arena;
    struct span model;
    struct span bytes;
    int64_t made_ms;
};

static int by_slot(const void *a, const void *b)
{
    const struct vector_entry *x = a;
    const struct vector_entry *y = b;

    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
    /* Sums of floats depend on their order: give them one. */
    return (x->value > y->value) - (x->value < y->value);
}

/* The scaled vector with each slot once, and the general log-odds. */
static void take_vector(struct material *m, const struct comment *comment,
                        struct correction_example *x)
{
    struct correction_entry *entry;
    struct vector vector;

    arena_reset(&m->scratch);
    features_extract(&m->scratch, comment,
                     text_normalise(&m->scratch, comment), &vector);
    model_scale(m->model, &vector);
    x->general = model_base(m->model, MODEL_SPAM);
    for (size_t i = 0; i < vector.nr; i++)
        x->general += model_part(m->model, MODEL_SPAM, &vector.entry[i]);
    if (vector.nr)
        qsort(vector.entry, vector.nr, sizeof(*vector.entry), by_slot);
    entry = arena_alloc(&m->keep, (vector.nr + 1) * sizeof(*entry));
    x->nr = 0;
    for (size_t i = 0; i < vector.nr; i++) {
        if (!i || vector.entry[i].slot != vector.entry[i - 1].slot)
            entry[x->nr++] =
                (struct correction_entry){ vector.entry[i].slot, 0 };
        entry[x->nr - 1].value += vector.entry[i].value;
    }
    x->entry = entry;
}

static uint64_t key_of(struct span id)
{
    uint64_t hash = 0xCBF29CE484222325ULL;

    for (size_t i = 0; i < id.len; i++)
        hash = (hash ^ (unsigned char)id.ptr[i]) * 0x100000001B3ULL;
    return hash;
}

static bool note_time(void *context, const struct kept_label *label)
{
    struct material *m = context;
    bool spam = label->spam;

    m->at_ms[spam] = xgrow(m->at_ms[spam], m->at_nr[spam], &m->at_alloc[spam],
                           sizeof(*m->at_ms[spam]));
    m->at_ms[spam][m->at_nr[spam]++] = label->at_ms;
    return true;
}

static bool take_label(void *context, const struct kept_label *label)
{
    struct material *m = context;
    struct teach_row row = { .at_ms = label->at_ms };
    struct comment comment;
    struct error ignored;
    struct arena arena;

    if (label->at_ms < m->oldest[label->spam])
        return true;
    arena_init(&arena);
    if (comment_parse(&comment, &arena, label->body, &ignored)) {
        m->unreadable++;
        arena_release(&arena);
        return true;
    }
    take_vector(m, &comment, &row.x);
    arena_release(&arena);
    row.x.spam = label->spam;
    row.key = key_of(label->comment);
    m->row = xgrow(m->row, m->nr, &m->alloc[0], sizeof(*m->row));
    m->mark = xgrow(m->mark, m->nr, &m->alloc[1], sizeof(*m->mark));
    m->labelled_ms =
        xgrow(m->labelled_ms, m->nr, &m->alloc[2], sizeof(*m->labelled_ms));
    m->row[m->nr] = row;
    m->mark[m->nr] = (struct label_mark){
        .spam = label->spam,
        .giver = arena_dup(&m->keep, label->giver),
        .weight = label->weight,
        .at_ms = label->at_ms,
    };
    m->labelled_ms[m->nr++] = label->labelled_ms;
    return true;
}

static int newest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x < y) - (x > y);
}

static void weigh(struct material *m)
{
    double *weight = xcalloc(m->nr + 1, sizeof(*weight));

    label_weigh(weight, m->mark, m->nr);
    for (size_t i = 0; i < m->nr; i++)
        m->row[i].x.weight = weight[i];
    free(weight);
}

static enum error_code gather(struct material *m, struct store *store,
                              struct span site, struct error *err)
{
    enum error_code rc = store_labels(store, site, note_time, m, err);

    for (int spam = 0; spam < 2; spam++) {
        m->oldest[spam] = INT64_MIN;
        if (m->at_nr[spam] <= TEACHING_MOST)
            continue;
        qsort(m->at_ms[spam], m->at_nr[spam], sizeof(int64_t), newest_first);
        m->oldest[spam] = m->at_ms[spam][TEACHING_MOST - 1];
    }
    if (!rc)
        rc = store_labels(store, site, take_label, m, err);
    if (!rc)
        weigh(m);
    if (m->unreadable)
        log_warn("labels_unreadable", "site=%.*s labels=%zu", SPAN_ARG(site),
                 m->unreadable);
    return rc;
}

static void material_release(struct material *m)
{
    free(m->row);
    free(m->mark);
    free(m->labelled_ms);
    free(m->at_ms[0]);
    free(m->at_ms[1]);
    arena_release(&m->keep);
    arena_release(&m->scratch);
}

static bool find_live(void *context, const struct kept_model *model)
{
    struct incumbent *live = context;

    if (!model->live)
        return true;
    live->model = arena_dup(live->arena, model->model);
    live->bytes = arena_dup(live->arena, model->bytes);
    live->made_ms = model->made_ms;
    return false;
}

/* How a layer, or with NULL the general model, does on some rows. */
static struct champion_record record(const struct site_model *layer,
                                     const struct teach_row *row, size_t nr,
                                     double spam_at)
{
    double *score = xcalloc(nr + 1, sizeof(*score));
    bool *spam = xcalloc(nr + 1, sizeof(*spam));
    double marked = teach_log_odds(layer ? layer->spam_at : spam_at);
    struct champion_record result = { .loss = 0 };

    for (size_t i = 0; i < nr; i++) {
        score[i] = row[i].x.general;
        if (layer)
            score[i] += site_model_of(layer, row[i].x.entry, row[i].x.nr);
        spam[i] = row[i].x.spam;
        result.false_marks += !spam[i] && score[i] >= marked;
    }
    result.loss = teach_loss(score, spam, nr);
    result.thresholds_only = layer && !layer->weight;
    free(score);
    free(spam);
    return result;
}

/*
 * Champion against challenger on the labels that came after the champion was
 * made: the challenger's stand-in is taught all but those.
 */
static void contest_recent(struct champion_contest *contest,
                           const struct material *m,
                           const struct incumbent *live,
                           const struct site_model *champion,
                           const struct teach_options *options)
{
    struct teach_row *old = xcalloc(m->nr + 1, sizeof(*old));
    struct teach_row *recent = xcalloc(m->nr + 1, sizeof(*recent));
    struct teach_metrics ignored;
    struct site_model stand_in;
    size_t old_nr = 0;
    size_t nr = 0;

    for (size_t i = 0; i < m->nr; i++) {
        if (m->labelled_ms[i] <= live->made_ms) {
            old[old_nr++] = m->row[i];
            continue;
        }
        recent[nr++] = m->row[i];
        contest->ham += !m->row[i].x.spam;
        contest->spam += m->row[i].x.spam;
    }
    teach(&stand_in, &ignored, old, old_nr, options);
    contest->champion = record(champion, recent, nr, options->spam_at);
    contest->challenger = record(&stand_in, recent, nr, options->spam_at);
    site_model_release(&stand_in);
    free(old);
    free(recent);
}

/* The first layer against none, on the stretches that were held out. */
static void contest_first(struct champion_contest *contest,
                          const struct teaching *teaching)
{
    const struct teach_metrics *metrics = &teaching->metrics;

    contest->ham = metrics->ham;
    contest->spam = metrics->spam;
    contest->champion.loss = metrics->general_loss;
    contest->challenger = (struct champion_record){
        .loss = metrics->loss,
        .false_marks = metrics->false_marks,
        .thresholds_only = !metrics->corrected,
    };
}

static void decide(struct teaching *teaching, struct arena *arena,
                   const struct material *m, const struct incumbent *live,
                   const struct teach_options *options, bool forced)
{
    struct champion_contest contest = {
        .promised = options->promise.marked,
        .forced = forced,
    };
    struct champion_decision decision;
    struct site_model champion;
    struct error ignored;

    if (live->bytes.len &&
        !site_model_parse(&champion, live->bytes, &ignored)) {
        /* It corrects another general model: it can't be compared. */
        if (!span_eq(span_str(champion.general), options->general))
            contest.forced = true;
        contest_recent(&contest, m, live, &champion, options);
        site_model_release(&champion);
    } else {
        contest_first(&contest, teaching);
    }
    decision = champion_decide(arena, &contest);
    teaching->live = decision.live;
    teaching->reason = decision.reason;
}

static enum error_code keep(struct teaching *teaching, struct store *store,
                            struct span site, const struct incumbent *live,
                            struct error *err)
{
    const struct teach_metrics *metrics = &teaching->metrics;
    struct kept_model kept = {
        .site = site,
        .model = span_str(teaching->model.id),
        .general = span_str(teaching->model.general),
        .parent = live->model,
        .made_ms = clock_now_ms(),
        .ham = metrics->ham,
        .spam = metrics->spam,
        .loss = metrics->loss,
        .general_loss = metrics->general_loss,
        .false_marks = metrics->false_marks,
        .caught = metrics->caught,
        .promised = metrics->promised,
        .live = teaching->live,
        .reason = teaching->reason,
    };
    enum error_code rc;
    struct buf bytes;

    buf_init(&bytes, SITE_MODEL_BYTES_MAX);
    site_model_write(&teaching->model, &bytes);
    kept.bytes = buf_span(&bytes);
    rc = store_model(store, &kept, err);
    buf_release(&bytes);
    return rc;
}

static enum error_code teach_and_keep(struct teaching *teaching,
                                      struct arena *arena,
                                      const struct material *m,
                                      struct setup *setup, struct span site,
                                      bool forced, struct error *err)
{
    const struct model_thresholds *chosen = model_thresholds(setup->model);
    const struct teach_options options = {
        .recipe = correction_recipe,
        .promise = teach_promise_default,
        .general = model_id(setup->model),
        .approve_below = chosen->approve_below,
        .spam_at = chosen->spam_at,
    };
    struct incumbent live = { .arena = arena };
    enum error_code rc =
        store_models(setup->store, site, find_live, &live, err);

    if (rc)
        return rc;
    teach(&teaching->model, &teaching->metrics, m->row, m->nr, &options);
    teaching->same = span_eq(live.model, span_str(teaching->model.id));
    teaching->live = teaching->same;
    teaching->reason = SPAN_LIT("the same as the one that is live");
    if (teaching->same)
        return ERROR_NONE;
    decide(teaching, arena, m, &live, &options, forced);
    return keep(teaching, setup->store, site, &live, err);
}

enum error_code teaching_run(struct teaching *teaching, struct arena *arena,
                             struct setup *setup, const struct config *config,
                             bool forced, struct error *err)
{
    struct material m = { .model = setup->model };
    enum error_code rc;

    memset(teaching, 0, sizeof(*teaching));
    arena_init(&m.keep);
    arena_init(&m.scratch);
    rc = gather(&m, setup->store, config->site.name, err);
    teaching->labels = m.at_nr[0] + m.at_nr[1];
    if (!rc)
        rc = teach_and_keep(teaching, arena, &m, setup, config->site.name,
                            forced, err);
    material_release(&m);
    return rc;
}

void teaching_print(const struct teaching *teaching)
{
    const struct teach_metrics *t = &teaching->metrics;

    printf("model %s of %zu honest and %zu spam labels: %s, %.*s\n",
           teaching->model.id, t->ham, t->spam,
           teaching->live ? "live" : "kept, but not live",
           SPAN_ARG(teaching->reason));
    if (!t->corrected)
        printf("fewer than %d labels of one kind: only thresholds moved\n",
               TEACH_CLASS_MIN);
    printf("held out in time: %zu of %zu honest comments would have been "
           "marked, %zu would wait; %zu of %zu spam would have been caught\n",
           t->false_marks, t->ham, t->waiting, t->caught, t->spam);
    printf("the promise rests on %s\n",
           t->promised ? "this site's own honest comments"
                       : "the general model: the site has too few honest "
                         "labels for its own");
}
