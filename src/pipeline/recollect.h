#ifndef PIPELINE_RECOLLECT_H
#define PIPELINE_RECOLLECT_H

#include "base/arena.h"
#include "memory/memory.h"
#include "model/model.h"
#include "pipeline/reasons.h"

/*
 * What the site's memory adds to the log-odds of spam.
 *
 * A second layer beside the site's own: the general model's log-odds with
 * weight one, and what is recalled with the weights that came with the model.
 * It is no part of the joint vector, for in training nearly all that is
 * recalled gives the label away: learned together, words would count for too
 * little where nothing is remembered yet.
 */
struct recollection {
    struct traces traces;
    struct recall recall;
    double part[RECALL_NR]; /* log-odds */
    double sum;             /* of the parts; 0 when nothing is known */
};

/*
 * A name or an address can be borrowed, and a shared one is many people's: no
 * memory outweighs what a comment says. The most it can take off, and add.
 */
#define RECOLLECT_TRUST 2.0
#define RECOLLECT_BLAME 4.0

/* Recall a comment. `memory` may be NULL: then nothing is known. */
void recollect(struct recollection *recollection, struct memory *memory,
               const struct model *model, struct arena *arena,
               const struct comment *comment, const struct text *text);

/*
 * Put what was recalled among the reasons for or against spam, the list being
 * in the arena and in order. Evidence is in the arena.
 */
void recollect_claims(struct reason_list *list, struct arena *arena,
                      const struct recollection *recollection);

/* A person said what a comment is; `weight` is the label's (learn/label.h). */
void recollect_learn(struct memory *memory, struct arena *arena,
                     const struct comment *comment, bool spam, double weight,
                     int64_t at_ms);

#endif /* PIPELINE_RECOLLECT_H */
