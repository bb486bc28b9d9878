#ifndef TRAINING_LEND_H
#define TRAINING_LEND_H

#include "rows.h"

/*
 * What honest people have, and the public ham lacks.
 *
 * The public ham comes from places whose forms had no name, no web site and
 * hardly a link: a classifier would learn that to have one is to be a
 * spammer. So some honest rows, chosen by lot, are lent a name, the web site
 * of that name, a link as people give them, or a mail address to write to.
 * What is lent says nothing about the text it stands under; that is the
 * point.
 */
void lend_fields(struct row_list *rows, uint64_t seed);

#endif /* TRAINING_LEND_H */
