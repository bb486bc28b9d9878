#ifndef SUPPORT_TINY_MODEL_H
#define SUPPORT_TINY_MODEL_H

#include "base/alloc.h"
#include "base/file.h"
#include "features/features.h"
#include "model/manifest.h"
#include "model/weights.h"

#include <check.h>
#include <limits.h>
#include <stdlib.h>

/*
 * A model that knows hardly anything, for suites that need some model and
 * must not change with the real one: links and shouting are bad, talking
 * about the article is good, every word has some weight.
 */
#define TINY_MODEL_BYTES ((size_t)16 << 20)

static inline void tiny_model_save(const char *dir, const char *name,
                                   const struct buf *data)
{
    char path[PATH_MAX];
    struct error err;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    ck_assert_msg(!file_replace(path, buf_span(data), &err), "%s", err.text);
}

static inline void tiny_model_weigh(double *spam, double *abuse, uint16_t *idf)
{
    spam[FEATURE_link_any] = 2;
    spam[FEATURE_link_many] = 4;
    spam[FEATURE_context_title] = -2;
    abuse[FEATURE_shape_capitals] = 4;
    for (uint32_t i = 0; i < FEATURE_HASH_NR; i++) {
        spam[FEATURE_DENSE_NR + i] = (double)(i % 13) / 6 - 1;
        abuse[FEATURE_DENSE_NR + i] = (double)(i % 7) / 30 - 0.1;
        idf[i] = 100;
    }
}

/* Write manifest and weights.bin into the directory `dir`. */
static inline void tiny_model_write(const char *dir)
{
    double *spam = xcalloc(FEATURE_NR, sizeof(*spam));
    double *abuse = xcalloc(FEATURE_NR, sizeof(*abuse));
    uint16_t *idf = xcalloc(FEATURE_HASH_NR, sizeof(*idf));
    const struct weights_source source = {
        .weight = { spam, abuse },
        .bias = { -0.5, -3 },
        .idf = idf,
    };
    struct manifest manifest = {
        .features = FEATURES_VERSION,
        .hash_bits = FEATURE_HASH_BITS,
        .seed = 1,
        .spam = { 2, 0 },
        .abuse = { 2, 0 },
        .thresholds = { 0.3, 0.9, 0.6 },
        .memory = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    };
    struct buf buf;

    buf_init(&buf, TINY_MODEL_BYTES);
    tiny_model_weigh(spam, abuse, idf);
    weights_write(&buf, &source);
    tiny_model_save(dir, "weights.bin", &buf);
    manifest.weights = digest_of(buf_span(&buf));
    buf_reset(&buf);
    manifest_write(&manifest, &buf, SPAN_LIT(""));
    tiny_model_save(dir, "manifest", &buf);
    buf_release(&buf);
    free(spam);
    free(abuse);
    free(idf);
}

#endif /* SUPPORT_TINY_MODEL_H */
