#include "wire/comment_scan.h"

#include "wire/plain.h"
#include "wire/repair.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* Longer numbers, and deeper values, go the long way. */
#define INTEGER_DIGITS_MAX 18
#define FRACTION_DIGITS_MAX 40
#define DEPTH_MAX 16

struct scan {
    struct span line;
    size_t at;
    struct arena *arena;
};

/* A string as it stands between its quotes. */
struct raw_text {
    struct span bytes;
    bool escaped;
};

static char peek(const struct scan *scan)
{
    const char end = '\0';

    return scan->at < scan->line.len ? scan->line.ptr[scan->at] : end;
}

static void skip_blanks(struct scan *scan)
{
    for (;;) {
        char c = peek(scan);

        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return;
        scan->at++;
    }
}

/* Blanks, `c`, blanks. */
static bool take(struct scan *scan, char c)
{
    skip_blanks(scan);
    if (peek(scan) != c || scan->at == scan->line.len)
        return false;
    scan->at++;
    skip_blanks(scan);
    return true;
}

/* Four hexadecimal digits at `at`, or -1. */
static int unit_at(struct span s, size_t at)
{
    int unit = 0;

    if (at + 4 > s.len)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        int c = (unsigned char)s.ptr[i];

        if (!isxdigit(c))
            return -1;
        unit = unit * 16 + (isdigit(c) ? c - '0' : (c | 32) - 'a' + 10);
    }
    return unit;
}

/*
 * The code point of the "\u" escape at `*at`, which is moved behind it; -1
 * for half a surrogate pair, for no escape, and for NUL.
 */
