#ifndef SITE_WORDPRESS_H
#define SITE_WORDPRESS_H

#include "base/arena.h"
#include "site/http_client.h"
#include "site/http_url.h"
#include "site/site_ops.h"
#include "wire/json.h"

/*
 * A WordPress site over its REST API; what its parts share. Others use
 * site.h.
 *
 *     wordpress.c          open, close, check
 *     wordpress_root.c     where the REST API is
 *     wordpress_rest.c     URLs, answers, and what they mean
 *     wordpress_snapshot.c the ids of the held comments
 *     wordpress_queue.c    the walk over them
 *     wordpress_context.c  the posts and parents they belong to
 *     wordpress_apply.c    changes of status, many
 *     wordpress_look.c     as they are just before
 *     wordpress_job.c      and one change
 *     wordpress_way.c      all that over the companion, if it is there
 *     wordpress_companion* the companion's routes
 *     wordpress_examine.c  each step of the way, for `sluice doctor`
 *
 * A comment's id is a number in WordPress, and text at our border.
 */

/* An answer of 100 comments, each as large as WordPress stores. */
#define WORDPRESS_ANSWER_MAX ((size_t)64 << 20)

/* What core's REST API lists at a time. */
#define WORDPRESS_PER_PAGE ((size_t)100)

/* Comments in one walk; what is beyond waits for the next. */
#define WORDPRESS_QUEUE_MAX ((size_t)1000000)

/* Posts remembered; past it all are forgotten. */
#define WORDPRESS_POSTS_MAX ((size_t)512)

/*
 * Requests in a row that may fail for good before the site counts as gone:
 * what follows would only wait longer.
 */
#define WORDPRESS_GONE_IN_ROW 3

/* The fields that make a comment, and its digest: one list for all reads. */
#define WORDPRESS_COMMENT_FIELDS                                              \
    "id,post,parent,author,author_name,author_email,author_url,author_ip,"    \
    "author_user_agent,date_gmt,date,content,link,status,type"

struct wordpress_post {
    long long id;
    struct span title; /* all empty when it could not be read */
    struct span text;
    struct span date;
};

struct wordpress_posts {
    struct arena arena;
    struct wordpress_post *post;
    size_t nr;
    size_t alloc;
};

struct wordpress_queue {
    const char *status; /* of the walk, as REST lists it: "hold" */
    long long *id;      /* of it when the walk began, ascending */
    size_t nr;
    size_t alloc;
    size_t at;
    size_t batch;   /* ids to ask for next; fewer after a failure */
    bool narrowed;  /* by a failure just now */
    size_t lost;    /* rows in a row that could not be read even alone */
    size_t garbled; /* met by the snapshot, to report with the next page */
};

struct companion_telling;

/* The companion plugin of the site, and the walk over its queue. */
struct wordpress_companion {
    bool there;
    struct companion_telling *telling; /* under way; NULL: nothing is */
    bool walking;
    struct http_exchange page; /* the next one, asked for ahead */
    struct arena arena;        /* its URL */
    bool asked;
    bool ended;
    long long after; /* ids up to this one are through */
    size_t batch;    /* comments to ask for; fewer after a failure */
    bool narrowed;   /* by a failure just now */
};

struct wordpress {
    struct site site; /* first: what site.c hands around */
    struct arena arena;
    struct span name;
    struct span user;
    struct http_url url;
    struct span root; /* of the REST API, ends in '/'; empty: not yet known */
    struct http_client *http;
    size_t in_flight;
    size_t retries;
    size_t look_nr; /* comments to look at together */
    struct wordpress_queue queue;
    struct wordpress_posts posts;
    struct wordpress_companion companion;
};

/* A comment of a page, and what it belongs to. */
struct wordpress_row {
    struct comment *comment;
    long long post;
    long long parent; /* 0: none */
};

/*
 * Find the REST root, once. Nothing secret is sent. ERROR_CONFIG when a
 * password would have to travel over plain http.
 */
enum error_code wordpress_root(struct wordpress *wp,
                               struct error *err) MUST_CHECK;

/*
 * See that the login works and may moderate, asking the site; the root is
 * known already.
 */
enum error_code wordpress_login(struct wordpress *wp,
                                struct error *err) MUST_CHECK;

/* The same; `*known`: it is no stranger, whatever he may do. */
enum error_code wordpress_login_known(struct wordpress *wp, bool *known,
                                      struct error *err) MUST_CHECK;

/* The URL of `route` ("wp/v2/comments") with `query` ("a=1&b=2", or ""). */
struct span rest_url(struct arena *arena, struct span root, const char *route,
                     struct span query);

