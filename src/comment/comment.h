#ifndef COMMENT_COMMENT_H
#define COMMENT_COMMENT_H

#include "base/digest.h"
#include "base/span.h"

/*
 * A comment as the site holds it: raw bytes, nothing cleaned, nothing known.
 *
 * Every field may be empty, and an empty field means "the site did not say",
 * never "the author left it out": that difference is worthless on a site
 * whose form has no such field. Bytes may be invalid UTF-8; the text stage
 * repairs them. The spans point wherever the comment came from (a line of
 * input, an arena); the comment owns nothing.
 */
struct comment {
    struct span id;           /* the site's name for it, at most 256 bytes */
    struct span site;         /* which site, when several share a stream */
    struct span text;         /* HTML, BBCode or plain, as stored */
    struct span author;       /* display name */
    struct span author_url;   /* the "website" field of the form */
    struct span author_email; /* may be "@domain" when the rest was removed */
    struct span author_ip;    /* IPv4 or IPv6 */
    struct span user_agent;
    struct span referrer;
    struct span date;      /* ISO 8601, with or without zone */
    struct span permalink; /* of the post */
    struct span post_title;
    struct span post_text; /* its beginning will do */
    struct span post_date;
    struct span parent_text; /* of the comment it answers */
    struct span type;        /* comment, reply, trackback, pingback, ... */
    struct span role;        /* of a logged-in author: administrator, ... */
    struct span lang;        /* of the site: "en", "de_DE" */
    struct span status;      /* at the site: hold, approved, spam, trash */
    struct span trap;        /* typed into a field that people don't see */
    struct span fill_ms;     /* from form shown to form sent, milliseconds */
};

/* Bytes of text that are judged; of a longer one, its two ends. */
#define COMMENT_TEXT_HEAD ((size_t)48 << 10)
#define COMMENT_TEXT_TAIL ((size_t)16 << 10)

/* Bytes of any other field that are judged: its beginning. */
#define COMMENT_FIELD_MAX ((size_t)8 << 10)

/* The field called `name` at the border ("author_url"), or NULL. */
struct span *comment_field(struct comment *comment, struct span name);

/* How many fields there are, and the name of field `i`. */
size_t comment_field_nr(void);
struct span comment_field_name(size_t i);
struct span comment_field_value(const struct comment *comment, size_t i);

/*
 * Fingerprint of what a verdict rests on: text and author fields. It changes
 * exactly when the comment should be judged again.
 */
struct digest comment_digest(const struct comment *comment);

/*
 * Fingerprint of its author's mail address, however that is capitalised: the
 * thread by which a person's data is found again. Empty (hex[0] is NUL) when
 * there is no whole address.
 */
struct digest comment_person(struct span email);

#endif /* COMMENT_COMMENT_H */
