#ifndef TRAINING_FAMILIAR_H
#define TRAINING_FAMILIAR_H

#include "rows.h"

/*
 * What the model will say it knows, and how little it may know of a text
 * before it keeps out of it.
 *
 * A unit of text (features/unit.h) is known when FAMILIAR_COMMENTS comments
 * held it. The limit is chosen on honest comments whose own source was not
 * counted: at most one of them in FAMILIAR_ONE_IN falls below it, with 95 %
 * confidence. What was written for sluice is the only teacher of many
 * languages, so of it only the comment itself is not counted.
 */
#define FAMILIAR_COMMENTS 3
#define FAMILIAR_ONE_IN 100

struct familiar {
    unsigned char *known; /* KNOWN_BYTES; caller frees */
    size_t unit_nr;
    double below; /* the limit */
};

struct familiar familiar_make(const struct row_list *rows);

#endif /* TRAINING_FAMILIAR_H */
