#include "bootstrap.h"

#include <stdlib.h>

#define RATE 0.01

static int falling(const void *a, const void *b)
{
    const struct boot_row *x = a;
    const struct boot_row *y = b;

    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->lot > y->lot) - (x->lot < y->lot);
}

void boot_sort(struct boot_row *row, size_t nr)
{
    qsort(row, nr, sizeof(*row), falling);
}

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

/* A Poisson number of mean 1. */
static double count_of(const struct boot_row *row, uint64_t resample)
{
    static const double below[] = { 0.367879, 0.735759, 0.919699,
                                    0.981012, 0.996340, 0.999406 };
    double lot;
    int count = 0;

    if (!resample)
        return 1;
    lot = (double)(mix(row->lot + resample * 0x9E3779B97F4A7C15ULL) >> 11) *
          0x1p-53;
    while (count < 6 && lot >= below[count])
        count++;
    return count;
}

struct boot_point boot_measure(const struct boot_row *row, size_t nr,
                               uint64_t resample)
{
    struct boot_point point = { 0, 0 };
    double total[2] = { 0, 0 };
    double seen[2] = { 0, 0 };

    for (size_t i = 0; i < nr; i++)
        total[row[i].positive] += count_of(&row[i], resample);
    if (total[0] <= 0 || total[1] <= 0)
        return point;
    for (size_t from = 0, to; from < nr; from = to) {
        double tied[2] = { 0, 0 };

        for (to = from; to < nr && row[to].score == row[from].score; to++)
            tied[row[to].positive] += count_of(&row[to], resample);
        point.auc += tied[0] * (seen[1] + tied[1] / 2);
        seen[0] += tied[0];
        seen[1] += tied[1];
        if (seen[0] <= RATE * total[0])
            point.recall = seen[1] / total[1];
    }
    point.auc /= total[0] * total[1];
    return point;
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

struct boot_interval boot_interval(double *value, size_t nr)
{
    size_t edge = nr / 40;

    if (!nr)
        return (struct boot_interval){ 0, 0 };
    qsort(value, nr, sizeof(*value), rising);
    return (struct boot_interval){ value[edge], value[nr - 1 - edge] };
}
