#ifndef TEXT_STYLE_H
#define TEXT_STYLE_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>

/*
 * Does this inline style keep its element from a reader's eye? Not displayed,
 * not visible, of no size, transparent, or moved off the screen: the ways in
 * which links are hidden in pages. Style sheets are not a comment's to write.
 */
bool style_hides(struct arena *arena, struct span style);

#endif /* TEXT_STYLE_H */
