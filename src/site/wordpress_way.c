/*
 * Two ways lead to a WordPress: the companion's routes, and core's REST API.
 * The first is taken where it is there; where it ends, the second goes on.
 */
#include "base/alloc.h"
#include "site/wordpress_companion.h"

#include <stdlib.h>

/* REST lists by other names than it tells. */
static const struct {
    const char *ours;
    const char *listed;
} status_name[] = {
    { "hold", "hold" },
    { "approved", "approve" },
    { "spam", "spam" },
    { "trash", "trash" },
};

static const char *listed_as(struct span status)
{
    for (size_t i = 0; i < sizeof(status_name) / sizeof(status_name[0]); i++)
        if (span_eq(status, span_str(status_name[i].ours)))
            return status_name[i].listed;
    return "hold";
}

enum error_code wordpress_way_queue(struct site *site, size_t *total,
                                    struct error *err)
{
    return wordpress_way_history(site, SPAN_LIT("hold"), total, err);
}

enum error_code wordpress_way_history(struct site *site, struct span status,
                                      size_t *total, struct error *err)
{
    struct wordpress *wp = (struct wordpress *)site;
    enum error_code rc = wordpress_root(wp, err);

    *total = 0;
    wp->queue.status = listed_as(status);
    wp->companion.walking = false;
    if (http_stopped(wp->http))
        rc = ERROR_NONE;
    else if (!rc && wp->companion.there)
        rc = companion_queue(wp, total, err);
    if (rc || wp->companion.there)
        return rc;
    wp->companion.walking = false;
    return wordpress_queue(wp, total, err);
}

/* The companion's walk ended too early; core's begins where it was. */
static enum error_code queue_over_core(struct wordpress *wp, struct error *err)
{
    size_t ignored;
    enum error_code rc = wordpress_queue(wp, &ignored, err);

    wp->companion.walking = false;
    wordpress_queue_skip(wp, wp->companion.after);
    return rc;
}

enum error_code wordpress_way_queue_next(struct site *site,
                                         struct arena *arena,
                                         struct site_page *page,
                                         size_t *garbled, struct error *err)
{
    struct wordpress *wp = (struct wordpress *)site;
    enum error_code rc = ERROR_NONE;

    if (wp->companion.walking && wp->companion.there)
        rc = companion_queue_next(wp, arena, page, garbled, err);
    if (rc || (wp->companion.walking && wp->companion.there))
        return rc;
    if (wp->companion.walking)
        rc = queue_over_core(wp, err);
    return rc ? rc : wordpress_queue_next(wp, arena, page, garbled, err);
}

/* Changes that have no outcome yet, together. */
static enum error_code apply_rest(struct wordpress *wp,
                                  struct site_change *change, size_t nr,
                                  struct error *err)
{
    struct site_change *rest = xcalloc(nr ? nr : 1, sizeof(*rest));
    size_t *at = xcalloc(nr ? nr : 1, sizeof(*at));
    enum error_code rc;
    size_t left = 0;

    for (size_t i = 0; i < nr; i++) {
        if (change[i].outcome != SITE_WAITS)
            continue;
        at[left] = i;
        rest[left] = change[i];
        rest[left++].error.code = ERROR_NONE;
    }
    rc = wordpress_apply(wp, rest, left, err);
    for (size_t i = 0; i < left; i++)
        change[at[i]] = rest[i];
    free(at);
    free(rest);
    return rc;
}

bool wordpress_way_aside(const struct site *site)
{
    return ((const struct wordpress *)site)->companion.there;
}

void wordpress_way_apply_begin(struct site *site, struct site_change *change,
                               size_t nr)
{
    struct wordpress *wp = (struct wordpress *)site;

    for (size_t i = 0; i < nr; i++) {
        change[i].outcome = SITE_WAITS;
        change[i].error = (struct error){ ERROR_NONE, "" };
    }
    if (wp->companion.there)
        companion_apply_begin(wp, change, nr);
}

enum error_code wordpress_way_apply_end(struct site *site,
                                        struct site_change *change, size_t nr,
                                        struct error *err)
{
    struct wordpress *wp = (struct wordpress *)site;
    enum error_code rc = wordpress_root(wp, err);

    if (wp->companion.telling)
        rc = companion_apply_end(wp, err);
    if (http_stopped(wp->http))
        return ERROR_NONE;
    if (rc || wp->companion.there)
        return rc;
    return apply_rest(wp, change, nr, err);
}
