#ifndef TRAINING_SCORE_H
#define TRAINING_SCORE_H

#include "metrics.h"
#include "model/model.h"
#include "rows.h"

/*
 * Labelled comments as a model sees them: stage by stage, as the program runs
 * it.
 */

/* Abuse when the rows hold abuse and no spam, else spam. */
enum model_head score_head_of(const struct row_list *rows);

/* Is the row what the head looks for? */
unsigned char score_is_positive(const struct row *row, enum model_head head);

/* One a row, in their order; the caller frees. */
struct scored *score_rows(const struct model *model, enum model_head head,
                          const struct row_list *rows);

#endif /* TRAINING_SCORE_H */
