#ifndef FEATURES_MEASURE_H
#define FEATURES_MEASURE_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Small measures that several features share; all pure.
 */

/* `count` on a scale where 0 is 0 and `full` and beyond are 1, log-wise. */
float measure_log(size_t count, size_t full);

/* part / whole, 0 when `whole` is 0, at most 1. */
float measure_share(size_t part, size_t whole);

/*
 * Letters and digits of `s`, lower case, without what separates them:
 * "Cheap-Jerseys Shop" is "cheapjerseysshop". ASCII only; at most `size`
 * bytes into `out`; returns their number.
 */
size_t measure_squeeze(char *out, size_t size, struct span s);

/*
 * How little `word` looks like one that can be spoken, 0 to 1: runs of
 * consonants and letter pairs that languages in Latin script do not use.
 * Words with other letters, or short ones, are 0.
 */
float measure_random(struct span word);

#endif /* FEATURES_MEASURE_H */
