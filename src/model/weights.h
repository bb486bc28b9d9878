#ifndef MODEL_WEIGHTS_H
#define MODEL_WEIGHTS_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "features/features.h"

#include <stdint.h>

/*
 * The weights of both heads, as they lie in the file and in memory.
 *
 * A comment touches about a thousand buckets at random, so what matters is
 * that each is one cache line: its rarity and the weights of both heads lie
 * side by side, 16 bits each, and the table is small enough for the second
 * level cache. The file is mapped and used as it is; it is of the byte order
 * of the machine that made it, and the header notices another.
 */
enum { WEIGHTS_HEAD_NR = 2 };

struct weights_bucket {
    uint16_t idf;                    /* rarity, in SCALE_IDF_STEP */
    int16_t weight[WEIGHTS_HEAD_NR]; /* in steps of header.step */
};

struct weights_header {
    char magic[8];       /* "sluicew1" */
    uint32_t byte_order; /* 0x01020304 */
    uint32_t features;   /* FEATURES_VERSION */
    uint32_t dense_nr;
    uint32_t hash_bits;
    float step[WEIGHTS_HEAD_NR];
    float bias[WEIGHTS_HEAD_NR];
    float dense[WEIGHTS_HEAD_NR][FEATURE_DENSE_NR];
};

struct weights {
    const struct weights_header *header; /* both point into the file */
    const struct weights_bucket *bucket; /* FEATURE_HASH_NR of them */
};

/* Look at a mapped file; ERROR_MODEL when it is not what this build reads. */
enum error_code weights_parse(struct weights *weights, const char *path,
                              struct span file, struct error *err) MUST_CHECK;

/*
 * Append the file made of full-precision weights: weight[head] has FEATURE_NR
 * values, idf FEATURE_HASH_NR. Rounding to 16 bits is the only loss.
 */
void weights_write(struct buf *out, const double *const *weight,
                   const double *bias, const uint16_t *idf);

/* The weight of one slot. In the header, for it is asked of every entry. */
static inline double weights_at(const struct weights *weights, int head,
                                uint32_t slot)
{
    if (slot < FEATURE_DENSE_NR)
        return weights->header->dense[head][slot];
    return weights->bucket[slot - FEATURE_DENSE_NR].weight[head] *
           (double)weights->header->step[head];
}

/* The bias of each head, plus all values times their weights. */
void weights_margins(const struct weights *weights,
                     const struct vector *vector,
                     double margin[WEIGHTS_HEAD_NR]);

#endif /* MODEL_WEIGHTS_H */
