#ifndef PIPELINE_REASONS_H
#define PIPELINE_REASONS_H

#include "base/arena.h"
#include "comment/verdict.h"
#include "features/features.h"
#include "learn/site_model.h"
#include "model/model.h"
#include "text/normalise.h"

/*
 * Why the classifier thinks so, in units a person can look at.
 *
 * A linear classifier's log-odds are a sum of one part per entry of the
 * vector, so its reasons are exact, not guessed. The thousand parts are added
 * up to what a reader sees as one thing: a word with all the n-grams inside
 * it, a pair of words, the author's name, the web site, the anchors, or one
 * named feature. That is for `sluice explain`, where the sum must add up; the
 * reasons of a verdict are merged further (pipeline/claims.h).
 */
struct reason_list {
    struct reason *reason; /* in the arena, the heaviest first */
    size_t nr;
};

/*
 * The parts of a scaled `vector` for `head`, added up; with model_base they
 * sum to the log-odds of the probability. For spam those of the site's own
 * layer, which may be NULL, are in them; its bias then belongs to the base.
 */
struct reason_list
reasons_collect(struct arena *arena, const struct model *model,
                const struct site_model *site, enum model_head head,
                const struct text *text, const struct vector *vector);

/*
 * Put the reasons that speak for the verdict's kind into `verdict`: those
 * against the comment for spam, those for it for approve, the heaviest of
 * both for hold.
 */
void reasons_choose(struct verdict *verdict, const struct reason_list *list);

#endif /* PIPELINE_REASONS_H */
