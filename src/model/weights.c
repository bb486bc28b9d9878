#include "model/weights.h"

#include <math.h>
#include <string.h>

#define BYTE_ORDER_MARK 0x01020304U
#define STEPS_MAX 32767
#define KIND_STEPS_MAX 127

static const char magic[8] = { 's', 'l', 'u', 'i', 'c', 'e', 'w', '2' };

enum error_code weights_parse(struct weights *weights, const char *path,
                              struct span file, struct error *err)
{
    const struct weights_header *header = (const void *)file.ptr;
    size_t size = sizeof(*header) +
                  FEATURE_HASH_NR * (sizeof(struct weights_bucket) +
                                     sizeof(struct weights_kinds)) +
                  KNOWN_BYTES;

    if (file.len < sizeof(*header) ||
        memcmp(header->magic, magic, sizeof(magic)) != 0)
        return error_set(err, ERROR_MODEL,
                         "%s: not a file of weights as this build reads them; "
                         "run 'make model'",
                         path);
    if (header->byte_order != BYTE_ORDER_MARK)
        return error_set(err, ERROR_MODEL,
                         "%s: made on a machine of other byte order; run "
                         "'make model' here",
                         path);
    if (header->features != FEATURES_VERSION ||
        header->dense_nr != FEATURE_DENSE_NR ||
        header->hash_bits != FEATURE_HASH_BITS)
        return error_set(err, ERROR_MODEL,
                         "%s: made for features version %u (%u named), this "
                         "build has %d (%d); run 'make model'",
                         path, header->features, header->dense_nr,
                         FEATURES_VERSION, FEATURE_DENSE_NR);
    if (file.len != size)
        return error_set(err, ERROR_MODEL,
                         "%s: %zu bytes long, not %zu; restore it", path,
                         file.len, size);
    weights->header = header;
    weights->bucket = (const void *)(file.ptr + sizeof(*header));
    weights->kinds = (const void *)(weights->bucket + FEATURE_HASH_NR);
    weights->known = (const void *)(weights->kinds + FEATURE_HASH_NR);
    return ERROR_NONE;
}

static float step_for(const double *weight, int steps)
{
    double most = 0;

    for (uint32_t i = FEATURE_DENSE_NR; weight && i < FEATURE_NR; i++)
        most = fmax(most, fabs(weight[i]));
    return most > 0 ? (float)(most / steps) : 1;
}

static void fill_heads(struct weights_header *header,
                       const struct weights_source *source)
{
    for (int head = 0; head < WEIGHTS_HEAD_NR; head++) {
        header->step[head] = step_for(source->weight[head], STEPS_MAX);
        header->bias[head] = (float)source->bias[head];
        for (uint32_t i = 0; i < FEATURE_DENSE_NR; i++)
            header->dense[head][i] = (float)source->weight[head][i];
    }
}

static void fill_kinds(struct weights_header *header,
                       const struct weights_source *source)
{
    for (int kind = 0; kind < WEIGHTS_KIND_NR; kind++) {
        const double *weight = source->kind[kind];

        header->kind_step[kind] = step_for(weight, KIND_STEPS_MAX);
        header->kind_bias[kind] = weight ? (float)source->kind_bias[kind] : -1;
        for (uint32_t i = 0; weight && i < FEATURE_DENSE_NR; i++)
            header->kind_dense[kind][i] = (float)weight[i];
    }
}

static void put_buckets(struct buf *out, const struct weights_header *header,
                        const struct weights_source *source)
{
    for (uint32_t i = 0; i < FEATURE_HASH_NR; i++) {
        struct weights_bucket bucket = { .idf = source->idf[i] };

        for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
            bucket.weight[head] =
                (int16_t)lround(source->weight[head][FEATURE_DENSE_NR + i] /
                                header->step[head]);
        buf_add(out, (struct span){ (const char *)&bucket, sizeof(bucket) });
    }
}

static void put_kinds(struct buf *out, const struct weights_header *header,
                      const struct weights_source *source)
{
    for (uint32_t i = 0; i < FEATURE_HASH_NR; i++) {
        struct weights_kinds kinds = { { 0 } };

        for (int kind = 0; kind < WEIGHTS_KIND_NR; kind++)
            if (source->kind[kind])
                kinds.weight[kind] =
                    (int8_t)lround(source->kind[kind][FEATURE_DENSE_NR + i] /
                                   header->kind_step[kind]);
        buf_add(out, (struct span){ (const char *)&kinds, sizeof(kinds) });
    }
}

void weights_write(struct buf *out, const struct weights_source *source)
{
    struct weights_header header = {
        .byte_order = BYTE_ORDER_MARK,
        .features = FEATURES_VERSION,
        .dense_nr = FEATURE_DENSE_NR,
        .hash_bits = FEATURE_HASH_BITS,
    };

    memcpy(header.magic, magic, sizeof(magic));
    fill_heads(&header, source);
    fill_kinds(&header, source);
    buf_add(out, (struct span){ (const char *)&header, sizeof(header) });
    put_buckets(out, &header, source);
    put_kinds(out, &header, source);
    for (size_t i = 0; i < KNOWN_BYTES; i++)
        buf_add_char(out, source->known ? (char)source->known[i] : '\xff');
}

/* Sums of both heads. */
struct sums {
    double head[WEIGHTS_HEAD_NR];
};

static inline void sums_add(struct sums *sums, const struct weights *weights,
                            const struct vector_entry *entry)
{
    const struct weights_bucket *bucket =
        &weights->bucket[entry->slot - FEATURE_DENSE_NR];

    for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
        sums->head[head] += (double)entry->value * bucket->weight[head];
}

/*
 * An addition waits for the one before it, so there are two sums of each
 * head. Steps are multiplied in at the end.
 */
void weights_margins(const struct weights *weights,
                     const struct vector *vector,
                     double margin[WEIGHTS_HEAD_NR])
{
    const struct weights_header *header = weights->header;
    struct sums sums[2] = { { { 0 } }, { { 0 } } };
    struct sums dense = { { 0 } };

    for (size_t i = 0; i < vector->nr; i++) {
        const struct vector_entry *entry = &vector->entry[i];

        if (entry->slot >= FEATURE_DENSE_NR) {
            sums_add(&sums[i & 1], weights, entry);
            continue;
        }
        for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
            dense.head[head] +=
                (double)entry->value * header->dense[head][entry->slot];
    }
    for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
        margin[head] = header->bias[head] + dense.head[head] +
                       (sums[0].head[head] + sums[1].head[head]) *
                           (double)header->step[head];
}

double weights_kind_at(const struct weights *weights, int kind, uint32_t slot)
{
    if (slot < FEATURE_DENSE_NR)
        return weights->header->kind_dense[kind][slot];
    return weights->kinds[slot - FEATURE_DENSE_NR].weight[kind] *
           (double)weights->header->kind_step[kind];
}
