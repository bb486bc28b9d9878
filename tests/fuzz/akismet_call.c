/* A call of the Akismet protocol: a line with the client's name, a form. */
#include "server/akismet_call.h"

#include "fuzz.h"
#include "server/akismet.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span rest = fuzz_span(data, size);
    struct span agent = fuzz_line(&rest);
    struct akismet_call call;
    struct arena arena;
    struct form form;
    struct error err;

    arena_init(&arena);
    if (!form_parse(&form, &arena, rest, &err)) {
        struct span text;

        akismet_call_read(&call, &arena, &form, agent);
        text = form_get(&form, SPAN_LIT("comment_content"));
        assert(call.comment.text.len <= text.len);
        if (!call.is_plugin)
            assert(span_eq(call.comment.text, text));
        assert(!akismet_host_key(agent).len ||
               akismet_key_is_one(akismet_host_key(agent)));
        assert(akismet_guid(&arena, agent, &call.comment).len == 32);
    }
    arena_release(&arena);
    return 0;
}
