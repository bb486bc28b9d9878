#include "text/url.h"

#include "text/ascii.h"
#include "text/utf8.h"

#include <string.h>

static const struct {
    struct span name;
    bool disguised;
} web_scheme[] = {
    { { "https", 5 }, false }, { { "http", 4 }, false },
    { { "hxxps", 5 }, true },  { { "hxxp", 4 }, true },
    { { "h**ps", 5 }, true },  { { "h**p", 4 }, true },
    { { "ftp", 3 }, false },
};

bool url_scheme_last(struct span text, struct url_scheme *scheme)
{
    for (size_t i = 0; i < sizeof(web_scheme) / sizeof(web_scheme[0]); i++) {
        struct span name = web_scheme[i].name;

        if (text.len < name.len ||
            !span_eq_nocase(span_cut(text, text.len - name.len, text.len),
                            name))
            continue;
        *scheme = (struct url_scheme){ name.len, web_scheme[i].disguised };
        return true;
    }
    return false;
}

/* Blanks, quotes, dashes and ornaments that no one means as part of a URL. */
static bool ends_url(uint32_t cp)
{
    if (cp < 0x80)
        return cp <= ' ' || cp == 0x7F || strchr("<>\"`{}|\\^", (int)cp);
    if (cp < 0xC0)
        return true;
    if (cp >= 0x2000 && cp < 0x2C00) /* punctuation, arrows, dingbats */
        return true;
    if (cp >= 0x3000 && cp < 0x3040) /* East Asian punctuation */
        return true;
    return cp >= 0xFE10; /* presentation and wide forms, emoji */
}

/* Does another URL begin at the colon at `at`, glued to this one? */
static bool is_glued(struct span text, size_t from, size_t at)
{
    struct url_scheme scheme;
    struct span before = span_cut(text, from, at);

    if (!span_starts(span_cut(text, at, at + 3), SPAN_LIT("://")) ||
        !url_scheme_last(before, &scheme) || before.len == scheme.len)
        return false;
    /* One inside a path or query is what a redirect leads to. */
    return !strchr("/=?&:", before.ptr[before.len - scheme.len - 1]);
}

/* The brackets open in a URL: ')' and ']' end it when there are none. */
struct balance {
    long round;
    long square;
};

static void balance_count(struct balance *balance, char c, long by)
{
    balance->round += c == '(' ? by : c == ')' ? -by : 0;
    balance->square += c == '[' ? by : c == ']' ? -by : 0;
}

/* Is `c`, the last character, punctuation of the sentence around? */
static bool is_trailing(char c, const struct balance *balance)
{
    if (c == ')')
        return balance->round < 0;
    if (c == ']')
        return balance->square < 0;
    return c && strchr(".,;:!?'*_~([", c);
}

size_t url_end(struct span text, size_t at)
{
    struct balance balance = { 0, 0 };
    size_t end = at;

    while (end < text.len) {
        size_t next = end;
        uint32_t cp = utf8_next(text, &next);

        if (ends_url(cp))
            break;
        /* What is left of broken BBCode: "http://example.com[/url]". */
        if (cp == '[' && next < text.len && text.ptr[next] == '/')
            break;
        if (cp == ':' && is_glued(text, at, end)) {
            struct url_scheme scheme = { 0, false };

            (void)url_scheme_last(span_cut(text, at, end), &scheme);
            end -= scheme.len;
            break;
        }
        balance_count(&balance, text.ptr[end], 1);
        end = next;
    }
    /* A glued scheme was counted, but letters do not tip the balance. */
    while (end > at && is_trailing(text.ptr[end - 1], &balance)) {
        balance_count(&balance, text.ptr[end - 1], -1);
        end--;
    }
    return end;
}

/* Move `*url` behind "http:" and its slashes; false if it has no scheme. */
static bool cut_scheme(struct span *url)
{
    size_t colon = span_find_char(*url, ':');
    struct url_scheme scheme;
    size_t at = 0;

    if (colon < url->len &&
        url_scheme_last(span_cut(*url, 0, colon), &scheme) &&
        scheme.len == colon)
        at = colon + 1;
    else if (!span_starts(*url, SPAN_LIT("//")))
        return false;
    while (at < url->len && (url->ptr[at] == '/' || url->ptr[at] == '\\'))
        at++;
    *url = span_cut(*url, at, url->len);
    return true;
}

/* "user:password@host:80" of "user:password@host:80/path", without user. */
static struct span cut_authority(struct span url)
{
    size_t end = 0;
    size_t from = 0;

    while (end < url.len && !strchr("/\\?#", url.ptr[end])) {
        if (url.ptr[end] == '@')
            from = end + 1;
        end++;
    }
    return span_cut(url, from, end);
}

static bool ipv6_host(struct span authority, struct host *host)
{
    size_t end = span_find_char(authority, ']');

    if (end < 3 || end >= authority.len || end > HOST_LEN_MAX)
        return false;
    host->len = 0;
    for (size_t i = 1; i < end; i++) {
        char c = authority.ptr[i];

        if (!c || !strchr("0123456789abcdefABCDEF:.", c))
            return false;
        host->name[host->len++] = ascii_lower(c);
    }
    host->name[host->len] = '\0';
    host->nr = 1;
    return memchr(host->name, ':', host->len) != NULL;
}

/* Is what follows the host nothing, a port, or the root's final dot? */
static bool ends_well(struct span rest)
{
    size_t at = 0;

    while (at < rest.len && rest.ptr[at] == '.')
        at++;
    return at == rest.len || rest.ptr[at] == ':';
}

bool url_host(struct span url, struct host *host)
{
    struct span authority;
    bool has_scheme;

    url = span_trim(url);
    has_scheme = cut_scheme(&url);
    authority = cut_authority(url);
    if (has_scheme && span_starts(authority, SPAN_LIT("[")))
        return ipv6_host(authority, host);
    if (!host_read(authority, 0, HOST_IN_URL, host) ||
        !ends_well(span_cut(authority, host->end, authority.len)))
        return false;
    if (has_scheme)
        return true;
    /* Else "mailto:a@example.com" would lead to a host, and "tel:1". */
    return authority.ptr == url.ptr &&
           (host_is_ipv4(host) || host_has_suffix(host));
}
