#include "page/assets.h"

#include "page/guard.h"

#include <stdint.h>

/* gen/assets_list.h has a line ASSET(number, "name", "path") for each file. */
#define ASSET(nr, name, path)                                                 \
    __asm__(".section .rodata\n"                                              \
            ".balign 16\n"                                                    \
            "asset_" #nr "_begin: .incbin \"" path "\"\n"                     \
            "asset_" #nr "_end:\n"                                            \
            ".previous\n");                                                   \
    extern const char asset_##nr##_begin[];                                   \
    extern const char asset_##nr##_end[];
#include "assets_list.h"
#undef ASSET

static const struct {
    struct span name;
    const char *begin;
    const char *end;
} asset[] = {
#define ASSET(nr, name, path)                                                 \
    { { name, sizeof(name) - 1 }, asset_##nr##_begin, asset_##nr##_end },
#include "assets_list.h"
#undef ASSET
};

#define ASSET_NR (sizeof(asset) / sizeof(asset[0]))

_Static_assert(ASSET_NR <= ASSETS_MAX, "every asset has its tag");

static const struct {
    struct span ending;
    const char *type;
} kind[] = {
    { { ".html", 5 }, "text/html; charset=utf-8" },
    { { ".css", 4 }, "text/css; charset=utf-8" },
    { { ".js", 3 }, "text/javascript; charset=utf-8" },
    { { ".svg", 4 }, "image/svg+xml" },
    { { ".json", 5 }, "application/json" },
};

static struct span bytes_of(size_t i)
{
    return (struct span){ asset[i].begin,
                          (size_t)((uintptr_t)asset[i].end -
                                   (uintptr_t)asset[i].begin) };
}

size_t assets_nr(void)
{
    return ASSET_NR;
}

struct span assets_name(size_t i)
{
    return asset[i].name;
}

void assets_init(struct assets *assets, bool over_http)
{
    assets->over_http = over_http;
    for (size_t i = 0; i < ASSET_NR; i++)
        assets->tag[i] = digest_of(bytes_of(i));
}

static size_t find(struct span name)
{
    size_t i = 0;

    while (i < ASSET_NR && !span_eq(asset[i].name, name))
        i++;
    return i;
}

static void answer_with(const struct assets *assets, size_t i,
                        struct http_request *request,
                        struct http_answer *answer)
{
    struct span tag =
        arena_printf(request->arena, "\"%s\"", assets->tag[i].hex);
    struct span has = http_request_header(request, "If-None-Match");

    for (size_t k = 0; k < sizeof(kind) / sizeof(kind[0]); k++)
        if (span_ends(asset[i].name, kind[k].ending))
            answer->type = kind[k].type;
    http_answer_header(answer, "ETag", tag);
    http_answer_header(answer, "Cache-Control", SPAN_LIT("no-cache"));
    answer->status = 304;
    if (span_find(has, tag) < has.len)
        return;
    answer->status = 200;
    answer->body = bytes_of(i);
}

void assets_handle(void *context, struct http_request *request,
                   struct http_answer *answer)
{
    const struct assets *assets = context;
    struct span name = request->path;
    size_t i;

    guard_headers(answer);
    if (span_starts(name, SPAN_LIT("/page/")))
        name = span_cut(name, 6, name.len);
    else
        name = SPAN_LIT("index.html");
    i = find(name);
    if (!assets->over_http && !guard_is_private(request))
        http_answer_refuse(answer, request->arena, 403, "plain_http",
                           "the page is not served where others could read "
                           "along: use https, with the proxy in [serve] "
                           "proxies, or set page_over_http");
    else if (i == ASSET_NR)
        http_answer_refuse(answer, request->arena, 404, "no_such_path",
                           "the page has no such file");
    else
        answer_with(assets, i, request, answer);
}
