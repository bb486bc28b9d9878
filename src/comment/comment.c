#include "comment/comment.h"

static const struct {
    struct span name;
    size_t offset;
} field[] = {
    { { "id", 2 }, offsetof(struct comment, id) },
    { { "site", 4 }, offsetof(struct comment, site) },
    { { "text", 4 }, offsetof(struct comment, text) },
    { { "author", 6 }, offsetof(struct comment, author) },
    { { "author_url", 10 }, offsetof(struct comment, author_url) },
    { { "author_email", 12 }, offsetof(struct comment, author_email) },
    { { "author_ip", 9 }, offsetof(struct comment, author_ip) },
    { { "user_agent", 10 }, offsetof(struct comment, user_agent) },
    { { "referrer", 8 }, offsetof(struct comment, referrer) },
    { { "date", 4 }, offsetof(struct comment, date) },
    { { "permalink", 9 }, offsetof(struct comment, permalink) },
    { { "post_title", 10 }, offsetof(struct comment, post_title) },
    { { "post_text", 9 }, offsetof(struct comment, post_text) },
    { { "post_date", 9 }, offsetof(struct comment, post_date) },
    { { "parent_text", 11 }, offsetof(struct comment, parent_text) },
    { { "type", 4 }, offsetof(struct comment, type) },
    { { "role", 4 }, offsetof(struct comment, role) },
    { { "lang", 4 }, offsetof(struct comment, lang) },
    { { "status", 6 }, offsetof(struct comment, status) },
    { { "trap", 4 }, offsetof(struct comment, trap) },
    { { "fill_ms", 7 }, offsetof(struct comment, fill_ms) },
};

struct span *comment_field(struct comment *comment, struct span name)
{
    for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++)
        if (span_eq(name, field[i].name))
            return (struct span *)((char *)comment + field[i].offset);
    return NULL;
}

size_t comment_field_nr(void)
{
    return sizeof(field) / sizeof(field[0]);
}

struct span comment_field_name(size_t i)
{
    return field[i].name;
}

struct span comment_field_value(const struct comment *comment, size_t i)
{
    return *(const struct span *)((const char *)comment + field[i].offset);
}

struct digest comment_digest(const struct comment *comment)
{
    const struct span judged[] = {
        comment->text,         comment->author,    comment->author_url,
        comment->author_email, comment->author_ip,
    };

    return digest_of_fields(judged, sizeof(judged) / sizeof(judged[0]));
}

#define EMAIL_BYTES_MAX 320

struct digest comment_person(struct span email)
{
    struct span trimmed = span_trim(email);
    char lower[EMAIL_BYTES_MAX];
    size_t at = span_find_char(trimmed, '@');

    if (!at || at == trimmed.len || trimmed.len > sizeof(lower))
        return (struct digest){ "" };
    for (size_t i = 0; i < trimmed.len; i++) {
        char c = trimmed.ptr[i];

        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return digest_of((struct span){ lower, trimmed.len });
}
