/*
 * Changes of status, several in flight. Core has no conditional update, so
 * each change is a look and then, at once, a write: a person's decision is
 * overwritten only if it falls into the milliseconds between the two.
 *
 * The write sends back the author's address and browser as they were read:
 * WordPress would otherwise store ours in their place. A write whose answer
 * got lost is followed by another look; that tells whether it arrived.
 */
#include "site/wordpress.h"

#include "base/alloc.h"
#include "base/log.h"
#include "wire/comment_json.h"

#include <stdlib.h>
#include <string.h>

#define ROW_BYTES_MAX ((size_t)16 << 20)
#define BODY_BYTES_MAX ((size_t)64 << 10)

struct apply;

/* The way of one change; as many at a time as may be in flight. */
struct job {
    struct apply *apply;
    struct site_change *change;  /* NULL: idle */
    struct site_change *doubted; /* refused, or is it the login? */
    struct http_exchange ex;
    struct error write_error; /* of the last write that did not take */
    bool row_dies;            /* and it was the row's */
    struct arena arena;       /* for one step */
    struct buf body;
};

struct apply {
    struct wordpress *wp;
    struct site_change *change;
    size_t nr;
    size_t next; /* change to begin */
    struct job *job;
    size_t job_nr;
    size_t settled;
    size_t gone_in_row;
    struct error last; /* of the site itself */
    bool halted;       /* begin no more */
    bool login_fine;   /* asked, since a row was refused */
    bool doubt;        /* a row was refused, and the login not yet asked */
};

static void job_begin_next(struct job *job);

static void job_settle(struct job *job, enum site_outcome outcome)
{
    job->change->outcome = outcome;
    job->apply->settled++;
    job->apply->gone_in_row = 0;
    job_begin_next(job);
}

static void job_refuse(struct job *job, const struct error *why)
{
    job->change->error = *why;
    job_settle(job, SITE_REFUSED);
}

static void job_wait(struct job *job, const struct error *why)
{
    job->change->outcome = SITE_WAITS;
    job->change->error = *why;
    job_begin_next(job);
}

/*
 * The site itself fails: this change waits, and after some in a row all the
 * others do too. What will not change (its certificate, a redirect) is enough
 * at once.
 */
static void job_gone(struct job *job, const struct error *why)
{
    struct apply *apply = job->apply;
    enum error_code code = job->ex.error.code;

    if (!http_stopped(apply->wp->http)) {
        apply->last = *why;
        apply->gone_in_row++;
        if (apply->gone_in_row >= WORDPRESS_GONE_IN_ROW ||
            (code && code != ERROR_SITE_GONE))
            apply->halted = true;
    }
    job_wait(job, why);
}

/* 401 or 403: of this row, or of everything? wordpress_apply finds out. */
static void job_doubt(struct job *job, const struct error *why)
{
    if (job->apply->login_fine) {
        job_refuse(job, why);
        return;
    }
    job->apply->doubt = true;
    job->change->outcome = SITE_WAITS;
    job->change->error = *why;
    job->doubted = job->change;
    job->change = NULL;
}

/* An answer without a usable row in it. */
static void job_no_row(struct job *job, const struct error *why)
{
    switch (rest_fault(&job->ex)) {
    case REST_ROW_DIES:
        job_wait(job, why);
        break;
    case REST_ROW_MISSING:
        job_settle(job, SITE_MISSING);
        break;
    case REST_ROW_REFUSED:
        job_refuse(job, why);
        break;
    case REST_NOT_ALLOWED:
        job_doubt(job, why);
        break;
    case REST_SITE_GONE:
        job_gone(job, why);
        break;
    }
}

static struct span job_url(struct job *job, const char *query)
{
    struct span id = job->change->id;
    struct span route =
        arena_printf(&job->arena, "wp/v2/comments/%.*s", SPAN_ARG(id));

    return rest_url(&job->arena, job->apply->wp->root, route.ptr,
                    span_str(query));
}

static void job_look(struct job *job)
{
    arena_reset(&job->arena);
    job->ex.method = HTTP_GET;
    job->ex.once = false;
    job->ex.url =
        job_url(job, "context=edit&_fields=" WORDPRESS_COMMENT_FIELDS);
    http_start(job->apply->wp->http, &job->ex);
}

