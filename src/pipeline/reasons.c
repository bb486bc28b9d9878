#include "pipeline/reasons.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Log-odds too small to name. */
#define WEIGHT_SMALL 0.05

/* Sums of parts: of each word, of each pair, of each whole field. */
struct sums {
    double *word;
    double *pair;
    double field[FAMILY_HASHED_NR];
};

static void put(struct reason_list *list, struct arena *arena,
                const struct text *text, struct vector_entry entry,
                double weight)
{
    if (fabs(weight) < WEIGHT_SMALL)
        return;
    list->reason[list->nr++] = (struct reason){
        .feature = feature_name(&entry),
        .weight = weight,
        .evidence = feature_evidence(arena, text, &entry),
    };
}

static int heavier(const void *a, const void *b)
{
    const struct reason *x = a;
    const struct reason *y = b;
    double wx = fabs(x->weight);
    double wy = fabs(y->weight);

    if (wx != wy)
        return wx < wy ? 1 : -1;
    return span_cmp(x->feature, y->feature);
}

static double *sum_for(struct sums *sums, const struct vector_entry *entry)
{
    switch (entry->family) {
    case FAMILY_WORD:
    case FAMILY_CHAR:
        return &sums->word[entry->word];
    case FAMILY_PAIR:
        return &sums->pair[entry->word];
    default:
        return &sums->field[entry->family];
    }
}

static void put_sums(struct reason_list *list, struct arena *arena,
                     const struct text *text, const struct sums *sums)
{
    struct vector_entry entry = { .slot = FEATURE_DENSE_NR };

    for (size_t i = 0; i < text->body.words.nr; i++) {
        entry.word = (uint32_t)i;
        entry.family = FAMILY_WORD;
        put(list, arena, text, entry, sums->word[i]);
        entry.family = FAMILY_PAIR;
        put(list, arena, text, entry, sums->pair[i]);
    }
    for (int family = FAMILY_AUTHOR; family < FAMILY_HASHED_NR; family++) {
        entry.family = (uint8_t)family;
        put(list, arena, text, entry, sums->field[family]);
    }
}

struct reason_list
reasons_collect(struct arena *arena, const struct model *model,
                const struct site_model *site, enum model_head head,
                const struct text *text, const struct vector *vector)
{
    size_t words = text->body.words.nr;
    size_t most = 2 * words + FAMILY_HASHED_NR + FEATURE_DENSE_NR;
    struct sums sums = {
        .word = arena_zalloc(arena, words + 1, sizeof(double)),
        .pair = arena_zalloc(arena, words + 1, sizeof(double)),
    };
    struct reason_list list = {
        .reason = arena_alloc(arena, most * sizeof(*list.reason)),
    };

    for (size_t i = 0; i < vector->nr; i++) {
        const struct vector_entry *entry = &vector->entry[i];
        double part = model_part(model, head, entry);

        if (site && head == MODEL_SPAM)
            part += site_model_part(site, entry);
        if (entry->slot < FEATURE_DENSE_NR)
            put(&list, arena, text, *entry, part);
        else
            *sum_for(&sums, entry) += part;
    }
    put_sums(&list, arena, text, &sums);
    qsort(list.reason, list.nr, sizeof(*list.reason), heavier);
    return list;
}

void reasons_choose(struct verdict *verdict, const struct reason_list *list)
{
    for (size_t i = 0; i < list->nr && verdict->nr < VERDICT_REASONS_MAX;
         i++) {
        const struct reason *reason = &list->reason[i];

        if (verdict->kind == VERDICT_SPAM && reason->weight < 0)
            continue;
        if (verdict->kind == VERDICT_APPROVE && reason->weight > 0)
            continue;
        verdict->reason[verdict->nr++] = *reason;
    }
}
