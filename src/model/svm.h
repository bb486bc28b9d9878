#ifndef MODEL_SVM_H
#define MODEL_SVM_H

#include <stddef.h>

struct svm_model;

/*
 * libsvm's decision as one weight vector; the only place in src/ that knows
 * its header.
 *
 * With a linear kernel the decision value sum_i(coef_i <sv_i, x>) - rho is
 * <w, x> + bias with w = sum_i(coef_i sv_i): thousands of support vectors
 * become one, and judging costs one pass over the comment. Equal to
 * svm_predict_values up to rounding (Chang and Lin 2011, section 4.1).
 */

/*
 * Collapse a trained two-class C-SVC with linear kernel. Indices from 1 to
 * `nr` of its vectors go to weight[0] to weight[nr - 1], which are set; the
 * margin is above 0 for the class labelled +1. Returns the bias.
 */
double svm_collapse(const struct svm_model *svm, double *weight, size_t nr);

#endif /* MODEL_SVM_H */
