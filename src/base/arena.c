#include "base/arena.h"

#include "base/alloc.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first block; each further one is twice as large, up to a most. */
#define BLOCK_LEAST ((size_t)4 << 10)
#define BLOCK_MOST ((size_t)64 << 10)
#define ARENA_ALIGN alignof(max_align_t)

struct arena_block {
    struct arena_block *next;
    size_t size;
    alignas(max_align_t) char byte[];
};

static size_t round_up(size_t size)
{
    return (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
}

void arena_init(struct arena *arena)
{
    memset(arena, 0, sizeof(*arena));
}

void arena_reset(struct arena *arena)
{
    arena->last = arena->first;
    arena->used = 0;
}

void arena_release(struct arena *arena)
{
    struct arena_block *block = arena->first;

    while (block) {
        struct arena_block *next = block->next;

        free(block);
        block = next;
    }
    arena_init(arena);
}

static struct arena_block *block_new(size_t size)
{
    struct arena_block *block = xmalloc(sizeof(*block) + size);

    block->next = NULL;
    block->size = size;
    return block;
}

static size_t next_size(const struct arena *arena)
{
    if (arena->held < BLOCK_LEAST)
        return BLOCK_LEAST;
    return arena->held < BLOCK_MOST ? arena->held : BLOCK_MOST;
}

/* Make `last` a block with `size` bytes free, reusing what a reset left. */
static void arena_advance(struct arena *arena, size_t size)
{
    struct arena_block **link =
        arena->last ? &arena->last->next : &arena->first;

    while (*link && (*link)->size < size)
        link = &(*link)->next;
    if (!*link) {
        *link = block_new(size > next_size(arena) ? size : next_size(arena));
        arena->held += (*link)->size;
    }
    arena->last = *link;
    arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *ptr;

    size = round_up(size ? size : 1);
    if (!arena->last || arena->last->size - arena->used < size)
        arena_advance(arena, size);
    ptr = arena->last->byte + arena->used;
    arena->used += size;
    return ptr;
}

void *arena_zalloc(struct arena *arena, size_t nr, size_t size)
{
    void *ptr;

    if (size && nr > SIZE_MAX / 2 / size)
        abort();
    ptr = arena_alloc(arena, nr * size);
    return memset(ptr, 0, nr * size);
}

struct span arena_dup(struct arena *arena, struct span s)
{
    char *copy = arena_alloc(arena, s.len + 1);

    if (s.len)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return (struct span){ copy, s.len };
}

struct span arena_printf(struct arena *arena, const char *fmt, ...)
{
    va_list ap;
    va_list again;
    char *text;
    int len;

    va_start(ap, fmt);
    va_copy(again, ap);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0)
        len = 0;
    text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return (struct span){ text, (size_t)len };
}

void arena_shrink(struct arena *arena, void *ptr, size_t size, size_t used)
{
    char *end = arena->last->byte + arena->used;

    if ((char *)ptr + round_up(size ? size : 1) == end)
        arena->used -= round_up(size ? size : 1) - round_up(used ? used : 1);
}