static void job_write(struct job *job, const struct json *row)
{
    buf_reset(&job->body);
    rest_put_status(&job->body, row, job->change->want);
    job->ex.method = HTTP_POST;
    job->ex.once = true;
    job->ex.body = buf_span(&job->body);
    job->ex.url =
        job_url(job, "context=edit&_fields=" WORDPRESS_COMMENT_FIELDS);
    http_start(job->apply->wp->http, &job->ex);
}

/* The row still is what the verdict rests on. */
static bool as_judged(struct job *job, const struct json *row)
{
    const struct site_change *change = job->change;
    struct comment comment;
    struct error ignored;
    struct digest now;

    if (!span_eq(site_status(rest_text(row, "status")), change->expect))
        return false;
    if (!change->digest.hex[0])
        return true;
    if (comment_from_json(&comment, &job->arena, row, &ignored))
        return false;
    now = comment_digest(&comment);
    return !strcmp(now.hex, change->digest.hex);
}

/* The verdict has arrived; WordPress may have filtered the text once more. */
static void job_applied(struct job *job, const struct json *row)
{
    struct comment comment;
    struct error ignored;

    if (!comment_from_json(&comment, &job->arena, row, &ignored))
        job->change->left = comment_digest(&comment);
    job_settle(job, SITE_APPLIED);
}

/* Out of tries, and the row is as before. */
static void job_give_up(struct job *job)
{
    if (job->write_error.code == ERROR_SITE)
        job_refuse(job, &job->write_error);
    else if (job->row_dies)
        job_wait(job, &job->write_error);
    else
        job_gone(job, &job->write_error);
}

static void job_seen(struct job *job, const struct json *row)
{
    struct apply *apply = job->apply;
    struct span status = site_status(rest_text(row, "status"));

    if (span_eq(status, job->change->want))
        job_applied(job, row);
    else if (!as_judged(job, row))
        job_settle(job, SITE_SKIPPED);
    else if (job->write_error.code && job->ex.failed > apply->wp->retries)
        job_give_up(job);
    else if (http_stopped(apply->wp->http))
        job_begin_next(job);
    else
        job_write(job, row);
}

static bool is_this_row(const struct job *job, const struct json *row)
{
    long long id;

    return span_to_long(job->change->id, &id) && rest_number(row, "id") == id;
}

static void job_looked(struct job *job)
{
    struct json_doc doc;
    struct error why;

    if (rest_read(&doc, &job->ex, &why)) {
        job_no_row(job, &why);
        return;
    }
    if (is_this_row(job, doc.root)) {
        job_seen(job, doc.root);
    } else {
        error_set(&why, ERROR_SITE, "%.*s: the answer is of no comment %.*s",
                  SPAN_ARG(http_url_brief(job->ex.url)),
                  SPAN_ARG(job->change->id));
        job_gone(job, &why);
    }
    json_release(&doc);
}

/* Nobody knows whether the write arrived: look again, then decide. */
static void job_look_again(struct job *job, const struct error *why)
{
    job->write_error = *why;
    job->row_dies = rest_fault(&job->ex) == REST_ROW_DIES;
    if (http_stopped(job->apply->wp->http)) {
        job_wait(job, why);
        return;
    }
    log_warn("site_write_doubtful", "site=%.*s comment=%s error=%s",
             SPAN_ARG(job->apply->wp->name), log_quote(job->change->id).text,
             log_quote(span_str(why->text)).text);
    job_look(job);
}

static void job_wrote(struct job *job)
{
    struct json_doc doc;
    struct error why;

    if (rest_read(&doc, &job->ex, &why)) {
        if (why.code == ERROR_SITE_GONE) {
            job_look_again(job, &why);
        } else if (job->ex.status / 100 == 2 && !job->ex.error.code) {
            job->ex.failed++;
            why.code = ERROR_SITE_GONE;
            job_look_again(job, &why);
        } else {
            job_no_row(job, &why);
        }
        return;
    }
    if (span_eq(site_status(rest_text(doc.root, "status")),
                job->change->want)) {
        job_applied(job, doc.root);
    } else {
        job->ex.failed++;
        error_set(&why, ERROR_SITE,
                  "%.*s: the site takes the change, yet the comment does not "
                  "become '%.*s'; a plugin may set it back",
                  SPAN_ARG(http_url_brief(job->ex.url)),
                  SPAN_ARG(job->change->want));
        job_look_again(job, &why);
    }
    json_release(&doc);
}

