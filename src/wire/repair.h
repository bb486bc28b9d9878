#ifndef WIRE_REPAIR_H
#define WIRE_REPAIR_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * JSON as real exports hold it, made into JSON as the RFC has it.
 *
 * A comment is not lost because its emoji was cut in two. What is repaired is
 * what old databases and hasty programs are known to write; anything else is
 * left for the parser to refuse:
 *
 * - bytes that are no UTF-8, read as Windows-1252 (what old sites stored);
 * - half of a surrogate pair ("\ud83d"), read as U+FFFD;
 * - control characters inside a string, escaped;
 * - integers beyond 64 bits, put in quotes, since only ids are so long;
 * - NaN, read as null, which is what Python means by it;
 * - a byte order mark before everything, dropped.
 */

/* Room that the repair of `len` bytes may take: an escape for each. */
#define REPAIR_ROOM(len) ((len) * sizeof("\\u0000"))

/*
 * Append `text`, repaired, to `out`. True when anything was: otherwise a
 * second attempt at parsing will fail like the first.
 */
bool repair_json(struct buf *out, struct span text);

/* Bytes of the valid UTF-8 sequence that begins `s`, or 0. */
size_t repair_sequence_len(struct span s);

/* Append, as UTF-8, what Windows-1252 means by `byte`, 0x80 to 0xFF. */
void repair_put_byte(struct buf *out, unsigned char byte);

#endif /* WIRE_REPAIR_H */
