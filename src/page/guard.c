#include "page/guard.h"

#include <inttypes.h>

#define COOKIE "sluice_session"

bool guard_is_private(const struct http_request *request)
{
    return request->https || request->near;
}

bool guard_is_own(const struct http_request *request)
{
    struct span site = http_request_header(request, "Sec-Fetch-Site");
    struct span origin = http_request_header(request, "Origin");
    struct span host = http_request_header(request, "Host");
    size_t scheme = span_find(origin, SPAN_LIT("://"));

    if (site.len)
        return span_eq(site, SPAN_LIT("same-origin"));
    return host.len && scheme < origin.len &&
           span_eq_nocase(span_cut(origin, scheme + 3, origin.len), host);
}

static struct span cookie_name(const struct http_request *request)
{
    return request->https ? SPAN_LIT("__Host-" COOKIE) : SPAN_LIT(COOKIE);
}

struct span guard_cookie(const struct http_request *request)
{
    struct span rest = http_request_header(request, "Cookie");
    struct span name = cookie_name(request);

    while (rest.len) {
        size_t end = span_find_char(rest, ';');
        struct span one = span_trim(span_cut(rest, 0, end));
        size_t equals = span_find_char(one, '=');

        if (span_eq(span_cut(one, 0, equals), name))
            return span_cut(one, equals + 1, one.len);
        rest = span_cut(rest, end + 1, rest.len);
    }
    return SPAN_LIT("");
}

void guard_set_cookie(const struct http_request *request,
                      struct http_answer *answer, struct span token,
                      int64_t seconds)
{
    http_answer_header(
        answer, "Set-Cookie",
        arena_printf(request->arena,
                     "%.*s=%.*s; Path=/; HttpOnly; SameSite=Strict; "
                     "Max-Age=%" PRId64 "%s",
                     SPAN_ARG(cookie_name(request)), SPAN_ARG(token), seconds,
                     request->https ? "; Secure" : ""));
}

void guard_headers(struct http_answer *answer)
{
    static const struct {
        const char *name;
        const char *value;
    } header[] = {
        { "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; "
          "connect-src 'self'; img-src 'self'; frame-ancestors 'none'; "
          "base-uri 'none'; form-action 'self'" },
        { "X-Content-Type-Options", "nosniff" },
        { "Referrer-Policy", "no-referrer" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
        { "Cross-Origin-Embedder-Policy", "require-corp" },
        { "Permissions-Policy",
          "camera=(), microphone=(), geolocation=(), payment=()" },
    };

    for (size_t i = 0; i < sizeof(header) / sizeof(header[0]); i++)
        http_answer_header(answer, header[i].name, span_str(header[i].value));
}
