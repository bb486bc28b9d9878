#include "model/model.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "model/builtin.h"
#include "model/scale.h"
#include "model/weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 4096

_Static_assert((int)MODEL_HEAD_NR == (int)WEIGHTS_HEAD_NR &&
                   (int)MODEL_KIND_NR == (int)WEIGHTS_KIND_NR,
               "the file holds what the model has");

struct model {
    struct manifest manifest;
    struct weights weights;
    struct calibration calibration[MODEL_HEAD_NR];
    struct span mapped; /* the file of weights; empty when built in */
};

static enum error_code model_join(struct model *model, const char *path,
                                  struct span manifest, struct span file,
                                  struct error *err)
{
    enum error_code rc;

    rc = manifest_parse(&model->manifest, path, manifest, err);
    if (rc)
        return rc;
    rc = weights_parse(&model->weights, path, file, err);
    if (rc)
        return rc;
    /* A vector built by other rules still scores; it just scores nonsense. */
    if (model->manifest.features != FEATURES_VERSION ||
        model->manifest.hash_bits != FEATURE_HASH_BITS)
        return error_set(err, ERROR_MODEL,
                         "%s: made for features version %lld, this build has "
                         "%d; run 'make model'",
                         path, model->manifest.features, FEATURES_VERSION);
    model->calibration[MODEL_SPAM] = model->manifest.spam;
    model->calibration[MODEL_ABUSE] = model->manifest.abuse;
    return ERROR_NONE;
}

/* Of the files; what is built in was joined when the program was made. */
static enum error_code check_digest(const struct model *model,
                                    const char *path, struct error *err)
{
    if (!strcmp(digest_of(model->mapped).hex, model->manifest.weights.hex))
        return ERROR_NONE;
    return error_set(err, ERROR_MODEL,
                     "%s: manifest and weights are not of one model; run "
                     "'make model' or restore them",
                     path);
}

static enum error_code read_directory(struct model *model, const char *path,
                                      struct error *err)
{
    char name[PATH_BYTES];
    struct buf manifest;
    enum error_code rc;

    buf_init(&manifest, MANIFEST_BYTES_MAX);
    snprintf(name, sizeof(name), "%s/manifest", path);
    rc = buf_read_file(&manifest, name, err);
    if (rc)
        goto out;
    snprintf(name, sizeof(name), "%s/weights.bin", path);
    rc = file_map(&model->mapped, name, err);
    if (rc)
        goto out;
    rc = model_join(model, path, buf_span(&manifest), model->mapped, err);
    if (!rc)
        rc = check_digest(model, path, err);
out:
    buf_release(&manifest);
    /* Whatever is wrong with the files, it is the model that can't be used. */
    return rc ? (err->code = ERROR_MODEL) : ERROR_NONE;
}

enum error_code model_open(struct model **model, const char *path,
                           struct error *err)
{
    struct model *made = xcalloc(1, sizeof(*made));
    enum error_code rc;

    if (path && *path)
        rc = read_directory(made, path, err);
    else
        rc = model_join(made, "built-in model", builtin_manifest(),
                        builtin_weights(), err);
    if (rc) {
        model_close(made);
        return rc;
    }
    *model = made;
    return ERROR_NONE;
}

void model_close(struct model *model)
{
    if (!model)
        return;
    file_unmap(model->mapped);
    free(model);
}

struct span model_id(const struct model *model)
{
    return span_str(model->manifest.id);
}

const struct model_thresholds *model_thresholds(const struct model *model)
{
    return &model->manifest.thresholds;
}

const struct model_promise *model_promise(const struct model *model,
                                          double one_in)
{
    for (size_t i = 0; i < model->manifest.promise_nr; i++)
        if (model->manifest.promise[i].one_in >= one_in)
            return &model->manifest.promise[i];
    return NULL;
}

const struct model_promise *model_strictest(const struct model *model)
{
    size_t nr = model->manifest.promise_nr;

    return nr ? &model->manifest.promise[nr - 1] : NULL;
}

void model_scale(const struct model *model, struct vector *vector)
{
    scale_apply(vector, (const unsigned char *)&model->weights.bucket[0].idf,
                sizeof(model->weights.bucket[0]));
}

static struct model_score score_of(const struct model *model,
                                   enum model_head head, double margin)
{
    return (struct model_score){
        margin,
        calibration_probability(&model->calibration[head], margin),
    };
}

struct model_score model_score(const struct model *model, enum model_head head,
                               const struct vector *vector)
{
    struct model_score score[MODEL_HEAD_NR];

    model_scores(model, vector, score);
    return score[head];
}

void model_scores(const struct model *model, const struct vector *vector,
                  struct model_score score[MODEL_HEAD_NR])
{
    double margin[MODEL_HEAD_NR];

    weights_margins(&model->weights, vector, margin);
    for (int head = 0; head < MODEL_HEAD_NR; head++)
        score[head] = score_of(model, (enum model_head)head, margin[head]);
}

struct weigher model_weigher(const struct model *model,
                             const struct model_layer *layer,
                             struct lexicon *lexicon)
{
    if (lexicon)
        lexicon_open(lexicon, model_id(model),
                     layer ? layer->id : SPAN_LIT(""));
    return (struct weigher){ &model->weights, layer ? layer->weight : NULL,
                             lexicon };
}

void model_weighed(const struct model *model, const struct weighing *weighing,
                   struct model_score score[MODEL_HEAD_NR])
{
    double margin[MODEL_HEAD_NR];

    weighing_margins(weighing, &model->weights, margin);
    for (int head = 0; head < MODEL_HEAD_NR; head++)
        score[head] = score_of(model, (enum model_head)head, margin[head]);
}

double model_slope(const struct model *model, enum model_head head)
{
    return model->calibration[head].slope;
}

double model_part(const struct model *model, enum model_head head,
                  const struct vector_entry *entry)
{
    return model->calibration[head].slope * (double)entry->value *
           weights_at(&model->weights, (int)head, entry->slot);
}

double model_log_odds(const struct model *model, enum model_head head,
                      double margin)
{
    return model->calibration[head].slope * margin +
           model->calibration[head].offset;
}

double model_base(const struct model *model, enum model_head head)
{
    return model_log_odds(model, head,
                          (double)model->weights.header->bias[head]);
}

struct span model_kind_name(enum model_kind kind)
{
    static const char *const name[MODEL_KIND_NR] = {
        [MODEL_THREAT] = "abuse_threat",
        [MODEL_IDENTITY] = "abuse_identity",
        [MODEL_INSULT] = "abuse_insult",
        [MODEL_OBSCENE] = "abuse_obscene",
    };

    return span_str(name[kind]);
}

bool model_is_strange(const struct model *model, const struct unit_list *units,
                      double *share)
{
    *share = known_share(model->weights.known, units);
    return *share < model->manifest.known_below;
}

double model_memory_weight(const struct model *model, int i)
{
    return model->manifest.memory[i];
}
