#ifndef SITE_SITE_H
#define SITE_SITE_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/span.h"
#include "comment/comment.h"
#include "comment/verdict.h"
#include "site/examine.h"
#include "site/turn.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A site that holds comments: list what waits, set a status, read it back.
 *
 * Statuses cross this border by their WordPress names: "hold", "approved",
 * "spam", "trash". A person always wins: a change is made only while the
 * comment still has the status, and the content, that the verdict rests on.
 *
 * One implementation a kind: "filequeue" (an NDJSON file is the site),
 * "wordpress" (its REST API) and "akismet" (its Akismet plugin, for verdicts
 * that come after the first). Not for threads to share.
 */
struct site;

/*
 * Our name for a status that may be written in several ways ("1", "approve":
 * "approved"); static. What we don't know is given back as it is.
 */
struct span site_status(struct span written);

struct site_options {
    struct span name; /* in the store and the logs */
    struct span kind; /* "filequeue", "wordpress", "akismet" */
    struct span url;  /* of the site, path of the file, or the plugin's
                         /wp-json/akismet/v1/webhook */
    struct span key;  /* of the Akismet protocol; may be empty */
    struct span user;
    struct span password;      /* an application password */
    struct span ca_file;       /* extra CA certificates; empty: the system's */
    long timeout_s;            /* of one request */
    size_t in_flight;          /* requests at a time */
    size_t retries;            /* of one request, after the first try */
    const volatile bool *stop; /* set by a signal: finish and return */
    const struct turn *turn;   /* when it is over, as when stop is raised */
};

#define SITE_TIMEOUT_S_DEFAULT 30
#define SITE_IN_FLIGHT_DEFAULT 4
#define SITE_RETRIES_DEFAULT 5

/*
 * Make a site of `options->kind`; the options' spans are copied. Contacts
 * nobody. ERROR_CONFIG names the option that is wrong. The caller closes it.
 */
enum error_code site_open(struct site **site,
                          const struct site_options *options,
                          struct error *err) MUST_CHECK;
void site_close(struct site *site); /* NULL is fine */

/*
 * See that the site answers, that the login works and may moderate. The text
 * of ERROR_SITE (it answered and refuses), ERROR_SITE_GONE (no answer) or
 * ERROR_CONFIG tells a site owner what to do.
 */
enum error_code site_check(struct site *site, struct error *err) MUST_CHECK;

/*
 * Check the site step by step, as far as one gets, and report what is found;
 * nothing is changed. Instead of site_check, not after it.
 */
void site_examine(struct site *site, struct examination *ex);

/*
 * Begin a walk over the held comments as they are now. `*total` is how many.
 */
enum error_code site_queue(struct site *site, size_t *total,
                           struct error *err) MUST_CHECK;

/*
 * Begin a walk over the comments that have `status` ("approved", "spam",
 * "trash", "hold") instead; site_queue_next goes on with either.
 */
enum error_code site_history(struct site *site, struct span status,
                             size_t *total, struct error *err) MUST_CHECK;

/* Most comments on a page. */
#define SITE_PAGE_MAX 500

struct site_page {
    struct comment *comment; /* in the arena, status filled in */
    size_t nr;               /* 0: the walk is over */
};

/*
 * The next comments of the walk, with title and text of their posts. Those
 * that stopped waiting since site_queue are left out; so the page may be
 * shorter than others, but is empty only at the end. A row the site garbles
 * is left out, named in the log and added to `*garbled`. A raised stop flag
 * ends the walk, without an error.
 */
enum error_code site_queue_next(struct site *site, struct arena *arena,
                                struct site_page *page, size_t *garbled,
                                struct error *err) MUST_CHECK;

enum site_outcome {
    SITE_WAITS,   /* not tried, or no answer: try again later */
    SITE_APPLIED, /* it has the wanted status now */
    SITE_SKIPPED, /* a person changed its status, or its content changed */
    SITE_MISSING, /* there is no such comment any more */
    SITE_REFUSED, /* the site will not have it; trying again won't help */
};

/* A wish, and what came of it. */
struct site_change {
    struct span id;
    struct span want;     /* the status to set */
    struct span expect;   /* the status it must still have */
    struct digest digest; /* of the judged content; empty hex: any content */
    const struct verdict *verdict; /* why, for site_takes_notes; or NULL */
    bool note; /* want is what it has: only the verdict is to be shown */
    enum site_outcome outcome;
    struct digest left; /* of SITE_APPLIED: of the content as it is there now,
                           if the site says; a site may rewrite a text that
                           it stores again, and that is no edit */
    struct error error; /* of SITE_WAITS and SITE_REFUSED */
};

/*
 * Whether the site shows people why, also for comments that stay held. Known
 * after site_check. Elsewhere a note is SITE_APPLIED without asking the site.
 */
bool site_takes_notes(const struct site *site);

/*
 * Apply `nr` changes, several in flight, and fill their outcomes. A comment
 * that already has the wanted status is SITE_APPLIED and not written again.
 * Returns ERROR_SITE_GONE when the site stopped answering, ERROR_SITE when it
 * refuses everybody (login lost); changes not reached stay SITE_WAITS. A
 * raised stop flag ends early, without an error, after those in flight.
 */
enum error_code site_apply(struct site *site, struct site_change *change,
                           size_t nr, struct error *err) MUST_CHECK;

/*
 * The same in two parts, with the same changes: the first sends, the second
 * waits for the answers. Between them the walk may go on, and a site that
 * applies aside works meanwhile; at others it all happens in the second. One
 * at a time.
 */
bool site_applies_aside(const struct site *site);
void site_apply_begin(struct site *site, struct site_change *change,
                      size_t nr);
enum error_code site_apply_end(struct site *site, struct site_change *change,
                               size_t nr, struct error *err) MUST_CHECK;

#endif /* SITE_SITE_H */
