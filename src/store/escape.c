#include "store/escape.h"

/* U+10FF00 to U+10FFFF: F4 8F, BC to BF, and one byte more. */
#define ESCAPE_BYTES 4

static unsigned byte_at(struct span s, size_t at)
{
    return at < s.len ? (unsigned char)s.ptr[at] : 0;
}

static bool follows(struct span s, size_t at)
{
    return (byte_at(s, at) & 0xc0) == 0x80;
}

static bool is_escape(struct span s, size_t at)
{
    return byte_at(s, at) == 0xf4 && byte_at(s, at + 1) == 0x8f &&
           byte_at(s, at + 2) >= 0xbc && follows(s, at + 2) &&
           follows(s, at + 3);
}

/*
 * Bytes of the character at `at`, which begins with a byte above 0x7f; 0 when
 * there is none (Unicode, table 3-7: no long forms, no surrogates).
 */
static size_t character(struct span s, size_t at)
{
    unsigned first = byte_at(s, at);
    unsigned second = byte_at(s, at + 1);

    if (first < 0xc2 || first > 0xf4 || !follows(s, at + 1))
        return 0;
    if (first < 0xe0)
        return 2;
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) ||
        !follows(s, at + 2))
        return 0;
    if (first < 0xf0)
        return 3;
    return follows(s, at + 3) ? 4 : 0;
}

static void add_byte(struct buf *out, unsigned byte)
{
    const char bytes[ESCAPE_BYTES] = { (char)0xf4, (char)0x8f,
                                       (char)(0xbc + (byte >> 6)),
                                       (char)(0x80 + (byte & 0x3f)) };

    buf_add(out, (struct span){ bytes, ESCAPE_BYTES });
}

/* Bytes from `at` on that can stay as they are. */
static size_t plain(struct span s, size_t at)
{
    size_t end = at;

    while (end < s.len) {
        size_t len = 1;

        if (!s.ptr[end])
            break;
        if ((unsigned char)s.ptr[end] >= 0x80)
            len = is_escape(s, end) ? 0 : character(s, end);
        if (!len)
            break;
        end += len;
    }
    return end - at;
}

void escape_add(struct buf *out, struct span text)
{
    size_t at = 0;

    while (at < text.len) {
        size_t len = plain(text, at);

        buf_add(out, span_cut(text, at, at + len));
        at += len;
        if (at < text.len)
            add_byte(out, byte_at(text, at++));
    }
}

bool escape_used(struct span text)
{
    while (text.len) {
        const char *at = memchr(text.ptr, 0xf4, text.len);
        if (!at)
            return false;
        text = span_cut(text, (size_t)(at - text.ptr), text.len);
        if (is_escape(text, 0))
            return true;
        text = span_cut(text, 1, text.len);
    }
    return false;
}

void escape_undo(struct buf *out, struct span text)
{
    size_t from = 0;
    size_t at = 0;

    while (at < text.len) {
        if (!is_escape(text, at)) {
            at++;
            continue;
        }
        buf_add(out, span_cut(text, from, at));
        buf_add_char(out, (char)((byte_at(text, at + 2) - 0xbc) << 6 |
                                 (byte_at(text, at + 3) & 0x3f)));
        at += ESCAPE_BYTES;
        from = at;
    }
    buf_add(out, span_cut(text, from, text.len));
}
