#include "wire/json.h"

#include "wire/plain.h"
#include "wire/real.h"
#include "wire/repair.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <string.h>

/* The library's shorthands of the same name. */
#undef json_is_array
#undef json_is_object
#undef json_boolean

#define LOAD_FLAGS (JSON_DECODE_ANY | JSON_ALLOW_NUL)

/* The library wants to count references, so it takes nothing const. */
static json_t *inside(const struct json *value)
{
    return (json_t *)value;
}

static bool is(const struct json *value, json_type type)
{
    return value && json_typeof(inside(value)) == type;
}

/* Only an array or object counts as a level, so [[]] is two deep. */
static bool too_deep(const struct json *value, int above)
{
    const struct json *item;
    struct span name;
    void *at = NULL;

    if (!json_is_array(value) && !json_is_object(value))
        return false;
    if (above >= JSON_DEPTH_MAX)
        return true;
    for (size_t i = 0; i < json_nr(value); i++)
        if (too_deep(json_item(value, i), above + 1))
            return true;
    for (;;) {
        at = json_walk(value, at, &name, &item);
        if (!at)
            return false;
        if (too_deep(item, above + 1))
            return true;
    }
}

/*
 * The library's own words quote the input, and a comment's text must not get
 * into a log; so these are ours.
 */
static const char *complaint(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_premature_end_of_input:
        return "ends too early";
    case json_error_end_of_input_expected:
        return "something follows the value";
    case json_error_invalid_utf8:
        return "invalid UTF-8";
    case json_error_stack_overflow:
        return "nested too deep";
    case json_error_null_byte_in_key:
        return "a NUL in a name";
    case json_error_numeric_overflow:
        return "a number too large";
    default:
        return "not as JSON is written";
    }
}

/*
 * Clean lines go straight in. The few that are refused are repaired and tried
 * again, so that nobody else pays for the search.
 */
static json_t *load_repaired(struct span text, json_error_t *error)
{
    json_t *root = json_loadb(text.ptr, text.len, LOAD_FLAGS, error);
    struct buf fixed;

    if (root)
        return root;
    buf_init(&fixed, REPAIR_ROOM(text.len));
    if (repair_json(&fixed, text))
        root = json_loadb(fixed.ptr, fixed.len, LOAD_FLAGS, error);
    buf_release(&fixed);
    return root;
}

enum error_code json_parse(struct json_doc *doc, struct span text,
                           struct error *err)
{
    json_error_t error;
    json_t *root;

    if (!span_trim(text).len)
        return error_set(err, ERROR_INPUT, "no JSON: empty");
    root = load_repaired(text, &error);
    if (!root)
        return error_set(err, ERROR_INPUT, "no JSON: %s, near byte %d",
                         complaint(&error), error.position);
    doc->root = (struct json *)root;
    if (!too_deep(doc->root, 0))
        return ERROR_NONE;
    json_release(doc);
    return error_set(err, ERROR_INPUT, "JSON nested deeper than %d levels",
                     JSON_DEPTH_MAX);
}

void json_release(struct json_doc *doc)
{
    json_decref(inside(doc->root));
    doc->root = NULL;
}

const struct json *json_member(const struct json *object, const char *name)
{
    return (const struct json *)json_object_get(inside(object), name);
}

size_t json_nr(const struct json *array)
{
    return json_array_size(inside(array));
}

const struct json *json_item(const struct json *array, size_t i)
{
    return (const struct json *)json_array_get(inside(array), i);
}

bool json_is_object(const struct json *value)
{
    return is(value, JSON_OBJECT);
}

bool json_nothing(const struct json *value)
{
    return is(value, JSON_NULL);
}

bool json_is_array(const struct json *value)
{
    return is(value, JSON_ARRAY);
}

bool json_text(const struct json *value, struct span *text)
{
    if (!is(value, JSON_STRING))
        return false;
    *text = (struct span){ json_string_value(inside(value)),
                           json_string_length(inside(value)) };
    return true;
}

bool json_long(const struct json *value, long long *number)
{
    if (!is(value, JSON_INTEGER))
        return false;
    *number = json_integer_value(inside(value));
    return true;
}

bool json_double(const struct json *value, double *number)
{
    if (!is(value, JSON_INTEGER) && !is(value, JSON_REAL))
        return false;
    *number = json_number_value(inside(value));
    return true;
}

bool json_boolean(const struct json *value, bool *truth)
{
    if (!is(value, JSON_TRUE) && !is(value, JSON_FALSE))
        return false;
    *truth = is(value, JSON_TRUE);
    return true;
}

void *json_walk(const struct json *object, void *position, struct span *name,
                const struct json **value)
{
    json_t *from = inside(object);

    position = position ? json_object_iter_next(from, position)
                        : json_object_iter(from);
    if (!position)
        return NULL;
    *name = (struct span){ json_object_iter_key(position),
                           json_object_iter_key_len(position) };
    *value = (const struct json *)json_object_iter_value(position);
    return position;
}

/* Append the first character of `s`, escaped or repaired; its length. */
static size_t put_special(struct buf *out, struct span s)
{
    static const char letter[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    unsigned char c = (unsigned char)s.ptr[0];
    size_t len = repair_sequence_len(s);

    for (size_t i = 0; i + 1 < sizeof(letter); i += 2) {
        if (letter[i] != s.ptr[0])
            continue;
        buf_add_char(out, '\\');
        buf_add_char(out, letter[i + 1]);
        return 1;
    }
    if (!len) {
        repair_put_byte(out, c);
        return 1;
    }
    if (c < ' ')
        buf_addf(out, "\\u%04x", c);
    else
        buf_add(out, span_cut(s, 0, len));
    return len;
}

void json_put_text(struct buf *out, struct span s)
{
    buf_add_char(out, '"');
    while (s.len) {
        size_t len = plain_len(s);

        buf_add(out, span_cut(s, 0, len));
        s = span_cut(s, len, s.len);
        if (s.len)
            s = span_cut(s, put_special(out, s), s.len);
    }
    buf_add_char(out, '"');
}

void json_put_real(struct buf *out, double number)
{
    char text[REAL_BYTES_MAX];

    if (!isfinite(number)) {
        buf_add(out, SPAN_LIT("null"));
        return;
    }
    /* Minus zero plus zero is zero. */
    buf_add(out, (struct span){ text, real_put(text, number + 0.0) });
}
