#ifndef SITE_HTTP_CLIENT_H
#define SITE_HTTP_CLIENT_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "site/turn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * HTTP to one site, several requests in flight; the only user of libcurl,
 * with http_url.
 *
 * Network errors and the answers 429, 500, 502, 503 and 504 are tried again,
 * after a wait drawn from [0, backoff_ms * 2^n): exponential, with full
 * jitter, so that many of us do not knock in step. While the site's
 * Retry-After runs, nothing at all is sent to it (that of HEAD is ignored).
 *
 * The login goes only over https or to this machine itself, and redirects are
 * followed only as far as http_url_may_follow allows, with the method kept.
 * Certificates are always verified. No User-Agent is sent: WordPress would
 * store ours as the commenter's.
 */
#define HTTP_BACKOFF_MS_DEFAULT 500
#define HTTP_BACKOFF_MS_MAX 30000
#define HTTP_RETRY_AFTER_S_MAX 60
#define HTTP_REDIRECTS_MAX 5
#define HTTP_HEAD_BYTES_MAX ((size_t)64 << 10)

/* What a write in flight may still take once the stop flag is up. */
#define HTTP_STOP_GRACE_MS 5000

struct http_options {
    struct span user; /* empty: no login is ever sent */
    struct span password;
    struct span ca_file; /* trusted besides the system's; may be empty */
    long timeout_s;      /* of one try */
    size_t in_flight;
    size_t retries;            /* after the first try */
    long backoff_ms;           /* 0: HTTP_BACKOFF_MS_DEFAULT */
    const volatile bool *stop; /* may be NULL */
    const struct turn *turn;   /* when it is over, as when stop is raised */
};

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST };

/*
 * A request and its answer. The caller fills the first part; url and body
 * must live until it is done.
 */
struct http_exchange {
    enum http_method method;
    struct span url;
    struct span body; /* JSON */
    bool login;       /* send user and password */
    bool webhook;     /* say that a moderation service changes a comment */
    bool once;        /* leave trying again to the caller; libcurl still
                         does it on a kept connection that proves closed */
    void (*done)(struct http_exchange *ex); /* may be NULL */
    void *owner;                            /* for `done` */

    /*
     * Tries that failed; more than `retries` of them end it. Exchanges that
     * are steps of one errand share a budget by leaving it alone.
     */
    size_t failed;

    /*
     * The answer. error.code is ERROR_NONE when there is one, whatever its
     * status. ERROR_SITE_GONE: none, or only "try later", to the last try;
     * status and body are then of that try. ERROR_SITE: one we won't have
     * (too large, led to another host, certificate not trusted).
     */
    struct error error;
    long status;     /* 0: nothing came */
    struct buf head; /* the header lines of the last answer */
    struct buf answer;

    bool under_way; /* started, and not done */

    struct http_exchange *next; /* from here on http_client's own */
    int64_t not_before_ms;
    size_t redirects;
    char *moved_to;
};

struct http_client;

/* ERROR_CONFIG when `ca_file` can't be read. The options are copied. */
enum error_code http_client_new(struct http_client **client,
                                const struct http_options *options,
                                struct error *err) MUST_CHECK;
void http_client_free(struct http_client *client); /* NULL is fine */

/* The answer's body may grow to `answer_max` bytes, unpacked. */
void http_exchange_init(struct http_exchange *ex, size_t answer_max);
void http_exchange_release(struct http_exchange *ex);

/*
 * Hand in an exchange; nothing is sent before http_run. A `done` may start
 * further ones, its own included.
 */
void http_start(struct http_client *client, struct http_exchange *ex);

/*
 * Go on until all that was started is done. A raised stop flag ends it at
 * once, save for writes in flight, with ERROR_SITE_GONE for the rest.
 */
void http_run(struct http_client *client);

/* Go on until `ex`, which was started, is done; others may be by then. */
void http_wait(struct http_client *client, const struct http_exchange *ex);

/*
 * Send what may be sent already, bodies included, as far as the network takes
 * it, and do not wait for answers: the site works while we do something else.
 * The next http_run goes on with it.
 */
void http_push(struct http_client *client);

/* Start, run, and give back error.code with its text. */
enum error_code http_fetch(struct http_client *client,
                           struct http_exchange *ex,
                           struct error *err) MUST_CHECK;

/* The stop flag is up, or the turn is over. */
bool http_stopped(const struct http_client *client);

/*
 * The next header line called `name` of the answer, from `*at` on, which
 * starts at 0 and is moved past it.
 */
bool http_header(const struct http_exchange *ex, struct span name, size_t *at,
                 struct span *value);

/* Enough of `url` to recognise it in a log: without its query's end. */
struct span http_url_brief(struct span url);

#endif /* SITE_HTTP_CLIENT_H */
