#include "wire/form.h"

#include <string.h>

/* The four bits that `c` stands for, or -1 if it is no hexadecimal digit. */
static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte escaped at the start of `s`, or -1 if there is no escape. */
static int escaped(struct span s)
{
    int high;
    int low;

    if (s.len < 3 || s.ptr[0] != '%')
        return -1;
    high = nibble(s.ptr[1]);
    low = nibble(s.ptr[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Decoding never makes longer, so `out` needs the room that `s` has. */
static struct span decode(char *out, struct span s)
{
    size_t len = 0;

    for (size_t at = 0; at < s.len; at++) {
        int byte = escaped(span_cut(s, at, s.len));

        if (byte >= 0)
            at += 2;
        else
            byte = s.ptr[at] == '+' ? ' ' : s.ptr[at];
        out[len++] = (char)byte;
    }
    return (struct span){ out, len };
}

static size_t count_pieces(struct span text)
{
    size_t nr = 1;

    for (size_t i = 0; i < text.len; i++)
        nr += text.ptr[i] == '&';
    return nr;
}

/* Cut off the first piece of `text`, up to a '&'. */
static struct span next_piece(struct span *text)
{
    size_t end = span_find_char(*text, '&');
    struct span piece = span_cut(*text, 0, end);

    *text = span_cut(*text, end + 1, text->len);
    return piece;
}

enum error_code form_parse(struct form *form, struct arena *arena,
                           struct span text, struct error *err)
{
    size_t pieces;
    char *out;

    *form = (struct form){ NULL, 0 };
    if (text.len > FORM_BYTES_MAX)
        return error_set(err, ERROR_INPUT,
                         "a form of %zu bytes; %zu are read at most", text.len,
                         FORM_BYTES_MAX);
    pieces = count_pieces(text);
    if (pieces > FORM_FIELDS_MAX)
        return error_set(err, ERROR_INPUT,
                         "a form of %zu fields; %zu are read at most", pieces,
                         FORM_FIELDS_MAX);
    form->field = arena_alloc(arena, pieces * sizeof(*form->field));
    out = arena_alloc(arena, text.len + 1);
    while (text.len) {
        struct span piece = next_piece(&text);
        size_t mark = span_find_char(piece, '=');
        struct form_field *field = &form->field[form->nr];

        if (!piece.len)
            continue;
        field->name = decode(out, span_cut(piece, 0, mark));
        out += field->name.len;
        field->value = decode(out, span_cut(piece, mark + 1, piece.len));
        out += field->value.len;
        form->nr++;
    }
    return ERROR_NONE;
}

static const struct form_field *find(const struct form *form, struct span name)
{
    for (size_t i = form->nr; i > 0; i--)
        if (span_eq(form->field[i - 1].name, name))
            return &form->field[i - 1];
    return NULL;
}

struct span form_get(const struct form *form, struct span name)
{
    const struct form_field *field = find(form, name);

    return field ? field->value : SPAN_LIT("");
}

bool form_has(const struct form *form, struct span name)
{
    return find(form, name) != NULL;
}

struct span form_list_name(struct span name)
{
    size_t open = span_find_char(name, '[');

    if (!open || !span_ends(name, SPAN_LIT("]")))
        return name;
    return span_cut(name, 0, open);
}
