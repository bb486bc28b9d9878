#include "memory_fit.h"

#include "metrics.h"
#include "site_sim.h"

#include "base/alloc.h"
#include "learn/correction.h"
#include "learn/label.h"
#include "pipeline/recollect.h"
#include "text/normalise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of these comments one in so many is looked at by people, so much later. */
#define LABELLED_ONE_IN 3
#define LABELLED_AFTER 30

/* A site has so many comments a day. */
#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define COMMENTS_A_DAY 40

/* The general model's log-odds are not sure of more than this. */
#define OFFSET_MAX 12.0

struct moment {
    const struct row *row;
    double general; /* log-odds */
    bool spam;
    double place; /* in time, 0 to 1 */
    struct recall recall;
};

struct stream {
    const char *name;
    struct moment *moment;
    size_t nr;
};

static int by_date(const void *a, const void *b)
{
    const struct moment *x = a;
    const struct moment *y = b;
    int order = span_cmp(x->row->comment.date, y->row->comment.date);

    return order ? order : span_cmp(x->row->comment.id, y->row->comment.id);
}

static int by_place(const void *a, const void *b)
{
    const struct moment *x = a;
    const struct moment *y = b;

    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return span_cmp(x->row->comment.id, y->row->comment.id);
}

/* Each class is spread over the whole time. */
static void place(struct moment *moment, size_t nr, bool dated, uint64_t seed)
{
    if (dated)
        qsort(moment, nr, sizeof(*moment), by_date);
    for (size_t i = 0; i < nr; i++)
        moment[i].place =
            dated ? ((double)i + 0.5) / (double)nr
                  : (double)(rows_lot(seed, moment[i].row->comment.id) >> 11) *
                        0x1p-53;
}

static bool is_of(const struct site_kind *kind, const struct row *row,
                  bool spam)
{
    return !strcmp(corpus_source(row)->file,
                   spam ? kind->spam_file : kind->ham_file);
}

static struct stream gather(const struct site_kind *kind,
                            const struct folds *folds,
                            const struct calibration *calibration,
                            uint64_t seed)
{
    struct stream stream = { kind->name,
                             xcalloc(folds->nr + 1, sizeof(struct moment)),
                             0 };

    for (int spam = 0; spam < 2; spam++) {
        size_t from = stream.nr;

        for (size_t i = 0; i < folds->nr; i++)
            if (folds->positive[i] == spam && is_of(kind, folds->row[i], spam))
                stream.moment[stream.nr++] = (struct moment){
                    .row = folds->row[i],
                    .general = fmax(-OFFSET_MAX,
                                    fmin(OFFSET_MAX, calibration->slope *
                                                             folds->margin[i] +
                                                         calibration->offset)),
                    .spam = spam,
                };
        place(stream.moment + from, stream.nr - from, kind->dated, seed);
    }
    if (stream.nr)
        qsort(stream.moment, stream.nr, sizeof(*stream.moment), by_place);
    return stream;
}

static void learn_late(struct memory *memory, struct arena *arena,
                       const struct stream *stream, size_t i, uint64_t seed)
{
    const struct moment *moment = &stream->moment[i];

    if (rows_lot(seed + 1, moment->row->comment.id) % LABELLED_ONE_IN)
        return;
    arena_reset(arena);
    recollect_learn(memory, arena, &moment->row->comment, moment->spam,
                    label_source_weight(LABEL_FEEDBACK),
                    (int64_t)i * DAY_MS / COMMENTS_A_DAY + 1);
}

/* Fill in what is recalled, comment by comment. */
static void play(struct stream *stream, uint64_t seed)
{
    struct memory *memory = memory_new();
    struct arena arena;
    struct traces traces;

    arena_init(&arena);
    for (size_t i = 0; i < stream->nr; i++) {
        struct moment *moment = &stream->moment[i];
        const struct comment *comment = &moment->row->comment;

        if (i >= LABELLED_AFTER)
            learn_late(memory, &arena, stream, i - LABELLED_AFTER, seed);
        arena_reset(&arena);
        traces_find(&traces, &arena, comment, text_normalise(&arena, comment));
        memory_recall(memory, &traces, &moment->recall);
        memory_see(memory, &traces, (int64_t)i * DAY_MS / COMMENTS_A_DAY + 1);
    }
    arena_release(&arena);
    memory_free(memory);
}

