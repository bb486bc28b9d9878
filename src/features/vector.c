#include "features/vector.h"

#include <string.h>

#define VECTOR_FIRST 2048

void vector_reserve(struct arena *arena, struct vector *vector, size_t nr)
{
    size_t alloc = vector->alloc ? vector->alloc : VECTOR_FIRST;
    struct vector_entry *entry;

    if (vector->nr + nr <= vector->alloc)
        return;
    while (alloc < vector->nr + nr)
        alloc *= 2;
    entry = arena_alloc(arena, alloc * sizeof(*entry));
    if (vector->nr)
        memcpy(entry, vector->entry, vector->nr * sizeof(*entry));
    vector->entry = entry;
    vector->alloc = alloc;
}

void vector_add(struct arena *arena, struct vector *vector,
                struct vector_entry entry)
{
    if (entry.value == 0)
        return;
    vector_reserve(arena, vector, 1);
    vector->entry[vector->nr++] = entry;
}
