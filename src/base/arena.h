#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

#include <stdarg.h>

/*
 * Memory for one comment's way through the stages.
 *
 * Stages allocate and never free; the entry point resets the arena between
 * comments. After the first few comments a reset arena has all the blocks it
 * will need, and judging allocates nothing. Not for threads to share: one
 * arena per worker.
 */
struct arena_block;

struct arena {
    struct arena_block *first;
    struct arena_block *last; /* the one being filled */
    size_t used;              /* bytes of it */
    size_t held;              /* bytes of all blocks */
};

void arena_init(struct arena *arena);

/* Forget everything allocated, keep the blocks. */
void arena_reset(struct arena *arena);

/* Give the blocks back. */
void arena_release(struct arena *arena);

/* `size` bytes, aligned for any type, not zeroed. */
void *arena_alloc(struct arena *arena, size_t size);

/* `nr` zeroed items of `size` bytes. */
void *arena_zalloc(struct arena *arena, size_t nr, size_t size);

/* A copy of the bytes, with a courtesy NUL after them. */
struct span arena_dup(struct arena *arena, struct span s);

/* printf into the arena. */
struct span arena_printf(struct arena *arena, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Give back the tail of the newest allocation: `ptr` got `size` bytes and
 * keeps the first `used`. For writers that reserve the worst case.
 */
void arena_shrink(struct arena *arena, void *ptr, size_t size, size_t used);

#endif /* BASE_ARENA_H */
