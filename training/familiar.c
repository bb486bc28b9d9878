#include "familiar.h"

#include "sources.h"

#include "base/alloc.h"
#include "features/unit.h"
#include "learn/promise.h"
#include "model/known.h"
#include "text/normalise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CONFIDENCE 0.95

/* One unit in one comment. */
struct met {
    uint64_t unit;
    uint32_t row;
    uint32_t times;
};

struct met_list {
    struct met *met;
    size_t nr;
    size_t alloc;
};

static int by_unit(const void *a, const void *b)
{
    const struct met *x = a;
    const struct met *y = b;

    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static struct met_list collect(const struct row_list *rows)
{
    struct met_list list = { NULL, 0, 0 };
    struct arena arena;
    size_t kept = 0;

    arena_init(&arena);
    for (size_t i = 0; i < rows->nr; i++) {
        struct unit_list units;

        arena_reset(&arena);
        units = unit_find(
            &arena,
            &text_normalise(&arena, &rows->row[i].comment)->body.words);
        for (size_t k = 0; k < units.nr; k++) {
            list.met =
                xgrow(list.met, list.nr, &list.alloc, sizeof(*list.met));
            list.met[list.nr++] =
                (struct met){ units.unit[k], (uint32_t)i, 1 };
        }
    }
    arena_release(&arena);
    if (list.nr)
        qsort(list.met, list.nr, sizeof(*list.met), by_unit);
    for (size_t i = 0; i < list.nr; i++)
        if (kept > 0 && !by_unit(&list.met[kept - 1], &list.met[i]))
            list.met[kept - 1].times++;
        else
            list.met[kept++] = list.met[i];
    list.nr = kept;
    return list;
}

/* Does `other` teach the model about `row`, when row's source is left out? */
static bool teaches(const struct row *other, const struct row *row)
{
    const char *origin = source_list[row->source].origin;

    if (other == row)
        return false;
    return !strcmp(origin, "written") ||
           strcmp(origin, source_list[other->source].origin) != 0;
}

/* Per row: its units, and those that are known without its source. */
struct tally {
    size_t *units;
    size_t *known;
};

/* The comments that hold one unit: `nr` of them from `met` on. */
static void tally_unit(struct tally *tally, const struct row_list *rows,
                       const struct met *met, size_t nr)
{
    for (size_t i = 0; i < nr; i++) {
        size_t teachers = 0;

        for (size_t k = 0; k < nr && teachers < FAMILIAR_COMMENTS; k++)
            teachers +=
                teaches(&rows->row[met[k].row], &rows->row[met[i].row]);
        tally->units[met[i].row] += met[i].times;
        if (teachers == FAMILIAR_COMMENTS)
            tally->known[met[i].row] += met[i].times;
    }
}

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x < y) - (x > y);
}

static double choose(const struct tally *tally, const struct row_list *rows)
{
    double *strange = xcalloc(rows->nr, sizeof(*strange));
    double below;
    size_t nr = 0;

    for (size_t i = 0; i < rows->nr; i++)
        if (rows->row[i].label == LABEL_HAM)
            strange[nr++] =
                -(double)(tally->known[i] + 1) / (double)(tally->units[i] + 1);
    qsort(strange, nr, sizeof(*strange), falling);
    below = -promise_threshold(strange, nr, 1.0 / FAMILIAR_ONE_IN, CONFIDENCE);
    free(strange);
    return fmax(below, 0);
}

struct familiar familiar_make(const struct row_list *rows)
{
    struct familiar familiar = { xcalloc(KNOWN_BYTES, 1), 0, 0 };
    struct tally tally = { xcalloc(rows->nr, sizeof(size_t)),
                           xcalloc(rows->nr, sizeof(size_t)) };
    struct met_list list = collect(rows);
    size_t nr;

    for (size_t from = 0; from < list.nr; from += nr) {
        const struct met *met = &list.met[from];

        for (nr = 1; from + nr < list.nr && met[nr].unit == met[0].unit;)
            nr++;
        tally_unit(&tally, rows, met, nr);
        if (nr < FAMILIAR_COMMENTS)
            continue;
        known_add(familiar.known, met[0].unit);
        familiar.unit_nr++;
    }
    familiar.below = choose(&tally, rows);
    free(list.met);
    free(tally.units);
    free(tally.known);
    return familiar;
}
