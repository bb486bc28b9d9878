#ifndef SITE_WORDPRESS_LOOK_H
#define SITE_WORDPRESS_LOOK_H

#include "site/wordpress.h"

/*
 * A look at the comments of some changes in one request, before they are
 * written one by one; a part of wordpress_apply.
 *
 * A look of its own for each change would take as long as the change. What is
 * seen counts as seen "just now" for half a second: whatever is written later
 * is looked at alone. So at a site that is slow fewer are looked at together
 * the next time, and where it is quick more.
 *
 * A person who decides between the look and the write is overruled, and nobody
 * notices: core has no condition on a write, its answer tells the status that
 * the write has made and never the one before, and where WordPress remembers
 * that one (_wp_trash_meta_status) REST does not show. So nothing can be put
 * back; only the companion, which compares with the row locked, is safe.
 */
#define LOOK_NR_FIRST ((size_t)8)
#define LOOK_NR_MAX ((size_t)24)
#define LOOK_NR_MIN ((size_t)3)
#define LOOK_FRESH_MS 500

struct look {
    struct wordpress *wp;
    struct http_exchange ex;
    struct arena arena; /* the URL */
    struct json_doc doc;
    bool under_way;
    bool read;     /* there is a doc */
    bool late;     /* some of it was too old when it was needed */
    int64_t at_ms; /* when the answer came */
    size_t from;   /* changes [from, to) of the caller's */
    size_t to;
};

/* `done` is called with an exchange whose owner is `owner`. */
void look_init(struct look *look, struct wordpress *wp,
               void (*done)(struct http_exchange *ex), void *owner);
void look_release(struct look *look);

/* Ask for change[from] and what follows it, wp->look_nr at most. */
void look_ask(struct look *look, const struct site_change *change, size_t from,
              size_t nr);

/* The answer is there, whatever it is; for `done`. */
void look_take(struct look *look);

/* Is the change `i` among those that were, or are to be, looked at? */
bool look_has(const struct look *look, size_t i);

/* The comment of a change, if it was seen just now, or NULL. */
const struct json *look_row(struct look *look,
                            const struct site_change *change);

#endif /* SITE_WORDPRESS_LOOK_H */
