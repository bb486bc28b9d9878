#ifndef WIRE_PLAIN_H
#define WIRE_PLAIN_H

#include "base/span.h"

#include <stddef.h>

/*
 * How many bytes at the start of `s` a JSON string holds as they are, and
 * that are ASCII: no quote, backslash or control character. Most of every
 * string is such a run, so eight bytes are looked at at once.
 */
size_t plain_len(struct span s);

#endif /* WIRE_PLAIN_H */
