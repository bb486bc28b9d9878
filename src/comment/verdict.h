#ifndef COMMENT_VERDICT_H
#define COMMENT_VERDICT_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What is to become of a comment, and why.
 *
 * Hold is the answer to every doubt: a person will look. Nothing here means
 * deletion; sluice has no word for it.
 */
enum verdict_kind {
    VERDICT_HOLD, /* zero, so that what nobody decided is held */
    VERDICT_APPROVE,
    VERDICT_SPAM,
};

/* "approve", "hold" or "spam". */
struct span verdict_name(enum verdict_kind kind);

/* The kind called `name`; false, and `*kind` left alone, if there is none. */
bool verdict_parse(enum verdict_kind *kind, struct span name);

/*
 * One reason. `feature` is a name from features.def ("link_density",
 * "word_ngram") or of a rule of the policy ("allow_list"); a static string.
 * `evidence` is the part of the comment it rests on, or a few words.
 */
struct reason {
    struct span feature;
    double weight; /* log-odds; above 0 against the comment, below 0 for it */
    struct span evidence;
};

/* Most reasons a verdict carries, the strongest first. */
#define VERDICT_REASONS_MAX 6

struct verdict {
    enum verdict_kind kind;
    double p_spam;  /* calibrated probability, 0 to 1 */
    double p_abuse; /* likewise */
    struct reason reason[VERDICT_REASONS_MAX];
    size_t nr;         /* reasons */
    struct span model; /* the manifest's id */
};

#endif /* COMMENT_VERDICT_H */
