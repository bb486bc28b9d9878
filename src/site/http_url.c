#include "site/http_url.h"

#include "base/log.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

#define PORT_HTTP 80
#define PORT_HTTPS 443

/* A part of `from` in the arena; one that is not there is empty. */
static struct span url_part(struct arena *arena, CURLU *from, CURLUPart part)
{
    struct span copy = SPAN_LIT("");
    char *text = NULL;

    if (!curl_url_get(from, part, &text, CURLU_DEFAULT_PORT))
        copy = arena_dup(arena, span_str(text));
    curl_free(text);
    return copy;
}

static enum error_code url_refuse(struct error *err, struct span text,
                                  const char *why)
{
    /* What has an '@' may have a password before it. */
    if (span_find_char(text, '@') < text.len)
        text = SPAN_LIT("(not shown)");
    return error_set(err, ERROR_CONFIG, "url %s: %s", log_quote(text).text,
                     why);
}

static enum error_code url_take(struct http_url *url, struct arena *arena,
                                CURLU *from, struct span text,
                                struct error *err)
{
    struct span scheme = url_part(arena, from, CURLUPART_SCHEME);
    long long port = 0;

    if (!span_eq(scheme, SPAN_LIT("https")) &&
        !span_eq(scheme, SPAN_LIT("http")))
        return url_refuse(err, text, "only https:// and http:// will do");
    if (url_part(arena, from, CURLUPART_USER).len ||
        url_part(arena, from, CURLUPART_PASSWORD).len)
        return url_refuse(err, text,
                          "holds a user or password; give them as 'user' "
                          "and 'password'");
    if (!span_to_long(url_part(arena, from, CURLUPART_PORT), &port))
        return url_refuse(err, text, "its port is no number");
    url->secure = span_eq(scheme, SPAN_LIT("https"));
    url->port = (unsigned)port;
    url->host = url_part(arena, from, CURLUPART_HOST);
    url->path = url_part(arena, from, CURLUPART_PATH);
    url->query = url_part(arena, from, CURLUPART_QUERY);
    return ERROR_NONE;
}

/* libcurl resolves what is set on top of another URL. */
static bool url_set(CURLU *to, struct arena *arena, struct span text)
{
    return span_find_char(text, '\0') == text.len &&
           !curl_url_set(to, CURLUPART_URL, arena_dup(arena, text).ptr, 0);
}

enum error_code http_url_resolve(struct http_url *url, struct arena *arena,
                                 struct span base, struct span text,
                                 struct error *err)
{
    CURLU *from = curl_url();
    enum error_code rc;

    if ((base.len && !url_set(from, arena, base)) ||
        !url_set(from, arena, text))
        rc = url_refuse(err, text,
                        "is no URL; write it out, as https://example.com");
    else
        rc = url_take(url, arena, from, text, err);
    curl_url_cleanup(from);
    return rc;
}

enum error_code http_url_parse(struct http_url *url, struct arena *arena,
                               struct span text, struct error *err)
{
    return http_url_resolve(url, arena, SPAN_LIT(""), text, err);
}

struct span http_url_text(struct arena *arena, const struct http_url *url)
{
    bool plain_port = url->port == (url->secure ? PORT_HTTPS : PORT_HTTP);
    struct span port = SPAN_LIT("");

    if (!plain_port)
        port = arena_printf(arena, ":%u", url->port);
    return arena_printf(arena, "%s://%.*s%.*s%.*s%s%.*s",
                        url->secure ? "https" : "http", SPAN_ARG(url->host),
                        SPAN_ARG(port), SPAN_ARG(url->path),
                        url->query.len ? "?" : "", SPAN_ARG(url->query));
}

bool http_url_same_host(const struct http_url *a, const struct http_url *b)
{
    return span_eq_nocase(a->host, b->host);
}

bool http_url_may_follow(const struct http_url *from,
                         const struct http_url *to)
{
    if (!http_url_same_host(from, to))
        return false;
    if (from->secure == to->secure)
        return from->port == to->port;
    return to->secure && from->port == PORT_HTTP && to->port == PORT_HTTPS;
}

bool http_url_is_loopback(const struct http_url *url)
{
    struct span host = url->host;
    char copy[INET_ADDRSTRLEN];
    struct in_addr ip;

    if (span_eq_nocase(host, SPAN_LIT("localhost")) ||
        span_eq(host, SPAN_LIT("[::1]")))
        return true;
    if (host.len >= sizeof(copy))
        return false;
    memcpy(copy, host.ptr, host.len);
    copy[host.len] = '\0';
    return inet_pton(AF_INET, copy, &ip) == 1 &&
           ntohl(ip.s_addr) >> 24 == IN_LOOPBACKNET;
}
