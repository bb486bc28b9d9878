#include "memory/repute.h"

#include "base/alloc.h"

#include <stdlib.h>

#define SETS ((size_t)1 << 16)
#define WAYS 4

struct entry {
    uint64_t key; /* 0: free */
    struct evidence evidence;
};

struct repute {
    struct entry set[SETS][WAYS];
};

struct repute *repute_new(void)
{
    return xcalloc(1, sizeof(struct repute));
}

void repute_free(struct repute *repute)
{
    free(repute);
}

struct evidence *repute_get(struct repute *repute, uint64_t key)
{
    struct entry *set = repute->set[key % SETS];
    struct entry *oldest = &set[0];

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i].evidence;
        if (!set[i].key ||
            (oldest->key && set[i].evidence.at_ms < oldest->evidence.at_ms))
            oldest = &set[i];
    }
    *oldest = (struct entry){ .key = key };
    return &oldest->evidence;
}

const struct evidence *repute_find(const struct repute *repute, uint64_t key)
{
    const struct entry *set = repute->set[key % SETS];

    for (size_t i = 0; i < WAYS; i++)
        if (set[i].key == key)
            return &set[i].evidence;
    return NULL;
}
