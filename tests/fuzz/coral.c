/* Coral's door: a line with signatures, a body. */
#include "server/coral.h"

#include "fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span rest = fuzz_span(data, size);
    struct span signatures = fuzz_line(&rest);
    struct comment comment;
    struct arena arena;
    struct error err;

    arena_init(&arena);
    /* A signature that fits is not found by chance. */
    assert(!coral_signed(SPAN_LIT("a secret another"), signatures, rest));
    assert(!coral_signed(signatures, SPAN_LIT("sha256=00"), rest));
    if (!coral_read(&comment, &arena, rest, &err))
        assert(comment.id.len == 32);
    arena_release(&arena);
    return 0;
}
