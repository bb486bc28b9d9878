#ifndef SUPPORT_OPENAPI_H
#define SUPPORT_OPENAPI_H

#include "wire/json.h"

#include <stdio.h>

/*
 * Does a JSON value fit a schema of an OpenAPI document? As much of JSON
 * Schema as ours has: $ref, type, enum, required, properties, items, oneOf;
 * and stricter, for an object may have no other keys than those named.
 */
struct openapi {
    const struct json *root;
    char why[512]; /* of the first misfit */
};

static inline struct span openapi_text(const struct json *value,
                                       const char *name)
{
    struct span text = SPAN_LIT("");

    (void)json_text(json_member(value, name), &text);
    return text;
}

static inline const struct json *openapi_named(const struct openapi *api,
                                               struct span ref)
{
    const struct json *schemas =
        json_member(json_member(api->root, "components"), "schemas");
    char name[64];
    size_t slash = ref.len;

    while (slash && ref.ptr[slash - 1] != '/')
        slash--;
    snprintf(name, sizeof(name), "%.*s",
             SPAN_ARG(span_cut(ref, slash, ref.len)));
    return json_member(schemas, name);
}

static inline bool openapi_is(const struct json *value, struct span type)
{
    struct span text;
    long long number;
    double real;
    bool truth;

    if (span_eq(type, SPAN_LIT("object")))
        return json_is_object(value);
    if (span_eq(type, SPAN_LIT("array")))
        return json_is_array(value);
    if (span_eq(type, SPAN_LIT("string")))
        return json_text(value, &text);
    if (span_eq(type, SPAN_LIT("integer")))
        return json_long(value, &number);
    if (span_eq(type, SPAN_LIT("number")))
        return json_double(value, &real);
    if (span_eq(type, SPAN_LIT("boolean")))
        return json_boolean(value, &truth);
    return span_eq(type, SPAN_LIT("null")) && json_nothing(value);
}

static inline bool openapi_is_typed(const struct json *schema,
                                    const struct json *value)
{
    const struct json *type = json_member(schema, "type");
    struct span name;

    if (!type)
        return true;
    if (json_text(type, &name))
        return openapi_is(value, name);
    for (size_t i = 0; i < json_nr(type); i++)
        if (json_text(json_item(type, i), &name) && openapi_is(value, name))
            return true;
    return false;
}

static inline bool openapi_in_enum(const struct json *schema,
                                   const struct json *value)
{
    const struct json *list = json_member(schema, "enum");
    struct span is = SPAN_LIT("");
    struct span one;

    (void)json_text(value, &is);
    for (size_t i = 0; i < json_nr(list); i++)
        if (json_text(json_item(list, i), &one) && span_eq(one, is))
            return true;
    return !list;
}

static inline bool openapi_fits(struct openapi *api, const struct json *schema,
                                const struct json *value, const char *where);

static inline bool openapi_object_fits(struct openapi *api,
                                       const struct json *schema,
                                       const struct json *value,
                                       const char *where)
{
    const struct json *properties = json_member(schema, "properties");
    const struct json *required = json_member(schema, "required");
    const struct json *member;
    struct span name;
    void *at = NULL;
    char path[256];

    for (size_t i = 0; i < json_nr(required); i++) {
        (void)json_text(json_item(required, i), &name);
        snprintf(path, sizeof(path), "%.*s", SPAN_ARG(name));
        if (!json_member(value, path)) {
            snprintf(api->why, sizeof(api->why), "%s has no %s", where, path);
            return false;
        }
    }
    while ((at = json_walk(value, at, &name, &member)) != NULL) {
        const struct json *inner;

        snprintf(path, sizeof(path), "%.*s", SPAN_ARG(name));
        inner = json_member(properties, path);
        if (!inner) {
            snprintf(api->why, sizeof(api->why), "%s has %s, not in the file",
                     where, path);
            return false;
        }
        snprintf(path, sizeof(path), "%s.%.*s", where, SPAN_ARG(name));
        if (!openapi_fits(api, inner, member, path))
            return false;
    }
    return true;
}

static inline bool openapi_one_fits(struct openapi *api,
                                    const struct json *list,
                                    const struct json *value,
                                    const char *where)
{
    for (size_t i = 0; i < json_nr(list); i++)
        if (openapi_fits(api, json_item(list, i), value, where))
            return true;
    return false;
}

static inline bool openapi_fits(struct openapi *api, const struct json *schema,
                                const struct json *value, const char *where)
{
    struct span ref = openapi_text(schema, "$ref");
    const struct json *one = json_member(schema, "oneOf");
    const struct json *items = json_member(schema, "items");

    if (ref.len)
        schema = openapi_named(api, ref);
    if (ref.len)
        items = json_member(schema, "items");
    if (one)
        return openapi_one_fits(api, one, value, where);
    if (!schema || !openapi_is_typed(schema, value) ||
        !openapi_in_enum(schema, value)) {
        snprintf(api->why, sizeof(api->why), "%s is of another type", where);
        return false;
    }
    if (json_is_object(value))
        return openapi_object_fits(api, schema, value, where);
    for (size_t i = 0; items && i < json_nr(value); i++)
        if (!openapi_fits(api, items, json_item(value, i), where))
            return false;
    return true;
}

#endif /* SUPPORT_OPENAPI_H */
