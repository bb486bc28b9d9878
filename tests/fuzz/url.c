/* URLs and hosts, as people write them and as we call them. */
#include "site/http_url.h"
#include "text/link.h"
#include "text/utf8.h"

#include "fuzz.h"
#include "server/address.h"

#include <assert.h>

static void check_link(struct arena *arena, struct span text)
{
    struct span host = SPAN_LIT("untouched");
    bool found = link_host(arena, text, &host);

    assert(found ? host.len : span_eq(host, SPAN_LIT("untouched")));
}

/* What was taken apart and put together again is the same URL. */
static void check_url(struct arena *arena, struct span text)
{
    struct http_url url;
    struct http_url again;
    struct error err;

    if (http_url_parse(&url, arena, text, &err))
        return;
    assert(url.host.len && url.path.len && url.path.ptr[0] == '/');
    assert(!http_url_parse(&again, arena, http_url_text(arena, &url), &err));
    assert(http_url_same_host(&url, &again) && url.port == again.port);
    assert(http_url_may_follow(&url, &again));
}

static void check_address(struct arena *arena, struct span text)
{
    struct address address;
    struct address again;

    if (!address_parse(&address, text))
        return;
    assert(address_parse(&again, address_text(arena, &address)));
    assert(memcmp(&address, &again, sizeof(again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = fuzz_span(data, size);
    size_t repaired = 0;
    struct http_url url;
    struct arena arena;
    struct error err;

    arena_init(&arena);
    check_link(&arena, utf8_repair(&arena, text, &repaired));
    check_url(&arena, text);
    check_address(&arena, text);
    (void)!http_url_resolve(&url, &arena, SPAN_LIT("http://a.example/b/c?d"),
                            text, &err);
    arena_release(&arena);
    return 0;
}
