#ifndef TRAINING_PHRASES_H
#define TRAINING_PHRASES_H

#include "rows.h"

/*
 * Weak labels: comments made from a list of what spam contains.
 *
 * Owners of sites have collected, over fifteen years, the words of the spam
 * they got: names of goods as author names and hosts ("cheap jerseys"), and
 * the flattery around them. What is on the list is often, not always, spam.
 * Each comment made here shows such words where spam shows them, around the
 * honest text of another row, so that nothing but the words can tell it from
 * that row.
 */

/*
 * Append `nr` spam rows of `source` made from the list `path`, one phrase a
 * line, and the honest rows of `rows`.
 */
enum error_code phrases_make(struct row_list *rows, const char *path,
                             int source, size_t nr, uint64_t seed,
                             struct error *err) MUST_CHECK;

#endif /* TRAINING_PHRASES_H */
