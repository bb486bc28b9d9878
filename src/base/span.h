#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A stretch of bytes that belongs to somebody else.
 *
 * Comments are hostile bytes: they hold NULs, have no end mark, and are cut
 * out of larger buffers. So text in sluice is always a pointer and a length.
 * A span owns nothing; whoever hands one out says where it points and how
 * long that lives. The empty span may have a NULL pointer.
 *
 * Case and white space here are ASCII's; Unicode lives in the text room.
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
struct span span_str(const char *s);

bool span_eq(struct span a, struct span b);
bool span_eq_nocase(struct span a, struct span b);
bool span_starts(struct span s, struct span prefix);
bool span_starts_nocase(struct span s, struct span prefix);
bool span_ends(struct span s, struct span suffix);

/* Order by bytes, a prefix before what it begins: <0, 0 or >0. */
int span_cmp(struct span a, struct span b);

/*
 * Offset of the first `needle` in `s`, or s.len when there is none. An empty
 * needle is found at 0.
 */
size_t span_find(struct span s, struct span needle);
size_t span_find_nocase(struct span s, struct span needle);
size_t span_find_char(struct span s, char c);

/* The bytes [from, to) of `s`; both are clamped to its length. */
struct span span_cut(struct span s, size_t from, size_t to);

/* `s` without white space at its ends. */
struct span span_trim(struct span s);

/*
 * Read all of `s` as a decimal number. False, and `*value` left alone, when
 * `s` is empty, holds anything else, or does not fit.
 */
bool span_to_long(struct span s, long long *value);
bool span_to_double(struct span s, double *value);

#endif /* BASE_SPAN_H */
