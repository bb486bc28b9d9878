#ifndef PAGE_EVIDENCE_H
#define PAGE_EVIDENCE_H

#include "base/arena.h"
#include "base/buf.h"
#include "comment/verdict.h"

/*
 * Where in a text the reasons' evidence stands, for a page to mark it there.
 */

/* Marks of one reason; what repeats more often is marked so often. */
#define EVIDENCE_MARKS_MAX 20

/*
 * Append "parts": `text`, plain and valid UTF-8, cut into parts in a row, each
 * {"text": ...} and, where it is a reason's evidence, {"reason": index}. The
 * first reasons win where two meet; without case, whole words only.
 */
void evidence_put(struct buf *out, const char *name, struct arena *arena,
                  struct span text, const struct verdict *verdict);

#endif /* PAGE_EVIDENCE_H */
