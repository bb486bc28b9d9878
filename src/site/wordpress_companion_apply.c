/*
 * Verdicts over the companion: a page of them a request, one request after
 * another. Each starts WordPress and counts the comments of each post anew, so
 * that two with half of the page would take the site a third longer; it is
 * busy enough with the next page of the queue. The site compares status and
 * content itself, with the row locked, so there is no moment in which a
 * person's decision could be overwritten.
 *
 * The same request twice is harmless: what it did the first time is then
 * "already" so. A request whose answer was lost is therefore just repeated
 * (http_client does that).
 */
#include "base/alloc.h"
#include "base/log.h"
#include "site/wordpress_companion.h"
#include "wire/comment_json.h"

#include <stdlib.h>
#include <string.h>

#define VERDICTS_ROUTE COMPANION_NAMESPACE "/verdicts"

/*
 * A request is full at this size, whatever its number: web servers let a
 * megabyte through, if nobody has told them otherwise.
 */
#define BODY_BYTES ((size_t)512 << 10)
#define BODY_BYTES_MAX ((size_t)1 << 20)
#define ANSWER_BYTES_MAX ((size_t)4 << 20)

/* After WordPress died over a request it is sent in so many parts. */
#define BATCH_PARTS 4

struct companion_telling {
    struct wordpress *wp;
    struct arena arena; /* the URL */
    struct http_exchange ex;
    struct buf body;
    struct site_change **change; /* those that are sound */
    size_t nr;
    size_t at;          /* changes before this one were told in this pass */
    size_t sent;        /* in the request under way, from `at` on */
    size_t most;        /* to send at once; fewer after a failure */
    bool narrowed;      /* by a failure just now */
    size_t settled;     /* in this pass */
    size_t dead_in_row; /* changes over which WordPress died */
    bool garbled;       /* an answer was none of WordPress's */
    struct error last;
    bool halted;
    bool not_allowed;
};

/* Our name for a status, as a verdict; NULL: there is none. */
static const char *verdict_for(struct span status)
{
    if (span_eq(status, SPAN_LIT("approved")))
        return "approve";
    if (span_eq(status, SPAN_LIT("spam")))
        return "spam";
    return span_eq(status, SPAN_LIT("hold")) ? "hold" : NULL;
}

static void put_why(struct buf *out, const struct verdict *verdict)
{
    buf_add(out, SPAN_LIT(",\"p_spam\":"));
    json_put_real(out, verdict->p_spam);
    buf_add(out, SPAN_LIT(",\"p_abuse\":"));
    json_put_real(out, verdict->p_abuse);
    buf_add(out, SPAN_LIT(",\"reasons\":"));
    reasons_put_json(out, verdict);
    buf_add(out, SPAN_LIT(",\"model\":"));
    json_put_text(out, verdict->model);
}

static void put_change(struct buf *out, const struct site_change *change)
{
    buf_addf(out, "{\"id\":%.*s,\"verdict\":\"%s\",\"if_status\":",
             SPAN_ARG(change->id), verdict_for(change->want));
    json_put_text(out, change->expect);
    buf_addf(out, ",\"if_hash\":\"%s\"", change->digest.hex);
    if (change->verdict)
        put_why(out, change->verdict);
    buf_add_char(out, '}');
}

/* Send what is next, if anything is. */
static void send_next(struct companion_telling *telling)
{
    struct buf *body = &telling->body;

    telling->sent = 0;
    if (telling->at == telling->nr || telling->halted ||
        http_stopped(telling->wp->http))
        return;
    buf_reset(body);
    buf_add(body, SPAN_LIT("{\"verdicts\":["));
    while (telling->at + telling->sent < telling->nr &&
           telling->sent < telling->most && body->len < BODY_BYTES) {
        if (telling->sent)
            buf_add_char(body, ',');
        put_change(body, telling->change[telling->at + telling->sent++]);
    }
    buf_add(body, SPAN_LIT("]}"));
    telling->ex.body = buf_span(body);
    telling->ex.failed = 0;
    telling->ex.once = telling->narrowed;
    http_start(telling->wp->http, &telling->ex);
}

static void halt(struct companion_telling *telling, const struct error *why)
{
    telling->halted = true;
    telling->last = *why;
}