static int32_t code_point_at(struct span s, size_t *at)
{
    int high = unit_at(s, *at + 2);
    int low;

    *at += 6;
    if (high <= 0 || (high >= 0xDC00 && high <= 0xDFFF))
        return -1;
    if (high < 0xD800 || high > 0xDFFF)
        return high;
    if (!span_starts(span_cut(s, *at, s.len), SPAN_LIT("\\u")))
        return -1;
    low = unit_at(s, *at + 2);
    *at += 6;
    if (low < 0xDC00 || low > 0xDFFF)
        return -1;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* Does the escape at the backslash mean something? Moves behind it. */
static bool take_escape(struct scan *scan)
{
    size_t next = scan->at + 1;
    char c = next < scan->line.len ? scan->line.ptr[next] : 'x';

    if (c == 'u')
        return code_point_at(scan->line, &scan->at) >= 0;
    scan->at += 2;
    return c && strchr("\"\\/bfnrt", c);
}

/* The string whose quote is at the place; the place moves behind it. */
static bool take_text(struct scan *scan, struct raw_text *text)
{
    size_t from = ++scan->at;

    text->escaped = false;
    for (;;) {
        struct span rest;
        size_t len;

        rest = span_cut(scan->line, scan->at, scan->line.len);
        len = plain_len(rest);
        scan->at += len;
        rest = span_cut(rest, len, rest.len);
        if (!rest.len)
            return false;
        if (rest.ptr[0] == '"')
            break;
        if (rest.ptr[0] == '\\') {
            text->escaped = true;
            if (!take_escape(scan))
                return false;
            continue;
        }
        len = rest.ptr[0] & 0x80 ? repair_sequence_len(rest) : 0;
        if (!len)
            return false;
        scan->at += len;
    }
    text->bytes = span_cut(scan->line, from, scan->at++);
    return true;
}

static size_t put_code_point(char *out, int32_t cp)
{
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

/* The escape at `*at`, known to be good, undone. */
static size_t put_escape(char *out, struct span s, size_t *at)
{
    static const char letter[] = "b\bf\fn\nr\rt\t";
    char c = s.ptr[*at + 1];

    if (c == 'u')
        return put_code_point(out, code_point_at(s, at));
    *at += 2;
    out[0] = c;
    for (size_t i = 0; i + 1 < sizeof(letter); i += 2)
        if (letter[i] == c)
            out[0] = letter[i + 1];
    return 1;
}

static struct span text_of(struct arena *arena, struct raw_text text)
{
    struct span s = text.bytes;
    size_t len = 0;
    size_t at = 0;
    char *out;

    if (!text.escaped)
        return arena_dup(arena, s);
    /* No escape is shorter than what it stands for. */
    out = arena_alloc(arena, s.len + 1);
    while (at < s.len) {
        size_t run = span_find_char(span_cut(s, at, s.len), '\\');

        memcpy(out + len, s.ptr + at, run);
        len += run;
        at += run;
        if (at < s.len)
            len += put_escape(out + len, s, &at);
    }
    out[len] = '\0';
    arena_shrink(arena, out, s.len + 1, len + 1);
    return (struct span){ out, len };
}

static size_t take_digits(struct scan *scan)
{
    size_t from = scan->at;

    while (peek(scan) >= '0' && peek(scan) <= '9')
        scan->at++;
    return scan->at - from;
}

/* A number of no great length, without an exponent. */
static bool take_number(struct scan *scan, struct span *token, bool *whole)
{
    size_t from = scan->at;
    bool zero;
    size_t nr;

    scan->at += peek(scan) == '-';
    zero = peek(scan) == '0';
    nr = take_digits(scan);
    if (!nr || nr > INTEGER_DIGITS_MAX || (zero && nr > 1))
        return false;
    *whole = peek(scan) != '.';
    if (!*whole) {
        scan->at++;
        nr = take_digits(scan);
        if (!nr || nr > FRACTION_DIGITS_MAX)
            return false;
    }
    *token = span_cut(scan->line, from, scan->at);
    /* An exponent, or no number at all. */
    return !isalnum((unsigned char)peek(scan)) && peek(scan) != '.';
}

/* null, true and false all say that there is nothing. */
static bool take_literal(struct scan *scan)
{
    static const struct span literal[] = {
        { "null", 4 },
        { "true", 4 },
        { "false", 5 },
    };
    struct span rest = span_cut(scan->line, scan->at, scan->line.len);

    for (size_t i = 0; i < sizeof(literal) / sizeof(literal[0]); i++) {
        if (!span_starts(rest, literal[i]))
            continue;
        scan->at += literal[i].len;
        return !isalnum((unsigned char)peek(scan));
    }
    return false;
}

/* A name without escapes, and the colon behind it. */
static bool take_name(struct scan *scan, struct span *name)
{
    struct raw_text text;

    if (peek(scan) != '"' || !take_text(scan, &text) || text.escaped)
        return false;
    *name = text.bytes;
    return take(scan, ':');
}

static bool skip_value(struct scan *scan, int depth);

/* The members of an object or the items of an array, behind its bracket. */
static bool skip_members(struct scan *scan, char close, int depth)
{
    struct span name;

    if (take(scan, close))
        return true;
    for (;;) {
        if (close == '}' && !take_name(scan, &name))
            return false;
        if (!skip_value(scan, depth))
            return false;
        if (take(scan, close))
            return true;
        if (!take(scan, ','))
            return false;
    }
}

/* A value that nobody asks for; it has to be JSON all the same. */
static bool skip_value(struct scan *scan, int depth)
{
    struct raw_text text;
    struct span token;
    bool whole;
    char c = peek(scan);

    if (c == '"')
        return take_text(scan, &text);
    if (c == '{' || c == '[') {
        scan->at++;
        return depth < DEPTH_MAX &&
               skip_members(scan, c == '{' ? '}' : ']', depth + 1);
    }
    if (c == '-' || isdigit((unsigned char)c))
        return take_number(scan, &token, &whole);
    return take_literal(scan);
}

/* The value of a field; numbers only as they would be written again. */
static bool take_field(struct scan *scan, struct span name, struct span *field)
{
    struct raw_text text;
    struct span token;
    bool whole;
    char c = peek(scan);

    *field = SPAN_LIT("");
    if (c == '"') {
        if (!take_text(scan, &text))
            return false;
        *field = text_of(scan->arena, text);
        return true;
    }
    if (!isdigit((unsigned char)c))
        return take_literal(scan);
    if (!take_number(scan, &token, &whole) || !whole)
        return false;
    /* The author of a WordPress object is a user's number. */
    if (!span_eq(name, SPAN_LIT("author")))
        *field = arena_dup(scan->arena, token);
    return true;
}

/* Names by which WordPress calls our fields; it has rules of its own. */
static bool is_wordpress(struct span name)
{
    static const struct span theirs[] = {
        { "content", 7 },  { "author_name", 11 }, { "author_user_agent", 17 },
        { "date_gmt", 8 }, { "link", 4 },
    };

    for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
        if (span_eq(name, theirs[i]))
            return true;
    return false;
}

static bool take_member(struct scan *scan, struct comment *comment)
{
    struct span *field;
    struct span name;

    if (!take_name(scan, &name))
        return false;
    field = comment_field(comment, name);
    if (field)
        return take_field(scan, name, field);
    return !is_wordpress(name) && skip_value(scan, 1);
}

bool comment_scan(struct comment *comment, struct arena *arena,
                  struct span line)
{
    struct scan scan = { line, 0, arena };

    if (!take(&scan, '{'))
        return false;
    for (;;) {
        if (!take_member(&scan, comment))
            return false;
        if (take(&scan, '}'))
            return scan.at == line.len;
        if (!take(&scan, ','))
            return false;
    }
}
