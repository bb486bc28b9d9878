/*
 * The write sends back the author's address and browser as they were read:
 * WordPress would otherwise store ours in their place. A write whose answer
 * got lost is followed by another look; that tells whether it arrived.
 */
#include "site/wordpress_job.h"

#include "base/log.h"
#include "wire/comment_json.h"

#include <string.h>

#define ROW_BYTES_MAX ((size_t)16 << 20)
#define BODY_BYTES_MAX ((size_t)64 << 10)

static void job_settle(struct job *job, enum site_outcome outcome)
{
    job->change->outcome = outcome;
    job->end(job, JOB_SETTLED, NULL);
}

static void job_refuse(struct job *job, const struct error *why)
{
    job->change->error = *why;
    job_settle(job, SITE_REFUSED);
}

/* An answer without a usable row in it. */
static void job_no_row(struct job *job, const struct error *why)
{
    switch (rest_fault(&job->ex)) {
    case REST_ROW_DIES:
        job->end(job, JOB_WAITS, why);
        break;
    case REST_ROW_MISSING:
        job_settle(job, SITE_MISSING);
        break;
    case REST_ROW_REFUSED:
        job_refuse(job, why);
        break;
    case REST_NOT_ALLOWED:
        job->end(job, JOB_DOUBTED, why);
        break;
    case REST_SITE_GONE:
        job->end(job, JOB_GONE, why);
        break;
    }
}

static struct span job_url(struct job *job, const char *query)
{
    struct span id = job->change->id;
    struct span route =
        arena_printf(&job->arena, "wp/v2/comments/%.*s", SPAN_ARG(id));

    return rest_url(&job->arena, job->wp->root, route.ptr, span_str(query));
}

static void job_look(struct job *job)
{
    arena_reset(&job->arena);
    job->ex.method = HTTP_GET;
    job->ex.once = false;
    job->ex.url =
        job_url(job, "context=edit&_fields=" WORDPRESS_COMMENT_FIELDS);
    http_start(job->wp->http, &job->ex);
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
    http_start(job->wp->http, &job->ex);
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
    else
        job->end(job, job->row_dies ? JOB_WAITS : JOB_GONE, &job->write_error);
}

static void job_seen(struct job *job, const struct json *row)
{
    struct span status = site_status(rest_text(row, "status"));

    if (span_eq(status, job->change->want))
        job_applied(job, row);
    else if (!as_judged(job, row))
        job_settle(job, SITE_SKIPPED);
    else if (job->write_error.code && job->ex.failed > job->wp->retries)
        job_give_up(job);
    else if (http_stopped(job->wp->http))
        job->end(job, JOB_STOPPED, NULL);
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
        job->end(job, JOB_GONE, &why);
    }
    json_release(&doc);
}

/* Nobody knows whether the write arrived: look again, then decide. */
static void job_look_again(struct job *job, const struct error *why)
{
    job->write_error = *why;
    job->row_dies = rest_fault(&job->ex) == REST_ROW_DIES;
    if (http_stopped(job->wp->http)) {
        job->end(job, JOB_WAITS, why);
        return;
    }
    log_warn("site_write_doubtful", "site=%.*s comment=%s error=%s",
             SPAN_ARG(job->wp->name), log_quote(job->change->id).text,
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

void job_init(struct job *job, struct wordpress *wp)
{
    memset(job, 0, sizeof(*job));
    job->wp = wp;
    arena_init(&job->arena);
    buf_init(&job->body, BODY_BYTES_MAX);
    http_exchange_init(&job->ex, ROW_BYTES_MAX);
    job->ex.login = true;
    job->ex.webhook = true;
    job->ex.done = job_done;
    job->ex.owner = job;
}

void job_release(struct job *job)
{
    http_exchange_release(&job->ex);
    buf_release(&job->body);
    arena_release(&job->arena);
}

void job_begin(struct job *job, struct site_change *change,
               const struct json *row)
{
    job->change = change;
    job->ex.failed = 0;
    job->write_error.code = ERROR_NONE;
    arena_reset(&job->arena);
    if (row)
        job_seen(job, row);
    else
        job_look(job);
}
