#include "site/wordpress.h"

#include "base/alloc.h"
#include "base/log.h"
#include "site/wordpress_companion.h"
#include "site/wordpress_look.h"

#include <stdlib.h>

/* What an Editor has; without the last three rows go missing in silence. */
static const char *const capability[] = {
    "moderate_comments",
    "edit_posts",
    "edit_others_posts",
    "edit_published_posts",
};

#define CAPABILITY_NR (sizeof(capability) / sizeof(capability[0]))

static enum error_code options_refuse(const struct site_options *options,
                                      struct error *err)
{
    if (!options->user.len)
        return error_set(err, ERROR_CONFIG,
                         "site %.*s: no user; name one who may moderate "
                         "comments, such as an Editor",
                         SPAN_ARG(options->name));
    if (span_find_char(options->user, ':') < options->user.len)
        return error_set(err, ERROR_CONFIG,
                         "site %.*s: the user's name can't hold a colon",
                         SPAN_ARG(options->name));
    if (!options->password.len)
        return error_set(err, ERROR_CONFIG,
                         "site %.*s: no password; make an application "
                         "password on the user's profile page",
                         SPAN_ARG(options->name));
    return ERROR_NONE;
}

static enum error_code client_make(struct wordpress *wp,
                                   const struct site_options *options,
                                   struct error *err)
{
    const struct http_options http = {
        .user = options->user,
        .password = options->password,
        .ca_file = options->ca_file,
        .timeout_s =
            options->timeout_s ? options->timeout_s : SITE_TIMEOUT_S_DEFAULT,
        .in_flight = wp->in_flight,
        .retries = options->retries,
        .stop = options->stop,
        .turn = options->turn,
    };

    return http_client_new(&wp->http, &http, err);
}

static void wordpress_close(struct site *site)
{
    struct wordpress *wp = (struct wordpress *)site;

    http_client_free(wp->http);
    wordpress_posts_release(&wp->posts);
    companion_release(wp);
    free(wp->queue.id);
    arena_release(&wp->arena);
    free(wp);
}

static enum error_code wordpress_open(struct site **site,
                                      const struct site_options *options,
                                      struct error *err)
{
    struct wordpress *wp = xcalloc(1, sizeof(*wp));
    enum error_code rc;

    wp->site.ops = &wordpress_ops;
    arena_init(&wp->arena);
    arena_init(&wp->posts.arena);
    companion_init(wp);
    wp->name = arena_dup(&wp->arena, options->name);
    wp->user = arena_dup(&wp->arena, options->user);
    wp->in_flight =
        options->in_flight ? options->in_flight : SITE_IN_FLIGHT_DEFAULT;
    wp->retries = options->retries;
    wp->look_nr = LOOK_NR_FIRST;

    rc = options_refuse(options, err);
    if (!rc)
        rc = http_url_parse(&wp->url, &wp->arena, options->url, err);
    if (!rc)
        rc = client_make(wp, options, err);
    if (rc) {
        wordpress_close(&wp->site);
        return rc;
    }
    /* The place of a site is a directory, however it is written. */
    if (!wp->url.query.len && !span_ends(wp->url.path, SPAN_LIT("/")))
        wp->url.path =
            arena_printf(&wp->arena, "%.*s/", SPAN_ARG(wp->url.path));
    *site = &wp->site;
    return ERROR_NONE;
}

/*
 * A site that has application passwords switched off answers a right password
 * like a wrong one; its index tells the two apart.
 */
static enum error_code explain_401(struct wordpress *wp, struct error *err)
{
    const struct json *offer;
    struct http_exchange ex;
    struct error ignored;
    struct json_doc doc;

    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    ex.url = wp->root;
    http_start(wp->http, &ex);
    http_run(wp->http);
    if (rest_read(&doc, &ex, &ignored))
        goto out;
    offer = json_member(doc.root, "authentication");
    if (offer && !json_member(offer, "application-passwords"))
        error_set(err, ERROR_SITE,
                  "%.*s: the site has application passwords switched off: "
                  "they need https (or WP_ENVIRONMENT_TYPE 'local'), and a "
                  "security plugin can forbid them",
                  SPAN_ARG(wp->root));
    json_release(&doc);
out:
    http_exchange_release(&ex);
    return ERROR_SITE;
}

