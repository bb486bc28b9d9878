#include "memory/twins.h"

#include "base/alloc.h"
#include "memory/mix.h"

#include <stdlib.h>
#include <string.h>

#define TWINS ((size_t)1 << 16)

/* Two minima to a band, each band with a table of its own. */
#define ROWS 2
#define BANDS (SKETCH_NR / ROWS)
#define SETS ((size_t)1 << 15)
#define WAYS 4

struct twins {
    struct twin twin[TWINS]; /* a ring */
    size_t next;
    uint32_t band[BANDS][SETS][WAYS]; /* index + 1; the newest first */
};

struct twins *twins_new(void)
{
    return xcalloc(1, sizeof(struct twins));
}

void twins_free(struct twins *twins)
{
    free(twins);
}

static uint32_t *set_of(struct twins *twins, const struct sketch *sketch,
                        size_t band)
{
    uint64_t key = MIX_SEED;

    for (size_t i = 0; i < ROWS; i++)
        key = mix_step(key, sketch->min[band * ROWS + i]);
    return twins->band[band][mix_final(key) % SETS];
}

struct twin *twins_find(struct twins *twins, const struct sketch *sketch)
{
    struct twin *best = NULL;
    size_t alike = SKETCH_NEAR - 1;

    for (size_t band = 0; band < BANDS; band++) {
        const uint32_t *set = set_of(twins, sketch, band);

        for (size_t i = 0; i < WAYS && set[i]; i++) {
            struct twin *twin = &twins->twin[set[i] - 1];
            size_t nr = sketch_alike(&twin->sketch, sketch);

            if (nr > alike) {
                alike = nr;
                best = twin;
            }
        }
    }
    return best;
}

static void list(struct twins *twins, const struct sketch *sketch,
                 uint32_t index)
{
    for (size_t band = 0; band < BANDS; band++) {
        uint32_t *set = set_of(twins, sketch, band);

        memmove(set + 1, set, (WAYS - 1) * sizeof(*set));
        set[0] = index + 1;
    }
}

struct twin *twins_get(struct twins *twins, const struct sketch *sketch)
{
    struct twin *twin = twins_find(twins, sketch);

    if (twin)
        return twin;
    /* What still lists the text that gives way finds one unlike it. */
    twin = &twins->twin[twins->next];
    *twin = (struct twin){ .sketch = *sketch };
    list(twins, sketch, (uint32_t)twins->next);
    twins->next = (twins->next + 1) % TWINS;
    return twin;
}
