#include "bayes.h"

#include "base/alloc.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* What every n-gram weighs in either class, in that of the mean bucket. */
#define UNSEEN 0.1

static bool is_ngram(int index)
{
    return index > (int)FEATURE_DENSE_NR && index < LEARN_BIAS;
}

/* Every n-gram's weight in the examples of each class. */
static void count(double *sum[2], double total[2],
                  const struct example *const *example, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        for (const struct node *k = example[i]->node; k->index > 0; k++) {
            double value = example[i]->weight * fabs(k->value);

            if (!is_ngram(k->index))
                continue;
            sum[example[i]->positive][k->index] += value;
            total[example[i]->positive] += value;
        }
}

static void rate(float *scale, double *const sum[2], const double total[2],
                 double share)
{
    double unseen = UNSEEN * (total[0] + total[1]) / FEATURE_HASH_NR;

    for (int i = FEATURE_DENSE_NR + 1; i < LEARN_BIAS; i++) {
        double ratio = log((sum[1][i] + unseen) / total[1]) -
                       log((sum[0][i] + unseen) / total[0]);

        scale[i] = (float)(1 - share + share * fabs(ratio));
    }
}

/* Where a class has no n-grams, all of them stay as they are. */
static float *make_scale(const struct example *const *example, size_t nr,
                         double share)
{
    float *scale = xcalloc(LEARN_INDEX_MAX + 1, sizeof(*scale));
    double *sum[2];
    double total[2] = { 0, 0 };

    for (int class = 0; class < 2; class ++)
        sum[class] = xcalloc(LEARN_INDEX_MAX + 1, sizeof(double));
    for (int i = 0; i <= LEARN_INDEX_MAX; i++)
        scale[i] = 1;
    count(sum, total, example, nr);
    if (total[0] > 0 && total[1] > 0)
        rate(scale, sum, total, share);
    free(sum[0]);
    free(sum[1]);
    return scale;
}

static size_t length(const struct node *node)
{
    size_t nr = 1;

    while (node[nr - 1].index > 0)
        nr++;
    return nr;
}

void bayes_make(struct bayes *bayes, const struct example *const *example,
                size_t nr, double share)
{
    struct node *to;
    size_t nodes = 0;

    bayes->scale = make_scale(example, nr, share);
    for (size_t i = 0; i < nr; i++)
        nodes += length(example[i]->node);
    bayes->node = to = xcalloc(nodes + 1, sizeof(*to));
    bayes->scaled = xcalloc(nr + 1, sizeof(*bayes->scaled));
    bayes->list = xcalloc(nr + 1, sizeof(*bayes->list));
    for (size_t i = 0; i < nr; i++) {
        const struct node *from = example[i]->node;

        bayes->list[i] = &bayes->scaled[i];
        bayes->scaled[i] = *example[i];
        bayes->scaled[i].node = to;
        for (; from->index > 0; from++, to++)
            *to = (struct node){ from->index,
                                 from->value * bayes->scale[from->index] };
        *to++ = *from;
    }
}

void bayes_undo(const struct bayes *bayes, struct linear *linear)
{
    for (int i = 1; i < LEARN_BIAS; i++)
        linear->weight[i - 1] *= bayes->scale[i];
}

void bayes_release(struct bayes *bayes)
{
    free(bayes->scale);
    free(bayes->scaled);
    free(bayes->list);
    free(bayes->node);
}
