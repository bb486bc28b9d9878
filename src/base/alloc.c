#include "base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROW_FIRST 16

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
