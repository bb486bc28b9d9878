#include "text/writer.h"

#include <string.h>

void writer_init(struct writer *writer, struct arena *arena, size_t room)
{
    *writer = (struct writer){ arena_alloc(arena, room), 0, room };
}

void writer_add(struct writer *writer, struct span s)
{
    s = span_cut(s, 0, writer->room - writer->len);
    if (s.len)
        memcpy(writer->ptr + writer->len, s.ptr, s.len);
    writer->len += s.len;
}

struct span writer_span(const struct writer *writer, size_t from)
{
    return (struct span){ writer->ptr + from, writer->len - from };
}
