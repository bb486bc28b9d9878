#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

/*
 * A fuzz target: libFuzzer calls this with bytes of its own making, in a
 * block of just their size, and the sanitizers see whoever goes beyond it.
 * Each target asserts besides what its parser promises.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline struct span fuzz_span(const uint8_t *data, size_t size)
{
    return (struct span){ (const char *)data, size };
}

/*
 * Cut the next line off `rest`, without its end: for targets that take more
 * than one piece.
 */
static inline struct span fuzz_line(struct span *rest)
{
    size_t end = span_find_char(*rest, '\n');
    struct span line = span_cut(*rest, 0, end);

    *rest = span_cut(*rest, end + 1, rest->len);
    return line;
}

#endif /* FUZZ_FUZZ_H */
