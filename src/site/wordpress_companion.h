#ifndef SITE_WORDPRESS_COMPANION_H
#define SITE_WORDPRESS_COMPANION_H

#include "site/wordpress.h"

/*
 * The routes of the companion plugin (src/wordpress/sluice.php), for sites
 * that have it. It is found by its name among those of the REST root, and
 * spares a site what core can't do better: a verdict leaves the comment's row
 * as it is, hundreds of them are one request, and each is applied only if
 * status and content are still what was judged.
 *
 * It may go away at any moment (a plugin is switched off in wp-admin). Then
 * companion.there becomes false, which is said once, and what is left over is
 * for core's REST API (wordpress_way).
 */
#define COMPANION_NAMESPACE "sluice/v1"

/* The "api" of its answers that we understand. */
#define COMPANION_API 1

/* Most comments of a page, and verdicts of a request. */
#define COMPANION_BATCH_MAX SITE_PAGE_MAX

void companion_init(struct wordpress *wp);
void companion_release(struct wordpress *wp);

/*
 * See whether it is there; without it, say what it would spare the user. The
 * login is known to work.
 */
enum error_code companion_find(struct wordpress *wp,
                               struct error *err) MUST_CHECK;

/* The answer says that the route is not there any more. */
bool companion_is_gone(const struct http_exchange *ex);

/* Go on without it, and say why. */
void companion_lose(struct wordpress *wp, const char *why);

/*
 * The queue, as in site.h. When the companion is lost on the way, both return
 * as if all was well, with nothing; companion.after is how far they got.
 */
enum error_code companion_queue(struct wordpress *wp, size_t *total,
                                struct error *err) MUST_CHECK;
enum error_code companion_queue_next(struct wordpress *wp, struct arena *arena,
                                     struct site_page *page, size_t *garbled,
                                     struct error *err) MUST_CHECK;

/*
 * Changes, in two parts as in site.h; their outcomes are SITE_WAITS when they
 * come here. When the companion is lost on the way, what is left keeps that.
 */
void companion_apply_begin(struct wordpress *wp, struct site_change *change,
                           size_t nr);
enum error_code companion_apply_end(struct wordpress *wp,
                                    struct error *err) MUST_CHECK;

/* Forget what was begun; the site may have it all the same. */
void companion_apply_drop(struct wordpress *wp);

#endif /* SITE_WORDPRESS_COMPANION_H */
