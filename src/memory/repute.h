#ifndef MEMORY_REPUTE_H
#define MEMORY_REPUTE_H

#include "memory/evidence.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Evidence by key: a table of fixed size. A full place gives up what is
 * oldest in it.
 */
struct repute;

struct repute *repute_new(void);
void repute_free(struct repute *repute);

/* The evidence of `key`, made if there is none. */
struct evidence *repute_get(struct repute *repute, uint64_t key);

/* The evidence of `key`, or NULL. */
const struct evidence *repute_find(const struct repute *repute, uint64_t key);

#endif /* MEMORY_REPUTE_H */
