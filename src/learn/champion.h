#ifndef LEARN_CHAMPION_H
#define LEARN_CHAMPION_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Does a newly taught layer go live? Only if it is better on the site's most
 * recent labels, which neither it nor the one it would replace was taught,
 * and does not break the promise. The reason is kept with it either way.
 */
struct champion_record {
    double loss;        /* teach_loss on the recent labels */
    size_t false_marks; /* honest ones of them it would have marked */
    bool thresholds_only;
};

struct champion_contest {
    struct champion_record champion; /* what is live: a layer, or none */
    struct champion_record challenger;
    size_t ham; /* the recent labels */
    size_t spam;
    double promised; /* share of honest comments that may be marked */
    bool forced;     /* labels were taken back: the old one must go */
};

/* With fewer recent labels of either class nothing can be told. */
#define CHAMPION_LABELS_MIN 4

struct champion_decision {
    bool live;
    struct span reason; /* in the arena */
};

struct champion_decision champion_decide(struct arena *arena,
                                         const struct champion_contest *c);

#endif /* LEARN_CHAMPION_H */
