#ifndef PAGE_GUARD_H
#define PAGE_GUARD_H

#include "server/http_message.h"

#include <stdbool.h>

/*
 * What the page demands of a request before anybody looks at it, and what its
 * answers forbid the browser.
 */

/*
 * Can nobody read along: by https (a trusted proxy says so), or from this
 * machine?
 */
bool guard_is_private(const struct http_request *request);

/*
 * Does a changing request come from the page itself? The browser says so in
 * Sec-Fetch-Site or, the older ones, in Origin, which no other site's script
 * can forge; a request that has neither is none of the page's.
 */
bool guard_is_own(const struct http_request *request);

/*
 * The value of a cookie of ours, empty when there is none. It is called
 * differently on https, where the browser then takes it from this very host
 * only (__Host-).
 */
struct span guard_cookie(const struct http_request *request);

/* Set it to `token`, for `seconds`; 0: take it away. */
void guard_set_cookie(const struct http_request *request,
                      struct http_answer *answer, struct span token,
                      int64_t seconds);

/*
 * Nothing from elsewhere, nothing inline, in no frame; no type guessed, no
 * address of ours told to others.
 */
void guard_headers(struct http_answer *answer);

#endif /* PAGE_GUARD_H */
