#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * A stretch of bytes that belongs to somebody else.
 *
 * Comments are hostile bytes: they hold NULs, have no end mark, and are cut
 * out of larger buffers. So text in sluice is always a pointer and a length.
 * A span owns nothing; whoever hands one out says where it points and how
 * long that lives. The empty span may have a NULL pointer.
 *
 * Case and white space here are ASCII's; Unicode lives in the text room.
 * The smallest functions are in the header, for they are asked of every word.
 */
struct span {
    const char *ptr;
    size_t len; /* bytes */
};

/* The bytes of a string literal, without its NUL. */
#define SPAN_LIT(s) ((struct span){ "" s, sizeof(s) - 1 })

/* For printf's "%.*s": two arguments. */
#define SPAN_ARG(s) (int)(s).len, (s).len ? (s).ptr : ""

/* The bytes of a C string; NULL gives the empty span. */
static inline struct span span_str(const char *s)
{
    return (struct span){ s, s ? strlen(s) : 0 };
}

/* The bytes [from, to) of `s`; both are clamped to its length. */
static inline struct span span_cut(struct span s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    if (!s.ptr)
        return s;
    return (struct span){ s.ptr + from, to - from };
}

static inline bool span_eq(struct span a, struct span b)
{
    return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

static inline bool span_starts(struct span s, struct span prefix)
{
    return s.len >= prefix.len && span_eq(span_cut(s, 0, prefix.len), prefix);
}

static inline bool span_ends(struct span s, struct span suffix)
{
    return s.len >= suffix.len &&
           span_eq(span_cut(s, s.len - suffix.len, s.len), suffix);
}

bool span_eq_nocase(struct span a, struct span b);
bool span_starts_nocase(struct span s, struct span prefix);

/* Order by bytes, a prefix before what it begins: <0, 0 or >0. */
int span_cmp(struct span a, struct span b);

/*
 * Offset of the first `needle` in `s`, or s.len when there is none. An empty
 * needle is found at 0.
 */
size_t span_find(struct span s, struct span needle);
size_t span_find_nocase(struct span s, struct span needle);

/* Likewise of one byte. */
static inline size_t span_find_char(struct span s, char c)
{
    const char *at = s.len ? (const char *)memchr(s.ptr, c, s.len) : NULL;

    return at ? (size_t)(at - s.ptr) : s.len;
}

/* `s` without white space at its ends. */
struct span span_trim(struct span s);

/*
 * Read all of `s` as a decimal number. False, and `*value` left alone, when
 * `s` is empty, holds anything else, or does not fit.
 */
bool span_to_long(struct span s, long long *value);
bool span_to_double(struct span s, double *value);

#endif /* BASE_SPAN_H */