/* The beginning of `text`, as much as is judged; a copy in the arena. */
struct span rest_beginning(struct arena *arena, struct span text);

/* "include=1,2,3" and so on, for `nr` ids; in the arena. */
struct span rest_include(struct arena *arena, const long long *id, size_t nr);

/* The "code" of a WordPress error; empty when the answer is none. */
struct rest_code {
    char text[64];
};
struct rest_code rest_code(const struct http_exchange *ex);

/* Whose fault it is that an answer has no usable row. */
enum rest_fault {
    REST_ROW_DIES,    /* WordPress is up, and a plugin chokes on this row */
    REST_ROW_MISSING, /* there is no such comment */
    REST_ROW_REFUSED, /* WordPress will not have this request */
    REST_NOT_ALLOWED, /* for this row, or for everything: ask about the login
                       */
    REST_SITE_GONE,   /* it does not answer, or something else does for it */
};
enum rest_fault rest_fault(const struct http_exchange *ex);

/*
 * Read the answer of a finished exchange: a JSON object or array with status
 * 2xx. Any other gives ERROR_SITE with what it probably means, or the
 * exchange's own error. On success the caller releases `doc`.
 */
enum error_code rest_read(struct json_doc *doc, const struct http_exchange *ex,
                          struct error *err) MUST_CHECK;

/* A member that is a number, and otherwise 0. */
long long rest_number(const struct json *row, const char *name);

/* A member that is text, or has it as "raw" or "rendered"; else empty. */
struct span rest_text(const struct json *row, const char *name);

/*
 * Append the request that gives comment `row` the status `want` and leaves
 * its author's address and browser as they are.
 */
void rest_put_status(struct buf *out, const struct json *row,
                     struct span want);

/* Notes to editors and shops, which plugins keep among the comments. */
bool rest_is_note(const struct json *row);

/*
 * Collect the ids of all comments of the walk's status, ascending and once
 * each.
 * Rows that can't even be listed are counted in queue.garbled.
 */
enum error_code wordpress_snapshot(struct wordpress *wp,
                                   struct error *err) MUST_CHECK;

/*
 * Begin the walk, over core, over what the queue's `status` says, and go on.
 */
enum error_code wordpress_queue(struct wordpress *wp, size_t *total,
                                struct error *err) MUST_CHECK;
enum error_code wordpress_queue_next(struct wordpress *wp, struct arena *arena,
                                     struct site_page *page, size_t *garbled,
                                     struct error *err) MUST_CHECK;

/* Pass over the ids of the walk up to `after`. */
void wordpress_queue_skip(struct wordpress *wp, long long after);

/* Fill `comment` from a row of the site's; ERROR_INPUT when it is none. */
enum error_code wordpress_comment(struct wordpress *wp, struct arena *arena,
                                  const struct json *row,
                                  struct comment *comment,
                                  struct error *err) MUST_CHECK;

/* Say that comment `id` can't be read, and count it. */
void wordpress_row_garbled(const struct wordpress *wp, long long id,
                           const struct error *why, size_t *garbled);

/*
 * Add title, text and date of the posts and the text of the parents to the
 * rows' comments, in the arena. What can't be read stays empty; only a site
 * that does not answer is an error.
 */
enum error_code wordpress_context(struct wordpress *wp, struct arena *arena,
                                  const struct wordpress_row *row, size_t nr,
                                  struct error *err) MUST_CHECK;
void wordpress_posts_release(struct wordpress_posts *posts);

/* Whether WordPress can understand it; if not, change->error says why. */
bool wordpress_change_is_sound(struct site_change *change);

/* Changes over core; their outcomes are SITE_WAITS when they come here. */
enum error_code wordpress_apply(struct wordpress *wp,
                                struct site_change *change, size_t nr,
                                struct error *err) MUST_CHECK;

/* What site.h asks for, over the companion or over core. */
enum error_code wordpress_way_queue(struct site *site, size_t *total,
                                    struct error *err) MUST_CHECK;
enum error_code wordpress_way_history(struct site *site, struct span status,
                                      size_t *total,
                                      struct error *err) MUST_CHECK;
enum error_code wordpress_way_queue_next(struct site *site,
                                         struct arena *arena,
                                         struct site_page *page,
                                         size_t *garbled,
                                         struct error *err) MUST_CHECK;
bool wordpress_way_aside(const struct site *site);
void wordpress_way_apply_begin(struct site *site, struct site_change *change,
                               size_t nr);
enum error_code wordpress_way_apply_end(struct site *site,
                                        struct site_change *change, size_t nr,
                                        struct error *err) MUST_CHECK;

void wordpress_examine(struct site *site, struct examination *ex);

#endif /* SITE_WORDPRESS_H */