static void job_done(struct http_exchange *ex)
{
    struct job *job = ex->owner;

    if (ex->method == HTTP_POST)
        job_wrote(job);
    else
        job_looked(job);
}

/* What WordPress could only misunderstand is not sent. */
static bool change_is_sound(struct site_change *change)
{
    long long id;

    if (!span_to_long(change->id, &id) || id <= 0) {
        error_set(&change->error, ERROR_INPUT,
                  "comment %s: its id is none of WordPress's",
                  log_quote(change->id).text);
        return false;
    }
    if (!site_is_status(change->want)) {
        error_set(&change->error, ERROR_INPUT,
                  "comment %lld: there is no status %s", id,
                  log_quote(change->want).text);
        return false;
    }
    return true;
}

static void job_begin_next(struct job *job)
{
    struct apply *apply = job->apply;

    job->change = NULL;
    while (apply->next < apply->nr) {
        if (apply->halted || apply->doubt || http_stopped(apply->wp->http))
            return;
        job->change = &apply->change[apply->next++];
        if (change_is_sound(job->change)) {
            job->ex.failed = 0;
            job->write_error.code = ERROR_NONE;
            job_look(job);
            return;
        }
        job->change->outcome = SITE_REFUSED;
        job->change = NULL;
    }
}

static void apply_init(struct apply *apply, struct wordpress *wp,
                       struct site_change *change, size_t nr)
{
    *apply = (struct apply){ .wp = wp, .change = change, .nr = nr };
    apply->job_nr = nr < wp->in_flight ? nr : wp->in_flight;
    apply->job = xcalloc(apply->job_nr, sizeof(*apply->job));
    for (size_t i = 0; i < apply->job_nr; i++) {
        struct job *job = &apply->job[i];

        job->apply = apply;
        arena_init(&job->arena);
        buf_init(&job->body, BODY_BYTES_MAX);
        http_exchange_init(&job->ex, ROW_BYTES_MAX);
        job->ex.login = true;
        job->ex.webhook = true;
        job->ex.done = job_done;
        job->ex.owner = job;
    }
    for (size_t i = 0; i < nr; i++) {
        change[i].outcome = SITE_WAITS;
        change[i].error = (struct error){ ERROR_NONE, "" };
    }
}

static void apply_release(struct apply *apply)
{
    for (size_t i = 0; i < apply->job_nr; i++) {
        http_exchange_release(&apply->job[i].ex);
        buf_release(&apply->job[i].body);
        arena_release(&apply->job[i].arena);
    }
    free(apply->job);
}

/* The login is fine, so what was refused was meant for those rows. */
static void doubts_settle(struct apply *apply)
{
    apply->doubt = false;
    apply->login_fine = true;
    for (size_t i = 0; i < apply->job_nr; i++) {
        if (!apply->job[i].doubted)
            continue;
        apply->job[i].doubted->outcome = SITE_REFUSED;
        apply->job[i].doubted = NULL;
        apply->settled++;
    }
}

static enum error_code apply_run(struct apply *apply, struct error *err)
{
    enum error_code rc = ERROR_NONE;

    do {
        for (size_t i = 0; i < apply->job_nr; i++)
            job_begin_next(&apply->job[i]);
        http_run(apply->wp->http);
        if (!apply->doubt || http_stopped(apply->wp->http))
            break;
        rc = wordpress_login(apply->wp, err);
        if (!rc)
            doubts_settle(apply);
    } while (!rc);
    if (http_stopped(apply->wp->http))
        return ERROR_NONE;
    if (rc)
        return rc;
    if (apply->halted || (apply->gone_in_row && !apply->settled)) {
        *err = apply->last;
        return err->code;
    }
    return ERROR_NONE;
}

enum error_code wordpress_apply(struct site *site, struct site_change *change,
                                size_t nr, struct error *err)
{
    struct wordpress *wp = (struct wordpress *)site;
    struct apply apply;
    enum error_code rc;

    apply_init(&apply, wp, change, nr);
    rc = wordpress_root(wp, err);
    if (!rc)
        rc = apply_run(&apply, err);
    else if (http_stopped(wp->http))
        rc = ERROR_NONE;
    apply_release(&apply);
    return rc;
}
