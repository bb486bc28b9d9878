#ifndef MODEL_CALIBRATION_H
#define MODEL_CALIBRATION_H

#include <stddef.h>

/*
 * From a margin to a probability: 1 / (1 + exp(-(slope * margin + offset))).
 *
 * Platt 1999, fitted by Newton's method with backtracking and smoothed
 * targets as in Lin, Lin and Weng 2007. Fit it on margins of comments that
 * the classifier was not trained on, better of sources it has never seen: on
 * its own training rows a classifier is far too sure of itself.
 */
struct calibration {
    double slope; /* above 0 */
    double offset;
};

double calibration_probability(const struct calibration *calibration,
                               double margin);

/*
 * Fit to `nr` margins; positive[i] is not 0 for spam (or abuse); weight may be
 * NULL. With one class only, or no rows, the sigmoid of slope 1 is returned.
 */
struct calibration calibration_fit(const double *margin,
                                   const unsigned char *positive,
                                   const double *weight, size_t nr);

#endif /* MODEL_CALIBRATION_H */
