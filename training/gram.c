#include "gram.h"

#include "base/alloc.h"

#include <libsvm/svm.h>

#include <pthread.h>
#include <stdlib.h>

#define THREADS 2

/*
 * Every THREADS-th row is one thread's, from the diagonal on, and the column
 * that mirrors it.
 */
struct share {
    const struct gram *gram;
    const struct example *const *example;
    size_t first;
};

struct svm_node *gram_row(const struct gram *gram, size_t i)
{
    return gram->cell + i * (gram->nr + 1);
}

static void spread(double *flat, const struct node *node, double factor)
{
    for (; node->index > 0; node++)
        flat[node->index] = node->value * factor;
}

static double gather(const double *flat, const struct node *node)
{
    double sum = 0;

    for (; node->index > 0; node++)
        sum += flat[node->index] * node->value;
    return sum;
}

static void *fill(void *arg)
{
    const struct share *share = arg;
    const struct gram *gram = share->gram;
    double *flat = xcalloc(LEARN_INDEX_MAX + 1, sizeof(*flat));

    for (size_t i = share->first; i < gram->nr; i += THREADS) {
        struct svm_node *row = gram_row(gram, i);

        /* The first cell is the row's number, counted from 1. */
        row[0] = (struct svm_node){ 0, (double)(i + 1) };
        spread(flat, share->example[i]->node, 1);
        for (size_t k = i; k < gram->nr; k++) {
            double product = gather(flat, share->example[k]->node);

            row[k + 1] = (struct svm_node){ (int)k + 1, product };
            gram_row(gram, k)[i + 1] =
                (struct svm_node){ (int)i + 1, product };
        }
        spread(flat, share->example[i]->node, 0);
    }
    free(flat);
    return NULL;
}

void gram_make(struct gram *gram, const struct example *const *example,
               size_t nr)
{
    struct share share[THREADS];
    pthread_t thread[THREADS];

    gram->nr = nr;
    gram->cell = xcalloc(nr * (nr + 1), sizeof(*gram->cell));
    for (size_t i = 0; i < THREADS; i++) {
        share[i] = (struct share){ gram, example, i };
        if (pthread_create(&thread[i], NULL, fill, &share[i]))
            abort();
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
}

void gram_release(struct gram *gram)
{
    free(gram->cell);
    gram->cell = NULL;
}
