#include "text/utf8.h"

#include <stdbool.h>
#include <string.h>

/* What 0x80 to 0x9F are in Windows-1252; the rest is as in Latin-1. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

uint32_t utf8_from_1252(unsigned char byte)
{
    return byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : byte;
}

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/*
 * The range of a second byte that keeps overlong forms, surrogates and
 * numbers beyond U+10FFFF out (table 3-7 of the Unicode standard).
 */
static bool second_fits(unsigned char first, unsigned char second)
{
    if (first == 0xE0)
        return second >= 0xA0 && second <= 0xBF;
    if (first == 0xED)
        return second >= 0x80 && second <= 0x9F;
    if (first == 0xF0)
        return second >= 0x90 && second <= 0xBF;
    if (first == 0xF4)
        return second >= 0x80 && second <= 0x8F;
    return is_continuation(second);
}

/* Bytes of the valid sequence at `p`, of which `left` may be read; or 0. */
static size_t sequence_len(const unsigned char *p, size_t left)
{
    size_t len;

    if (p[0] < 0x80)
        return p[0] != 0;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    len = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (left < len || !second_fits(p[0], p[1]))
        return 0;
    for (size_t i = 2; i < len; i++)
        if (!is_continuation(p[i]))
            return 0;
    return len;
}

/* Are the eight bytes at `p` ASCII, none of them NUL? */
static bool eight_plain(const char *p)
{
    uint64_t word;
    const uint64_t high = UINT64_C(0x8080808080808080);

    memcpy(&word, p, sizeof(word));
    /* Taking one from each byte borrows into the high bit of a zero only. */
    return !((word | (word - UINT64_C(0x0101010101010101))) & high);
}

/* The end of the valid stretch that begins at `at`. */
static size_t valid_end(struct span bytes, size_t at)
{
    while (at < bytes.len) {
        size_t len;

        if (bytes.len - at >= 8 && eight_plain(bytes.ptr + at)) {
            at += 8;
            continue;
        }
        len = sequence_len((const unsigned char *)bytes.ptr + at,
                           bytes.len - at);
        if (!len)
            break;
        at += len;
    }
    return at;
}

struct span utf8_repair(struct arena *arena, struct span bytes,
                        size_t *repaired)
{
    size_t at = valid_end(bytes, 0);
    size_t done = 0;
    size_t room = bytes.len * 3; /* no Windows-1252 letter needs more */
    size_t len = 0;
    char *out;

    *repaired = 0;
    if (at == bytes.len)
        return bytes;
    out = arena_alloc(arena, room);
    for (;;) {
        unsigned char byte;

        memcpy(out + len, bytes.ptr + done, at - done);
        len += at - done;
        if (at == bytes.len)
            break;
        byte = (unsigned char)bytes.ptr[at];
        len += utf8_put(out + len, byte ? utf8_from_1252(byte) : ' ');
        ++*repaired;
        done = at + 1;
        at = valid_end(bytes, done);
    }
    arena_shrink(arena, out, room, len);
    return (struct span){ out, len };
}

size_t utf8_put(char *out, uint32_t cp)
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = UTF8_REPLACEMENT;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

struct span utf8_head(struct span valid, size_t max)
{
    if (max >= valid.len)
        return valid;
    while (max && is_continuation((unsigned char)valid.ptr[max]))
        max--;
    return span_cut(valid, 0, max);
}

struct span utf8_tail(struct span valid, size_t max)
{
    size_t from;

    if (max >= valid.len)
        return valid;
    from = valid.len - max;
    while (from < valid.len && is_continuation((unsigned char)valid.ptr[from]))
        from++;
    return span_cut(valid, from, valid.len);
}

size_t utf8_count(struct span valid)
{
    size_t nr = 0;

    for (size_t i = 0; i < valid.len; i++)
        nr += !is_continuation((unsigned char)valid.ptr[i]);
    return nr;
}
