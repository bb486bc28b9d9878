#include "base/span.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Longest text of a number; anything longer is not one we could mean. */
#define NUMBER_BYTES_MAX 63

bool span_eq_nocase(struct span a, struct span b)
{
    return a.len == b.len && (!a.len || !strncasecmp(a.ptr, b.ptr, a.len));
}

bool span_starts_nocase(struct span s, struct span prefix)
{
    return s.len >= prefix.len &&
           span_eq_nocase(span_cut(s, 0, prefix.len), prefix);
}

int span_cmp(struct span a, struct span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

    if (order)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

size_t span_find(struct span s, struct span needle)
{
    const char *at;

    if (!needle.len)
        return 0;
    at = s.len ? memmem(s.ptr, s.len, needle.ptr, needle.len) : NULL;
    return at ? (size_t)(at - s.ptr) : s.len;
}

size_t span_find_nocase(struct span s, struct span needle)
{
    if (!needle.len)
        return 0;
    for (size_t i = 0; i + needle.len <= s.len; i++)
        /* Letters that differ in more than case need no second look. */
        if (!((s.ptr[i] ^ needle.ptr[0]) & ~0x20) &&
            !strncasecmp(s.ptr + i, needle.ptr, needle.len))
            return i;
    return s.len;
}

struct span span_trim(struct span s)
{
    size_t from = 0;
    size_t to = s.len;

    while (from < to && isspace((unsigned char)s.ptr[from]))
        from++;
    while (to > from && isspace((unsigned char)s.ptr[to - 1]))
        to--;
    return span_cut(s, from, to);
}

/* strtoll and strtod want a NUL; numbers are short, so a copy is cheap. */
static bool number_copy(struct span s, char copy[NUMBER_BYTES_MAX + 1])
{
    if (!s.len || s.len > NUMBER_BYTES_MAX)
        return false;
    if (isspace((unsigned char)s.ptr[0]) || memchr(s.ptr, '\0', s.len))
        return false;
    memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return true;
}

bool span_to_long(struct span s, long long *value)
{
    char copy[NUMBER_BYTES_MAX + 1];
    char *end;
    long long read;

    if (!number_copy(s, copy))
        return false;
    errno = 0;
    read = strtoll(copy, &end, 10);
    if (errno || *end)
        return false;
    *value = read;
    return true;
}

bool span_to_double(struct span s, double *value)
{
    char copy[NUMBER_BYTES_MAX + 1];
    char *end;
    double read;

    if (!number_copy(s, copy))
        return false;
    errno = 0;
    read = strtod(copy, &end);
    if (errno || *end || !isfinite(read))
        return false;
    *value = read;
    return true;
}
