#include "recipe.h"

const struct learn_options recipe_spam = { LEARNER_LIBSVM, 0.1, 1, 1, 0 };
const struct learn_options recipe_abuse = { LEARNER_LOGISTIC, 2, 1, 1, 0 };
