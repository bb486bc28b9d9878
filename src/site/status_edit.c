#include "site/status_edit.h"

#include "wire/json.h"

/* A place in the line; at its end it reads as NUL. */
struct cursor {
    struct span line;
    size_t at;
};

static char peek(const struct cursor *c)
{
    return c->at < c->line.len ? c->line.ptr[c->at] : '\0';
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void skip_space(struct cursor *c)
{
    while (is_space(peek(c)))
        c->at++;
}

/* Step over `byte` and the white space around it. */
static bool skip_byte(struct cursor *c, char byte)
{
    skip_space(c);
    if (peek(c) != byte)
        return false;
    c->at++;
    skip_space(c);
    return true;
}

static bool skip_string(struct cursor *c)
{
    if (peek(c) != '"')
        return false;
    for (c->at++; c->at < c->line.len; c->at++) {
        if (peek(c) == '\\') {
            c->at++;
        } else if (peek(c) == '"') {
            c->at++;
            return true;
        }
    }
    return false;
}

/* Any value; that it is well-formed is the JSON parser's to say. */
static bool skip_value(struct cursor *c)
{
    size_t start = c->at;
    size_t depth = 0;

    while (c->at < c->line.len) {
        char byte = peek(c);

        if (!depth && (byte == ',' || byte == '}' || is_space(byte)))
            break;
        if (byte == '"') {
            if (!skip_string(c))
                return false;
            continue;
        }
        if (byte == '{' || byte == '[')
            depth++;
        if (byte == '}' || byte == ']')
            depth--;
        c->at++;
    }
    return c->at > start && !depth;
}

static bool is_status(struct span key)
{
    struct span name = SPAN_LIT("");
    struct error ignored;
    struct json_doc doc;
    bool yes;

    if (span_find_char(key, '\\') == key.len)
        return span_eq(key, SPAN_LIT("\"status\""));
    if (json_parse(&doc, key, &ignored))
        return false;
    yes = json_text(doc.root, &name) && span_eq(name, SPAN_LIT("status"));
    json_release(&doc);
    return yes;
}

/* Where the value of the last member "status" is, if there is one. */
struct place {
    size_t from;
    size_t to;
    size_t end; /* of the last member */
    bool found;
    bool members;
};

static bool read_member(struct cursor *c, struct place *place)
{
    struct span key;
    size_t from = c->at;

    if (!skip_string(c))
        return false;
    key = span_cut(c->line, from, c->at);
    if (!skip_byte(c, ':'))
        return false;
    from = c->at;
    if (!skip_value(c))
        return false;
    place->end = c->at;
    place->members = true;
    if (!is_status(key))
        return true;
    place->from = from;
    place->to = c->at;
    place->found = true;
    return true;
}

static bool read_object(struct span line, struct place *place)
{
    struct cursor c = { line, 0 };

    *place = (struct place){ 0 };
    if (!skip_byte(&c, '{'))
        return false;
    place->end = c.at;
    if (skip_byte(&c, '}'))
        return c.at == line.len;
    do {
        if (!read_member(&c, place))
            return false;
    } while (skip_byte(&c, ','));
    return skip_byte(&c, '}') && c.at == line.len;
}

bool status_edit(struct buf *out, struct span line, struct span status)
{
    struct place place;

    if (!read_object(line, &place))
        return false;
    if (place.found) {
        buf_add(out, span_cut(line, 0, place.from));
        buf_addf(out, "\"%.*s\"", SPAN_ARG(status));
        buf_add(out, span_cut(line, place.to, line.len));
        return true;
    }
    buf_add(out, span_cut(line, 0, place.end));
    buf_addf(out, "%s\"status\": \"%.*s\"", place.members ? ", " : "",
             SPAN_ARG(status));
    buf_add(out, span_cut(line, place.end, line.len));
    return true;
}
