/* A comment as JSON: what is read can be written, and read again. */
#include "wire/comment_json.h"

#include "fuzz.h"

#include <assert.h>

static void round_trip(struct arena *arena, const struct comment *comment)
{
    struct comment again;
    struct error err;
    struct buf out;
    struct comment known = *comment;

    buf_init(&out, (size_t)64 << 20);
    buf_add(&out, SPAN_LIT("{\"text\":"));
    json_put_text(&out, known.text);
    buf_add(&out, SPAN_LIT(",\"author\":"));
    json_put_text(&out, known.author);
    buf_add_char(&out, '}');
    assert(!comment_parse(&again, arena, buf_span(&out), &err) ||
           !(known.text.len + known.author.len));
    if (known.text.len)
        assert(span_eq(again.text, known.text));
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct comment comment;
    struct arena arena;
    struct error err;

    arena_init(&arena);
    if (!comment_parse(&comment, &arena, fuzz_span(data, size), &err))
        round_trip(&arena, &comment);
    arena_release(&arena);
    return 0;
}
