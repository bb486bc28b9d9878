#include "app/config_value.h"

#include <string.h>

#define PORT_MAX 65535

static const struct {
    const char *name;
    bool on;
} switch_name[] = {
    { "yes", true }, { "no", false },  { "true", true }, { "false", false },
    { "on", true },  { "off", false }, { "1", true },    { "0", false },
};

#define SWITCH_NR (sizeof(switch_name) / sizeof(switch_name[0]))

static bool set_text(const struct value_kind *kind, struct span *field,
                     struct arena *arena, struct span text)
{
    if (text.len < (size_t)kind->min || text.len > (size_t)kind->max)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return false;
    *field = arena_dup(arena, text);
    return true;
}

/* The oldest, which is first in the file, comes last. */
static bool add_text(const struct value_kind *kind, struct span *field,
                     struct arena *arena, struct span text)
{
    struct span added;

    if (!set_text(kind, &added, arena, text))
        return false;
    if (!field->len)
        *field = added;
    else if (added.len)
        *field = arena_printf(arena, "%.*s %.*s", SPAN_ARG(added),
                              SPAN_ARG(*field));
    return true;
}

/* The colon before the port is the last one: IPv6 addresses have more. */
static bool set_address(struct span *field, struct arena *arena,
                        struct span text)
{
    size_t colon = text.len;
    struct span host;
    long long port;

    while (colon && text.ptr[colon - 1] != ':')
        colon--;
    if (colon < 2 || !span_to_long(span_cut(text, colon, text.len), &port) ||
        port < 1 || port > PORT_MAX)
        return false;
    host = span_cut(text, 0, colon - 1);
    if (span_find_char(host, ':') < host.len &&
        (host.ptr[0] != '[' || host.ptr[host.len - 1] != ']'))
        return false;
    return set_text(&(struct value_kind){ VALUE_TEXT, 1, 256 }, field, arena,
                    text);
}

static bool set_number(const struct value_kind *kind, void *field,
                       struct span text)
{
    long long number;

    if (!span_to_long(text, &number) || number < kind->min ||
        number > kind->max)
        return false;
    if (kind->type == VALUE_LONG)
        *(long *)field = (long)number;
    else
        *(size_t *)field = (size_t)number;
    return true;
}

static bool set_share(double *field, struct span text)
{
    double number;

    if (!span_to_double(text, &number) || !(number >= 0 && number <= 1))
        return false;
    *field = number;
    return true;
}

static bool set_one_in(const struct value_kind *kind, double *field,
                       struct span text)
{
    long long number;

    if (!span_starts(text, SPAN_LIT("1/")) ||
        !span_to_long(span_cut(text, 2, text.len), &number) ||
        number < kind->min || number > kind->max)
        return false;
    *field = (double)number;
    return true;
}

static bool set_switch(bool *field, struct span text)
{
    for (size_t i = 0; i < SWITCH_NR; i++) {
        if (!span_eq_nocase(text, span_str(switch_name[i].name)))
            continue;
        *field = switch_name[i].on;
        return true;
    }
    return false;
}

bool value_set(const struct value_kind *kind, void *field, struct arena *arena,
               struct span text)
{
    switch (kind->type) {
    case VALUE_TEXT:
    case VALUE_URL:
    case VALUE_SECRET:
        return set_text(kind, field, arena, text);
    case VALUE_SECRETS:
        return add_text(kind, field, arena, text);
    case VALUE_ADDRESS:
        return set_address(field, arena, text);
    case VALUE_LONG:
    case VALUE_COUNT:
        return set_number(kind, field, text);
    case VALUE_SHARE:
        return set_share(field, text);
    case VALUE_ONE_IN:
        return set_one_in(kind, field, text);
    case VALUE_SWITCH:
        return set_switch(field, text);
    }
    return false;
}

void value_copy(const struct value_kind *kind, void *to, const void *from)
{
    switch (kind->type) {
    case VALUE_TEXT:
    case VALUE_URL:
    case VALUE_SECRET:
    case VALUE_SECRETS:
    case VALUE_ADDRESS:
        *(struct span *)to = *(const struct span *)from;
        break;
    case VALUE_LONG:
        *(long *)to = *(const long *)from;
        break;
    case VALUE_COUNT:
        *(size_t *)to = *(const size_t *)from;
        break;
    case VALUE_SHARE:
    case VALUE_ONE_IN:
        *(double *)to = *(const double *)from;
        break;
    case VALUE_SWITCH:
        *(bool *)to = *(const bool *)from;
        break;
    }
}

