/*
 * A WordPress whose Akismet plugin (5.3.2 and later) takes late verdicts: no
 * login is needed, the key that the plugin itself sends is enough. Comments
 * are named by the guid that their first verdict came with.
 *
 * The plugin has no list of what waits, so the queue is empty: comments come
 * by themselves, to `sluice serve`. It changes a comment only while the last
 * change was made in Akismet's name, so a person's word at the site stands;
 * 5.7.2 answers "success" also then, so that "applied" means here: it has
 * heard. There is no "hold" in its language.
 *
 * The address is the one that the owner has configured, never one that came
 * with a comment.
 */
#include "base/alloc.h"
#include "site/http_client.h"
#include "site/http_url.h"
#include "site/site_ops.h"
#include "wire/json.h"

#include <stdlib.h>

#define BODY_BYTES_MAX ((size_t)64 << 10)
#define ANSWER_BYTES_MAX ((size_t)1 << 20)

struct akismet {
    struct site site; /* first */
    struct http_client *http;
    struct arena arena; /* for url and key */
    struct span url;
    struct span key;
};

static void akismet_close(struct site *site)
{
    struct akismet *a = (struct akismet *)site;

    http_client_free(a->http);
    arena_release(&a->arena);
    free(a);
}

static enum error_code akismet_open(struct site **site,
                                    const struct site_options *options,
                                    struct error *err)
{
    const struct http_options http = {
        .ca_file = options->ca_file,
        .timeout_s =
            options->timeout_s ? options->timeout_s : SITE_TIMEOUT_S_DEFAULT,
        .in_flight = 1,
        .retries = options->retries,
        .stop = options->stop,
        .turn = options->turn,
    };
    struct akismet *a = xcalloc(1, sizeof(*a));
    struct http_url url;
    enum error_code rc;

    a->site.ops = &akismet_ops;
    arena_init(&a->arena);
    a->key = arena_dup(&a->arena, options->key);
    rc = http_url_parse(&url, &a->arena, options->url, err);
    if (!rc && !options->key.len)
        rc = error_set(err, ERROR_CONFIG,
                       "site %.*s: no key; it is the one that the Akismet "
                       "plugin has",
                       SPAN_ARG(options->name));
    if (!rc) {
        a->url = http_url_text(&a->arena, &url);
        rc = http_client_new(&a->http, &http, err);
    }
    if (rc) {
        akismet_close(&a->site);
        return rc;
    }
    *site = &a->site;
    return ERROR_NONE;
}

static void put_change(struct buf *body, const struct site_change *change)
{
    buf_add(body, SPAN_LIT("{\"guid\":"));
    json_put_text(body, change->id);
    buf_addf(body, ",\"result\":\"%s\"}",
             span_eq(change->want, SPAN_LIT("spam")) ? "true" : "false");
}

/* What the plugin can be told: it is spam, or it is not. */
static bool can_say(const struct site_change *change)
{
    return span_eq(change->want, SPAN_LIT("spam")) ||
           span_eq(change->want, SPAN_LIT("approved"));
}

static void put_changes(struct buf *body, const struct akismet *a,
                        const struct site_change *change, size_t nr)
{
    bool any = false;

    buf_add(body, SPAN_LIT("{\"key\":"));
    json_put_text(body, a->key);
    buf_add(body, SPAN_LIT(",\"endpoint\":\"comment-check\",\"comments\":["));
    for (size_t i = 0; i < nr; i++) {
        if (!can_say(&change[i]))
            continue;
        if (any)
            buf_add_char(body, ',');
        put_change(body, &change[i]);
        any = true;
    }
    buf_add(body, SPAN_LIT("]}"));
}

static enum error_code answer_refuse(const struct akismet *a, long status,
                                     struct error *err)
{
    struct span url = http_url_brief(a->url);

