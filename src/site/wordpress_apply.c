/*
 * Changes of status over core's REST API, several in flight: which change is
 * next, what is known of it, and when it is of no use to go on.
 */
#include "base/alloc.h"
#include "base/log.h"
#include "site/wordpress_job.h"
#include "site/wordpress_look.h"

#include <stdlib.h>

/* While what one look saw is written, the next one is under way. */
#define LOOKS 2

struct apply {
    struct wordpress *wp;
    struct site_change *change;
    size_t nr;
    size_t next; /* change to begin */
    struct job *job;
    struct site_change **doubted; /* of each job; NULL: nothing */
    size_t job_nr;
    struct look look[LOOKS];
    size_t looked; /* changes before this one were asked for */
    size_t settled;
    size_t gone_in_row;
    struct error last; /* of the site itself */
    bool halted;       /* begin no more */
    bool login_fine;   /* asked, since a row was refused */
    bool doubt;        /* a row was refused, and the login not yet asked */
};

bool wordpress_change_is_sound(struct site_change *change)
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

/* False when it needs no asking. Core has no place for a note. */
static bool change_needs_job(struct site_change *change)
{
    if (!wordpress_change_is_sound(change)) {
        change->outcome = SITE_REFUSED;
        return false;
    }
    if (change->note)
        change->outcome = SITE_APPLIED;
    return !change->note;
}

static struct look *look_at(struct apply *apply, size_t i)
{
    for (size_t j = 0; j < LOOKS; j++)
        if (look_has(&apply->look[j], i))
            return &apply->look[j];
    return NULL;
}

/* Ask ahead, so that no job has to wait; of one change a job asks itself. */
static void look_ahead(struct apply *apply)
{
    for (size_t j = 0; j < LOOKS; j++) {
        struct look *look = &apply->look[j];

        if (apply->looked < apply->next)
            apply->looked = apply->next;
        if (apply->nr - apply->looked < 2 ||
            apply->looked > apply->next + apply->job_nr)
            return;
        if (look->under_way || look->to > apply->next)
            continue;
        look_ask(look, apply->change, apply->looked, apply->nr);
        apply->looked = look->to;
    }
}

/* False when there is nothing to begin, or not yet. */
static bool begin_change(struct job *job)
{
    struct apply *apply = job->owner;
    struct look *look = look_at(apply, apply->next);
    struct site_change *change = &apply->change[apply->next];

    if (look && look->under_way)
        return false;
    apply->next++;
    if (!change_needs_job(change))
        return true;
    job_begin(job, change, look ? look_row(look, change) : NULL);
    return true;
}

static void begin_next(struct job *job)
{
    struct apply *apply = job->owner;

    job->change = NULL;
    while (!job->change && apply->next < apply->nr) {
        if (apply->halted || apply->doubt || http_stopped(apply->wp->http))
            return;
        look_ahead(apply);
        if (!begin_change(job))
            return;
    }
}

/* Jobs that waited for what was seen go on. */
static void looked(struct http_exchange *ex)
{
    struct apply *apply = ex->owner;

    for (size_t j = 0; j < LOOKS; j++)
        if (&apply->look[j].ex == ex)
            look_take(&apply->look[j]);
    for (size_t i = 0; i < apply->job_nr; i++)
        if (!apply->job[i].change)
            begin_next(&apply->job[i]);
}

/*
 * The site itself fails: this change waits, and after some in a row all the
 * others do too. What will not change (its certificate, a redirect) is enough
 * at once.
 */
static void note_gone(struct apply *apply, const struct job *job,
                      const struct error *why)
{
    enum error_code code = job->ex.error.code;

    if (http_stopped(apply->wp->http))
        return;
    apply->last = *why;
    apply->gone_in_row++;
    if (apply->gone_in_row >= WORDPRESS_GONE_IN_ROW ||
        (code && code != ERROR_SITE_GONE))
        apply->halted = true;
}

/* 401 or 403: of this row, or of everything? apply_run finds out. */
static void note_doubt(struct apply *apply, struct job *job)
{
    if (apply->login_fine) {
        job->change->outcome = SITE_REFUSED;
        apply->settled++;
        apply->gone_in_row = 0;
        return;
    }
    apply->doubt = true;
    apply->doubted[job - apply->job] = job->change;
}

static void job_ended(struct job *job, enum job_end end,
                      const struct error *why)
{
    struct apply *apply = job->owner;

    if (why) {
        job->change->outcome = SITE_WAITS;
        job->change->error = *why;
    }
    if (end == JOB_SETTLED) {
        apply->settled++;
        apply->gone_in_row = 0;
    } else if (end == JOB_GONE) {
        note_gone(apply, job, why);
    } else if (end == JOB_DOUBTED) {
        note_doubt(apply, job);
    }
    begin_next(job);
}

static void apply_init(struct apply *apply, struct wordpress *wp,
                       struct site_change *change, size_t nr)
{
    *apply = (struct apply){ .wp = wp, .change = change, .nr = nr };
    apply->job_nr = nr < wp->in_flight ? nr : wp->in_flight;
    apply->job = xcalloc(apply->job_nr, sizeof(*apply->job));
    apply->doubted = xcalloc(apply->job_nr, sizeof(struct site_change *));
    for (size_t i = 0; i < apply->job_nr; i++) {
        job_init(&apply->job[i], wp);
        apply->job[i].end = job_ended;
        apply->job[i].owner = apply;
    }
    for (size_t j = 0; j < LOOKS; j++)
        look_init(&apply->look[j], wp, looked, apply);
}

static void apply_release(struct apply *apply)
{
    for (size_t i = 0; i < apply->job_nr; i++)
        job_release(&apply->job[i]);
    for (size_t j = 0; j < LOOKS; j++)
        look_release(&apply->look[j]);
    free(apply->doubted);
    free(apply->job);
}

/* The login is fine, so what was refused was meant for those rows. */
static void doubts_settle(struct apply *apply)
{
    apply->doubt = false;
    apply->login_fine = true;
    for (size_t i = 0; i < apply->job_nr; i++) {
        if (!apply->doubted[i])
            continue;
        apply->doubted[i]->outcome = SITE_REFUSED;
        apply->doubted[i] = NULL;
        apply->settled++;
    }
}

static enum error_code apply_run(struct apply *apply, struct error *err)
{
    enum error_code rc = ERROR_NONE;

    do {
        for (size_t i = 0; i < apply->job_nr; i++)
            begin_next(&apply->job[i]);
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

enum error_code wordpress_apply(struct wordpress *wp,
                                struct site_change *change, size_t nr,
                                struct error *err)
{
    struct apply apply;
    enum error_code rc;

    apply_init(&apply, wp, change, nr);
    rc = apply_run(&apply, err);
    apply_release(&apply);
    return rc;
}
