#ifndef TEXT_NORMALISE_H
#define TEXT_NORMALISE_H

#include "base/arena.h"
#include "comment/comment.h"
#include "text/fold.h"
#include "text/link.h"
#include "text/markup.h"
#include "text/word.h"

#include <stdbool.h>

/*
 * The first stage: what the comment says, whatever it was dressed in.
 *
 * Each text field goes through repair, markup and folding. `plain` is what a
 * reader sees, in its own spelling: for shape, evidence and people. `folded`
 * is what is counted. Links are taken out of `folded` (a link is judged by
 * where it leads, and n-grams of hosts were measured to hurt) but stay in
 * `plain`.
 */
struct text_field {
    struct span plain;
    struct span folded;
    struct word_list words; /* of folded */
};

struct text {
    struct text_field body;
    struct text_field author;
    struct text_field post_title;
    struct text_field post_text;
    struct text_field parent;
    struct link_list links;   /* of the body, in order; then bare ones */
    size_t links_more;        /* links beyond LINK_NR_MAX */
    struct link author_link;  /* author_url reduced; host empty if none */
    struct span email_domain; /* lower case; empty if none */
    struct fold_counts fold;  /* of the body */
    struct fold_counts author_fold; /* of the author's name */
    struct markup_counts markup;    /* of the body */
    size_t repaired;                /* bytes of the body that were not UTF-8 */
    bool cut;                       /* the body was longer than is judged */
};

struct shelf;

/*
 * Normalise `comment`. The result and all it points to are in the arena, or
 * point into the comment. Any bytes are accepted; linear in their number.
 */
struct text *text_normalise(struct arena *arena,
                            const struct comment *comment);

/*
 * The same for one comment of many: the post is looked up in `shelf`
 * (text/shelf.h), and put there. What the result has of the post may lie
 * there, until the next comment.
 */
struct text *text_normalise_next(struct arena *arena, struct shelf *shelf,
                                 const struct comment *comment);

#endif /* TEXT_NORMALISE_H */
