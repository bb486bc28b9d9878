#include "learn/teach.h"

#include "base/alloc.h"
#include "learn/label.h"
#include "learn/promise.h"

#include <math.h>
#include <stdlib.h>

/*
 * Share of the held-out spam that may lie below approve_below, where the
 * promise about honest comments leaves a choice.
 */
#define SPAM_APPROVED 0.02

/* Share of the spam that could be marked, the least certain, that is not. */
#define SPAM_LEFT 0.01

/* Of spam labels: doubted below this probability, but never quite mute. */
#define DOUBT_BELOW 0.2
#define DOUBT_WEIGHT_MIN 0.02

/* From so many honest scores on, the highest shows where the tail ends. */
#define TAIL_SEEN ((size_t)200)

/* Log-odds beyond this are as good as certain. */
#define LOG_ODDS_MAX 30.0

const struct teach_promise teach_promise_default = {
    .marked = 1.0 / 200,
    .held = 1.0 / 6,
    .confidence = 0.95,
};

/* The rows in order, and what became of each. */
struct lesson {
    const struct teach_options *options;
    struct teach_row *row; /* by class, then time */
    size_t *block;         /* the stretch each is held out with */
    double *score;         /* by a correction not taught it */
    bool *spam;
    size_t nr;
    size_t class_nr[2]; /* honest, spam */
};

double teach_log_odds(double probability)
{
    double odds = log(probability / (1 - probability));

    return fmax(-LOG_ODDS_MAX, fmin(LOG_ODDS_MAX, odds));
}

double teach_probability(double log_odds)
{
    return 1 / (1 + exp(-log_odds));
}

