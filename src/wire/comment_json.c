#include "wire/comment_json.h"

#include "wire/comment_scan.h"

#include <math.h>
#include <string.h>

/* Integers up to here are exact in a double. */
#define EXACT_MAX 9007199254740992.0

/* What WordPress calls our fields; where it says something, it wins. */
static const struct {
    const char *name;
    const char *field;
} wordpress[] = {
    { "author_name", "author" },
    { "author_user_agent", "user_agent" },
    { "date_gmt", "date" },
    { "link", "permalink" },
};

/* A number as an id would be written: in full where it is whole. */
static struct span number_text(struct arena *arena, double number)
{
    if (fabs(number) <= EXACT_MAX && number == floor(number))
        return arena_printf(arena, "%.0f", number);
    return arena_printf(arena, "%.17g", number);
}

/*
 * The text of `value`. Null and, because PHP says false for "there is none",
 * booleans are empty.
 */
static enum error_code text_of(struct span *text, struct arena *arena,
                               struct span name, const struct json *value,
                               struct error *err)
{
    long long whole;
    double number;
    struct span s;

    if (json_is_array(value) || json_is_object(value))
        return error_set(err, ERROR_INPUT, "%.*s: text expected, not %s",
                         SPAN_ARG(name),
                         json_is_array(value) ? "an array" : "an object");
    if (json_text(value, &s))
        *text = arena_dup(arena, s);
    else if (json_long(value, &whole))
        *text = arena_printf(arena, "%lld", whole);
    else if (json_double(value, &number))
        *text = number_text(arena, number);
    else
        *text = SPAN_LIT("");
    return ERROR_NONE;
}

/* The author of a WordPress object is a user's number, which names nobody. */
static bool is_user_number(struct span name, const struct json *value)
{
    double number;

    return span_eq(name, SPAN_LIT("author")) && json_double(value, &number);
}

static enum error_code read_fields(struct comment *comment,
                                   struct arena *arena,
                                   const struct json *value, struct error *err)
{
    const struct json *item;
    struct span name;
    void *at = NULL;

    for (;;) {
        enum error_code rc;
        struct span *field;

        at = json_walk(value, at, &name, &item);
        if (!at)
            return ERROR_NONE;
        field = comment_field(comment, name);
        if (!field || is_user_number(name, item))
            continue;
        rc = text_of(field, arena, name, item, err);
        if (rc)
            return rc;
    }
}

static enum error_code read_wordpress(struct comment *comment,
                                      struct arena *arena,
                                      const struct json *value,
                                      struct error *err)
{
    for (size_t i = 0; i < sizeof(wordpress) / sizeof(wordpress[0]); i++) {
        struct span name = span_str(wordpress[i].name);
        struct span text = SPAN_LIT("");
        const struct json *item = json_member(value, wordpress[i].name);
        enum error_code rc = text_of(&text, arena, name, item, err);

        if (rc)
            return rc;
        if (text.len)
            *comment_field(comment, span_str(wordpress[i].field)) = text;
    }
    return ERROR_NONE;
}

/* As the author typed it, if we are shown that; else as the site shows it. */
static enum error_code read_content(struct comment *comment,
                                    struct arena *arena,
                                    const struct json *value,
                                    struct error *err)
{
    const struct json *content = json_member(value, "content");
    enum error_code rc;

    if (!content || comment->text.len)
        return ERROR_NONE;
    if (!json_is_object(content))
        return text_of(&comment->text, arena, SPAN_LIT("content"), content,
                       err);
    rc = text_of(&comment->text, arena, SPAN_LIT("content.raw"),
                 json_member(content, "raw"), err);
    if (!rc && !comment->text.len)
        rc = text_of(&comment->text, arena, SPAN_LIT("content.rendered"),
                     json_member(content, "rendered"), err);
    return rc;
}

static enum error_code comment_check(const struct comment *comment,
                                     struct error *err)
{
    if (comment->id.len > COMMENT_ID_MAX)
        return error_set(err, ERROR_INPUT, "id: longer than %d bytes",
                         COMMENT_ID_MAX);
    if (!comment->text.len && !comment->author.len)
        return error_set(err, ERROR_INPUT,
                         "no comment: neither text nor author");
    return ERROR_NONE;
}

