#include "examples.h"

#include "base/alloc.h"
#include "model/scale.h"
#include "text/normalise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A unit of an intercept costs the regularisation little. */
#define INTERCEPT 3

static struct comment with_fields(const struct comment *comment,
                                  enum fields fields)
{
    const struct span none = { NULL, 0 };
    struct comment out = *comment;

    if (fields == FIELDS_ALL)
        return out;
    out.author = none;
    out.author_url = none;
    out.author_email = none;
    if (fields == FIELDS_NO_AUTHOR)
        return out;
    out.post_title = none;
    out.post_text = none;
    out.parent_text = none;
    return out;
}

static void extract(struct arena *scratch, const struct comment *comment,
                    struct vector *vector)
{
    arena_reset(scratch);
    features_extract(scratch, comment, text_normalise(scratch, comment),
                     vector);
}

uint16_t *examples_rarity(const struct row_list *rows)
{
    uint32_t *in = xcalloc(FEATURE_HASH_NR, sizeof(*in));
    size_t *last = xcalloc(FEATURE_HASH_NR, sizeof(*last));
    uint16_t *idf = xcalloc(FEATURE_HASH_NR, sizeof(*idf));
    struct arena scratch;
    size_t ham = 0;

    arena_init(&scratch);
    for (size_t i = 0; i < rows->nr; i++) {
        struct vector vector;

        if (rows->row[i].label != LABEL_HAM)
            continue;
        ham++;
        extract(&scratch, &rows->row[i].comment, &vector);
        for (size_t k = 0; k < vector.nr; k++) {
            uint32_t bucket = vector.entry[k].slot - FEATURE_DENSE_NR;

            if (vector.entry[k].slot < FEATURE_DENSE_NR || last[bucket] == ham)
                continue;
            last[bucket] = ham;
            in[bucket]++;
        }
    }
    for (uint32_t i = 0; i < FEATURE_HASH_NR; i++)
        idf[i] = (uint16_t)lround((1 + log((double)(ham + 1) / (in[i] + 1))) /
                                  SCALE_IDF_STEP);
    arena_release(&scratch);
    free(in);
    free(last);
    return idf;
}

static int by_slot(const void *a, const void *b)
{
    const struct vector_entry *x = a;
    const struct vector_entry *y = b;

    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
    /* Sums of floats depend on their order: give them one. */
    return (x->value > y->value) - (x->value < y->value);
}

static void leave_out(struct vector *vector, uint32_t without)
{
    size_t kept = 0;

    for (size_t i = 0; i < vector->nr; i++)
        if (!(without >> vector->entry[i].family & 1))
            vector->entry[kept++] = vector->entry[i];
    vector->nr = kept;
}

struct node *example_nodes(struct arena *keep, struct arena *scratch,
                           const struct comment *comment, enum fields fields,
                           const struct example_options *options)
{
    struct comment shown = with_fields(comment, fields);
    struct vector vector;
    struct node *node;
    size_t nr = 0;

    extract(scratch, &shown, &vector);
    leave_out(&vector, options->without);
    scale_apply(&vector, (const unsigned char *)options->idf,
                sizeof(*options->idf));
    if (vector.nr)
        qsort(vector.entry, vector.nr, sizeof(*vector.entry), by_slot);
    for (size_t i = 0; i < vector.nr; i++)
        nr += !i || vector.entry[i].slot != vector.entry[i - 1].slot;
    node = arena_alloc(keep, (nr + 3) * sizeof(*node));
    nr = 0;
    for (size_t i = 0; i < vector.nr; i++) {
        if (!i || vector.entry[i].slot != vector.entry[i - 1].slot)
            node[nr++] = (struct node){ (int)vector.entry[i].slot + 1, 0 };
        node[nr - 1].value += (double)vector.entry[i].value;
    }
    node[nr++] = (struct node){ LEARN_BIAS, 1 };
    if (options->origin)
        node[nr++] = (struct node){ LEARN_BIAS + options->origin, INTERCEPT };
    node[nr] = (struct node){ -1, 0 };
    return node;
}
