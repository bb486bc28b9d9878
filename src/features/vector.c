#include "features/vector.h"

#include <string.h>

#define VECTOR_FIRST 1024

static void vector_grow(struct arena *arena, struct vector *vector)
{
    size_t alloc = vector->alloc ? vector->alloc * 2 : VECTOR_FIRST;
    struct vector_entry *entry = arena_alloc(arena, alloc * sizeof(*entry));

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
    if (vector->nr == vector->alloc)
        vector_grow(arena, vector);
    vector->entry[vector->nr++] = entry;
}
