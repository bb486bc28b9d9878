#include "comment/comment.h"

static const struct {
    const char *name;
    size_t offset;
} field[] = {
    { "id", offsetof(struct comment, id) },
    { "site", offsetof(struct comment, site) },
    { "text", offsetof(struct comment, text) },
    { "author", offsetof(struct comment, author) },
    { "author_url", offsetof(struct comment, author_url) },
    { "author_email", offsetof(struct comment, author_email) },
    { "author_ip", offsetof(struct comment, author_ip) },
    { "user_agent", offsetof(struct comment, user_agent) },
    { "referrer", offsetof(struct comment, referrer) },
    { "date", offsetof(struct comment, date) },
    { "permalink", offsetof(struct comment, permalink) },
    { "post_title", offsetof(struct comment, post_title) },
    { "post_text", offsetof(struct comment, post_text) },
    { "post_date", offsetof(struct comment, post_date) },
    { "parent_text", offsetof(struct comment, parent_text) },
    { "type", offsetof(struct comment, type) },
    { "role", offsetof(struct comment, role) },
    { "lang", offsetof(struct comment, lang) },
    { "status", offsetof(struct comment, status) },
    { "trap", offsetof(struct comment, trap) },
    { "fill_ms", offsetof(struct comment, fill_ms) },
};

struct span *comment_field(struct comment *comment, struct span name)
{
    for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++)
        if (span_eq(name, span_str(field[i].name)))
            return (struct span *)((char *)comment + field[i].offset);
    return NULL;
}

struct digest comment_digest(const struct comment *comment)
{
    const struct span judged[] = {
        comment->text,         comment->author,    comment->author_url,
        comment->author_email, comment->author_ip,
    };

    return digest_of_fields(judged, sizeof(judged) / sizeof(judged[0]));
}
