#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "features/bag.h"
#include "features/unit.h"
#include "features/vector.h"
#include "model/lexicon.h"
#include "model/manifest.h"
#include "model/weighing.h"

#include <stdbool.h>
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
 * The laxest promise at least as strict as "one in `one_in`"; NULL when the
 * model can't keep one so strict.
 */
const struct model_promise *model_promise(const struct model *model,
                                          double one_in);

/* The strictest; NULL if it makes none. */
const struct model_promise *model_strictest(const struct model *model);

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

/* Those of a margin; 1 / (1 + exp(-odds)) is its probability. */
double model_log_odds(const struct model *model, enum model_head head,
                      double margin);

/* The log-odds of an empty vector. */
double model_base(const struct model *model, enum model_head head);

/*
 * A comment can be judged without its vector, for much less
 * (model/weighing.h): with the same result, but for the vector's rounding.
 * Open the scales once per comment.
 */

/* Weights of a site's own that are added to the log-odds of spam. */
struct model_layer {
    const float *weight; /* FEATURE_NR */
    struct span id;
};

/*
 * With `layer`, and what is in `lexicon`, both of which may be NULL; all are
 * to outlive the result.
 */
struct weigher model_weigher(const struct model *model,
                             const struct model_layer *layer,
                             struct lexicon *lexicon);

/* What each head makes of what was weighed; the layer is left out. */
void model_weighed(const struct model *model, const struct weighing *weighing,
                   struct model_score score[MODEL_HEAD_NR]);

/* What a unit of margin is in log-odds: parts are margins times this. */
double model_slope(const struct model *model, enum model_head head);

/*
 * What kind of abuse, once it is abuse: for reasons, never for the verdict.
 * A comment may be of several kinds, or of none that has a name.
 */
enum model_kind {
    MODEL_THREAT,
    MODEL_IDENTITY, /* hate of a group */
    MODEL_INSULT,
    MODEL_OBSCENE,
    MODEL_KIND_NR
};

/* "abuse_threat" and so on; static. For how far, see weighing_take_kinds. */
struct span model_kind_name(enum model_kind kind);

/*
 * Is so little of a text known that its probabilities mean nothing? `*share`
 * is set to what is known (model/known.h).
 */
bool model_is_strange(const struct model *model, const struct unit_list *units,
                      double *share);

/*
 * What one measure of recalled thing `i` (memory/memory.h) adds to the
 * log-odds of spam; 0 or more.
 */
#define MODEL_MEMORY_NR MANIFEST_MEMORY_NR
double model_memory_weight(const struct model *model, int i);

#endif /* MODEL_MODEL_H */
