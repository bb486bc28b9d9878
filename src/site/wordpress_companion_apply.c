/*
 * Verdicts over the companion: some hundred a request, several requests in
 * flight. The site compares status and content itself, with the row locked,
 * so there is no moment in which a person's decision could be overwritten.
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
#define BODY_BYTES ((size_t)256 << 10)
#define BODY_BYTES_MAX ((size_t)1 << 20)
#define ANSWER_BYTES_MAX ((size_t)4 << 20)

/*
 * Fewer in a request are not worth it: each starts WordPress, and counts the
 * comments of each post anew.
 */
#define SHARE_MIN ((size_t)250)

/* After WordPress died over a request it is sent in so many parts. */
#define BATCH_PARTS 4

struct companion_telling;

/* A stretch of the changes, told by one request after another. */
struct batch {
    struct companion_telling *telling;
    struct http_exchange ex;
    struct buf body;
    size_t at; /* [at, end) is to be told */
    size_t end;
    size_t sent;   /* in the request under way, from `at` on */
    size_t most;   /* to send at once; fewer after a failure */
    bool narrowed; /* by a failure just now */
};

struct companion_telling {
    struct wordpress *wp;
    struct arena arena;
    struct span url;
    struct site_change **change; /* those that are sound */
    size_t nr;
    size_t next; /* change that no batch has taken */
    size_t share;
    struct batch *batch;
    size_t batch_nr;
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

static void batch_send(struct batch *batch)
{
    struct companion_telling *telling = batch->telling;

    buf_reset(&batch->body);
    buf_add(&batch->body, SPAN_LIT("{\"verdicts\":["));
    batch->sent = 0;
    while (batch->at + batch->sent < batch->end && batch->sent < batch->most &&
           batch->body.len < BODY_BYTES) {
        if (batch->sent)
            buf_add_char(&batch->body, ',');
        put_change(&batch->body, telling->change[batch->at + batch->sent++]);
    }
    buf_add(&batch->body, SPAN_LIT("]}"));
    batch->ex.url = telling->url;
    batch->ex.body = buf_span(&batch->body);
    batch->ex.failed = 0;
    batch->ex.once = batch->narrowed;
    http_start(telling->wp->http, &batch->ex);
}

/* Send what is next, if anything is. */
static void batch_go_on(struct batch *batch)
{
    struct companion_telling *telling = batch->telling;

    if (telling->halted || http_stopped(telling->wp->http))
        return;
    if (batch->at == batch->end) {
        batch->at = telling->next;
        batch->end = batch->at + telling->share;
        if (batch->end > telling->nr)
            batch->end = telling->nr;
        telling->next = batch->end;
    }
    if (batch->at < batch->end)
        batch_send(batch);
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
static size_t take_results(struct batch *batch, const struct json *answer)
{
    const struct json *list = json_member(answer, "results");
    struct companion_telling *telling = batch->telling;
    size_t nr = 0;

    while (nr < json_nr(list) && nr < batch->sent) {
        struct site_change *change = telling->change[batch->at + nr];
        const struct json *row = json_item(list, nr);
        long long id;

        if (!span_to_long(change->id, &id) || rest_number(row, "id") != id)
            break;
        telling->settled += take_result(change, row);
        nr++;
    }
    return nr;
}

static void batch_answered(struct batch *batch, const struct json *answer)
{
    size_t nr = take_results(batch, answer);
    struct error why;

    if (!nr) {
        error_set(&why, ERROR_SITE,
                  "%.*s: an answer that is none of the companion's",
                  SPAN_ARG(http_url_brief(batch->ex.url)));
        halt(batch->telling, &why);
        return;
    }
    batch->telling->dead_in_row = 0;
    batch->at += nr;
    batch->narrowed = false;
    batch->most *= 2;
    if (batch->most > COMPANION_BATCH_MAX)
        batch->most = COMPANION_BATCH_MAX;
    batch_go_on(batch);
}

/*
 * WordPress died over one of these, or won't have so much at once: tell the
 * others without it.
 */
static void batch_narrow(struct batch *batch, const struct error *why)
{
    struct companion_telling *telling = batch->telling;

    batch->narrowed = true;
    if (batch->sent > 1) {
        batch->most = (batch->sent + BATCH_PARTS - 1) / BATCH_PARTS;
        log_warn("site_batch_narrowed", "site=%.*s sent=%zu next=%zu error=%s",
                 SPAN_ARG(telling->wp->name), batch->sent, batch->most,
                 log_quote(span_str(why->text)).text);
        batch_go_on(batch);
        return;
    }
    telling->change[batch->at++]->error = *why;
    if (++telling->dead_in_row >= WORDPRESS_GONE_IN_ROW)
        halt(telling, why);
    batch_go_on(batch);
}

static void batch_done(struct http_exchange *ex)
{
    struct batch *batch = ex->owner;
    struct companion_telling *telling = batch->telling;
    enum rest_fault fault;
    struct json_doc doc;
    struct error why;
    bool garbled;

    if (!rest_read(&doc, ex, &why)) {
        batch_answered(batch, doc.root);
        json_release(&doc);
        return;
    }
    if (http_stopped(telling->wp->http))
        return;
    fault = rest_fault(ex);
    /* A plugin that ends PHP by itself leaves half an answer, or none. */
    garbled = ex->status / 100 == 2 && !ex->error.code;
    if (garbled) {
        telling->garbled = true;
        telling->last = why;
    }
    if (garbled || fault == REST_ROW_DIES || ex->status == 413) {
        batch_narrow(batch, &why);
        return;
    }
    if (companion_is_gone(ex) && telling->wp->companion.there)
        companion_lose(telling->wp, "its REST route is gone");
    if (fault == REST_NOT_ALLOWED)
        telling->not_allowed = true;
    halt(telling, &why);
}

static void telling_init(struct companion_telling *telling,
                         struct wordpress *wp, size_t nr)
{
    *telling = (struct companion_telling){ .wp = wp };
    arena_init(&telling->arena);
    telling->url =
        rest_url(&telling->arena, wp->root, VERDICTS_ROUTE, SPAN_LIT(""));
    telling->change = xcalloc(nr ? nr : 1, sizeof(struct site_change *));
    telling->batch_nr = wp->in_flight;
    telling->batch = xcalloc(telling->batch_nr, sizeof(struct batch));
    for (size_t i = 0; i < telling->batch_nr; i++) {
        struct batch *batch = &telling->batch[i];

        batch->telling = telling;
        buf_init(&batch->body, BODY_BYTES_MAX);
        http_exchange_init(&batch->ex, ANSWER_BYTES_MAX);
        batch->ex.method = HTTP_POST;
        batch->ex.login = true;
        batch->ex.webhook = true;
        batch->ex.done = batch_done;
        batch->ex.owner = batch;
    }
}

static void telling_release(struct companion_telling *telling)
{
    for (size_t i = 0; i < telling->batch_nr; i++) {
        http_exchange_release(&telling->batch[i].ex);
        buf_release(&telling->batch[i].body);
    }
    arena_release(&telling->arena);
    free(telling->batch);
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
    telling->next = 0;
    telling->settled = 0;
    telling->share = (telling->nr + telling->batch_nr - 1) / telling->batch_nr;
    if (telling->share < SHARE_MIN)
        telling->share = SHARE_MIN;
    if (telling->share > COMPANION_BATCH_MAX)
        telling->share = COMPANION_BATCH_MAX;
    for (size_t i = 0; i < telling->batch_nr; i++) {
        telling->batch[i].at = 0;
        telling->batch[i].end = 0;
        telling->batch[i].most = COMPANION_BATCH_MAX;
        telling->batch[i].narrowed = false;
        batch_go_on(&telling->batch[i]);
    }
}

/*
 * Wait for the pass to end. Drop what is settled; what is left failed for now
 * ("error").
 */
static void telling_wait(struct companion_telling *telling)
{
    size_t nr = 0;

    for (size_t i = 0; i < telling->batch_nr; i++)
        http_wait(telling->wp->http, &telling->batch[i].ex);
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
