#include "wire/plain.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of some byte is set if one is zero; never if none is. */
static uint64_t zero_in(uint64_t word)
{
    return (word - EACH(0x01)) & ~word;
}

/* Are the eight bytes at `p` plain? */
static bool eight_plain(const char *p)
{
    uint64_t word;
    uint64_t special;

    memcpy(&word, p, sizeof(word));
    special = word | zero_in(word ^ EACH('"')) | zero_in(word ^ EACH('\\')) |
              (word - EACH(' '));
    return !(special & EACH(0x80));
}

static bool is_plain(char c)
{
    return c >= ' ' && c != '"' && c != '\\';
}

size_t plain_len(struct span s)
{
    size_t len = 0;

    while (s.len - len >= 8 && eight_plain(s.ptr + len))
        len += 8;
    while (len < s.len && is_plain(s.ptr[len]))
        len++;
    return len;
}
