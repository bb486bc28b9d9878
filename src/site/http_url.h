#ifndef SITE_HTTP_URL_H
#define SITE_HTTP_URL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>

/*
 * Where a request goes, and whether a password may follow it there.
 *
 * Parsing is libcurl's own, so that what is checked here is what libcurl
 * contacts later. The spans are in the arena.
 */
struct http_url {
    bool secure;      /* https */
    struct span host; /* an IPv6 address in its brackets */
    unsigned port;
    struct span path;  /* begins with '/' */
    struct span query; /* without its '?' */
};

/*
 * Take `text` apart. ERROR_CONFIG when it is no http or https URL, or holds a
 * user or password: those have options of their own, which are never logged.
 */
enum error_code http_url_parse(struct http_url *url, struct arena *arena,
                               struct span text, struct error *err) MUST_CHECK;

/*
 * The same for `text` as it is written in a page or header at `base`, where
 * it may be relative ("/x").
 */
enum error_code http_url_resolve(struct http_url *url, struct arena *arena,
                                 struct span base, struct span text,
                                 struct error *err) MUST_CHECK;

/* Put it together again, without a default port; in the arena. */
struct span http_url_text(struct arena *arena, const struct http_url *url);

/* The host, whatever the case of its letters, is the same. */
bool http_url_same_host(const struct http_url *a, const struct http_url *b);

/*
 * Whether what was meant for `from` may go to `to`: the same host and port,
 * or the same host's step up from plain http to https.
 */
bool http_url_may_follow(const struct http_url *from,
                         const struct http_url *to);

/* The host is this machine itself: 127.x.x.x, [::1], localhost. */
bool http_url_is_loopback(const struct http_url *url);

#endif /* SITE_HTTP_URL_H */
