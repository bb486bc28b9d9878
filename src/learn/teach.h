#ifndef LEARN_TEACH_H
#define LEARN_TEACH_H

#include "learn/correction.h"
#include "learn/site_model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * From a site's labels to its layer: the correction, the thresholds that keep
 * the promise, and how well both did on labels held out in time.
 *
 * Each class is put in order of time and cut into TEACH_BLOCKS stretches;
 * each stretch is scored by a correction that was not taught it. Those scores
 * are the only ones thresholds are chosen by: on what it was taught, a
 * correction is far too sure of itself.
 *
 * Pure and deterministic: no clock, and the order in which the labels come
 * does not matter.
 */
#define TEACH_BLOCKS 5

/* Below so many labels of either class only thresholds move. */
#define TEACH_CLASS_MIN 8

/*
 * The promise: of the site's honest comments, at most the share `marked` is
 * marked as spam, and at most `held` has to wait, with `confidence`.
 */
struct teach_promise {
    double marked;
    double held;
    double confidence;
};

/* One in 200 marked, one in six held, with 95 %; as the general model. */
extern const struct teach_promise teach_promise_default;

struct teach_row {
    struct correction_example x; /* its weight as label_weigh gave it */
    int64_t at_ms;               /* of the comment */
    uint64_t key;                /* orders rows of one moment: from the id */
};

struct teach_options {
    struct correction_options recipe;
    struct teach_promise promise;
    struct span general;  /* the general model's id */
    double approve_below; /* the general model's thresholds */
    double spam_at;
};

/* What the labels held out in time say of a layer. */
struct teach_metrics {
    size_t ham; /* labels */
    size_t spam;
    bool corrected;      /* enough of both for more than thresholds */
    bool promised;       /* enough honest ones to promise by themselves */
    double loss;         /* mean log-loss, both classes weighing the same */
    double general_loss; /* the same of the general model alone */
    size_t false_marks;  /* honest comments at or above spam_at */
    size_t caught;       /* spam at or above it */
    size_t waiting;      /* honest comments at or above approve_below */
};

/*
 * Teach a layer from `nr` rows, in any order; the caller releases it.
 * `metrics` are of held-out scores.
 */
void teach(struct site_model *model, struct teach_metrics *metrics,
           const struct teach_row *row, size_t nr,
           const struct teach_options *options);

/* Mean log-loss of scores (log-odds), both classes weighing the same. */
double teach_loss(const double *score, const bool *spam, size_t nr);

double teach_log_odds(double probability);
double teach_probability(double log_odds);

#endif /* LEARN_TEACH_H */
