#ifndef WIRE_COMMENT_SCAN_H
#define WIRE_COMMENT_SCAN_H

#include "base/arena.h"
#include "base/span.h"
#include "comment/comment.h"

#include <stdbool.h>

/*
 * The short way from a line to a comment: one pass, no tree.
 *
 * Most lines are an object of strings as they should be. Those are read here
 * for a tenth of what the JSON library takes. All others, and be it for one
 * odd escape, go the long way (json_parse, comment_from_json), which knows
 * what to repair and what to complain about; so this never has to.
 */

/*
 * Fill `comment`, zeroed by the caller, from `line` as comment_from_json
 * would; its spans are copies in the arena. False when the line is not of
 * the easy kind: `comment` is then in no particular state.
 */
bool comment_scan(struct comment *comment, struct arena *arena,
                  struct span line);

#endif /* WIRE_COMMENT_SCAN_H */