/* The site said of it that it has the verdict's status. */
static void take_applied(struct site_change *change, const struct json *row)
{
    struct span status = site_status(rest_text(row, "status"));
    struct span hash = rest_text(row, "hash");

    if (!span_eq(status, change->want)) {
        error_set(&change->error, ERROR_SITE,
                  "comment %.*s: the site takes the change, yet it does not "
                  "become '%.*s'; a plugin may set it back",
                  SPAN_ARG(change->id), SPAN_ARG(change->want));
        change->outcome = SITE_REFUSED;
        return;
    }
    if (hash.len == DIGEST_HEX_LEN)
        memcpy(change->left.hex, hash.ptr, hash.len);
    change->outcome = SITE_APPLIED;
}

/* Returns whether it is settled; else it is for the next pass. */
static bool take_result(struct site_change *change, const struct json *row)
{
    struct span result = rest_text(row, "result");

    if (span_eq(result, SPAN_LIT("applied")) ||
        span_eq(result, SPAN_LIT("already"))) {
        take_applied(change, row);
    } else if (span_eq(result, SPAN_LIT("skipped"))) {
        change->outcome = SITE_SKIPPED;
    } else if (span_eq(result, SPAN_LIT("gone"))) {
        change->outcome = SITE_MISSING;
    } else {
        error_set(&change->error, ERROR_SITE, "comment %.*s: %.*s",
                  SPAN_ARG(change->id), SPAN_ARG(rest_text(row, "message")));
        return false;
    }
    if (change->outcome != SITE_REFUSED)
        change->error.code = ERROR_NONE;
    return true;
}

/*
 * The results of a request, one for each of its verdicts and in their order;
 * how many of them could be read.
 */
static size_t take_results(struct companion_telling *telling,
                           const struct json *answer)
{
    const struct json *list = json_member(answer, "results");
    size_t nr = 0;

    while (nr < json_nr(list) && nr < telling->sent) {
        struct site_change *change = telling->change[telling->at + nr];
        const struct json *row = json_item(list, nr);
        long long id;

        if (!span_to_long(change->id, &id) || rest_number(row, "id") != id)
            break;
        telling->settled += take_result(change, row);
        nr++;
    }
    return nr;
}

static void take_answer(struct companion_telling *telling,
                        const struct json *answer)
{
    size_t nr = take_results(telling, answer);
    struct error why;

    if (!nr) {
        error_set(&why, ERROR_SITE,
                  "%.*s: an answer that is none of the companion's",
                  SPAN_ARG(http_url_brief(telling->ex.url)));
        halt(telling, &why);
        return;
    }
    telling->dead_in_row = 0;
    telling->at += nr;
    telling->narrowed = false;
    telling->most *= 2;
    if (telling->most > COMPANION_BATCH_MAX)
        telling->most = COMPANION_BATCH_MAX;
}

/*
 * WordPress died over one of these, or won't have so much at once: tell the
 * others without it.
 */
static void narrow(struct companion_telling *telling, const struct error *why)
{
    telling->narrowed = true;
    if (telling->sent > 1) {
        telling->most = (telling->sent + BATCH_PARTS - 1) / BATCH_PARTS;
        log_warn("site_batch_narrowed", "site=%.*s sent=%zu next=%zu error=%s",
                 SPAN_ARG(telling->wp->name), telling->sent, telling->most,
                 log_quote(span_str(why->text)).text);
        return;
    }
    telling->change[telling->at++]->error = *why;
    if (++telling->dead_in_row >= WORDPRESS_GONE_IN_ROW)
        halt(telling, why);
}

/* An answer without results in it. */
static void take_failure(struct companion_telling *telling,
                         const struct error *why)
{
    const struct http_exchange *ex = &telling->ex;
    enum rest_fault fault = rest_fault(ex);
    /* A plugin that ends PHP by itself leaves half an answer, or none. */
    bool garbled = ex->status / 100 == 2 && !ex->error.code;

    if (garbled) {
        telling->garbled = true;
        telling->last = *why;
    }
    if (garbled || fault == REST_ROW_DIES || ex->status == 413) {
        narrow(telling, why);
        return;
    }
    if (companion_is_gone(ex) && telling->wp->companion.there)
        companion_lose(telling->wp, "its REST route is gone");
    telling->not_allowed = fault == REST_NOT_ALLOWED;
    halt(telling, why);
}

