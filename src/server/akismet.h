#ifndef SERVER_AKISMET_H
#define SERVER_AKISMET_H

#include "base/arena.h"
#include "base/span.h"
#include "comment/comment.h"
#include "server/http_message.h"

/*
 * The Akismet protocol, for the clients that speak it already: below
 * /1.1/ verify-key, comment-check, submit-spam, submit-ham, get-subscription,
 * get-stats, token, deactivate and test; below /1.2/ usage-limit, key-sites
 * and compatible-plugins.
 *
 * Clients compare bodies byte by byte and take every status but 200 for a
 * failure; so a refusal is 200 with the body "invalid" and the reason in
 * X-akismet-debug-help, and only then: some clients throw when they see that
 * header. 429 is the one exception, for whoever asks too often, and 404 for a
 * path that the protocol has not.
 *
 * The protocol knows "true" and "false", and no doubt. Doubt is "false": a
 * client that knows nothing else leaves the comment to its site's own
 * moderation. The WordPress plugin can do better: with X-akismet-error beside
 * the verdict every version of it holds the comment, whatever the site
 * approves by itself, until a person looks or a later verdict comes. That
 * header is for the plugin alone. X-akismet-recheck-after would not do:
 * versions before 5.3.2 don't know it, and later ones approve when the time
 * is over.
 *
 * X-akismet-pro-tip: discard makes a client delete a comment that nobody has
 * seen. It is sent only for sites whose owner wants it, and from
 * AKISMET_DISCARD_AT on.
 *
 * X-akismet-guid names the verdict in the store. It is made of what was
 * judged, so that feedback finds its verdict though most clients don't give
 * the header back, and that a client's second try is no second comment.
 *
 * When sluice itself changes a comment at the site, the plugin reports that
 * as if a person had: feedback names its reporter and the site's own number
 * for the comment, by which the desk knows the echo.
 */
#define AKISMET_DISCARD_AT 0.9999

/*
 * All of it; `context` is a struct desk. For routes that end in '*', of both
 * methods, so that the tail is "comment-check" and so on.
 */
http_handler akismet_handle;

/* The name of the verdict on `comment` of `site`; in the arena. */
struct span akismet_guid(struct arena *arena, struct span site,
                         const struct comment *comment);

#endif /* SERVER_AKISMET_H */
