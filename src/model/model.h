#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "features/vector.h"
#include "model/manifest.h"

#include <stdint.h>

/*
 * The third stage: from a vector to two calibrated probabilities.
 *
 * Two heads, spam and abuse, look at the same vector. Each is a linear
 * support vector machine, trained by libsvm or liblinear and collapsed into
 * one weight vector (model/svm.h), and a sigmoid that turns its margin into a
 * probability (model/calibration.h). The files of models/ are loaded together
 * or not at all: the manifest holds their checksums and the version of the
 * features they were trained on.
 *
 * A model is read-only and mapped into memory; threads share it.
 */
struct model;

enum model_head { MODEL_SPAM, MODEL_ABUSE, MODEL_HEAD_NR };

/*
 * Open the model in directory `path`; NULL or "" opens the one that was built
 * into the program. ERROR_MODEL names the file and what is wrong with it. The
 * caller closes.
 */
enum error_code model_open(struct model **model, const char *path,
                           struct error *err) MUST_CHECK;
void model_close(struct model *model); /* NULL is fine */

/* The manifest's id: changes whenever a weight does. */
struct span model_id(const struct model *model);

const struct model_thresholds *model_thresholds(const struct model *model);

/*
 * Scale the values of a vector, in place, to what the model was trained on
 * (model/scale.h). Once per vector, before anything below.
 */
void model_scale(const struct model *model, struct vector *vector);

/* What a head makes of a scaled vector. */
struct model_score {
    double margin;      /* signed distance, above 0 is spam or abuse */
    double probability; /* calibrated, 0 to 1 */
};

struct model_score model_score(const struct model *model, enum model_head head,
                               const struct vector *vector);

/* What each head makes of it, for hardly more than one takes. */
void model_scores(const struct model *model, const struct vector *vector,
                  struct model_score score[MODEL_HEAD_NR]);

/*
 * What one entry of a scaled vector adds to the log-odds of the head: the
 * entries' parts and model_base add up to logit(probability), exactly.
 */
double model_part(const struct model *model, enum model_head head,
                  const struct vector_entry *entry);

/* The log-odds of an empty vector. */
double model_base(const struct model *model, enum model_head head);

#endif /* MODEL_MODEL_H */
