#include "site/wordpress_companion.h"

#include "base/log.h"

#include <string.h>

void companion_init(struct wordpress *wp)
{
    arena_init(&wp->companion.arena);
    http_exchange_init(&wp->companion.page, WORDPRESS_ANSWER_MAX);
}

void companion_release(struct wordpress *wp)
{
    companion_apply_drop(wp);
    http_exchange_release(&wp->companion.page);
    arena_release(&wp->companion.arena);
}

static bool has_namespace(const struct json *index)
{
    const struct json *list = json_member(index, "namespaces");
    struct span name;

    for (size_t i = 0; i < json_nr(list); i++)
        if (json_text(json_item(list, i), &name) &&
            span_eq(name, SPAN_LIT(COMPANION_NAMESPACE)))
            return true;
    return false;
}

/* Only a site that does not answer is an error. */
static enum error_code read_index(struct wordpress *wp,
                                  struct http_exchange *ex, struct error *err)
{
    struct json_doc doc;
    enum error_code rc = rest_read(&doc, ex, err);

    if (rc == ERROR_SITE_GONE)
        return rc;
    if (rc)
        return ERROR_NONE;
    wp->companion.there = has_namespace(doc.root);
    json_release(&doc);
    return ERROR_NONE;
}

enum error_code companion_find(struct wordpress *wp, struct error *err)
{
    struct http_exchange ex;
    struct arena arena;
    enum error_code rc;

    wp->companion.there = false;
    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    arena_init(&arena);
    ex.login = true;
    ex.url = rest_url(&arena, wp->root, "", SPAN_LIT("_fields=namespaces"));
    http_start(wp->http, &ex);
    http_run(wp->http);
    rc = read_index(wp, &ex, err);
    http_exchange_release(&ex);
    arena_release(&arena);
    if (rc)
        return rc;
    if (wp->companion.there)
        log_info("companion", "site=%.*s api=%d", SPAN_ARG(wp->name),
                 COMPANION_API);
    else
        log_info("no_companion",
                 "site=%.*s hint=\"with the companion plugin (sluice.php) "
                 "verdicts would go in batches, many times faster; no "
                 "comment's text would be filtered once more, which takes "
                 "the paragraphs out of wpDiscuz's; and the reasons would "
                 "show in wp-admin\"",
                 SPAN_ARG(wp->name));
    return ERROR_NONE;
}

bool companion_is_gone(const struct http_exchange *ex)
{
    return ex->status == 404 && !strcmp(rest_code(ex).text, "rest_no_route");
}

void companion_lose(struct wordpress *wp, const char *why)
{
    wp->companion.there = false;
    log_warn("companion_lost",
             "site=%.*s why=\"%s\" hint=\"the rest goes over WordPress's own "
             "REST API, one comment at a time\"",
             SPAN_ARG(wp->name), why);
}
