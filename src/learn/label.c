/*
 * Poisoning is bounded by arithmetic, not by detection: whoever flags a
 * thousand honest comments through one door weighs a quarter of what all
 * others have said, however often he says it, and each label pulls at most
 * with its weight (correction.h).
 */
#include "learn/label.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

static const struct {
    const char *name;
    double weight;
} source_of[] = {
    [LABEL_HISTORY] = { "history", 1 },
    [LABEL_CORRECTION] = { "correction", 2 },
    [LABEL_FEEDBACK] = { "feedback", 1 },
    [LABEL_LEFT_ALONE] = { "left-alone", 0.3 },
};

#define SOURCE_NR (sizeof(source_of) / sizeof(source_of[0]))

struct span label_source_name(enum label_source source)
{
    return span_str(source_of[source].name);
}

bool label_source_parse(enum label_source *source, struct span name)
{
    for (size_t i = 0; i < SOURCE_NR; i++) {
        if (!span_eq(name, span_str(source_of[i].name)))
            continue;
        *source = (enum label_source)i;
        return true;
    }
    return false;
}

double label_source_weight(enum label_source source)
{
    return source_of[source].weight;
}

bool label_judge(const struct label_case *c, enum label_source *source)
{
    bool ours = c->decided && c->decided_spam == c->spam;

    if (c->reported && c->reported_spam == c->spam)
        *source = c->decided && !ours ? LABEL_CORRECTION : LABEL_FEEDBACK;
    else if (c->decided && !ours)
        *source = LABEL_CORRECTION;
    else if (!c->decided)
        *source = LABEL_HISTORY;
    else if (!c->spam && c->now_ms - c->decided_ms >= LABEL_LEFT_ALONE_MS)
        *source = LABEL_LEFT_ALONE;
    else
        return false;
    return true;
}

static double fade(int64_t age_ms)
{
    double left = exp2(-(double)age_ms / (double)LABEL_HALF_MS);

    return age_ms <= 0 ? 1 : fmax(left, LABEL_OLD_WEIGHT);
}

/* A label's place when they are sorted by class and giver. */
struct place {
    const struct label_mark *mark;
    size_t label;
};

static int by_giver(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;

    if (x->mark->spam != y->mark->spam)
        return (int)x->mark->spam - (int)y->mark->spam;
    return span_cmp(x->mark->giver, y->mark->giver);
}

static double weight_in(const double *weight, const struct place *place,
                        size_t from, size_t to)
{
    double total = 0;

    for (size_t i = from; i < to; i++)
        total += weight[place[i].label];
    return total;
}

/* Cap the giver whose labels are [from, to) of one class's [begin, end). */
static void cap_giver(double *weight, const struct place *place,
                      const size_t class[2], size_t from, size_t to)
{
    double own = weight_in(weight, place, from, to);
    double others = weight_in(weight, place, class[0], from) +
                    weight_in(weight, place, to, class[1]);
    double most = fmax(LABEL_GIVER_FLOOR, LABEL_GIVER_SHARE * others);

    if (!place[from].mark->giver.len || own <= most)
        return;
    for (size_t i = from; i < to; i++)
        weight[place[i].label] *= most / own;
}

static size_t run_end(const struct place *place, size_t from, size_t nr,
                      bool same_giver)
{
    size_t to = from;

    while (to < nr && place[to].mark->spam == place[from].mark->spam &&
           (!same_giver ||
            span_eq(place[to].mark->giver, place[from].mark->giver)))
        to++;
    return to;
}

static void cap(double *weight, const struct label_mark *mark, size_t nr)
{
    struct place *place = xcalloc(nr + 1, sizeof(*place));

    for (size_t i = 0; i < nr; i++)
        place[i] = (struct place){ &mark[i], i };
    qsort(place, nr, sizeof(*place), by_giver);
    for (size_t begin = 0; begin < nr;) {
        const size_t class[2] = { begin, run_end(place, begin, nr, false) };

        while (begin < class[1]) {
            size_t to = run_end(place, begin, nr, true);

            cap_giver(weight, place, class, begin, to);
            begin = to;
        }
    }
    free(place);
}

void label_weigh(double *weight, const struct label_mark *mark, size_t nr)
{
    int64_t newest = INT64_MIN;

    for (size_t i = 0; i < nr; i++)
        newest = mark[i].at_ms > newest ? mark[i].at_ms : newest;
    for (size_t i = 0; i < nr; i++)
        weight[i] = mark[i].weight * fade(newest - mark[i].at_ms);
    cap(weight, mark, nr);
}

void label_balance(double *weight, const bool *spam, size_t nr)
{
    double total[2] = { 0, 0 };

    for (size_t i = 0; i < nr; i++)
        total[spam[i]] += weight[i];
    if (!(total[0] > 0 && total[1] > 0))
        return;
    for (size_t i = 0; i < nr; i++)
        weight[i] *= (total[0] + total[1]) / (2 * total[spam[i]]);
}
