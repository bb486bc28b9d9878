#include "metrics.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define CALIBRATION_BINS 15

static int by_score(const void *a, const void *b)
{
    const struct scored *x = a;
    const struct scored *y = b;

    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (int)y->positive - (int)x->positive;
}

static size_t count_positives(const struct scored *scored, size_t nr)
{
    size_t positives = 0;

    for (size_t i = 0; i < nr; i++)
        positives += scored[i].positive != 0;
    return positives;
}

/* End of the run of equal scores that begins at `from`. */
static size_t tie_end(const struct scored *scored, size_t nr, size_t from)
{
    size_t to = from + 1;

    while (to < nr && scored[to].score == scored[from].score)
        to++;
    return to;
}

double metrics_recall_at(const struct scored *scored, size_t nr, double rate)
{
    size_t positives = count_positives(scored, nr);
    double allowed = rate * (double)(nr - positives);
    size_t hits = 0;
    size_t false_hits = 0;

    for (size_t from = 0; from < nr;) {
        size_t to = tie_end(scored, nr, from);
        size_t in_tie = count_positives(scored + from, to - from);

        false_hits += to - from - in_tie;
        if ((double)false_hits > allowed)
            break;
        hits += in_tie;
        from = to;
    }
    return positives ? (double)hits / (double)positives : 0;
}

static double matthews(double tp, double fp, double positives,
                       double negatives)
{
    double fn = positives - tp;
    double tn = negatives - fp;
    double under = sqrt((tp + fp) * positives * negatives * (tn + fn));

    return under > 0 ? (tp * tn - fp * fn) / under : 0;
}

/* One walk down the ranking for all that needs only the order. */
static void walk(struct metrics *m, const struct scored *scored, size_t nr)
{
    double negatives = (double)(nr - m->positives);
    double positives = (double)m->positives;
    double tp = 0;
    double fp = 0;

    for (size_t from = 0; from < nr;) {
        size_t to = tie_end(scored, nr, from);
        double hits = (double)count_positives(scored + from, to - from);
        double misses = (double)(to - from) - hits;

        m->auc += misses * (tp + hits / 2);
        tp += hits;
        fp += misses;
        m->average_precision += hits * tp / (tp + fp);
        m->mcc_best =
            fmax(m->mcc_best, matthews(tp, fp, positives, negatives));
        from = to;
    }
    if (positives > 0 && negatives > 0)
        m->auc /= positives * negatives;
    if (positives > 0)
        m->average_precision /= positives;
}

static double calibration_error(const struct scored *scored, size_t nr)
{
    double sum[CALIBRATION_BINS] = { 0 };
    double error = 0;

    for (size_t i = 0; i < nr; i++) {
        int bin = (int)(scored[i].probability * CALIBRATION_BINS);

        if (bin >= CALIBRATION_BINS)
            bin = CALIBRATION_BINS - 1;
        sum[bin] += scored[i].probability - (scored[i].positive != 0);
    }
    for (size_t bin = 0; bin < CALIBRATION_BINS; bin++)
        error += fabs(sum[bin]);
    return nr ? error / (double)nr : 0;
}

static void at_half(struct metrics *m, const struct scored *scored, size_t nr)
{
    double negatives = (double)(nr - m->positives);
    double tp = 0;
    double fp = 0;

    for (size_t i = 0; i < nr; i++) {
        bool marked = scored[i].probability >= 0.5;

        tp += marked && scored[i].positive;
        fp += marked && !scored[i].positive;
    }
    m->mcc = matthews(tp, fp, (double)m->positives, negatives);
    m->false_positives = negatives > 0 ? fp / negatives : 0;
}

struct metrics metrics_of(struct scored *scored, size_t nr)
{
    struct metrics m = { .nr = nr };

    qsort(scored, nr, sizeof(*scored), by_score);
    m.positives = count_positives(scored, nr);
    walk(&m, scored, nr);
    at_half(&m, scored, nr);
    m.recall_at_1 = metrics_recall_at(scored, nr, 0.01);
    m.recall_at_05 = metrics_recall_at(scored, nr, 0.005);
    m.recall_at_01 = metrics_recall_at(scored, nr, 0.001);
    m.calibration = calibration_error(scored, nr);
    return m;
}