enum error_code comment_from_json(struct comment *comment, struct arena *arena,
                                  const struct json *value, struct error *err)
{
    enum error_code rc;

    memset(comment, 0, sizeof(*comment));
    if (!json_is_object(value))
        return error_set(err, ERROR_INPUT, "no comment: not a JSON object");
    rc = read_fields(comment, arena, value, err);
    if (!rc)
        rc = read_wordpress(comment, arena, value, err);
    if (!rc)
        rc = read_content(comment, arena, value, err);
    return rc ? rc : comment_check(comment, err);
}

enum error_code comment_parse(struct comment *comment, struct arena *arena,
                              struct span line, struct error *err)
{
    enum error_code rc;
    struct json_doc doc;

    memset(comment, 0, sizeof(*comment));
    if (comment_scan(comment, arena, line))
        return comment_check(comment, err);
    rc = json_parse(&doc, line, err);
    if (rc)
        return rc;
    rc = comment_from_json(comment, arena, doc.root, err);
    json_release(&doc);
    return rc;
}

void reasons_put_json(struct buf *out, const struct verdict *verdict)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < verdict->nr; i++) {
        const struct reason *reason = &verdict->reason[i];

        if (i)
            buf_add_char(out, ',');
        buf_add(out, SPAN_LIT("{\"feature\":"));
        json_put_text(out, reason->feature);
        buf_add(out, SPAN_LIT(",\"weight\":"));
        json_put_real(out, reason->weight);
        buf_add(out, SPAN_LIT(",\"evidence\":"));
        json_put_text(out, reason->evidence);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

void verdict_put_json(struct buf *out, struct span id,
                      const struct verdict *verdict)
{
    buf_add(out, SPAN_LIT("{\"id\":"));
    json_put_text(out, id);
    buf_add(out, SPAN_LIT(",\"verdict\":"));
    json_put_text(out, verdict_name(verdict->kind));
    buf_add(out, SPAN_LIT(",\"p_spam\":"));
    json_put_real(out, verdict->p_spam);
    buf_add(out, SPAN_LIT(",\"p_abuse\":"));
    json_put_real(out, verdict->p_abuse);
    buf_add(out, SPAN_LIT(",\"reasons\":"));
    reasons_put_json(out, verdict);
    buf_add(out, SPAN_LIT(",\"model\":"));
    json_put_text(out, verdict->model);
    buf_add(out, SPAN_LIT("}\n"));
}

/* False for what has no name; then it is no reason. */
static bool reason_read(struct reason *reason, struct arena *arena,
                        const struct json *value)
{
    struct span feature;
    struct span evidence = SPAN_LIT("");

    reason->weight = 0;
    if (!json_text(json_member(value, "feature"), &feature))
        return false;
    (void)json_text(json_member(value, "evidence"), &evidence);
    (void)json_double(json_member(value, "weight"), &reason->weight);
    reason->feature = arena_dup(arena, feature);
    reason->evidence = arena_dup(arena, evidence);
    return true;
}

void reasons_from_json(struct verdict *verdict, struct arena *arena,
                       struct span text)
{
    struct json_doc doc;
    struct error err;

    verdict->nr = 0;
    if (json_parse(&doc, text, &err))
        return;
    for (size_t i = 0; i < json_nr(doc.root); i++) {
        if (verdict->nr == VERDICT_REASONS_MAX)
            break;
        if (reason_read(&verdict->reason[verdict->nr], arena,
                        json_item(doc.root, i)))
            verdict->nr++;
    }
    json_release(&doc);
}

void comment_put_json(struct buf *out, const struct comment *comment)
{
    bool first = true;

    buf_add_char(out, '{');
    for (size_t i = 0; i < comment_field_nr(); i++) {
        struct span value = comment_field_value(comment, i);

        if (!value.len)
            continue;
        buf_add(out, first ? SPAN_LIT("\"") : SPAN_LIT(",\""));
        buf_add(out, comment_field_name(i));
        buf_add(out, SPAN_LIT("\":"));
        json_put_text(out, value);
        first = false;
    }
    buf_add_char(out, '}');
}
