#ifndef STORE_ESCAPE_H
#define STORE_ESCAPE_H

#include "base/buf.h"

/*
 * Any bytes, as text that PostgreSQL takes.
 *
 * Its text must be UTF-8 and can't hold a NUL; a comment can be anything. So
 * each byte that is no part of a character, and each NUL, is kept as one of
 * the last 256 code points, U+10FF00 and the byte's value: private ones that
 * no font has. Where they come by themselves, their bytes are treated so, too;
 * then every text comes back as it went in. All other text stays as it is, for
 * whoever looks at the tables with another tool.
 */
void escape_add(struct buf *out, struct span text);

/* Is anything in `text`, which comes from the database, escaped? */
bool escape_used(struct span text);

/* The bytes that `text` stands for. */
void escape_undo(struct buf *out, struct span text);

#endif /* STORE_ESCAPE_H */
