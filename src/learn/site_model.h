#ifndef LEARN_SITE_MODEL_H
#define LEARN_SITE_MODEL_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "features/vector.h"
#include "learn/correction.h"

#include <stdbool.h>

/*
 * The layer that one site adds to the general model, and the thresholds that
 * its own labels gave.
 *
 * It speaks about spam only, and in log-odds: its part is added to the
 * general model's. Without the layer nothing is added, so a site that never
 * learned is judged as before, to the bit. Read-only once made; threads
 * share it.
 */
#define SITE_MODEL_ID_LEN 12

struct site_model {
    char id[SITE_MODEL_ID_LEN + 1]; /* of its bytes: same labels, same id */
    char general[SITE_MODEL_ID_LEN + 1]; /* the model it corrects */
    double approve_below;                /* probabilities, as in policy.h */
    double spam_at;
    double bias;
    float *weight; /* FEATURE_NR; NULL: only the thresholds moved */
};

/* Largest file of one: every slot has a weight. */
#define SITE_MODEL_BYTES_MAX ((size_t)4 << 20)

/*
 * Round the correction to what is kept, and set the id. `correction` may be
 * NULL, `general` is the general model's id. The caller releases.
 */
void site_model_make(struct site_model *model,
                     const struct correction *correction, struct span general,
                     double approve_below, double spam_at);
void site_model_release(struct site_model *model);

/* Append the bytes that are kept in the store. */
void site_model_write(const struct site_model *model, struct buf *out);

/*
 * Read them back. ERROR_MODEL when they are damaged, or made for another
 * version of the features: such a layer scores nonsense, learn again.
 */
enum error_code site_model_parse(struct site_model *model, struct span bytes,
                                 struct error *err) MUST_CHECK;

/* What one entry of a scaled vector adds to the log-odds of spam. */
double site_model_part(const struct site_model *model,
                       const struct vector_entry *entry);

/* What all of them and the bias add. */
double site_model_log_odds(const struct site_model *model,
                           const struct vector *vector);

/* The same for entries that were taught. */
double site_model_of(const struct site_model *model,
                     const struct correction_entry *entry, size_t nr);

#endif /* LEARN_SITE_MODEL_H */
