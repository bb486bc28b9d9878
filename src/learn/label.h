#ifndef LEARN_LABEL_H
#define LEARN_LABEL_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a person said about one comment, and how much it counts.
 *
 * Verdicts of ours are never labels. What comes closest, a comment that
 * sluice approved and that people have left alone for a stated time, counts
 * as weakly honest and as nothing else.
 */
enum label_source {
    LABEL_HISTORY,    /* a person gave it this status at the site */
    LABEL_CORRECTION, /* a person changed what sluice had done */
    LABEL_FEEDBACK,   /* reported: submit-spam, submit-ham, the dashboard */
    LABEL_LEFT_ALONE, /* approved by sluice, and nobody objected */
};

/* "history", "correction", "feedback", "left-alone". */
struct span label_source_name(enum label_source source);
bool label_source_parse(enum label_source *source, struct span name);

/* What a label of this source counts before anything else is known. */
double label_source_weight(enum label_source source);

/* How long an approved comment must have been left alone. */
#define LABEL_LEFT_ALONE_MS ((int64_t)14 * 24 * 3600 * 1000)

/* A comment at the site, and all that was said about it. */
struct label_case {
    bool spam;          /* the status it has there: spam, or approved */
    bool decided;       /* sluice told the site a verdict, and it took it */
    bool decided_spam;  /* that verdict: spam, or approve */
    int64_t decided_ms; /* when */
    bool reported;      /* a person reported it to sluice */
    bool reported_spam; /* as spam, or as honest */
    int64_t now_ms;
};

/*
 * What such a case teaches; false when it teaches nothing. What sluice itself
 * did is no label, until a person says so.
 */
bool label_judge(const struct label_case *c, enum label_source *source);

struct label_mark {
    bool spam;
    struct span giver; /* whose word it is; empty: the site's own history */
    double weight;     /* label_source_weight, or what the caller says */
    int64_t at_ms;     /* of the comment */
};

/*
 * Most of a class's weight that one giver can have, as a share of what all
 * others have in it; but never less than LABEL_GIVER_FLOOR labels' worth,
 * for there to be a beginning. The site's own history is not capped: it is
 * what the site's owner has stood by.
 */
#define LABEL_GIVER_SHARE 0.1
#define LABEL_GIVER_FLOOR 10.0

/* A label loses half its weight in this time, down to LABEL_OLD_WEIGHT. */
#define LABEL_HALF_MS ((int64_t)365 * 24 * 3600 * 1000)
#define LABEL_OLD_WEIGHT 0.1

/*
 * The weight of each of `nr` labels: the newest counts in full, older ones
 * less; then no giver has more than its share of a class.
 */
void label_weigh(double *weight, const struct label_mark *mark, size_t nr);

/*
 * Scale the weights of `nr` labels so that both classes weigh the same and
 * their sum stays. Leaves them alone when one class is empty.
 */
void label_balance(double *weight, const bool *spam, size_t nr);

#endif /* LEARN_LABEL_H */
