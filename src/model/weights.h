#ifndef MODEL_WEIGHTS_H
#define MODEL_WEIGHTS_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "features/features.h"
#include "model/known.h"

#include <stdint.h>

/*
 * The weights of both heads, as they lie in the file and in memory.
 *
 * A comment touches about a thousand buckets at random, so what matters is
 * that each is one cache line: its rarity and the weights of both heads lie
 * side by side, 16 bits each, and the table is small enough for the second
 * level cache. The file is mapped and used as it is; it is of the byte order
 * of the machine that made it, and the header notices another.
 *
 * Behind them lie, 8 bits each, those of the kinds of abuse, which only a
 * comment that is held for abuse asks for; and the units that are known.
 */
enum { WEIGHTS_HEAD_NR = 2, WEIGHTS_KIND_NR = 4 };

struct weights_bucket {
    uint16_t idf;                    /* rarity, in SCALE_IDF_STEP */
    int16_t weight[WEIGHTS_HEAD_NR]; /* in steps of header.step */
};

struct weights_kinds {
    int8_t weight[WEIGHTS_KIND_NR]; /* in steps of header.kind_step */
};

struct weights_header {
    char magic[8];       /* "sluicew2" */
    uint32_t byte_order; /* 0x01020304 */
    uint32_t features;   /* FEATURES_VERSION */
    uint32_t dense_nr;
    uint32_t hash_bits;
    float step[WEIGHTS_HEAD_NR];
    float bias[WEIGHTS_HEAD_NR];
    float dense[WEIGHTS_HEAD_NR][FEATURE_DENSE_NR];
    float kind_step[WEIGHTS_KIND_NR];
    float kind_bias[WEIGHTS_KIND_NR]; /* 0 and above: it is of that kind */
    float kind_dense[WEIGHTS_KIND_NR][FEATURE_DENSE_NR];
};

struct weights {
    const struct weights_header *header; /* all point into the file */
    const struct weights_bucket *bucket; /* FEATURE_HASH_NR of them */
    const struct weights_kinds *kinds;   /* likewise */
    const unsigned char *known;          /* KNOWN_BYTES */
};

/* What a file is made of, in full precision. */
struct weights_source {
    const double *weight[WEIGHTS_HEAD_NR]; /* FEATURE_NR each */
    double bias[WEIGHTS_HEAD_NR];
    const uint16_t *idf;                 /* FEATURE_HASH_NR */
    const double *kind[WEIGHTS_KIND_NR]; /* FEATURE_NR; NULL: never that kind
                                          */
    double kind_bias[WEIGHTS_KIND_NR];
    const unsigned char *known; /* KNOWN_BYTES; NULL: all is known */
};

/* Look at a mapped file; ERROR_MODEL when it is not what this build reads. */
enum error_code weights_parse(struct weights *weights, const char *path,
                              struct span file, struct error *err) MUST_CHECK;

/*
 * Append the file made of `source`. Rounding, to 16 bits, and to 8 of the
 * kinds, is the only loss.
 */
void weights_write(struct buf *out, const struct weights_source *source);

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

/* That of a kind of abuse. */
double weights_kind_at(const struct weights *weights, int kind, uint32_t slot);

#endif /* MODEL_WEIGHTS_H */