/* Recalled things, and an intercept for each site, which is dropped. */
static struct correction_example
example_of(struct arena *arena, const struct moment *moment, size_t site)
{
    struct correction_entry *entry =
        arena_alloc(arena, (RECALL_NR + 1) * sizeof(*entry));
    size_t nr = 0;

    for (uint32_t i = 0; i < RECALL_NR; i++)
        if (moment->recall.value[i] != 0)
            entry[nr++] =
                (struct correction_entry){ i, (float)moment->recall.value[i] };
    entry[nr++] = (struct correction_entry){ RECALL_NR + (uint32_t)site, 1 };
    return (struct correction_example){ entry, nr, moment->general, 1,
                                        moment->spam };
}

/* The weights that all sites but `without` give. */
static void learn_weights(double weight[RECALL_NR],
                          const struct stream *stream, size_t nr,
                          size_t without)
{
    const struct correction_options options = { 1, 1, 1 };
    struct correction_example *example;
    struct correction correction;
    struct arena arena;
    size_t all = 0;
    size_t used = 0;

    arena_init(&arena);
    for (size_t s = 0; s < nr; s++)
        all += stream[s].nr;
    example = xcalloc(all + 1, sizeof(*example));
    for (size_t s = 0; s < nr; s++)
        for (size_t i = 0; s != without && i < stream[s].nr; i++)
            example[used++] = example_of(&arena, &stream[s].moment[i], s);
    correction_learn(&correction, example, used, &options);
    /* What is known for spam never speaks for a comment, nor the reverse. */
    for (int i = 0; i < RECALL_NR; i++)
        weight[i] = fmax(0, correction.weight[i]);
    weight[RECALL_IP] = weight[RECALL_MAIL_DOMAIN];
    weight[RECALL_NET] = weight[RECALL_MAIL_DOMAIN];
    correction_release(&correction);
    free(example);
    arena_release(&arena);
}

static double recalled(const struct moment *moment,
                       const double weight[RECALL_NR])
{
    double sum = 0;

    for (int i = 0; i < RECALL_NR; i++)
        sum += weight[i] * moment->recall.value[i];
    return fmax(-RECOLLECT_TRUST, fmin(RECOLLECT_BLAME, sum));
}

static struct memory_site test(const struct stream *stream,
                               const double weight[RECALL_NR],
                               double marked_at)
{
    struct memory_site site = { .name = stream->name, .nr = stream->nr };
    struct scored *scored = xcalloc(stream->nr + 1, sizeof(*scored));
    double marked = log(marked_at / (1 - marked_at));

    for (int with = 0; with < 2; with++) {
        size_t nr = 0;

        site.spam = 0;
        site.ham = 0;
        for (size_t i = 0; i < stream->nr; i++) {
            const struct moment *moment = &stream->moment[i];
            double score =
                moment->general + (with ? recalled(moment, weight) : 0);

            site.spam += moment->spam;
            if (i < stream->nr / 2)
                continue;
            scored[nr++] = (struct scored){
                .score = score,
                .positive = moment->spam,
            };
            site.ham += !moment->spam;
            site.marked[with] += !moment->spam && score >= marked;
        }
        site.recall[with] = metrics_of(scored, nr).recall_at_05;
    }
    free(scored);
    return site;
}

void memory_fit(struct memory_fit *fit, const struct folds *folds,
                const struct calibration *calibration, double marked_at,
                uint64_t seed)
{
    struct stream stream[MEMORY_SITES_MAX] = { { NULL, NULL, 0 } };
    double weight[RECALL_NR];
    size_t nr = 0;

    for (size_t i = 0; i < site_kind_nr && nr < MEMORY_SITES_MAX; i++) {
        stream[nr] = gather(&site_kind_list[i], folds, calibration, seed);
        play(&stream[nr], seed);
        nr++;
    }
    learn_weights(fit->weight, stream, nr, nr);
    for (fit->nr = 0; fit->nr < nr; fit->nr++) {
        learn_weights(weight, stream, nr, fit->nr);
        fit->site[fit->nr] = test(&stream[fit->nr], weight, marked_at);
    }
    for (size_t i = 0; i < nr; i++)
        free(stream[i].moment);
}
