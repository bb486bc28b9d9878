#include "wire/plain.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/*
 * The high bit of the first byte that is zero is set, and of none before it;
 * of those behind, who knows.
 */
static uint64_t zero_in(uint64_t word)
{
    return (word - EACH(0x01)) & ~word;
}

/* How many bytes at `p`, up to eight, are plain. */
static size_t plain_of_eight(const char *p)
{
    uint64_t word;
    uint64_t special;

    memcpy(&word, p, sizeof(word));
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
        word = __builtin_bswap64(word);
    special = word | zero_in(word ^ EACH('"')) | zero_in(word ^ EACH('\\')) |
              (word - EACH(' '));
    special &= EACH(0x80);
    return special ? (size_t)__builtin_ctzll(special) / 8 : 8;
}

static bool is_plain(char c)
{
    return c >= ' ' && c != '"' && c != '\\';
}

size_t plain_len(struct span s)
{
    size_t len = 0;

    while (s.len - len >= 8) {
        size_t nr = plain_of_eight(s.ptr + len);

        len += nr;
        if (nr < 8)
            return len;
    }
    while (len < s.len && is_plain(s.ptr[len]))
        len++;
    return len;
}
