#ifndef TEXT_SHELF_H
#define TEXT_SHELF_H

#include "base/span.h"
#include "text/normalise.h"

/*
 * Posts that comments stood under, normalised, for the comments to come: most
 * stand under one of the last few.
 *
 * There are SHELF_PLACES places; a look at some of a post's bytes names the
 * only one it may be in, and a newcomer takes the place of who was there. All
 * bytes are compared, so no post is taken for another. Of each no more is
 * kept than is judged (COMMENT_FIELD_MAX): a few KiB. Not for threads to
 * share.
 */
struct shelf;

#define SHELF_PLACES 32

struct shelf_post {
    struct text_field title;
    struct text_field text;
};

struct shelf *shelf_new(void);
void shelf_free(struct shelf *shelf); /* NULL is fine */

/* The post of these bytes, until the next shelf_keep; NULL if it is not here.
 */
const struct shelf_post *shelf_find(const struct shelf *shelf,
                                    struct span title, struct span text);

/* Keep a copy of what was made of these bytes. */
void shelf_keep(struct shelf *shelf, struct span title, struct span text,
                const struct shelf_post *post);

#endif /* TEXT_SHELF_H */
