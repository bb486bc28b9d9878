#ifndef SERVER_AKISMET_CALL_H
#define SERVER_AKISMET_CALL_H

#include "base/arena.h"
#include "base/span.h"
#include "comment/comment.h"
#include "wire/form.h"

#include <stdbool.h>

/*
 * A call of the Akismet protocol, as its clients really make it.
 *
 * The form's fields become a comment: text, author and so on under the names
 * of both the protocol and WordPress's table, in which feedback comes.
 * comment_context, the tags of the post, is not read: the model has learned
 * titles and texts of posts, and "Uncategorized" is neither. Nor is callback:
 * where late verdicts go is for the site's owner to say (site/akismet.c), for
 * whoever has a key could send us anywhere.
 *
 * WordPress keeps what visitors send with backslashes before quotes, and its
 * plugin passes it on like that when a form or XML-RPC brought it, but not
 * from the REST API, and not from the database. So backslashes are taken out
 * of the first look at a comment by that plugin alone (only then there is a
 * akismet_comment_nonce and no comment_ID), and only of fields in which every
 * quote and backslash has one.
 */

/* Characters of a key: the plugin's settings take no other length. */
#define AKISMET_KEY_LEN 12

/* Names that whoever tests a client sends, to get a certain answer. */
enum akismet_wish {
    AKISMET_WISH_NONE,
    AKISMET_WISH_SPAM, /* author viagra-test-123 or akismet-guaranteed-spam,
                          or that name's address at example.com */
    AKISMET_WISH_HAM,  /* user_role is administrator: the site vouches */
};

struct akismet_call {
    struct comment comment; /* no id, no site */
    struct span comment_id; /* the site's number; empty at the first look */
    struct span guid;       /* ours, given back */
    struct span reporter;   /* login of who gives feedback */
    enum akismet_wish wish;
    bool classify;  /* name the class in a header, too */
    bool is_test;   /* leave no trace */
    bool is_plugin; /* the caller is WordPress's plugin */
};

/*
 * Read the fields of `form`, sent by `user_agent`. Spans are in the arena or
 * point into the form. Whatever is missing stays empty.
 */
void akismet_call_read(struct akismet_call *call, struct arena *arena,
                       const struct form *form, struct span user_agent);

/* AKISMET_KEY_LEN letters in lower case or digits. */
bool akismet_key_is_one(struct span key);

/*
 * The key that old clients put before the name of the host,
 * "a1b2c3d4e5f6.rest.example:80"; empty if there is none.
 */
struct span akismet_host_key(struct span host);

#endif /* SERVER_AKISMET_CALL_H */
