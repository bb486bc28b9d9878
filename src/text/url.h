#ifndef TEXT_URL_H
#define TEXT_URL_H

#include "base/span.h"
#include "text/host.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * One URL: where it ends in a text, and which host it names.
 *
 * Only what browsers make of a URL counts, not what the standard says of it:
 * "http:\\shop.example", "HTTP://user@shop.example.:80" and "//shop.example"
 * all lead to one host. Only the schemes of the web have one.
 *
 * Pure; nothing is allocated; linear in the bytes looked at.
 */
struct url_scheme {
    size_t len;     /* bytes, without the colon */
    bool disguised; /* "hxxp", "h**p" */
};

/*
 * The scheme of the web that `text` ends with ("see http"): http, https, ftp
 * and their disguises. False if there is none.
 */
bool url_scheme_last(struct span text, struct url_scheme *scheme);

/*
 * The end of the URL in `text` whose path or authority goes on at `at`:
 * before blanks, quotes, angle brackets and typographic punctuation, before
 * another URL glued to it, and without the punctuation of the sentence around
 * it. A closing bracket belongs to it if its opening one does. Never below
 * `at`.
 */
size_t url_end(struct span text, size_t at);

/*
 * The host that `url` names, with or without a scheme; false if none. Without
 * one it must end in a public suffix or be an IPv4 address. An IPv6 address
 * comes without its brackets, as one label.
 */
bool url_host(struct span url, struct host *host);

#endif /* TEXT_URL_H */
