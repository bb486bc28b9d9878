/*
 * A webhook: a line each for secrets, id, timestamp, the signatures of both
 * kinds; then the body.
 */
#include "server/signature.h"
#include "wire/message_json.h"

#include "fuzz.h"

#include <assert.h>

/* No bytes are signed by chance under a secret that they don't know. */
static void check_signatures(struct span rest)
{
    struct span secrets = fuzz_line(&rest);
    struct span id = fuzz_line(&rest);
    struct span stamp = fuzz_line(&rest);
    struct span standard = fuzz_line(&rest);
    struct span hub = fuzz_line(&rest);
    struct span ours = SPAN_LIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw x");

    assert(!signature_is_standard(ours, id, stamp, rest, standard));
    assert(!signature_is_hub(ours, rest, hub));
    (void)signature_is_standard(secrets, id, stamp, rest, standard);
    (void)signature_is_hub(secrets, rest, hub);
    (void)signature_secrets_sound(secrets);
}

static void check_message(struct arena *arena, struct span body)
{
    struct message message;
    struct error err;

    if (message_parse(&message, arena, body, &err))
        return;
    if (message.kind == MESSAGE_DECIDED)
        assert(message.comment.id.len);
    if (message.kind == MESSAGE_CREATED || message.kind == MESSAGE_EDITED)
        assert(message.comment.text.len || message.comment.author.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span all = fuzz_span(data, size);
    struct span body = all;
    struct arena arena;

    arena_init(&arena);
    check_signatures(all);
    for (int i = 0; i < 5; i++)
        (void)fuzz_line(&body);
    check_message(&arena, body);
    arena_release(&arena);
    return 0;
}
