#include "learn/site_model.h"

#include "base/alloc.h"
#include "base/digest.h"
#include "features/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BYTE_ORDER_MARK 0x01020304U

static const char magic[8] = { 's', 'l', 'u', 'i', 'c', 'e', 's', '1' };

struct header {
    char magic[8];
    uint32_t byte_order;
    uint32_t features; /* FEATURES_VERSION */
    uint32_t slots;    /* FEATURE_NR */
    uint32_t nr;       /* weights that follow */
    double approve_below;
    double spam_at;
    double bias;
    char general[16]; /* filled up with NULs */
};

_Static_assert(sizeof(((struct header *)NULL)->general) > SITE_MODEL_ID_LEN,
               "an id fits, with its NUL");

struct kept {
    uint32_t slot;
    float weight;
};

static uint32_t count(const struct site_model *model)
{
    uint32_t nr = 0;

    for (uint32_t i = 0; model->weight && i < FEATURE_NR; i++)
        nr += model->weight[i] != 0;
    return nr;
}

void site_model_write(const struct site_model *model, struct buf *out)
{
    struct header header = {
        .byte_order = BYTE_ORDER_MARK,
        .features = FEATURES_VERSION,
        .slots = FEATURE_NR,
        .nr = count(model),
        .approve_below = model->approve_below,
        .spam_at = model->spam_at,
        .bias = model->bias,
    };

    memcpy(header.magic, magic, sizeof(magic));
    memcpy(header.general, model->general, sizeof(model->general));
    buf_add(out, (struct span){ (const char *)&header, sizeof(header) });
    for (uint32_t i = 0; header.nr && i < FEATURE_NR; i++) {
        struct kept kept = { i, model->weight[i] };

        if (kept.weight != 0)
            buf_add(out, (struct span){ (const char *)&kept, sizeof(kept) });
    }
}

static void set_id(struct site_model *model)
{
    struct digest digest;
    struct buf bytes;

    buf_init(&bytes, SITE_MODEL_BYTES_MAX);
    site_model_write(model, &bytes);
    digest = digest_of(buf_span(&bytes));
    memcpy(model->id, digest.hex, SITE_MODEL_ID_LEN);
    model->id[SITE_MODEL_ID_LEN] = '\0';
    buf_release(&bytes);
}

void site_model_make(struct site_model *model,
                     const struct correction *correction, struct span general,
                     double approve_below, double spam_at)
{
    *model = (struct site_model){
        .approve_below = approve_below,
        .spam_at = spam_at,
    };
    snprintf(model->general, sizeof(model->general), "%.*s",
             SPAN_ARG(general));
    if (correction) {
        model->bias = correction->bias;
        model->weight = xcalloc(FEATURE_NR, sizeof(*model->weight));
        for (uint32_t i = 0; i < FEATURE_NR; i++)
            model->weight[i] = (float)correction->weight[i];
    }
    set_id(model);
}

void site_model_release(struct site_model *model)
{
    free(model->weight);
    model->weight = NULL;
}

static enum error_code header_check(const struct header *header, size_t len,
                                    struct error *err)
{
    if (memcmp(header->magic, magic, sizeof(magic)) != 0 ||
        header->byte_order != BYTE_ORDER_MARK ||
        len != sizeof(*header) + header->nr * sizeof(struct kept))
        return error_set(err, ERROR_MODEL,
                         "the site's model is damaged; run 'sluice learn'");
    if (header->features != FEATURES_VERSION || header->slots != FEATURE_NR)
        return error_set(err, ERROR_MODEL,
                         "the site's model was made for features version %u, "
                         "this build has %d; run 'sluice learn'",
                         header->features, FEATURES_VERSION);
    /* A threshold that is no number would mark or approve at random. */
    if (!(header->approve_below >= 0 &&
          header->approve_below <= header->spam_at && header->spam_at <= 1 &&
          isfinite(header->bias)))
        return error_set(err, ERROR_MODEL,
                         "the site's model has impossible thresholds; run "
                         "'sluice learn'");
    return ERROR_NONE;
}

static enum error_code weights_take(struct site_model *model,
                                    struct span bytes, uint32_t nr,
                                    struct error *err)
{
    if (!nr)
        return ERROR_NONE;
    model->weight = xcalloc(FEATURE_NR, sizeof(*model->weight));
    for (uint32_t i = 0; i < nr; i++) {
        struct kept kept;

        memcpy(&kept, bytes.ptr + i * sizeof(kept), sizeof(kept));
        if (kept.slot >= FEATURE_NR || !isfinite(kept.weight)) {
            site_model_release(model);
            return error_set(err, ERROR_MODEL,
                             "the site's model is damaged; run 'sluice "
                             "learn'");
        }
        model->weight[kept.slot] = kept.weight;
    }
    return ERROR_NONE;
}

enum error_code site_model_parse(struct site_model *model, struct span bytes,
                                 struct error *err)
{
    struct header header = { .nr = 0 };
    enum error_code rc;

    memset(model, 0, sizeof(*model));
    if (bytes.len >= sizeof(header))
        memcpy(&header, bytes.ptr, sizeof(header));
    rc = header_check(&header, bytes.len, err);
    if (rc)
        return rc;
    model->approve_below = header.approve_below;
    model->spam_at = header.spam_at;
    model->bias = header.bias;
    memcpy(model->general, header.general, sizeof(model->general) - 1);
    rc = weights_take(model, span_cut(bytes, sizeof(header), bytes.len),
                      header.nr, err);
    if (!rc)
        set_id(model);
    return rc;
}

double site_model_part(const struct site_model *model,
                       const struct vector_entry *entry)
{
    if (!model->weight)
        return 0;
    return (double)model->weight[entry->slot] * (double)entry->value;
}

double site_model_log_odds(const struct site_model *model,
                           const struct vector *vector)
{
    double total = model->bias;

    for (size_t i = 0; model->weight && i < vector->nr; i++)
        total += site_model_part(model, &vector->entry[i]);
    return total;
}

double site_model_of(const struct site_model *model,
                     const struct correction_entry *entry, size_t nr)
{
    double total = model->bias;

    for (size_t i = 0; model->weight && i < nr; i++)
        total += (double)model->weight[entry[i].slot] * (double)entry[i].value;
    return total;
}