static void answered(struct http_exchange *ex)
{
    struct companion_telling *telling = ex->owner;
    struct json_doc doc;
    struct error why;

    if (!rest_read(&doc, ex, &why)) {
        take_answer(telling, doc.root);
        json_release(&doc);
    } else if (!http_stopped(telling->wp->http)) {
        take_failure(telling, &why);
    }
    send_next(telling);
}

static void telling_init(struct companion_telling *telling,
                         struct wordpress *wp, size_t nr)
{
    struct http_exchange *ex = &telling->ex;

    *telling = (struct companion_telling){ .wp = wp };
    arena_init(&telling->arena);
    buf_init(&telling->body, BODY_BYTES_MAX);
    telling->change = xcalloc(nr ? nr : 1, sizeof(struct site_change *));
    http_exchange_init(ex, ANSWER_BYTES_MAX);
    ex->method = HTTP_POST;
    ex->login = true;
    ex->webhook = true;
    ex->done = answered;
    ex->owner = telling;
    ex->url =
        rest_url(&telling->arena, wp->root, VERDICTS_ROUTE, SPAN_LIT(""));
}

static void telling_release(struct companion_telling *telling)
{
    http_exchange_release(&telling->ex);
    buf_release(&telling->body);
    arena_release(&telling->arena);
    free(telling->change);
}

static void take_changes(struct companion_telling *telling,
                         struct site_change *change, size_t nr)
{
    for (size_t i = 0; i < nr; i++) {
        if (!wordpress_change_is_sound(&change[i])) {
            change[i].outcome = SITE_REFUSED;
        } else if (!verdict_for(change[i].want)) {
            error_set(&change[i].error, ERROR_SITE,
                      "comment %.*s: no verdict makes it '%.*s'",
                      SPAN_ARG(change[i].id), SPAN_ARG(change[i].want));
            change[i].outcome = SITE_REFUSED;
        } else {
            telling->change[telling->nr++] = &change[i];
        }
    }
}

/* Begin to tell all that are left, each once. */
static void telling_pass(struct companion_telling *telling)
{
    telling->at = 0;
    telling->settled = 0;
    telling->most = COMPANION_BATCH_MAX;
    telling->narrowed = false;
    send_next(telling);
}

/*
 * Wait for the pass to end. Drop what is settled; what is left failed for now
 * ("error").
 */
static void telling_wait(struct companion_telling *telling)
{
    size_t nr = 0;

    http_wait(telling->wp->http, &telling->ex);
    for (size_t i = 0; i < telling->nr; i++)
        if (telling->change[i]->outcome == SITE_WAITS)
            telling->change[nr++] = telling->change[i];
    telling->nr = nr;
}

/* What ended it: the login, the site, or nothing. */
static enum error_code telling_end(struct companion_telling *telling,
                                   struct error *err)
{
    struct wordpress *wp = telling->wp;
    bool useless = telling->garbled && !telling->settled;

    if (http_stopped(wp->http) || !wp->companion.there ||
        (!telling->halted && !useless))
        return ERROR_NONE;
    if (telling->not_allowed && wordpress_login(wp, err))
        return err->code;
    *err = telling->last;
    return err->code;
}

void companion_apply_begin(struct wordpress *wp, struct site_change *change,
                           size_t nr)
{
    struct companion_telling *telling = xcalloc(1, sizeof(*telling));

    wp->companion.telling = telling;
    telling_init(telling, wp, nr);
    take_changes(telling, change, nr);
    telling_pass(telling);
    http_push(wp->http);
}

void companion_apply_drop(struct wordpress *wp)
{
    if (!wp->companion.telling)
        return;
    telling_release(wp->companion.telling);
    free(wp->companion.telling);
    wp->companion.telling = NULL;
}

/*
 * An "error" may be a moment's (two writers, a request that took too long),
 * so there is another pass as long as one gets anything done.
 */
enum error_code companion_apply_end(struct wordpress *wp, struct error *err)
{
    struct companion_telling *telling = wp->companion.telling;
    enum error_code rc;

    telling_wait(telling);
    while (telling->nr && telling->settled && !telling->halted &&
           !http_stopped(wp->http)) {
        telling_pass(telling);
        telling_wait(telling);
    }
    rc = telling_end(telling, err);
    companion_apply_drop(wp);
    return rc;
}
