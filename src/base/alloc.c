#include "base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define GROW_FIRST 16
#define LARGE_PAGE ((size_t)2 << 20)

static void *or_die(void *ptr)
{
    if (ptr)
        return ptr;
    fputs("level=error event=out_of_memory\n", stderr);
    abort();
}

void *xmalloc(size_t size)
{
    return or_die(malloc(size ? size : 1));
}

void *xcalloc(size_t nr, size_t size)
{
    return or_die(calloc(nr ? nr : 1, size ? size : 1));
}

void *xrealloc(void *ptr, size_t size)
{
    return or_die(realloc(ptr, size ? size : 1));
}

char *xstrdup(const char *s)
{
    return or_die(strdup(s));
}

void *xgrow(void *array, size_t nr, size_t *alloc, size_t size)
{
    if (nr < *alloc)
        return array;
    if (*alloc > SIZE_MAX / 2 / size)
        return or_die(NULL);
    *alloc = *alloc ? *alloc * 2 : GROW_FIRST;
    return xrealloc(array, *alloc * size);
}

static size_t large_pages(size_t size)
{
    return (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
}

/* What is mapped begins anywhere, so one page more is, and given back. */
void *xmap_large(size_t size)
{
    size_t len = large_pages(size);
    char *got = mmap(NULL, len + LARGE_PAGE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t before;

    if (got == MAP_FAILED)
        return or_die(NULL);
    before = -(uintptr_t)got % LARGE_PAGE;
    if (before)
        munmap(got, before);
    munmap(got + before + len, LARGE_PAGE - before);
    (void)madvise(got + before, len, MADV_HUGEPAGE);
    return got + before;
}

void xunmap_large(void *ptr, size_t size)
{
    munmap(ptr, large_pages(size));
}
