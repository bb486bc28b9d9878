#include "kinds.h"

#include "metrics.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FOLD_NR 5

/* Fewer say nothing. */
#define POSITIVES_MIN 50

static const struct learn_options recipe = { LEARNER_LOGISTIC, 1, 1, 1, 0 };

/* The abuse of one kind, or not of it. */
struct asked {
    struct example *example;
    size_t *fold;
    size_t nr;
};

/* Repeated texts fall in one fold. */
static struct asked ask(const struct corpus *corpus, enum model_kind kind)
{
    struct asked asked = { xcalloc(corpus->nr, sizeof(*asked.example)),
                           xcalloc(corpus->nr, sizeof(*asked.fold)), 0 };

    for (size_t i = 0; i < corpus->nr; i++) {
        const struct corpus_example *from = &corpus->example[i];
        const struct row *row = from->row;

        if (row->label != LABEL_ABUSE || from->fields != FIELDS_ALL ||
            !(row->kinds.asked >> kind & 1))
            continue;
        asked.example[asked.nr] = from->example;
        asked.example[asked.nr].weight = 1;
        asked.example[asked.nr].positive = row->kinds.found >> kind & 1;
        asked.fold[asked.nr++] = rows_lot(1, row->comment.text) % FOLD_NR;
    }
    return asked;
}

static struct linear learn_without(const struct asked *asked, size_t fold)
{
    const struct example **kept = xcalloc(asked->nr, sizeof(*kept));
    struct linear linear;
    size_t nr = 0;

    for (size_t i = 0; i < asked->nr; i++)
        if (asked->fold[i] != fold)
            kept[nr++] = &asked->example[i];
    linear = learn(kept, nr, &recipe);
    free(kept);
    return linear;
}

/* Down the ranking: the last place where enough of what is above is right. */
static double choose(struct kind *kind, const struct scored *scored)
{
    double threshold = INFINITY;
    size_t hits = 0;

    for (size_t i = 0; i < kind->nr; i++) {
        double precision;

        hits += scored[i].positive;
        if (i + 1 < kind->nr && scored[i + 1].score == scored[i].score)
            continue;
        precision = (double)hits / (double)(i + 1);
        if (precision < KINDS_PRECISION)
            continue;
        threshold = scored[i].score;
        kind->precision = precision;
        kind->recall = (double)hits / (double)kind->positives;
    }
    return threshold;
}

static void judge(struct kind *kind, const struct asked *asked,
                  struct scored *scored)
{
    for (size_t fold = 0; fold < FOLD_NR; fold++) {
        struct linear linear = learn_without(asked, fold);

        for (size_t i = 0; i < asked->nr; i++)
            if (asked->fold[i] == fold)
                scored[i] = (struct scored){
                    linear_margin(&linear, asked->example[i].node), 0,
                    (unsigned char)asked->example[i].positive
                };
        linear_release(&linear);
    }
    kind->auc = metrics_of(scored, asked->nr).auc;
}

static void learn_kind(struct kind *kind, const struct asked *asked)
{
    struct scored *scored = xcalloc(asked->nr + 1, sizeof(*scored));
    double threshold = INFINITY;

    kind->nr = asked->nr;
    for (size_t i = 0; i < asked->nr; i++)
        kind->positives += (size_t)asked->example[i].positive;
    if (kind->positives >= POSITIVES_MIN &&
        asked->nr - kind->positives >= POSITIVES_MIN) {
        judge(kind, asked, scored);
        threshold = choose(kind, scored);
    }
    if (isfinite(threshold)) {
        kind->linear = learn_without(asked, FOLD_NR);
        kind->linear.bias -= threshold;
    }
    free(scored);
}

void kinds_learn(struct kinds *kinds, const struct corpus *corpus)
{
    memset(kinds, 0, sizeof(*kinds));
    for (int i = 0; i < MODEL_KIND_NR; i++) {
        struct asked asked = ask(corpus, (enum model_kind)i);

        learn_kind(&kinds->kind[i], &asked);
        free(asked.example);
        free(asked.fold);
    }
}

void kinds_release(struct kinds *kinds)
{
    for (int i = 0; i < MODEL_KIND_NR; i++)
        linear_release(&kinds->kind[i].linear);
}
