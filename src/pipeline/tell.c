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
    arena_init(&course->arena[0]);
    arena_init(&course->arena[1]);
    course->page = &course->arena[0];
    juror_init(&course->juror);
}

void course_release(struct course *course)
{
    arena_release(&course->arena[0]);
    arena_release(&course->arena[1]);
    juror_release(&course->juror);
}

void course_turn(struct course *course)
{
    course->page = &course->arena[course->page == &course->arena[0]];
    arena_reset(course->page);
}

bool course_stopped(const struct course *course)
{
    const struct moderate *m = course->moderate;

    return (m->stop && *m->stop) || turn_is_over(m->turn);
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
        /* Why is ours to say; a person needs no reasons. */
        if (!decision->by.len)
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

/* Send; what is sent lives in the arena of the page. */
static void telling_begin(struct course *course,
                          const struct decision *decision, size_t nr)
{
    struct telling *telling = &course->telling;

    telling->decision = decision;
    telling->change =
        arena_alloc(course->page, nr * sizeof(struct site_change));
    telling->nr = nr;
    telling->notes = true;
    for (size_t i = 0; i < nr; i++) {
        telling->change[i] = change_for(course, &decision[i]);
        telling->notes = telling->notes && telling->change[i].note;
    }
    site_apply_begin(course->moderate->site, telling->change, nr);
}

/* Wait for the site's answers. */
static enum error_code telling_end(struct course *course,
                                   const struct telling *telling,
                                   struct error *err)
{
    const struct moderate *m = course->moderate;
    enum error_code told;

    if (!telling->nr)
        return ERROR_NONE;
    told = site_apply_end(m->site, telling->change, telling->nr, err);
    if (!told || !telling->notes)
        return told;
    log_warn("notes_lost", "site=%s comments=%zu error=%s",
             log_quote(m->site_name).text, telling->nr,
             log_quote(span_str(err->text)).text);
    return ERROR_NONE;
}

/* Write them down. */
static enum error_code telling_settle(struct course *course,
                                      const struct telling *telling,
                                      enum error_code told, struct error *err)
{
    struct settlement *settled;
    size_t answers = 0;

    if (!telling->nr)
        return ERROR_NONE;
    settled = arena_alloc(course->page, telling->nr * sizeof(*settled));
    for (size_t i = 0; i < telling->nr; i++) {
        struct site_change *change = &telling->change[i];

        /* A note that did not arrive is nobody's loss. */
        if (change->note)
            continue;
        /* When it is gone for all, that is said once and by the caller. */
        if (told && change->outcome == SITE_WAITS)
            continue;
        if (settle_for(course, &telling->decision[i], change,
                       &settled[answers]))
            answers++;
    }
    return store_settle(course->moderate->store, settled, answers,
                        clock_now_ms(), err);
}

/*
 * The site has the next page to work on before the answers about the last one
 * are written to the disk.
 */
enum error_code tell_page(struct course *course,
                          const struct decision *decision, size_t nr,
                          struct error *err)
{
    struct telling last = course->telling;
    enum error_code told = telling_end(course, &last, err);
    struct error second;
    enum error_code kept;

    course->telling.nr = 0;
    if (!told && nr)
        telling_begin(course, decision, nr);
    kept = telling_settle(course, &last, told, told ? &second : err);
    if (told || kept)
        return told ? told : kept;
    if (nr && !site_applies_aside(course->moderate->site))
        return tell_finish(course, err);
    return ERROR_NONE;
}

enum error_code tell_finish(struct course *course, struct error *err)
{
    return tell_page(course, NULL, 0, err);
}

enum error_code tell_batch(struct course *course,
                           const struct decision *decision, size_t nr,
                           struct error *err)
{
    enum error_code rc = tell_page(course, decision, nr, err);

    return rc ? rc : tell_finish(course, err);
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

    return store_outbox(m->store, course->page, m->site_name, after, BATCH_MAX,
                        list, err);
}

static enum error_code next_undoable(struct course *course, int64_t after,
                                     struct decision_list *list,
                                     struct error *err)
{
    return store_undoable(course->moderate->store, course->page, course->run,
                          after, BATCH_MAX, list, err);
}

/*
 * An undo is for one run only, also in the outbox, and not for what a person
 * decided. Returns the number of decisions that `course` is about, moved to
 * the front.
 */
static size_t keep_own(const struct course *course, struct decision_list *list)
{
    size_t nr = 0;

    for (size_t i = 0; i < list->nr; i++)
        if (!course->undo || (list->decision[i].run == course->run &&
                              !list->decision[i].by.len))
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

        arena_reset(course->page);
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
