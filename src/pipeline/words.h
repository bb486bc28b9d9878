#ifndef PIPELINE_WORDS_H
#define PIPELINE_WORDS_H

#include "base/buf.h"
#include "base/span.h"
#include "comment/verdict.h"

#include <stdbool.h>

/*
 * Reasons in the words of a moderator: "many links (shop.example)" for
 * link_many, "viagra" in quotes for a word, "on the deny list" for a rule.
 *
 * Only the name is needed, so that reasons read back from the store do too.
 * The words may hold a comment's bytes: they go through screen.h.
 */

/* Append the words for one reason. */
void words_for_reason(struct buf *out, const struct reason *reason);

/*
 * Append those of all reasons of a verdict: what speaks against the comment
 * first, then, after "but", what speaks for it; or only the latter.
 */
void words_for_verdict(struct buf *out, const struct verdict *verdict);

/* What a named feature or a family of n-grams means; empty if unknown. */
struct span words_meaning(struct span feature);

/* Is it one of the named features, which say one thing each? */
bool words_is_named(struct span feature);

/* A probability for people: "<1%", "97%", ">99%". */
struct words_percent {
    char text[8];
};
struct words_percent words_percent(double probability);

#endif /* PIPELINE_WORDS_H */
