#ifndef TRAINING_METRICS_H
#define TRAINING_METRICS_H

#include <stddef.h>

/*
 * How good a ranking, and a probability, is.
 *
 * Ties count half (AUC) or against us (recall at a false positive rate: a
 * threshold can't part equal scores).
 */
struct scored {
    double score;       /* higher: more likely positive */
    double probability; /* calibrated */
    unsigned char positive;
};

struct metrics {
    size_t nr;
    size_t positives;
    double auc;
    double average_precision;
    double mcc;             /* Matthews correlation at probability 0.5 */
    double mcc_best;        /* at the best threshold, for comparison only */
    double recall_at_1;     /* recall at 1 % false positives */
    double recall_at_05;    /* at 0.5 % */
    double recall_at_01;    /* at 0.1 % */
    double calibration;     /* expected calibration error, 15 equal bins */
    double false_positives; /* share of ham at probability 0.5 and above */
};

/* Sorts `scored` by falling score. */
struct metrics metrics_of(struct scored *scored, size_t nr);

/* Recall at false positive rate `rate`; `scored` sorted by falling score. */
double metrics_recall_at(const struct scored *scored, size_t nr, double rate);

#endif /* TRAINING_METRICS_H */
