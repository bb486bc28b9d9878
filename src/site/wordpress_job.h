#ifndef SITE_WORDPRESS_JOB_H
#define SITE_WORDPRESS_JOB_H

#include "site/wordpress.h"

/*
 * The way of one change over core's REST API; a part of wordpress_apply,
 * which has as many of these as requests may be in flight.
 *
 * Core has no conditional update, so each change is a look and then, at once,
 * a write. What falls between the two is in wordpress_look.h.
 */
enum job_end {
    JOB_SETTLED, /* change->outcome says how */
    JOB_WAITS,   /* this row can't be had now; `why` */
    JOB_DOUBTED, /* 401 or 403: of this row, or of everything? */
    JOB_GONE,    /* the site itself fails */
    JOB_STOPPED, /* the stop flag is up; nothing is known */
};

struct job {
    struct wordpress *wp;
    struct site_change *change;
    struct http_exchange ex;
    struct error write_error; /* of the last write that did not take */
    bool row_dies;            /* and it was the row's */
    struct arena arena;       /* for one step */
    struct buf body;

    /* The change is through; `why` is NULL where nothing is wrong. */
    void (*end)(struct job *job, enum job_end end, const struct error *why);
    void *owner; /* for `end` */
};

/* `end` and `owner` are the caller's to set. */
void job_init(struct job *job, struct wordpress *wp);
void job_release(struct job *job);

/*
 * Begin with `change`; http_run drives it until `end` is called. `row` is the
 * comment as it was seen just now, and not kept; NULL: look first.
 */
void job_begin(struct job *job, struct site_change *change,
               const struct json *row);

#endif /* SITE_WORDPRESS_JOB_H */
