#include "wire/repair.h"

#include "wire/plain.h"

#include <ctype.h>
#include <stdint.h>

#define REPLACEMENT 0xFFFD
#define ESCAPE_LEN 6 /* of "\u1234" */

/* What 0x80 to 0x9F are in Windows-1252; the rest is as in Latin-1. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

struct repair {
    struct buf *out;
    struct span text;
    size_t at;
    bool in_string;
    bool changed;
};

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
    return (second & 0xC0) == 0x80;
}

size_t repair_sequence_len(struct span s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t len;

    if (!s.len)
        return 0;
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    len = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (s.len < len || !second_fits(p[0], p[1]))
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

void repair_put_byte(struct buf *out, unsigned char byte)
{
    unsigned int cp = byte < 0xA0 ? windows_1252[byte & 0x1F] : byte;
    const char two[] = { (char)(0xC0 | cp >> 6), (char)(0x80 | (cp & 0x3F)) };
    const char three[] = { (char)(0xE0 | cp >> 12),
                           (char)(0x80 | (cp >> 6 & 0x3F)),
                           (char)(0x80 | (cp & 0x3F)) };

    if (cp < 0x800)
        buf_add(out, (struct span){ two, sizeof(two) });
    else
        buf_add(out, (struct span){ three, sizeof(three) });
}

static struct span rest(const struct repair *r)
{
    return span_cut(r->text, r->at, r->text.len);
}

static void keep(struct repair *r, size_t len)
{
    buf_add(r->out, span_cut(r->text, r->at, r->at + len));
    r->at += len;
}

static void replace(struct repair *r, size_t len, struct span by)
{
    buf_add(r->out, by);
    r->at += len;
    r->changed = true;
}

/* The number in "\u1234" at the start of `s`, or -1 if there is none. */
static int escape_unit(struct span s)
{
    int unit = 0;

    if (s.len < ESCAPE_LEN || s.ptr[0] != '\\' || s.ptr[1] != 'u')
        return -1;
    for (size_t i = 2; i < ESCAPE_LEN; i++) {
        int c = tolower((unsigned char)s.ptr[i]);

        if (!isxdigit(c))
            return -1;
        unit = unit * 16 + (isdigit(c) ? c - '0' : c - 'a' + 10);
    }
    return unit;
}

static void repair_escape(struct repair *r)
{
    int unit = escape_unit(rest(r));
    int next;

    if (unit < 0xD800 || unit > 0xDFFF) {
        keep(r, unit < 0 ? 2 : ESCAPE_LEN);
        return;
    }
    next = escape_unit(span_cut(rest(r), ESCAPE_LEN, r->text.len));
    if (unit < 0xDC00 && next >= 0xDC00 && next <= 0xDFFF)
        keep(r, (size_t)2 * ESCAPE_LEN);
    else
        replace(r, ESCAPE_LEN, SPAN_LIT("\\ufffd"));
}

/* A character inside a string, outside ASCII, or both. */
static void repair_character(struct repair *r)
{
    unsigned char c = (unsigned char)r->text.ptr[r->at];
    size_t len = repair_sequence_len(rest(r));

    if (!len) {
        repair_put_byte(r->out, c);
        replace(r, 1, SPAN_LIT(""));
    } else if (r->in_string && c < ' ') {
        buf_addf(r->out, "\\u%04x", c);
        replace(r, 1, SPAN_LIT(""));
    } else {
        keep(r, len);
    }
}

static bool is_big_integer(struct span token)
{
    struct span digits = token;
    long long value;

    if (span_starts(digits, SPAN_LIT("-")))
        digits = span_cut(digits, 1, digits.len);
    if (!digits.len || digits.ptr[0] == '0')
        return false;
    for (size_t i = 0; i < digits.len; i++)
        if (!isdigit((unsigned char)digits.ptr[i]))
            return false;
    return !span_to_long(token, &value);
}

static bool in_token(char c)
{
    return c > 0 &&
           (isalnum((unsigned char)c) || c == '+' || c == '-' || c == '.');
}

/* A number or literal. */
static void repair_token(struct repair *r)
{
    struct span token = rest(r);
    size_t len = 1;

    while (len < token.len && in_token(token.ptr[len]))
        len++;
    token.len = len;
    if (span_eq(token, SPAN_LIT("NaN"))) {
        replace(r, len, SPAN_LIT("null"));
    } else if (is_big_integer(token)) {
        buf_add_char(r->out, '"');
        buf_add(r->out, token);
        replace(r, len, SPAN_LIT("\""));
    } else {
        keep(r, len);
    }
}

static void repair_next(struct repair *r)
{
    char c = r->text.ptr[r->at];
    size_t plain = r->in_string ? plain_len(rest(r)) : 0;

    if (plain) {
        keep(r, plain);
    } else if (c == '"') {
        r->in_string = !r->in_string;
        keep(r, 1);
    } else if (r->in_string && c == '\\') {
        repair_escape(r);
    } else if (!r->in_string && in_token(c)) {
        repair_token(r);
    } else {
        repair_character(r);
    }
}

bool repair_json(struct buf *out, struct span text)
{
    struct repair r = { .out = out, .text = text };

    if (span_starts(text, SPAN_LIT("\xEF\xBB\xBF")))
        replace(&r, 3, SPAN_LIT(""));
    while (r.at < text.len)
        repair_next(&r);
    return r.changed;
}
