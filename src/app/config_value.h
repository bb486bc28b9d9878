#ifndef APP_CONFIG_VALUE_H
#define APP_CONFIG_VALUE_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>

/*
 * Values of settings: from text into a field of a struct, and back.
 */
enum value_type {
    VALUE_TEXT,    /* struct span; no control characters */
    VALUE_URL,     /* the same; a password in it is not shown */
    VALUE_SECRET,  /* the same, and never shown */
    VALUE_SECRETS, /* several, separated by spaces; setting adds one */
    VALUE_ADDRESS, /* struct span: host:port */
    VALUE_LONG,    /* long */
    VALUE_COUNT,   /* size_t */
    VALUE_SHARE,   /* double, 0 to 1; below 0: not set */
    VALUE_ONE_IN,  /* double, the N of "1/N"; below 0: not set */
    VALUE_SWITCH,  /* bool: yes, no, true, false, on, off */
};

/* Of a text, `min` and `max` are its bytes. */
struct value_kind {
    enum value_type type;
    long min;
    long max;
};

/*
 * Read `text` into `field`, copying into the arena. False, and the field left
 * alone, when it makes no sense; value_expected then says what would.
 */
bool value_set(const struct value_kind *kind, void *field, struct arena *arena,
               struct span text);

/* Make `to` what `from` is; text is not copied. */
void value_copy(const struct value_kind *kind, void *to, const void *from);

/* "a whole number from 1 to 64"; in the arena. */
struct span value_expected(const struct value_kind *kind, struct arena *arena);

/* Is there something in `text` that must not be shown? */
bool value_hides(const struct value_kind *kind, struct span text);

/* The field as text, in the arena; a secret as stars. */
struct span value_text(const struct value_kind *kind, const void *field,
                       struct arena *arena);

#endif /* APP_CONFIG_VALUE_H */
