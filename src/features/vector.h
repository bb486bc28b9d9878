#ifndef FEATURES_VECTOR_H
#define FEATURES_VECTOR_H

#include "base/arena.h"
#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

/*
 * A comment as the classifier sees it: a sparse vector.
 *
 * Slots below FEATURE_DENSE_NR are the named features of features.def; the
 * rest are FEATURE_HASH_NR buckets of hashed n-grams. Each entry remembers
 * the family it came from and the bytes it stands for, so that a verdict can
 * point at its evidence; the classifier looks at slot and value only. A slot
 * may appear more than once; its values add up.
 */
struct vector_entry {
    uint32_t slot;
    float value;
    uint32_t word;  /* which word of its field: entries of one word add up
                       to one reason; for dense features the slot again */
    uint8_t family; /* enum feature_family */
};

struct vector {
    struct vector_entry *entry; /* in the arena */
    size_t nr;
    size_t alloc;
};

/* Make room for `nr` more entries, which the caller may write and count. */
void vector_reserve(struct arena *arena, struct vector *vector, size_t nr);

/* Append an entry; a value of zero is left out. */
void vector_add(struct arena *arena, struct vector *vector,
                struct vector_entry entry);

#endif /* FEATURES_VECTOR_H */
