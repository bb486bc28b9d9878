#ifndef WIRE_FORM_H
#define WIRE_FORM_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What a browser's form sends: application/x-www-form-urlencoded, as in the
 * body of a POST or behind the '?' of a URL.
 *
 * Read the way every server does, which is forgivingly: an escape that is
 * none stays as it is, a name without '=' has the empty value, empty pieces
 * are passed over. Names and values may hold any bytes, NULs too; nothing is
 * made UTF-8 here. Of a name that comes twice both stay; form_get gives the
 * last, as PHP does.
 */
struct form_field {
    struct span name;
    struct span value;
};

struct form {
    struct form_field *field; /* in the order sent */
    size_t nr;
};

/*
 * More is no form that a person filled in: PHP itself takes 1,000 fields, and
 * a WordPress plugin adds the visitor's headers to what it was sent.
 */
#define FORM_BYTES_MAX ((size_t)1 << 20)
#define FORM_FIELDS_MAX ((size_t)4096)

/*
 * Take `text` apart; names and values are in the arena. ERROR_INPUT past
 * either ceiling.
 */
enum error_code form_parse(struct form *form, struct arena *arena,
                           struct span text, struct error *err) MUST_CHECK;

/* The value of `name`, the last one if it is repeated; empty if there is
 * none. */
struct span form_get(const struct form *form, struct span name);

/* Was a field called `name` sent, be it empty? */
bool form_has(const struct form *form, struct span name);

/*
 * `name` without what PHP writes behind it for a list: "tag", "tag[]" and
 * "tag[0]" are all "tag". Other names stay as they are.
 */
struct span form_list_name(struct span name);

#endif /* WIRE_FORM_H */
