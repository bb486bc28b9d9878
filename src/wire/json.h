#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * JSON (RFC 8259) in and out; the only user of the JSON library.
 *
 * Reading: json_parse gives a document that owns every value; values are
 * borrowed and die with it. Looking into a value of the wrong type gives
 * NULL or false, never a crash, so that a path can be tried in one line:
 *
 *     json_text(json_member(json_member(row, "content"), "raw"), &text)
 *
 * Writing: straight into a buf, strings escaped; there is no tree to build.
 */
struct json; /* a value; borrowed */

struct json_doc {
    struct json *root;
};

/* Deepest nesting accepted; deeper is ERROR_INPUT. */
#define JSON_DEPTH_MAX 64

/*
 * Parse all of `text`: any JSON value, nothing but white space after it,
 * duplicate keys allowed (the last wins), NUL escapes allowed. What real
 * exports get wrong (wire/repair.h: invalid UTF-8, half an emoji) is repaired,
 * for a comment is to be judged, not refused. ERROR_INPUT says what and near
 * which byte, and never quotes the text. On success the caller releases `doc`.
 */
enum error_code json_parse(struct json_doc *doc, struct span text,
                           struct error *err) MUST_CHECK;
void json_release(struct json_doc *doc);

/* The member called `name`, or NULL. */
const struct json *json_member(const struct json *object, const char *name);

/* The items of an array: how many, 0 for what is no array; and one of them. */
size_t json_nr(const struct json *array);
const struct json *json_item(const struct json *array, size_t i);

bool json_is_object(const struct json *value);
bool json_is_array(const struct json *value);
bool json_nothing(const struct json *value); /* there, and null */

/*
 * What is in a value: true, and the result filled, when it is of that type.
 * json_text gives a string's bytes, which live as long as the document;
 * json_long an integer; json_double any number.
 */
bool json_text(const struct json *value, struct span *text);
bool json_long(const struct json *value, long long *number);
bool json_double(const struct json *value, double *number);
bool json_boolean(const struct json *value, bool *truth);

/*
 * Walk the members of an object: start with NULL, stop at NULL. `*name` and
 * `*value` are filled for the returned position.
 */
void *json_walk(const struct json *object, void *position, struct span *name,
                const struct json **value);

/* Append `s` as a JSON string, quotes included; invalid UTF-8 is repaired. */
void json_put_text(struct buf *out, struct span s);

/*
 * Append a number with up to six significant digits, with a point in every
 * locale, never "-0". What is not finite has no number in JSON: null.
 */
void json_put_real(struct buf *out, double number);

#endif /* WIRE_JSON_H */