static int by_time(const void *a, const void *b)
{
    const struct teach_row *x = a;
    const struct teach_row *y = b;

    if (x->x.spam != y->x.spam)
        return (int)x->x.spam - (int)y->x.spam;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static void lesson_begin(struct lesson *lesson, const struct teach_row *row,
                         size_t nr, const struct teach_options *options)
{
    *lesson = (struct lesson){
        .options = options,
        .row = xcalloc(nr + 1, sizeof(*lesson->row)),
        .block = xcalloc(nr + 1, sizeof(*lesson->block)),
        .score = xcalloc(nr + 1, sizeof(*lesson->score)),
        .spam = xcalloc(nr + 1, sizeof(*lesson->spam)),
        .nr = nr,
    };
    for (size_t i = 0; i < nr; i++) {
        lesson->row[i] = row[i];
        lesson->class_nr[row[i].x.spam]++;
    }
    qsort(lesson->row, nr, sizeof(*row), by_time);
    for (size_t i = 0; i < nr; i++) {
        bool spam = lesson->row[i].x.spam;
        size_t rank = spam ? i - lesson->class_nr[0] : i;

        lesson->spam[i] = spam;
        lesson->block[i] = rank * TEACH_BLOCKS / lesson->class_nr[spam];
    }
}

static void lesson_end(struct lesson *lesson)
{
    free(lesson->row);
    free(lesson->block);
    free(lesson->score);
    free(lesson->spam);
}

/* Teach all rows but those whose number in `part` is `without`. */
static void correct(struct correction *correction, const struct lesson *lesson,
                    const size_t *part, size_t without)
{
    struct correction_example *x = xcalloc(lesson->nr + 1, sizeof(*x));
    double *weight = xcalloc(lesson->nr + 1, sizeof(*weight));
    bool *spam = xcalloc(lesson->nr + 1, sizeof(*spam));
    size_t nr = 0;

    for (size_t i = 0; i < lesson->nr; i++) {
        if (part[i] == without)
            continue;
        x[nr] = lesson->row[i].x;
        weight[nr] = x[nr].weight;
        spam[nr] = x[nr].spam;
        nr++;
    }
    label_balance(weight, spam, nr);
    for (size_t i = 0; i < nr; i++)
        x[i].weight = weight[i];
    correction_learn(correction, x, nr, &lesson->options->recipe);
    free(x);
    free(weight);
    free(spam);
}

/* Score each part by what the others teach. */
static void score(struct lesson *lesson, const size_t *part)
{
    for (size_t without = 0; without < TEACH_BLOCKS; without++) {
        struct correction correction;

        correct(&correction, lesson, part, without);
        for (size_t i = 0; i < lesson->nr; i++) {
            const struct correction_example *x = &lesson->row[i].x;

            if (part[i] == without)
                lesson->score[i] =
                    x->general + correction_of(&correction, x->entry, x->nr);
        }
        correction_release(&correction);
    }
}

static void score_general(struct lesson *lesson)
{
    for (size_t i = 0; i < lesson->nr; i++)
        lesson->score[i] = lesson->row[i].x.general;
}

/*
 * A spam label that nothing else bears out counts less: where one label in
 * twenty is wrong, most wrong ones are honest comments called spam, and among
 * few spam labels they are many. What the others say is asked in parts dealt
 * by lot, not by time, so that two labels on a new campaign bear each other
 * out. Honest labels are left alone: the odd ones are what keeps the promise.
 */
static void doubt(struct lesson *lesson)
{
    size_t *part = xcalloc(lesson->nr + 1, sizeof(*part));

    for (size_t i = 0; i < lesson->nr; i++)
        part[i] = (size_t)(lesson->row[i].key >> 7) % TEACH_BLOCKS;
    score(lesson, part);
    for (size_t i = 0; i < lesson->nr; i++)
        if (lesson->spam[i])
            lesson->row[i].x.weight *= fmax(
                DOUBT_WEIGHT_MIN,
                fmin(1, teach_probability(lesson->score[i]) / DOUBT_BELOW));
    free(part);
}

double teach_loss(const double *score, const bool *spam, size_t nr)
{
    double loss[2] = { 0, 0 };
    double count[2] = { 0, 0 };

    for (size_t i = 0; i < nr; i++) {
        double z = spam[i] ? -score[i] : score[i];

        loss[spam[i]] += z > LOG_ODDS_MAX ? z : log1p(exp(z));
        count[spam[i]]++;
    }
    return (loss[0] / fmax(1, count[0]) + loss[1] / fmax(1, count[1])) / 2;
}

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x < y) - (x > y);
}

/* The held-out scores of one class, falling; the caller frees. */
static double *class_scores(const struct lesson *lesson, bool spam)
{
    size_t nr = lesson->class_nr[spam];
    double *score = xcalloc(nr + 1, sizeof(*score));
    size_t from = spam ? lesson->class_nr[0] : 0;

    for (size_t i = 0; i < nr; i++)
        score[i] = lesson->score[from + i];
    qsort(score, nr, sizeof(*score), falling);
    return score;
}

/*
 * How far beyond the highest of a few honest scores the next ones may lie.
 * Tails of scores fall off exponentially (Pickands 1975), by the mean excess
 * over the median; the fewer scores, the further out the rest of the tail.
 */
static double beyond(const double *ham, size_t nr)
{
    size_t upper = nr / 2 + 1;
    double excess = 0;

    if (!nr || nr >= TAIL_SEEN)
        return 0;
    for (size_t i = 0; i < upper; i++)
        excess += ham[i] - ham[upper - 1];
    return excess / (double)upper * log((double)TAIL_SEEN / (double)nr);
}

/*
 * The lowest score at which a comment may be marked. With too few honest
 * comments for a promise of the site's own, the general model's is kept, and
 * none of those few, or anything near them, is marked either.
 */
static double choose_marked(const struct lesson *lesson, const double *ham,
                            bool promised)
{
    const struct teach_promise *promise = &lesson->options->promise;
    size_t nr = lesson->class_nr[0];
    double general = teach_log_odds(lesson->options->spam_at);

    if (promised)
        return promise_threshold(ham, nr, promise->marked,
                                 promise->confidence);
    if (!nr)
        return general;
    return fmax(general, nextafter(ham[0], INFINITY) + beyond(ham, nr));
}

