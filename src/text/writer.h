#ifndef TEXT_WRITER_H
#define TEXT_WRITER_H

#include "base/arena.h"
#include "base/span.h"

#include <stddef.h>

/*
 * Text written into the arena, where its worst length is known beforehand.
 *
 * It never moves, so spans of what was written stay good.
 */
struct writer {
    char *ptr;
    size_t len;
    size_t room;
};

void writer_init(struct writer *writer, struct arena *arena, size_t room);

/* Append; what would not fit is cut off, which the room given rules out. */
void writer_add(struct writer *writer, struct span s);

/* What was written from offset `from` on. */
struct span writer_span(const struct writer *writer, size_t from);

#endif /* TEXT_WRITER_H */
