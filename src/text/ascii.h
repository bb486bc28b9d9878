#ifndef TEXT_ASCII_H
#define TEXT_ASCII_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * The ASCII part of a text, whatever the locale: what <ctype.h> is not. In
 * the header, for these are asked of every byte.
 */

/* The byte at `at`, or NUL behind the end: a scanner need not ask for both. */
static inline char ascii_at(struct span text, size_t at)
{
    const char end = '\0';

    return at < text.len ? text.ptr[at] : end;
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool ascii_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool ascii_is_letter(char c)
{
    return ascii_is_upper(c) || ascii_is_lower(c);
}

static inline bool ascii_is_alnum(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c);
}

/* Blanks of HTML and of URLs. */
static inline bool ascii_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* `c` in lower case; other bytes as they are. */
static inline char ascii_lower(char c)
{
    return ascii_is_upper(c) ? (char)(c | 32) : c;
}

/*
 * How many of the eight bytes at `p` are lower-case letters, from the first
 * on. Looked at all at once: at a loop's end nobody guesses right how long
 * the next word is.
 */
static inline size_t ascii_lower_of_eight(const char *p)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t bytes;
    uint64_t low;
    uint64_t other;

    memcpy(&bytes, p, sizeof(bytes));
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
        bytes = __builtin_bswap64(bytes);
    /* The high bit of a byte says that it is no letter. */
    low = bytes & each * 0x7F;
    other = ~(low + each * (0x80 - 'a')) | (low + each * (0x7F - 'z')) | bytes;
    other &= each * 0x80;
    return other ? (size_t)__builtin_ctzll(other) / 8 : 8;
}

/* How many lower-case letters `s` begins with. */
static inline size_t ascii_lower_run(struct span s)
{
    size_t len = 0;

    while (len + 8 <= s.len) {
        size_t nr = ascii_lower_of_eight(s.ptr + len);

        len += nr;
        if (nr < 8)
            return len;
    }
    while (len < s.len && ascii_is_lower(s.ptr[len]))
        len++;
    return len;
}

#endif /* TEXT_ASCII_H */
