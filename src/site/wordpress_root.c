/*
 * Where a site's REST API is. WordPress says so itself, in a Link header of
 * its pages; a cache or a "coming soon" page may swallow that, so the two
 * usual places are tried after it. Nothing here sends the login.
 */
#include "site/wordpress.h"

#include "base/log.h"

#define RELATION SPAN_LIT("https://api.w.org/")

/* The target of `<url>; rel="https://api.w.org/"`, if `link` is that. */
static bool link_target(struct span link, struct span *target)
{
    size_t open = span_find_char(link, '<');
    size_t close = span_find_char(link, '>');

    if (open >= close || close >= link.len)
        return false;
    if (span_find(span_cut(link, close, link.len), RELATION) ==
        link.len - close)
        return false;
    *target = span_cut(link, open + 1, close);
    return true;
}

/*
 * The root as the site names it. A site behind a proxy may think that it is
 * reached over http or on another port; only its path and query count, unless
 * it names another host, which is then the address to configure.
 */
static enum error_code root_named(struct wordpress *wp, struct span target,
                                  struct span *root, struct error *err)
{
    struct http_url named;
    struct http_url here = wp->url;

    if (http_url_parse(&named, &wp->arena, target, err))
        return ERROR_SITE;
    if (!http_url_same_host(&named, &here))
        return error_set(err, ERROR_CONFIG,
                         "url %.*s: the site says that it lives at %.*s; set "
                         "url to that address",
                         SPAN_ARG(http_url_text(&wp->arena, &here)),
                         SPAN_ARG(named.host));
    here.path = named.path;
    here.query = named.query;
    *root = http_url_text(&wp->arena, &here);
    return ERROR_NONE;
}

/* After a redirect the site is where it led, if only http to https. */
static void note_move(struct wordpress *wp, const struct http_exchange *ex)
{
    struct error ignored;
    struct http_url moved;

    if (!ex->moved_to)
        return;
    if (http_url_parse(&moved, &wp->arena, span_str(ex->moved_to), &ignored))
        return;
    wp->url.secure = moved.secure;
    wp->url.port = moved.port;
}

static enum error_code root_from_link(struct wordpress *wp, struct span *root,
                                      struct error *err)
{
    enum error_code rc = ERROR_NONE;
    struct http_exchange ex;
    struct error ignored;
    struct span target;
    struct span link;
    size_t at = 0;

    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    ex.method = HTTP_HEAD;
    ex.once = true;
    ex.url = http_url_text(&wp->arena, &wp->url);

    /* What does not answer here is asked again, with patience, below. */
    if (http_fetch(wp->http, &ex, &ignored))
        goto out;
    note_move(wp, &ex);
    while (!root->len && !rc && http_header(&ex, SPAN_LIT("Link"), &at, &link))
        if (link_target(link, &target))
            rc = root_named(wp, target, root, err);
out:
    http_exchange_release(&ex);
    return rc;
}

static bool has_wp_v2(const struct json *index)
{
    const struct json *list = json_member(index, "namespaces");
    struct span name;

    for (size_t i = 0; i < json_nr(list); i++)
        if (json_text(json_item(list, i), &name) &&
            span_eq(name, SPAN_LIT("wp/v2")))
            return true;
    return false;
}

static enum error_code root_guess(struct wordpress *wp, const char *tail,
                                  struct span *root, struct error *err)
{
    struct http_url guess = wp->url;
    struct http_exchange ex;
    struct json_doc doc;
    enum error_code rc;

    guess.query = SPAN_LIT("");
    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    ex.url = arena_printf(&wp->arena, "%.*s%s",
                          SPAN_ARG(http_url_text(&wp->arena, &guess)), tail);
    http_start(wp->http, &ex);
    http_run(wp->http);
    note_move(wp, &ex);
    rc = rest_read(&doc, &ex, err);
    if (rc)
        goto out;
    if (has_wp_v2(doc.root))
        *root = ex.url;
    else
        rc = error_set(err, ERROR_SITE,
                       "%.*s: answers, but not as WordPress's REST API does; "
                       "look at url",
                       SPAN_ARG(ex.url));
    json_release(&doc);
out:
    http_exchange_release(&ex);
    return rc;
}

/* The error of the first guess tells more: most sites have it there. */
static enum error_code root_guesses(struct wordpress *wp, struct span *root,
                                    struct error *err)
{
    struct error ignored;
    enum error_code rc = root_guess(wp, "wp-json/", root, err);

    if (rc != ERROR_SITE)
        return rc;
    if (!root_guess(wp, "?rest_route=/", root, &ignored))
        rc = ERROR_NONE;
    return rc;
}

static struct span with_slash(struct arena *arena, struct span root)
{
    if (span_ends(root, SPAN_LIT("/")))
        return root;
    return arena_printf(arena, "%.*s/", SPAN_ARG(root));
}

static enum error_code refuse_plain(const struct wordpress *wp,
                                    struct error *err)
{
    if (wp->url.secure || http_url_is_loopback(&wp->url))
        return ERROR_NONE;
    return error_set(err, ERROR_CONFIG,
                     "url http://%.*s: a password is not sent over plain "
                     "http; give the site https and set url to its https:// "
                     "address",
                     SPAN_ARG(wp->url.host));
}

enum error_code wordpress_root(struct wordpress *wp, struct error *err)
{
    struct span root = SPAN_LIT("");
    enum error_code rc;

    if (wp->root.len)
        return ERROR_NONE;
    rc = root_from_link(wp, &root, err);
    if (!rc && !root.len)
        rc = root_guesses(wp, &root, err);
    if (!rc)
        rc = refuse_plain(wp, err);
    if (rc)
        return rc;
    wp->root = with_slash(&wp->arena, root);
    log_info("site_root", "site=%.*s root=%s", SPAN_ARG(wp->name),
             log_quote(wp->root).text);
    return ERROR_NONE;
}
