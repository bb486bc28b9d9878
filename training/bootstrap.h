#ifndef TRAINING_BOOTSTRAP_H
#define TRAINING_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

/*
 * How much of a figure is chance (Efron 1979, with Poisson counts).
 *
 * In each resample a row counts 0, 1, 2, ... times, by a number drawn from
 * the row's own lot and that of the resample. So a row that several tests
 * share counts alike in all of them, two classifiers are compared on the same
 * rows, and the same data gives the same interval every time.
 */
struct boot_row {
    double score;
    uint64_t lot; /* the row's own number; random looking */
    unsigned char positive;
};

struct boot_point {
    double auc;
    double recall; /* at 1 % false positives */
};

#define BOOT_RESAMPLES 200

/* By falling score; once, before boot_measure. */
void boot_sort(struct boot_row *row, size_t nr);

/* The figures of resample 1 and up; of 0, those of the rows as they are. */
struct boot_point boot_measure(const struct boot_row *row, size_t nr,
                               uint64_t resample);

/* The middle 95 % of `nr` values, which are sorted. */
struct boot_interval {
    double low;
    double high;
};
struct boot_interval boot_interval(double *value, size_t nr);

#endif /* TRAINING_BOOTSTRAP_H */
