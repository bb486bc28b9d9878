#ifndef TEXT_DOT_H
#define TEXT_DOT_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The dot between two labels of a host, plain or dressed up.
 *
 * Spammers write it so that a filter sees no host and a reader does; careful
 * people write it so that nobody clicks by mistake. "shop[.]example",
 * "shop (dot) example", "shop{dot}example", "shop dot example", "shop . com",
 * and the full stops of East Asian type, which browsers take for dots.
 */
struct dot {
    size_t end; /* where the next label begins */
    bool disguised;
    bool spaced; /* stood between blanks only; ask dot_is_meant */
    bool word;   /* spelled "dot" */
};

/* Read the dot at `at`; false if there is none. Looks at a few bytes only. */
bool dot_read(struct span text, size_t at, struct dot *dot);

/*
 * Of a `spaced` dot behind `label`: is it part of a host, or of a sentence
 * ("the dot com bubble", "red dot . com")? Looks at a few bytes only.
 */
bool dot_is_meant(struct span text, struct span label, const struct dot *dot);

#endif /* TEXT_DOT_H */
