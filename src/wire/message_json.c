#include "wire/message_json.h"

#include "wire/comment_json.h"
#include "wire/json.h"

#include <string.h>

static const struct {
    const char *type;
    enum message_kind kind;
} type_kind[] = {
    { "comment.created", MESSAGE_CREATED },
    { "comment.edited", MESSAGE_EDITED },
    { "comment.decided", MESSAGE_DECIDED },
    { "sluice.test", MESSAGE_TEST },
};

static enum message_kind kind_of(struct span type)
{
    for (size_t i = 0; i < sizeof(type_kind) / sizeof(type_kind[0]); i++)
        if (span_eq(type, span_str(type_kind[i].type)))
            return type_kind[i].kind;
    return MESSAGE_OTHER;
}

/* The member's text, empty when it is missing or no text. */
static struct span member_text(struct arena *arena, const struct json *object,
                               const char *name)
{
    struct span text = SPAN_LIT("");

    (void)json_text(json_member(object, name), &text);
    return arena_dup(arena, text);
}

/* Somebody's decision needs no words of the comment's. */
static enum error_code read_id(struct message *message, struct arena *arena,
                               const struct json *comment, struct error *err)
{
    const struct json *id = json_member(comment, "id");
    long long number;

    if (message->comment.id.len)
        return ERROR_NONE;
    if (json_long(id, &number))
        message->comment.id = arena_printf(arena, "%lld", number);
    else
        message->comment.id = member_text(arena, comment, "id");
    if (message->comment.id.len && message->comment.id.len <= COMMENT_ID_MAX)
        return ERROR_NONE;
    return error_set(err, ERROR_INPUT,
                     "data.comment.id: missing, or longer than %d bytes",
                     COMMENT_ID_MAX);
}

static enum error_code read_comment(struct message *message,
                                    struct arena *arena,
                                    const struct json *data, struct error *err)
{
    const struct json *comment = json_member(data, "comment");
    enum error_code rc;
    struct span status;

    if (!json_is_object(comment))
        return error_set(err, ERROR_INPUT,
                         "data.comment: missing, or no object");
    rc = comment_from_json(&message->comment, arena, comment, err);
    if (rc && message->kind != MESSAGE_DECIDED)
        return rc;
    rc = read_id(message, arena, comment, err);
    status = member_text(arena, data, "status");
    if (status.len)
        message->comment.status = status;
    return rc;
}

static enum error_code read_data(struct message *message, struct arena *arena,
                                 const struct json *root, struct error *err)
{
    const struct json *data = json_member(root, "data");

    if (!json_is_object(data))
        return error_set(err, ERROR_INPUT, "data: missing, or no object");
    message->old_status = member_text(arena, data, "old_status");
    message->by = member_text(arena, data, "by");
    message->source = member_text(arena, data, "source");
    (void)json_boolean(json_member(data, "wrong"), &message->wrong);
    return read_comment(message, arena, data, err);
}

enum error_code message_parse(struct message *message, struct arena *arena,
                              struct span body, struct error *err)
{
    struct json_doc doc;
    enum error_code rc = json_parse(&doc, body, err);

    memset(message, 0, sizeof(*message));
    if (rc)
        return rc;
    message->type = member_text(arena, doc.root, "type");
    message->kind = kind_of(message->type);
    if (!message->type.len)
        rc = error_set(err, ERROR_INPUT, "type: missing, or no text");
    else if (message->kind != MESSAGE_OTHER && message->kind != MESSAGE_TEST)
        rc = read_data(message, arena, doc.root, err);
    json_release(&doc);
    return rc;
}
