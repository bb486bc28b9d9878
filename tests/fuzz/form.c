/* Forms: every piece is accounted for, and nothing gets longer. */
#include "wire/form.h"

#include "fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct form form;
    struct error err;
    size_t len = 0;

    arena_init(&arena);
    if (!form_parse(&form, &arena, fuzz_span(data, size), &err)) {
        for (size_t i = 0; i < form.nr; i++) {
            struct span name = form.field[i].name;

            len += name.len + form.field[i].value.len;
            assert(form_has(&form, name));
            assert(span_starts(name, form_list_name(name)));
        }
        assert(len <= size);
    }
    arena_release(&arena);
    return 0;
}
