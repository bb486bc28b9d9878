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

/*
 * The claims about a scaled `vector` for `head`, the heaviest first; evidence
 * is in the arena or points into `text`. The site's own layer, which may be
 * NULL, has its say in those about spam.
 */
struct reason_list
claims_collect(struct arena *arena, const struct model *model,
               const struct site_model *site, enum model_head head,
               const struct text *text, const struct vector *vector);

/*
 * Put the kinds of abuse that the comment is of (model.h) into `verdict`, two
 * at most, each with the word that shows it best. They weigh nothing.
 */
void claims_name_kinds(struct verdict *verdict, const struct model *model,
                       struct arena *arena, const struct text *text,
                       const struct vector *vector);

#endif /* PIPELINE_CLAIMS_H */
