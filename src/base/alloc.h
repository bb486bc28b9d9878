#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

/*
 * Memory that is always there.
 *
 * Out of memory ends the program with one line on stderr, here and nowhere
 * else: every length a stranger can make grow has a ceiling, so running out
 * is the machine's trouble, and the store's transactions make dying safe.
 * The caller releases with free().
 */
void *xmalloc(size_t size);
void *xcalloc(size_t nr, size_t size); /* zeroed */
void *xrealloc(void *ptr, size_t size);
char *xstrdup(const char *s);

/*
 * Room for one more item of `size` bytes in an array that holds `nr` and has
 * room for `*alloc`: returns the array, perhaps moved, doubling as needed.
 */
void *xgrow(void *array, size_t nr, size_t *alloc, size_t size);

/*
 * Zeroed memory for a table that is read all over, in large pages where the
 * system has them, for each look at a small page may cost another at the
 * table of pages. Released by xunmap_large, with the same size.
 */
void *xmap_large(size_t size);
void xunmap_large(void *ptr, size_t size);

#endif /* BASE_ALLOC_H */
