#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include "base/arena.h"
#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Strangers' bytes made valid UTF-8, and read one code point at a time.
 */

#define UTF8_REPLACEMENT 0xFFFD

/* Bytes of the longest code point: room for utf8_put. */
#define UTF8_BYTES_MAX 4

/*
 * `bytes` as valid UTF-8: themselves when they are valid, else a copy in the
 * arena. A byte that begins no valid sequence is read as Windows-1252 when it
 * is 0x80 to 0xFF (what old sites really stored), and NUL becomes a space.
 * `*repaired` is set to the number of bytes so treated. Never fails; linear.
 */
struct span utf8_repair(struct arena *arena, struct span bytes,
                        size_t *repaired);

/*
 * The code point at `*at`, and `*at` moved behind it. `valid` must be valid
 * UTF-8 and `*at` below its length. In the header, for it is called for every
 * character of every comment.
 */
static inline uint32_t utf8_next(struct span valid, size_t *at)
{
    const unsigned char *p = (const unsigned char *)valid.ptr + *at;

    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] < 0xE0) {
        *at += 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    if (p[0] < 0xF0) {
        *at += 3;
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 |
               (p[2] & 0x3F);
    }
    *at += 4;
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
           (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
}

/*
 * Write `cp` to `out` (room for UTF8_BYTES_MAX); returns the bytes written. A
 * surrogate, or what is beyond Unicode, becomes UTF8_REPLACEMENT.
 */
size_t utf8_put(char *out, uint32_t cp);

/*
 * The code point that Windows-1252 means by `byte`, 0x80 to 0xFF; its five
 * unused ones are UTF8_REPLACEMENT. Entities such as "&#146;" mean it too.
 */
uint32_t utf8_from_1252(unsigned char byte);

/* `valid` cut to at most `max` bytes, never inside a code point. */
struct span utf8_head(struct span valid, size_t max);
struct span utf8_tail(struct span valid, size_t max);

/* Number of code points. */
size_t utf8_count(struct span valid);

#endif /* TEXT_UTF8_H */
