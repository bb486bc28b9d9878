#include "pipeline/tell.h"

#include "base/clock.h"
#include "base/log.h"

#include <string.h>

/* Decisions of the store that are posted together. */
#define BATCH_MAX SITE_PAGE_MAX

void course_init(struct course *course, const struct moderate *moderate,
                 struct run_totals *totals)
{
    memset(course, 0, sizeof(*course));
    memset(totals, 0, sizeof(*totals));
    course->moderate = moderate;
    course->totals = totals;
    arena_init(&course->page);
    arena_init(&course->scratch);
}

void course_release(struct course *course)
{
    arena_release(&course->page);
    arena_release(&course->scratch);
}

bool course_stopped(const struct course *course)
{
    return course->moderate->stop && *course->moderate->stop;
}

void course_advance(struct course *course, size_t more)
{
    const struct moderate *m = course->moderate;

    course->done += more;
    if (m->on_progress)
        m->on_progress(m->context, course->totals, course->done,
                       course->total);
}

static struct span status_for(enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_APPROVE:
        return SPAN_LIT("approved");
    case VERDICT_SPAM:
        return SPAN_LIT("spam");
    case VERDICT_HOLD:
        break;
    }
    return SPAN_LIT("hold");
}

static struct site_change change_for(const struct course *course,
                                     const struct decision *decision)
{
    struct site_change change = { .id = decision->comment };

    change.note = decision->state == DECISION_KEPT;
    if (course->undo) {
        change.want = decision->was;
        change.expect = status_for(decision->verdict.kind);
    } else {
        change.want = status_for(decision->verdict.kind);
        change.expect = decision->was;
        change.digest = decision->digest;
        change.verdict = &decision->verdict;
    }
    return change;
}

/* A comment this run did nothing for: named, counted, never dropped. */
static void note_failed(struct course *course, const char *event,
                        const struct site_change *change)
{
    course->totals->failed++;
    log_error(event, "site=%s comment=%s error=%s",
              log_quote(course->moderate->site_name).text,
              log_quote(change->id).text,
              log_quote(span_str(change->error.text)).text);
}

/*
 * What to write down about an answer; false when there is nothing to. While
 * an undo has not happened the decision stays as it is, but for the detail.
 */
static bool settle_for(struct course *course, const struct decision *decision,
                       const struct site_change *change,
                       struct settlement *settled)
{
    bool undo = course->undo;

    *settled = (struct settlement){ .decision = decision->id };
    switch (change->outcome) {
    case SITE_APPLIED:
        course->totals->applied++;
        settled->state = undo ? DECISION_UNDONE : DECISION_APPLIED;
        settled->digest = change->left;
        return true;
    case SITE_SKIPPED:
        course->totals->skipped++;
        settled->state = undo ? decision->state : DECISION_SKIPPED;
        settled->detail = undo ? SPAN_LIT("not undone: changed since")
                               : SPAN_LIT("changed before the verdict came");
        return true;
    case SITE_MISSING:
        course->totals->skipped++;
        settled->state = DECISION_GONE;
        return true;
    case SITE_REFUSED:
        note_failed(course, "comment_refused", change);
        settled->state = undo ? decision->state : DECISION_FAILED;
        settled->detail = span_str(change->error.text);
        return true;
    case SITE_WAITS:
        break;
    }
    if (!change->error.text[0])
        return false;
    note_failed(course, "comment_waits", change);
    settled->state = decision->state;
    settled->detail = span_str(change->error.text);
    return true;
}

enum error_code tell_batch(struct course *course,
                           const struct decision *decision, size_t nr,
                           struct error *err)
{
    const struct moderate *m = course->moderate;
    struct site_change *change;
    struct settlement *settled;
    struct error second;
    enum error_code told;
    enum error_code kept;
    size_t answers = 0;

    change = arena_alloc(&course->page, nr * sizeof(*change));
    settled = arena_alloc(&course->page, nr * sizeof(*settled));
    for (size_t i = 0; i < nr; i++)
        change[i] = change_for(course, &decision[i]);
    told = site_apply(m->site, change, nr, err);
    for (size_t i = 0; i < nr; i++) {
        /* A note that did not arrive is nobody's loss. */
        if (change[i].note)
            continue;
        /* When it is gone for all, that is said once and by the caller. */
        if (told && change[i].outcome == SITE_WAITS)
            continue;
        if (settle_for(course, &decision[i], &change[i], &settled[answers]))
            answers++;
    }
    kept = store_settle(m->store, settled, answers, clock_now_ms(),
                        told ? &second : err);
    return told ? told : kept;
}

/* Which decisions a course goes through. */
typedef enum error_code next_batch(struct course *course, int64_t after,
                                   struct decision_list *list,
                                   struct error *err);

static enum error_code next_waiting(struct course *course, int64_t after,
                                    struct decision_list *list,
                                    struct error *err)
{
    const struct moderate *m = course->moderate;

    return store_outbox(m->store, &course->page, m->site_name, after,
                        BATCH_MAX, list, err);
}

static enum error_code next_undoable(struct course *course, int64_t after,
                                     struct decision_list *list,
                                     struct error *err)
{
    return store_undoable(course->moderate->store, &course->page, course->run,
                          after, BATCH_MAX, list, err);
}

/*
 * An undo is for one run only, also in the outbox. Returns the number of
 * decisions that `course` is about, moved to the front.
 */
static size_t keep_own(const struct course *course, struct decision_list *list)
{
    size_t nr = 0;

    for (size_t i = 0; i < list->nr; i++)
        if (!course->undo || list->decision[i].run == course->run)
            list->decision[nr++] = list->decision[i];
    return nr;
}

static enum error_code tell_all(struct course *course, next_batch *next,
                                struct error *err)
{
    int64_t after = 0;

    while (!course_stopped(course)) {
        struct decision_list list = { NULL, 0 };
        enum error_code rc;
        size_t nr;

        arena_reset(&course->page);
        rc = next(course, after, &list, err);
        if (rc || !list.nr)
            return rc;
        after = list.decision[list.nr - 1].id;
        nr = keep_own(course, &list);
        rc = nr ? tell_batch(course, list.decision, nr, err) : ERROR_NONE;
        if (rc)
            return rc;
        course_advance(course, course->undo ? nr : 0);
    }
    return ERROR_NONE;
}

enum error_code tell_waiting(struct course *course, struct error *err)
{
    return tell_all(course, next_waiting, err);
}

enum error_code tell_undoable(struct course *course, struct error *err)
{
    return tell_all(course, next_undoable, err);
}
