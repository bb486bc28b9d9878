#ifndef PIPELINE_CLAIMS_H
#define PIPELINE_CLAIMS_H

#include "pipeline/reasons.h"

/*
 * Reasons that a moderator could check with an eraser.
 *
 * What speaks for a verdict is merged into things that are there to be seen:
 * the links, the author's name, the web site, what the comment has to do with
 * the article, a phrase of the text, or one named feature. Each claims what
 * its absence would change: the log-odds of the comment as it is less those
 * of the comment without it. The n-grams that stay are brought to unit length
 * again, as the model would, so the claim is exact for the vector. For the
 * text it is close: a word taken out makes neighbours of two others, and a
 * link taken out may leave a comment short. Claims may overlap and need not
 * add up; for a sum that does, see reasons_collect.
 */

/* What is claimed about, and by what. */
struct claims_ground {
    const struct model *model;
    const struct site_model *site; /* the site's own layer, or NULL */
    const struct text *text;
    const struct bag *bag;
    const struct weighing *weighing; /* with that layer */
};

/*
 * The claims for `head`, the heaviest first; evidence is in the arena or
 * points into the text. The layer has its say in those about spam.
 */
struct reason_list claims_collect(struct arena *arena,
                                  const struct claims_ground *ground,
                                  enum model_head head);

/*
 * Put the kinds of abuse that the comment is of (model.h) into `verdict`, two
 * at most, each with the word that shows it best. They weigh nothing.
 */
void claims_name_kinds(struct verdict *verdict, const struct text *text,
                       const struct weighing_kinds *kinds);

#endif /* PIPELINE_CLAIMS_H */
