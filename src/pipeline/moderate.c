/*
 * The order of writes is the whole of the safety here: verdicts to the store,
 * then changes to the site, then the site's answers to the store. Wherever
 * the program dies, the outbox holds exactly what may not have arrived, and
 * telling a site twice is harmless.
 */
#include "pipeline/moderate.h"

#include "base/clock.h"
#include "base/log.h"
#include "pipeline/decide.h"
#include "pipeline/tell.h"

/* Judge what is new on a page; `list` has room for all of it. */
static enum error_code judge_page(struct course *course,
                                  const struct site_page *page,
                                  struct decision_list *list,
                                  struct error *err)
{
    const struct moderate *m = course->moderate;
    struct span model = judge_model(m->judge, course->page);

    for (size_t i = 0; i < page->nr && !course_stopped(course); i++) {
        const struct comment *comment = &page->comment[i];
        struct digest digest = comment_digest(comment);
        enum error_code rc = ERROR_NONE;
        bool known = false;

        if (m->store)
            rc = store_knows(m->store, m->site_name, comment->id, &digest,
                             model, &known, err);
        if (rc)
            return rc;
        course->totals->seen++;
        if (known)
            course->totals->known++;
        else
            decide_comment(course, comment, &digest,
                           &list->decision[list->nr++]);
    }
    return ERROR_NONE;
}

static enum error_code moderate_page(struct course *course,
                                     const struct site_page *page,
                                     struct error *err)
{
    const struct moderate *m = course->moderate;
    struct decision_list list = { NULL, 0 };
    enum error_code rc;

    list.decision =
        arena_alloc(course->page, page->nr * sizeof(*list.decision));
    rc = judge_page(course, page, &list, err);
    if (rc || m->dry_run)
        return rc;
    rc = store_decide(m->store, list.decision, list.nr, err);
    if (rc)
        return rc;
    decide_tellable(&list, site_takes_notes(m->site));
    return tell_page(course, list.decision, list.nr, err);
}

/* Let others work on the site for a while, if they want to. */
static enum error_code give_way(struct course *course, struct error *err)
{
    const struct turn *turn = course->moderate->turn;
    enum error_code rc;

    if (!turn_is_wanted(turn))
        return ERROR_NONE;
    rc = tell_finish(course, err);
    return rc ? rc : turn->pass(turn->context, err);
}

static enum error_code walk_queue(struct course *course, struct error *err)
{
    const struct moderate *m = course->moderate;
    enum error_code rc = site_queue(m->site, &course->total, err);
    enum error_code told;
    struct error second;

    if (!rc)
        course_advance(course, 0);
    while (!rc && !course_stopped(course)) {
        struct site_page page = { NULL, 0 };
        size_t garbled = 0;

        course_turn(course);
        rc = site_queue_next(m->site, course->page, &page, &garbled, err);
        course->totals->seen += garbled;
        course->totals->failed += garbled;
        if (rc || !page.nr)
            break;
        rc = moderate_page(course, &page, err);
        if (!rc)
            course_advance(course, page.nr + garbled);
        if (!rc && !m->dry_run)
            rc = give_way(course, err);
    }
    told = tell_finish(course, rc ? &second : err);
    return rc ? rc : told;
}

/* The totals are written also after a failure; its text is the one to keep. */
static enum error_code end_run(struct course *course, enum error_code rc,
                               struct error *err)
{
    struct error second;
    enum error_code ended =
        store_run_end(course->moderate->store, course->run, course->totals,
                      clock_now_ms(), rc ? &second : err);

    return rc ? rc : ended;
}

enum error_code moderate_run(const struct moderate *moderate, int64_t *run,
                             struct run_totals *totals, struct error *err)
{
    struct course course;
    enum error_code rc;

    *run = 0;
    course_init(&course, moderate, totals);
    if (moderate->dry_run) {
        rc = walk_queue(&course, err);
        goto out;
    }
    rc = store_run_begin(moderate->store, moderate->site_name,
                         judge_model(moderate->judge, course.page),
                         clock_now_ms(), &course.run, err);
    if (rc)
        goto out;
    *run = course.run;
    rc = tell_waiting(&course, err);
    if (!rc)
        rc = walk_queue(&course, err);
    rc = end_run(&course, rc, err);
out:
    course_release(&course);
    return rc;
}

static enum error_code find_run(struct course *course, int64_t id,
                                struct error *err)
{
    const struct moderate *m = course->moderate;
    struct run run = { 0 };
    bool found = false;
    enum error_code rc =
        store_run_find(m->store, course->page, id, &run, &found, err);

    if (rc)
        return rc;
    if (!found || !span_eq(run.site, m->site_name))
        return error_set(err, ERROR_INPUT,
                         "there is no run %lld at site %.*s; 'sluice history "
                         "--runs' lists them",
                         (long long)id, SPAN_ARG(m->site_name));
    course->total = run.totals.applied;
    return ERROR_NONE;
}

/*
 * What waits in the outbox is taken back too, and first: or the next run
 * would tell the site what was to be undone. It may even have arrived.
 */
enum error_code moderate_undo(const struct moderate *moderate, int64_t run,
                              struct run_totals *totals, struct error *err)
{
    struct course course;
    enum error_code rc;

    course_init(&course, moderate, totals);
    course.run = run;
    course.undo = true;
    rc = find_run(&course, run, err);
    if (!rc)
        rc = tell_waiting(&course, err);
    if (!rc)
        rc = tell_undoable(&course, err);
    course_release(&course);
    return rc;
}
