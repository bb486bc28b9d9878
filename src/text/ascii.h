#ifndef TEXT_ASCII_H
#define TEXT_ASCII_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

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

#endif /* TEXT_ASCII_H */