/*
 * The score from which on a comment waits: high enough to keep the promise
 * about honest ones, and else so low that hardly any spam is approved.
 */
static double choose_held(const struct lesson *lesson, const double *ham)
{
    const struct teach_promise *promise = &lesson->options->promise;
    double general = teach_log_odds(lesson->options->approve_below);
    size_t nr = lesson->class_nr[0];
    size_t spam_nr = lesson->class_nr[1];
    double wanted = general;

    if (spam_nr) {
        double *spam = class_scores(lesson, true);
        size_t last = (size_t)(SPAM_APPROVED * (double)spam_nr);

        wanted = fmin(general, spam[spam_nr - 1 - last]);
        free(spam);
    }
    if (promise_upper_bound(0, nr, promise->confidence) > promise->held)
        return general;
    return fmax(wanted, promise_threshold(ham, nr, promise->held,
                                          promise->confidence));
}

/*
 * No lower than spam needs it: a promise is no licence. The least of what
 * `marked` catches is left to people, and the honest comments beside it too.
 */
static double no_lower(const struct lesson *lesson, double marked)
{
    double *spam = class_scores(lesson, true);
    size_t caught = 0;

    while (caught < lesson->class_nr[1] && spam[caught] >= marked)
        caught++;
    caught -= (size_t)(SPAM_LEFT * (double)caught);
    if (caught)
        marked = fmax(marked, spam[caught - 1]);
    free(spam);
    return marked;
}

static void count_at(struct teach_metrics *metrics,
                     const struct lesson *lesson, double marked, double held)
{
    for (size_t i = 0; i < lesson->nr; i++) {
        bool spam = lesson->spam[i];

        metrics->false_marks += !spam && lesson->score[i] >= marked;
        metrics->waiting += !spam && lesson->score[i] >= held;
        metrics->caught += spam && lesson->score[i] >= marked;
    }
}

static void choose(struct site_model *model, struct teach_metrics *metrics,
                   const struct lesson *lesson,
                   const struct correction *correction)
{
    const struct teach_promise *promise = &lesson->options->promise;
    double *ham = class_scores(lesson, false);
    double marked;
    double held;

    metrics->promised =
        promise_upper_bound(0, lesson->class_nr[0], promise->confidence) <=
        promise->marked;
    marked = no_lower(lesson, choose_marked(lesson, ham, metrics->promised));
    held = fmin(marked, choose_held(lesson, ham));
    count_at(metrics, lesson, marked, held);
    site_model_make(model, correction, lesson->options->general,
                    teach_probability(held), teach_probability(marked));
    free(ham);
}

void teach(struct site_model *model, struct teach_metrics *metrics,
           const struct teach_row *row, size_t nr,
           const struct teach_options *options)
{
    struct correction correction = { NULL, 0 };
    struct lesson lesson;

    lesson_begin(&lesson, row, nr, options);
    *metrics = (struct teach_metrics){
        .ham = lesson.class_nr[0],
        .spam = lesson.class_nr[1],
        .corrected = lesson.class_nr[0] >= TEACH_CLASS_MIN &&
                     lesson.class_nr[1] >= TEACH_CLASS_MIN,
    };
    score_general(&lesson);
    metrics->general_loss = teach_loss(lesson.score, lesson.spam, nr);
    if (metrics->corrected) {
        doubt(&lesson);
        score(&lesson, lesson.block);
        correct(&correction, &lesson, lesson.block, TEACH_BLOCKS);
    }
    metrics->loss = teach_loss(lesson.score, lesson.spam, nr);
    choose(model, metrics, &lesson, metrics->corrected ? &correction : NULL);
    correction_release(&correction);
    lesson_end(&lesson);
}
