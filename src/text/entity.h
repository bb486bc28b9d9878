#ifndef TEXT_ENTITY_H
#define TEXT_ENTITY_H

#include "base/arena.h"
#include "base/span.h"

#include <stddef.h>

/*
 * HTML entities to the characters they stand for: "&eacute;", "&#8217;",
 * "&#x2019;".
 *
 * Browsers forgive, and so does this: numbers need no semicolon, 128 to 159
 * mean Windows-1252. What stands for nothing ("AT&T", "&foo;") stays text.
 */

/*
 * `text`, valid UTF-8, with its entities decoded once, in the arena; `text`
 * itself when it has none. The result is never longer. Adds to `*disguises`,
 * unless NULL, the entities that need not have been any: numeric ones for
 * ASCII letters, or for foreign letters in a word of ASCII ones. Linear.
 */
struct span entity_decode(struct arena *arena, struct span text,
                          size_t *disguises);

#endif /* TEXT_ENTITY_H */
