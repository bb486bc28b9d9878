#include "text/entity.h"

#include "text/ascii.h"
#include "text/utf8.h"
#include "text/writer.h"

#include <libxml/HTMLparser.h>
#include <stdbool.h>
#include <string.h>

/* Longest name in HTML 4 is "thetasym"; of ours, "NewLine". */
#define NAME_MAX_LEN 8

/* Digits of the largest code point, and a few leading zeros. */
#define DIGITS_MAX 10

struct entity {
    uint32_t cp;
    size_t len; /* bytes it takes in the text */
    bool numeric;
};

/* Names that HTML 5 added and that disguise links and addresses. */
static const struct {
    const char *name;
    char c;
} html5_name[] = {
    { "apos", '\'' },  { "ast", '*' },    { "colon", ':' },
    { "comma", ',' },  { "commat", '@' }, { "dollar", '$' },
    { "equals", '=' }, { "excl", '!' },   { "hyphen", '-' },
    { "lowbar", '_' }, { "lpar", '(' },   { "lsqb", '[' },
    { "num", '#' },    { "period", '.' }, { "plus", '+' },
    { "quest", '?' },  { "rpar", ')' },   { "rsqb", ']' },
    { "semi", ';' },   { "sol", '/' },    { "NewLine", '\n' },
    { "Tab", '\t' },
};

/* Names that browsers read without a semicolon, and people write so. */
static const struct span bare_name[] = {
    { "amp", 3 }, { "lt", 2 }, { "gt", 2 }, { "quot", 4 }, { "nbsp", 4 },
};

static int digit_value(char c, uint32_t base)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (base == 16 && ascii_is_letter(c) && (c | 32) <= 'f')
        return (c | 32) - 'a' + 10;
    return -1;
}

/* Control characters have no place in text; a blank keeps words apart. */
static uint32_t sane(uint32_t cp)
{
    if (cp >= 0x80 && cp < 0xA0)
        return utf8_from_1252((unsigned char)cp);
    if (cp == '\t' || cp == '\n' || cp == '\r')
        return cp;
    return cp < ' ' ? ' ' : cp;
}

/* "&#8217;", "&#x2019;" at the start of `text`. */
static bool read_number(struct span text, struct entity *entity)
{
    bool hex = (ascii_at(text, 2) | 32) == 'x';
    size_t from = hex ? 3 : 2;
    size_t at = from;
    uint32_t cp = 0;

    while (at < from + DIGITS_MAX) {
        int digit = digit_value(ascii_at(text, at), hex ? 16 : 10);

        if (digit < 0)
            break;
        if (cp <= 0x10FFFF)
            cp = cp * (hex ? 16 : 10) + (uint32_t)digit;
        at++;
    }
    if (at == from)
        return false;
    at += ascii_at(text, at) == ';';
    *entity = (struct entity){ sane(cp), at, true };
    return true;
}

static bool lookup(struct span name, uint32_t *cp)
{
    char copy[NAME_MAX_LEN + 1];
    const htmlEntityDesc *found;

    memcpy(copy, name.ptr, name.len);
    copy[name.len] = '\0';
    for (size_t i = 0; i < sizeof(html5_name) / sizeof(html5_name[0]); i++) {
        if (strcmp(html5_name[i].name, copy) != 0)
            continue;
        *cp = (uint32_t)html5_name[i].c;
        return true;
    }
    found = htmlEntityLookup((const xmlChar *)copy);
    if (found)
        *cp = found->value;
    return found != NULL;
}

static bool is_bare_name(struct span name, char next)
{
    if (next == '=')
        return false;
    for (size_t i = 0; i < sizeof(bare_name) / sizeof(bare_name[0]); i++)
        if (span_eq(name, bare_name[i]))
            return true;
    return false;
}

/* "&eacute;" at the start of `text`. */
static bool read_name(struct span text, struct entity *entity)
{
    struct span name;
    size_t at = 1;
    char next;

    while (at <= NAME_MAX_LEN &&
           (ascii_is_letter(ascii_at(text, at)) ||
            (at > 1 && digit_value(ascii_at(text, at), 10) >= 0)))
        at++;
    name = span_cut(text, 1, at);
    next = ascii_at(text, at);
    if (!name.len || (next != ';' && !is_bare_name(name, next)) ||
        !lookup(name, &entity->cp))
        return false;
    entity->len = at + (next == ';');
    entity->numeric = false;
    return true;
}

static bool read_entity(struct span text, struct entity *entity)
{
    if (ascii_at(text, 1) == '#')
        return read_number(text, entity);
    return read_name(text, entity);
}

/* Letters that pass for Latin ones: Greek, Cyrillic, styled and wide. */
static bool is_lookalike(uint32_t cp)
{
    return (cp >= 0x370 && cp < 0x530) || (cp >= 0x2100 && cp < 0x2190) ||
           (cp >= 0x24B6 && cp < 0x24EA) || (cp >= 0xFF21 && cp < 0xFF5B) ||
           (cp >= 0x1D400 && cp < 0x1D800);
}

/*
 * A named entity is a disguise between letters only: "re&nu;isit", but not
 * "5 &mu;m", "&alpha;-helix".
 */
static bool is_disguise(const struct entity *entity, char before, char after)
{
    if (entity->cp < 0x80)
        return entity->numeric && ascii_is_letter((char)entity->cp);
    if (!is_lookalike(entity->cp))
        return false;
    if (!entity->numeric)
        return ascii_is_letter(before) && ascii_is_letter(after);
    return ascii_is_letter(before) || ascii_is_letter(after);
}

struct span entity_decode(struct arena *arena, struct span text,
                          size_t *disguises)
{
    struct writer out;
    size_t at = span_find_char(text, '&');
    size_t done = 0;

    if (at == text.len)
        return text;
    writer_init(&out, arena, text.len);
    while (at < text.len) {
        struct span rest = span_cut(text, at, text.len);
        struct entity entity = { '&', 1, false };
        char utf8[UTF8_BYTES_MAX];

        writer_add(&out, span_cut(text, done, at));
        (void)read_entity(rest, &entity);
        if (disguises)
            *disguises +=
                is_disguise(&entity, out.len ? out.ptr[out.len - 1] : ' ',
                            ascii_at(rest, entity.len));
        writer_add(&out, (struct span){ utf8, utf8_put(utf8, entity.cp) });
        done = at + entity.len;
        at = done + span_find_char(span_cut(text, done, text.len), '&');
    }
    writer_add(&out, span_cut(text, done, text.len));
    arena_shrink(arena, out.ptr, out.room, out.len);
    return writer_span(&out, 0);
}