struct span value_expected(const struct value_kind *kind, struct arena *arena)
{
    switch (kind->type) {
    case VALUE_TEXT:
    case VALUE_URL:
    case VALUE_SECRET:
    case VALUE_SECRETS:
        return arena_printf(arena, "%ld to %ld bytes of text", kind->min,
                            kind->max);
    case VALUE_ADDRESS:
        return SPAN_LIT("host:port, such as 127.0.0.1:8080 or [::1]:8080");
    case VALUE_LONG:
    case VALUE_COUNT:
        return arena_printf(arena, "a whole number from %ld to %ld", kind->min,
                            kind->max);
    case VALUE_SHARE:
        return SPAN_LIT("a number from 0 to 1");
    case VALUE_ONE_IN:
        return arena_printf(arena, "1/N, with N from %ld to %ld", kind->min,
                            kind->max);
    case VALUE_SWITCH:
        return SPAN_LIT("yes or no");
    }
    return SPAN_LIT("something else");
}

/*
 * The password of "kind://user:password@host": any '@' before the parameters
 * may be its own, so the last one ends it.
 */
static struct span user_password(struct span url)
{
    struct span kind = span_cut(url, 0, span_find(url, SPAN_LIT("://")));
    size_t from = kind.len + sizeof("://") - 1;
    size_t end = span_find_char(url, '?');

    while (end > from && url.ptr[end - 1] != '@')
        end--;
    if (end <= from)
        return span_cut(url, 0, 0);
    from += span_find_char(span_cut(url, from, end), ':') + 1;
    return span_cut(url, from, end - 1);
}

/* That of the parameter, "?password=". */
static struct span parameter_password(struct span url)
{
    struct span name = SPAN_LIT("password=");
    struct span rest = span_cut(url, span_find_char(url, '?'), url.len);

    rest = span_cut(rest, span_find(rest, name), rest.len);
    rest = span_cut(rest, name.len, rest.len);
    return span_cut(rest, 0, span_find_char(rest, '&'));
}

bool value_hides(const struct value_kind *kind, struct span text)
{
    if (kind->type == VALUE_URL)
        return user_password(text).len || parameter_password(text).len;
    return text.len &&
           (kind->type == VALUE_SECRET || kind->type == VALUE_SECRETS);
}

static struct span hide(struct arena *arena, struct span url,
                        struct span password)
{
    size_t from;

    if (!password.len)
        return url;
    from = (size_t)(password.ptr - url.ptr);
    return arena_printf(arena, "%.*s***%.*s", SPAN_ARG(span_cut(url, 0, from)),
                        SPAN_ARG(span_cut(url, from + password.len, url.len)));
}

static struct span url_text(struct arena *arena, struct span url)
{
    url = hide(arena, url, parameter_password(url));
    return hide(arena, url, user_password(url));
}

struct span value_text(const struct value_kind *kind, const void *field,
                       struct arena *arena)
{
    switch (kind->type) {
    case VALUE_TEXT:
    case VALUE_ADDRESS:
        return *(const struct span *)field;
    case VALUE_URL:
        return url_text(arena, *(const struct span *)field);
    case VALUE_SECRET:
    case VALUE_SECRETS:
        return ((const struct span *)field)->len ? SPAN_LIT("***")
                                                 : SPAN_LIT("");
    case VALUE_LONG:
        return arena_printf(arena, "%ld", *(const long *)field);
    case VALUE_COUNT:
        return arena_printf(arena, "%zu", *(const size_t *)field);
    case VALUE_SHARE:
        if (*(const double *)field < 0)
            return SPAN_LIT("");
        return arena_printf(arena, "%g", *(const double *)field);
    case VALUE_ONE_IN:
        if (*(const double *)field < 0)
            return SPAN_LIT("");
        return arena_printf(arena, "1/%.0f", *(const double *)field);
    case VALUE_SWITCH:
        return *(const bool *)field ? SPAN_LIT("yes") : SPAN_LIT("no");
    }
    return SPAN_LIT("");
}
