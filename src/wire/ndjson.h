#ifndef WIRE_NDJSON_H
#define WIRE_NDJSON_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Lines of a stream, one JSON value each, in constant memory.
 *
 * A line that passes the ceiling is skipped to its end without being kept;
 * the reader goes on with the next. CR before LF and a missing last LF are
 * accepted; blank lines are skipped but counted.
 */
#define NDJSON_LINE_MAX ((size_t)8 << 20)

enum ndjson_event {
    NDJSON_LINE,
    NDJSON_TOO_LONG, /* this line was longer than NDJSON_LINE_MAX */
    NDJSON_END,
    NDJSON_FAILED, /* reading failed; errno tells */
};

struct ndjson {
    int fd;           /* not owned */
    size_t number;    /* of the line last returned, from 1 */
    struct buf bytes; /* read and not yet returned */
    size_t at;        /* start of the unreturned part */
    size_t scanned;   /* bytes of it known to hold no LF */
    bool ended;
};

void ndjson_init(struct ndjson *in, int fd);
void ndjson_release(struct ndjson *in);

/* The next line, without its end; `*line` is valid until the next call. */
enum ndjson_event ndjson_next(struct ndjson *in, struct span *line);

/*
 * True when the next call would have to wait for input, however much can be
 * read at once: the moment to flush output, so that a program at the other
 * end of two pipes gets its answer. Reads ahead to find out, and ends the
 * life of the last line.
 */
bool ndjson_would_wait(struct ndjson *in);

#endif /* WIRE_NDJSON_H */