    if (status == 401 || status == 403)
        return error_set(err, ERROR_SITE,
                         "%.*s: the plugin there has another key",
                         SPAN_ARG(url));
    if (status == 404)
        return error_set(err, ERROR_SITE,
                         "%.*s: nobody takes late verdicts there; it must be "
                         "the webhook of an Akismet plugin, 5.3.2 or later",
                         SPAN_ARG(url));
    return error_set(err, ERROR_SITE, "%.*s: answered with status %ld",
                     SPAN_ARG(url), status);
}

/* POST the changes; `doc` is the answer, to be released on success. */
static enum error_code tell(struct akismet *a,
                            const struct site_change *change, size_t nr,
                            struct json_doc *doc, struct error *err)
{
    struct http_exchange ex;
    struct buf body;
    enum error_code rc;

    http_exchange_init(&ex, ANSWER_BYTES_MAX);
    buf_init(&body, BODY_BYTES_MAX);
    put_changes(&body, a, change, nr);
    ex.method = HTTP_POST;
    ex.url = a->url;
    ex.body = buf_span(&body);
    rc = http_fetch(a->http, &ex, err);
    if (!rc && ex.status != 200)
        rc = answer_refuse(a, ex.status, err);
    if (!rc && json_parse(doc, buf_span(&ex.answer), err))
        rc = error_set(err, ERROR_SITE, "%.*s: the answer is no JSON",
                       SPAN_ARG(http_url_brief(a->url)));
    buf_release(&body);
    http_exchange_release(&ex);
    return rc;
}

static enum error_code akismet_check(struct site *site, struct error *err)
{
    struct json_doc doc;
    enum error_code rc = tell((struct akismet *)site, NULL, 0, &doc, err);

    if (!rc)
        json_release(&doc);
    return rc;
}

static enum error_code akismet_queue(struct site *site, size_t *total,
                                     struct error *err)
{
    (void)site;
    (void)err;
    *total = 0;
    return ERROR_NONE;
}

static enum error_code akismet_queue_next(struct site *site,
                                          struct arena *arena,
                                          struct site_page *page,
                                          size_t *garbled, struct error *err)
{
    (void)site;
    (void)arena;
    (void)garbled;
    (void)err;
    *page = (struct site_page){ NULL, 0 };
    return ERROR_NONE;
}

static void settle(struct site_change *change, const struct json *comments)
{
    struct span id = change->id;
    struct span status = SPAN_LIT("");
    struct span name;
    const struct json *item;
    void *at = NULL;

    if (!can_say(change)) {
        change->outcome = SITE_REFUSED;
        (void)error_set(&change->error, ERROR_SITE,
                        "the Akismet protocol can't put a comment on hold");
        return;
    }
    for (;;) {
        at = json_walk(comments, at, &name, &item);
        if (!at)
            break;
        if (span_eq(name, id))
            (void)json_text(json_member(item, "status"), &status);
    }
    change->outcome = span_eq(status, SPAN_LIT("success")) ? SITE_APPLIED
                      : status.len                         ? SITE_SKIPPED
                                                           : SITE_MISSING;
}

static enum error_code akismet_apply(struct site *site,
                                     struct site_change *change, size_t nr,
                                     struct error *err)
{
    for (size_t i = 0; i < nr; i++)
        change[i].outcome = SITE_WAITS;
    for (size_t at = 0; at < nr; at += SITE_PAGE_MAX) {
        size_t some = nr - at < SITE_PAGE_MAX ? nr - at : SITE_PAGE_MAX;
        struct json_doc doc;
        enum error_code rc =
            tell((struct akismet *)site, change + at, some, &doc, err);

        if (rc)
            return rc;
        for (size_t i = 0; i < some; i++)
            settle(&change[at + i], json_member(doc.root, "comments"));
        json_release(&doc);
    }
    return ERROR_NONE;
}

const struct site_ops akismet_ops = {
    .open = akismet_open,
    .close = akismet_close,
    .check = akismet_check,
    .queue = akismet_queue,
    .queue_next = akismet_queue_next,
    .apply = akismet_apply,
};
