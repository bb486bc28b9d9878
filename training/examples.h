#ifndef TRAINING_EXAMPLES_H
#define TRAINING_EXAMPLES_H

#include "base/arena.h"
#include "learn.h"
#include "rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * From labelled comments to examples, by the program's own stages: there is
 * no second feature extractor.
 */

/*
 * Which fields an example is made from. A site without them must not look
 * different from one with them, so the trainer shows both (field dropout).
 */
enum fields {
    FIELDS_ALL,
    FIELDS_NO_AUTHOR, /* without name, web site, mail address */
    FIELDS_TEXT,      /* the text alone: no author, no post, no parent */
};

struct example_options {
    const uint16_t *idf; /* FEATURE_HASH_NR */
    uint32_t without;    /* bit (1 << family): that family left out */
    int origin;          /* from 1: gets an intercept of its own; 0: none */
};

/* Rarity of every bucket among the ham of `rows`; the caller frees. */
uint16_t *examples_rarity(const struct row_list *rows);

/*
 * The scaled vector of a comment as nodes in `keep`, equal slots added up.
 * `scratch` is reset.
 */
struct node *example_nodes(struct arena *keep, struct arena *scratch,
                           const struct comment *comment, enum fields fields,
                           const struct example_options *options);

#endif /* TRAINING_EXAMPLES_H */