static enum error_code check_capabilities(struct wordpress *wp,
                                          const struct json *me,
                                          struct error *err)
{
    const struct json *has = json_member(me, "capabilities");

    for (size_t i = 0; i < CAPABILITY_NR; i++) {
        bool granted = false;

        if (json_boolean(json_member(has, capability[i]), &granted) && granted)
            continue;
        return error_set(err, ERROR_SITE,
                         "%.*s: user %.*s lacks the capability %s; give it "
                         "the role of an Editor",
                         SPAN_ARG(wp->root), SPAN_ARG(wp->user),
                         capability[i]);
    }
    return ERROR_NONE;
}

/* Some security plugins hide the users' routes; then this has to do. */
static enum error_code check_by_listing(struct wordpress *wp,
                                        struct arena *arena, struct error *err)
{
    struct http_exchange ex;
    struct json_doc doc;
    enum error_code rc;

    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    ex.login = true;
    ex.url = rest_url(
        arena, wp->root, "wp/v2/comments",
        SPAN_LIT("context=edit&status=hold&type=all&per_page=1&_fields=id"));
    http_start(wp->http, &ex);
    http_run(wp->http);
    rc = rest_read(&doc, &ex, err);
    if (!rc) {
        json_release(&doc);
        log_warn("site_users_hidden",
                 "site=%.*s hint=\"comments can be listed, but not what the "
                 "user may do; an Editor may do all that is needed\"",
                 SPAN_ARG(wp->name));
    }
    http_exchange_release(&ex);
    return rc;
}

enum error_code wordpress_login_known(struct wordpress *wp, bool *known,
                                      struct error *err)
{
    struct http_exchange ex;
    struct json_doc doc;
    struct arena arena;
    enum error_code rc;

    arena_init(&arena);
    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    ex.login = true;
    ex.url = rest_url(&arena, wp->root, "wp/v2/users/me",
                      SPAN_LIT("context=edit&_fields=id,capabilities"));
    http_start(wp->http, &ex);
    http_run(wp->http);
    rc = rest_read(&doc, &ex, err);
    *known = !rc;
    if (!rc) {
        rc = check_capabilities(wp, doc.root, err);
        json_release(&doc);
    } else if (rc == ERROR_SITE && ex.status == 401 &&
               rest_code(&ex).text[0]) {
        rc = explain_401(wp, err);
    } else if (rc == ERROR_SITE && (ex.status == 403 || ex.status == 404)) {
        struct error ignored;

        if (!check_by_listing(wp, &arena, &ignored))
            rc = ERROR_NONE;
        *known = ex.status == 403;
    }
    http_exchange_release(&ex);
    arena_release(&arena);
    return rc;
}

enum error_code wordpress_login(struct wordpress *wp, struct error *err)
{
    bool ignored;

    return wordpress_login_known(wp, &ignored, err);
}

static enum error_code wordpress_check(struct site *site, struct error *err)
{
    struct wordpress *wp = (struct wordpress *)site;
    enum error_code rc = wordpress_root(wp, err);

    if (!rc)
        rc = wordpress_login(wp, err);
    return rc ? rc : companion_find(wp, err);
}

static bool takes_notes(const struct site *site)
{
    return ((const struct wordpress *)site)->companion.there;
}

const struct site_ops wordpress_ops = {
    .open = wordpress_open,
    .close = wordpress_close,
    .check = wordpress_check,
    .queue = wordpress_way_queue,
    .history = wordpress_way_history,
    .queue_next = wordpress_way_queue_next,
    .aside = wordpress_way_aside,
    .apply_begin = wordpress_way_apply_begin,
    .apply_end = wordpress_way_apply_end,
    .takes_notes = takes_notes,
    .examine = wordpress_examine,
};
