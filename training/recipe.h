#ifndef TRAINING_RECIPE_H
#define TRAINING_RECIPE_H

#include "learn.h"

/*
 * How each head is trained; chosen by leave-one-source-out on the training
 * sources, never on a benchmark. What makes the model and what judges its
 * recipe both ask here.
 */
extern const struct learn_options recipe_spam;
extern const struct learn_options recipe_abuse;

#endif /* TRAINING_RECIPE_H */
