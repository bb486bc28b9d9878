#include "pipeline/recollect.h"

#include "text/normalise.h"

#include <math.h>
#include <string.h>

_Static_assert((int)RECALL_NR == (int)MODEL_MEMORY_NR,
               "the model has a weight for all that is recalled");

/* Log-odds too small to name. */
#define PART_SMALL 0.05

static void weigh(struct recollection *recollection, const struct model *model)
{
    double sum = 0;
    double limited;

    for (int i = 0; i < RECALL_NR; i++) {
        recollection->part[i] =
            model_memory_weight(model, i) * recollection->recall.value[i];
        sum += recollection->part[i];
    }
    limited = fmax(-RECOLLECT_TRUST, fmin(RECOLLECT_BLAME, sum));
    for (int i = 0; i < RECALL_NR && limited != sum; i++)
        recollection->part[i] *= limited / sum;
    recollection->sum = limited;
}

void recollect(struct recollection *recollection, struct memory *memory,
               const struct model *model, struct arena *arena,
               const struct comment *comment, const struct text *text)
{
    memset(recollection->part, 0, sizeof(recollection->part));
    recollection->sum = 0;
    if (!memory)
        return;
    traces_find(&recollection->traces, arena, comment, text);
    memory_recall(memory, &recollection->traces, &recollection->recall);
    weigh(recollection, model);
}

/* "cheap.example, 3 labels"; "12 like it". */
static struct span evidence_of(struct arena *arena,
                               const struct recall *recall,
                               enum recall_kind kind)
{
    long nr = lround(fmax(1, recall->labels[kind]));
    const char *plural = nr == 1 ? "" : "s";

    if (kind == RECALL_OFTEN)
        return arena_printf(arena, "%ld like it of late", nr);
    if (kind == RECALL_CROWD)
        return arena_printf(arena, "%ld other author%s", nr, plural);
    if (kind == RECALL_TWIN)
        return arena_printf(arena, "%ld label%s", nr, plural);
    return arena_printf(arena, "%.*s, %ld label%s",
                        SPAN_ARG(recall->name[kind]), nr, plural);
}

void recollect_claims(struct reason_list *list, struct arena *arena,
                      const struct recollection *recollection)
{
    size_t room = list->nr + RECALL_NR;
    struct reason *merged = arena_alloc(arena, room * sizeof(*merged));

    if (recollection->sum == 0)
        return;
    memcpy(merged, list->reason, list->nr * sizeof(*merged));
    list->reason = merged;
    for (int i = 0; i < RECALL_NR; i++) {
        enum recall_kind kind = (enum recall_kind)i;
        double part = recollection->part[i];
        size_t at = list->nr;

        if (fabs(part) < PART_SMALL)
            continue;
        for (; at && fabs(merged[at - 1].weight) < fabs(part); at--)
            merged[at] = merged[at - 1];
        merged[at] = (struct reason){
            recall_name(kind),
            part,
            evidence_of(arena, &recollection->recall, kind),
        };
        list->nr++;
    }
}

void recollect_learn(struct memory *memory, struct arena *arena,
                     const struct comment *comment, bool spam, double weight,
                     int64_t at_ms)
{
    struct traces traces;

    if (!memory)
        return;
    traces_find(&traces, arena, comment, text_normalise(arena, comment));
    memory_learn(memory, &traces, spam, weight, at_ms);
}
