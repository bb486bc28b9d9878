#ifndef MEMORY_TWINS_H
#define MEMORY_TWINS_H

#include "memory/evidence.h"
#include "memory/sketch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Texts that were seen before, near-duplicates as one: what people said of
 * them, and how often they came of late, from how many authors.
 *
 * A table of fixed size, the oldest text giving way. A text is looked up by
 * bands of its sketch (Indyk and Motwani 1998; Leskovec et al., Mining of
 * Massive Datasets, ch. 3): one with half of its pairs in common is found 90
 * times in 100, one with four of five always.
 */
struct twins;

struct twin {
    struct sketch sketch;
    struct evidence evidence;
    double lately;    /* times it came, as they count at `seen_ms` */
    int64_t seen_ms;  /* 0: never, only labelled */
    uint64_t authors; /* a bit for each hash of an author's name, modulo 64 */
    uint64_t latest;  /* the comment that came last */
};

/* One time it came counts half after this. */
#define TWIN_HALF_MS ((int64_t)6 * 3600 * 1000)

struct twins *twins_new(void);
void twins_free(struct twins *twins);

/* The nearest text that is a near-duplicate, or NULL. */
struct twin *twins_find(struct twins *twins, const struct sketch *sketch);

/* The same; made if there is none. */
struct twin *twins_get(struct twins *twins, const struct sketch *sketch);

#endif /* MEMORY_TWINS_H */
