/*
 * Dual coordinate descent. The dual of
 *
 *     min  |w|^2 / 2 + sum_i C_i log(1 + exp(-y_i (w x_i + o_i)))
 *
 * has one variable a_i in (0, C_i) a row, w = sum_i a_i y_i x_i, and an
 * offset o_i only adds the linear term a_i y_i o_i. One variable at a time is
 * solved by Newton's method on whichever of a and C - a is smaller, where the
 * logarithm is steep (Yu, Huang and Lin 2011, algorithm 5).
 */
#include "learn/correction.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

#define PASSES_MAX 200
#define NEWTON_MAX 50
#define SMALL_STEP 1e-3

/* Where a dual variable starts, as a share of its ceiling. */
#define START 1e-8

const struct correction_options correction_recipe = {
    .cost = 20,
    .named = 0.7,
    .seed = 1,
};

struct row {
    double alpha[2]; /* a, and C - a */
    double ceiling;  /* C */
    double square;   /* |x|^2 */
};

struct solver {
    struct correction *out;
    const struct correction_example *example;
    const struct correction_options *options;
    struct row *row;
    size_t *order;
    size_t nr;
};

static double scaled(const struct solver *s, const struct correction_entry *e)
{
    double value = (double)e->value;

    return e->slot < FEATURE_DENSE_NR ? value * s->options->named : value;
}

static double sum(const struct solver *s, const struct correction_example *x)
{
    double total = s->out->bias;

    for (size_t i = 0; i < x->nr; i++)
        total += s->out->weight[x->entry[i].slot] * scaled(s, &x->entry[i]);
    return total;
}

static void move(struct solver *s, const struct correction_example *x,
                 double by)
{
    s->out->bias += by;
    for (size_t i = 0; i < x->nr; i++)
        s->out->weight[x->entry[i].slot] += by * scaled(s, &x->entry[i]);
}

static void rows_begin(struct solver *s)
{
    for (size_t i = 0; i < s->nr; i++) {
        const struct correction_example *x = &s->example[i];
        struct row *row = &s->row[i];

        row->ceiling = s->options->cost * x->weight;
        row->alpha[0] = row->ceiling * START;
        row->alpha[1] = row->ceiling - row->alpha[0];
        row->square = 1;
        for (size_t k = 0; k < x->nr; k++)
            row->square += scaled(s, &x->entry[k]) * scaled(s, &x->entry[k]);
        s->order[i] = i;
        move(s, x, x->spam ? row->alpha[0] : -row->alpha[0]);
    }
}

static uint64_t next_lot(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15ULL;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static void shuffle(size_t *order, size_t nr, uint64_t *state)
{
    for (size_t i = nr; i > 1; i--) {
        size_t k = next_lot(state) % i;
        size_t kept = order[i - 1];

        order[i - 1] = order[k];
        order[k] = kept;
    }
}

/*
 * The smaller of a and C - a that solves the row; `slope` is that of the
 * quadratic part in it.
 */
static double newton(const struct row *row, double from, double slope)
{
    double z = from;
    double tiny = row->ceiling * 1e-12;

    if (row->ceiling - z < 0.5 * row->ceiling)
        z *= 0.1;
    for (int i = 0; i < NEWTON_MAX; i++) {
        double first =
            row->square * (z - from) + slope + log(z / (row->ceiling - z));
        double second = row->square + row->ceiling / (z * (row->ceiling - z));
        double next = z - first / second;

        if (fabs(first) < 1e-6)
            break;
        z = next <= 0 ? z * 0.1 : next;
        if (z < tiny)
            return tiny;
        if (z > row->ceiling - tiny)
            return row->ceiling - tiny;
    }
    return z;
}

/* Returns how far the row's variable moved, as a share of its ceiling. */
static double solve_row(struct solver *s, size_t i)
{
    const struct correction_example *x = &s->example[i];
    struct row *row = &s->row[i];
    double y = x->spam ? 1 : -1;
    double slope = y * (sum(s, x) + x->general);
    double before = row->alpha[0];
    /* Which of the two is left of its minimum, and so the safe one. */
    int small = row->square * (row->alpha[1] - row->alpha[0]) / 2 + slope < 0;
    double z = newton(row, row->alpha[small], small ? -slope : slope);

    row->alpha[small] = z;
    row->alpha[!small] = row->ceiling - z;
    move(s, x, y * (row->alpha[0] - before));
    return fabs(row->alpha[0] - before) / row->ceiling;
}

static void solve(struct solver *s)
{
    uint64_t state = s->options->seed;

    for (int pass = 0; pass < PASSES_MAX; pass++) {
        double most = 0;

        shuffle(s->order, s->nr, &state);
        for (size_t i = 0; i < s->nr; i++)
            most = fmax(most, solve_row(s, s->order[i]));
        if (most < SMALL_STEP)
            break;
    }
}

void correction_learn(struct correction *correction,
                      const struct correction_example *example, size_t nr,
                      const struct correction_options *options)
{
    struct solver s = {
        .out = correction,
        .example = example,
        .options = options,
        .row = xcalloc(nr + 1, sizeof(*s.row)),
        .order = xcalloc(nr + 1, sizeof(*s.order)),
        .nr = nr,
    };

    correction->weight = xcalloc(FEATURE_NR, sizeof(*correction->weight));
    correction->bias = 0;
    rows_begin(&s);
    solve(&s);
    for (uint32_t i = 0; i < FEATURE_DENSE_NR; i++)
        correction->weight[i] *= options->named;
    free(s.row);
    free(s.order);
}

void correction_release(struct correction *correction)
{
    free(correction->weight);
    correction->weight = NULL;
}

double correction_of(const struct correction *correction,
                     const struct correction_entry *entry, size_t nr)
{
    double total = correction->bias;

    for (size_t i = 0; i < nr; i++)
        total += correction->weight[entry[i].slot] * (double)entry[i].value;
    return total;
}
