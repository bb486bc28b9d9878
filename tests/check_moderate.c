/*
 * Real store, real file as a site, real stages; a tiny model, and lists that
 * make verdicts certain: "badword" is spam, "goodword" is approved, the rest
 * is held.
 */
#include "pipeline/moderate.h"

#include "site/site_ops.h"
#include "support/store_dir.h"
#include "support/tiny_model.h"
#include "wire/json.h"
#include "wire/ndjson.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

static struct store_dir dir;
static char queue[300];
static struct model *model;
static struct lists *lists;
static struct policy policy;
static struct judge judge;
static struct site *site;
static volatile bool stop;

/* The site under test, and what it was told. */
static struct {
    struct site site;
    struct site *inner;
    enum error_code fails; /* what apply returns, from `fails_after` on */
    size_t fails_after;
    size_t applies;
    size_t changes;
    bool takes_notes;
    bool aside;
    bool begun;     /* and not ended */
    size_t at_once; /* walks on while something was begun */
    size_t notes;
    size_t unexplained;  /* changes without a verdict */
    const char *refuses; /* this comment; NULL: none */
    const char *keeps;   /* this one gets no answer */
} spy;

static void write_file(const char *name, const char *text)
{
    char path[300];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir.dir, name);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

static enum error_code spy_queue(struct site *s, size_t *total,
                                 struct error *err)
{
    (void)s;
    return site_queue(spy.inner, total, err);
}

static enum error_code spy_queue_next(struct site *s, struct arena *arena,
                                      struct site_page *page, size_t *garbled,
                                      struct error *err)
{
    (void)s;
    spy.at_once += spy.begun;
    return site_queue_next(spy.inner, arena, page, garbled, err);
}

static void spoil(struct site_change *change)
{
    if (spy.refuses && span_eq(change->id, span_str(spy.refuses))) {
        change->outcome = SITE_REFUSED;
        (void)error_set(&change->error, ERROR_SITE, "not this one");
    } else if (spy.keeps && span_eq(change->id, span_str(spy.keeps))) {
        change->outcome = SITE_WAITS;
        (void)error_set(&change->error, ERROR_SITE_GONE, "no answer");
    }
}

static enum error_code spy_apply(struct site *s, struct site_change *change,
                                 size_t nr, struct error *err)
{
    enum error_code rc;

    (void)s;
    spy.applies++;
    if (spy.fails && spy.applies > spy.fails_after)
        return error_set(err, spy.fails, "the site is gone");
    spy.changes += nr;
    for (size_t i = 0; i < nr; i++) {
        spy.notes += change[i].note;
        spy.unexplained += !change[i].verdict;
    }
    rc = site_apply(spy.inner, change, nr, err);
    for (size_t i = 0; !rc && i < nr; i++)
        spoil(&change[i]);
    return rc;
}

static bool spy_aside(const struct site *s)
{
    (void)s;
    return spy.aside;
}

static void spy_begin(struct site *s, struct site_change *change, size_t nr)
{
    (void)s;
    (void)change;
    ck_assert(nr);
    ck_assert(!spy.begun);
    spy.begun = true;
}

static enum error_code spy_end(struct site *s, struct site_change *change,
                               size_t nr, struct error *err)
{
    ck_assert(spy.begun);
    spy.begun = false;
    return spy_apply(s, change, nr, err);
}

static bool spy_takes_notes(const struct site *s)
{
    (void)s;
    return spy.takes_notes;
}

static const struct site_ops spy_ops = {
    .queue = spy_queue,
    .queue_next = spy_queue_next,
    .aside = spy_aside,
    .apply_begin = spy_begin,
    .apply_end = spy_end,
    .takes_notes = spy_takes_notes,
};

static void open_site(void)
{
    struct site_options options = {
        .name = SPAN_LIT("blog"),
        .kind = SPAN_LIT("filequeue"),
        .url = span_str(queue),
        .stop = &stop,
    };

    site_close(spy.inner);
    memset(&spy, 0, sizeof(spy));
    must(&dir, site_open(&spy.inner, &options, &dir.err));
    spy.site.ops = &spy_ops;
    site = &spy.site;
}

static void setup(void)
{
    char allow[300];
    char deny[300];

    store_dir_make(&dir);
    store_dir_open(&dir);
    snprintf(queue, sizeof(queue), "%s/queue.ndjson", dir.dir);
    snprintf(allow, sizeof(allow), "%s/allow", dir.dir);
    snprintf(deny, sizeof(deny), "%s/deny", dir.dir);
    write_file("allow", "word:goodword\n");
    write_file("deny", "word:badword\n");
    tiny_model_write(dir.dir);
    must(&dir, model_open(&model, dir.dir, &dir.err));
    must(&dir, lists_load(&lists, allow, deny, &dir.err));
    policy = (struct policy){ 0, 1, 1, true, lists };
    judge = (struct judge){ model, &policy, NULL, NULL };
    stop = false;
}

static void teardown(void)
{
    site_close(spy.inner);
    spy.inner = NULL;
    lists_free(lists);
    model_close(model);
    store_dir_remove(&dir);
}

/* Comments 1 to `nr`: in turn bad, good, and neither. */
static void write_queue(size_t nr)
{
    static const char *const word[] = { "plain", "badword", "goodword" };
    FILE *file = fopen(queue, "w");

    for (size_t i = 1; i <= nr; i++)
        fprintf(file,
                "{\"id\": \"%zu\", \"status\": \"hold\", \"author\": \"Ann "
                "%zu\", \"text\": \"<p>Number %zu is a %s comment</p>\"}\n",
                i, i, i, word[i % 3]);
    ck_assert_int_eq(fclose(file), 0);
    open_site();
}

static const char *wanted(size_t id)
{
    static const char *const status[] = { "hold", "spam", "approved" };

    return status[id % 3];
}

/* How many comments of the queue have `status`; 0 for the id: any. */
static size_t count_status(const char *status, long long id)
{
    int fd = open(queue, O_RDONLY);
    struct ndjson in;
    struct span line;
    size_t nr = 0;

    ndjson_init(&in, fd);
    while (ndjson_next(&in, &line) == NDJSON_LINE) {
        struct json_doc doc;
        struct span is;
        struct span text;
        long long number;

        must(&dir, json_parse(&doc, line, &dir.err));
        ck_assert(json_text(json_member(doc.root, "status"), &is));
        ck_assert(json_text(json_member(doc.root, "id"), &text));
        ck_assert(span_to_long(text, &number));
        nr += span_eq(is, span_str(status)) && (!id || id == number);
        json_release(&doc);
    }
    ndjson_release(&in);
    close(fd);
    return nr;
}

/* Change the status or the text of the queue's file behind sluice's back. */
static void edit_queue(const char *from, const char *to)
{
    struct buf old;
    struct buf new;
    size_t at;

    buf_init(&old, 1 << 20);
    buf_init(&new, 1 << 20);
    must(&dir, buf_read_file(&old, queue, &dir.err));
    at = span_find(buf_span(&old), span_str(from));
    ck_assert_uint_lt(at, old.len);
    buf_add(&new, span_cut(buf_span(&old), 0, at));
    buf_add(&new, span_str(to));
    buf_add(&new, span_cut(buf_span(&old), at + strlen(from), old.len));
    must(&dir, file_replace(queue, buf_span(&new), &dir.err));
    buf_release(&old);
    buf_release(&new);
}

static struct moderate moderate_make(void)
{
    return (struct moderate){
        .judge = &judge,
        .site = site,
        .store = dir.store,
        .site_name = SPAN_LIT("blog"),
        .stop = &stop,
    };
}

static struct run_totals run_ok(int64_t *run)
{
    struct moderate moderate = moderate_make();
    struct run_totals totals;

    must(&dir, moderate_run(&moderate, run, &totals, &dir.err));
    return totals;
}

/* A turn that somebody else wants after each page. */
struct shared_turn {
    struct turn turn;
    size_t passed;
    size_t may_pass;
};

static bool shared_over(void *context)
{
    const struct shared_turn *turn = context;

    return turn->passed == turn->may_pass;
}

static bool shared_wanted(void *context)
{
    (void)context;
    return true;
}

static enum error_code shared_pass(void *context, struct error *err)
{
    (void)err;
    ck_assert(!spy.begun);
    ((struct shared_turn *)context)->passed++;
    return ERROR_NONE;
}

static struct run_totals run_shared(struct shared_turn *turn, size_t may_pass)
{
    struct moderate moderate = moderate_make();
    struct run_totals totals;
    int64_t run;

    *turn = (struct shared_turn){
        { shared_over, shared_wanted, shared_pass, turn }, 0, may_pass
    };
    moderate.turn = &turn->turn;
    must(&dir, moderate_run(&moderate, &run, &totals, &dir.err));
    return totals;
}

static size_t count_state(enum decision_state state)
{
    struct history_filter filter = { .has_state = true, .state = state };
    struct store_dir_found found = { .arena = &dir.arena };

    must(&dir,
         store_history(dir.store, &filter, store_dir_match, &found, &dir.err));
    return found.nr;
}

/* With pages under way at the site, too: they are seen through first. */
START_TEST(test_moderate_gives_way)
{
    struct shared_turn turn;
    struct run_totals totals;

    spy.aside = true;
    write_queue(250);
    totals = run_shared(&turn, SIZE_MAX);
    ck_assert_uint_eq(turn.passed, 3);
    ck_assert_uint_eq(totals.seen, 250);
    ck_assert_uint_eq(totals.applied, 167);
}
END_TEST

START_TEST(test_moderate_turn_ends)
{
    struct shared_turn turn;
    struct run_totals first;
    struct run_totals second;

    write_queue(250);
    first = run_shared(&turn, 1);
    ck_assert_uint_eq(first.seen, 100);
    second = run_shared(&turn, SIZE_MAX);
    ck_assert_uint_eq(second.known, 100 - first.applied);
    ck_assert_uint_eq(second.seen, second.known + 150);
    ck_assert_uint_eq(first.applied + second.applied, 167);
}
END_TEST

START_TEST(test_moderate_run)
{
    struct run_totals totals;
    int64_t first;
    int64_t second;

    write_queue(250);
    totals = run_ok(&first);
    ck_assert_uint_eq(totals.seen, 250);
    ck_assert_uint_eq(totals.spam, 84);
    ck_assert_uint_eq(totals.approved, 83);
    ck_assert_uint_eq(totals.held, 83);
    ck_assert_uint_eq(totals.applied, 167);
    ck_assert_uint_eq(totals.failed + totals.skipped + totals.known, 0);
    for (size_t i = 1; i <= 250; i += 31)
        ck_assert_uint_eq(count_status(wanted(i), (long long)i), 1);
    ck_assert_uint_eq(count_state(DECISION_KEPT), 83);
    ck_assert_uint_eq(count_state(DECISION_APPLIED), 167);
    /* Nothing is new, so nothing is judged, and the site is not asked. */
    spy.applies = 0;
    totals = run_ok(&second);
    ck_assert_int_gt(second, first);
    ck_assert_uint_eq(totals.seen, 83);
    ck_assert_uint_eq(totals.known, 83);
    ck_assert_uint_eq(totals.held + totals.spam + totals.approved, 0);
    ck_assert_uint_eq(spy.applies, 0);
    ck_assert_uint_eq(store_dir_count(&dir), 250);
}
END_TEST

START_TEST(test_moderate_dry_run)
{
    struct moderate moderate;
    struct run_totals totals;
    struct buf before;
    struct buf after;
    int64_t run;

    write_queue(30);
    moderate = moderate_make();
    moderate.dry_run = true;
    moderate.store = NULL;
    buf_init(&before, 1 << 20);
    buf_init(&after, 1 << 20);
    must(&dir, buf_read_file(&before, queue, &dir.err));
    must(&dir, moderate_run(&moderate, &run, &totals, &dir.err));
    must(&dir, buf_read_file(&after, queue, &dir.err));
    ck_assert_int_eq(run, 0);
    ck_assert_uint_eq(totals.seen, 30);
    ck_assert_uint_eq(totals.spam, 10);
    ck_assert_uint_eq(totals.applied, 0);
    ck_assert_uint_eq(spy.applies, 0);
    ck_assert(span_eq(buf_span(&before), buf_span(&after)));
    ck_assert_uint_eq(store_dir_count(&dir), 0);
    buf_release(&before);
    buf_release(&after);
}
END_TEST

/* An edited comment is judged again, and only that. */
START_TEST(test_moderate_edited)
{
    struct run_totals totals;
    int64_t run;

    write_queue(30);
    (void)run_ok(&run);
    edit_queue("Number 3 is a plain", "Number 3 is a badword");
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.seen, 10);
    ck_assert_uint_eq(totals.known, 9);
    ck_assert_uint_eq(totals.spam, 1);
    ck_assert_uint_eq(count_status("spam", 3), 1);
}
END_TEST

/* Why it is held is told where it is shown, and changes no count. */
START_TEST(test_moderate_notes)
{
    struct run_totals totals;
    int64_t run;

    write_queue(9);
    spy.takes_notes = true;
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.applied, 6);
    ck_assert_uint_eq(spy.changes, 9);
    ck_assert_uint_eq(spy.notes, 3);
    ck_assert_uint_eq(spy.unexplained, 0);
    ck_assert_uint_eq(count_state(DECISION_KEPT), 3);
    ck_assert_uint_eq(count_status("hold", 0), 3);
    /* What is known is not told once more. */
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.known, 3);
    ck_assert_uint_eq(spy.changes, 9);
}
END_TEST

/* While the site is at work on one page the next is judged. */
START_TEST(test_moderate_aside)
{
    struct run_totals totals;
    int64_t run;

    write_queue(250);
    spy.aside = true;
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.seen, 250);
    ck_assert_uint_eq(totals.applied, 167);
    /* The second and the third page, and the end of the walk. */
    ck_assert_uint_eq(spy.at_once, 3);
    ck_assert(!spy.begun);
    for (size_t i = 1; i <= 250; i += 31)
        ck_assert_uint_eq(count_status(wanted(i), (long long)i), 1);
    ck_assert_uint_eq(count_state(DECISION_APPLIED), 167);
    ck_assert_uint_eq(count_state(DECISION_PENDING), 0);
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.known, 83);
}
END_TEST

/* It falls silent while the third page is judged: nothing is lost. */
START_TEST(test_moderate_aside_gone)
{
    struct moderate moderate;
    struct run_totals totals;
    int64_t run;

    write_queue(250);
    spy.aside = true;
    spy.fails = ERROR_SITE_GONE;
    spy.fails_after = 1;
    moderate = moderate_make();
    ck_assert_int_eq(moderate_run(&moderate, &run, &totals, &dir.err),
                     ERROR_SITE_GONE);
    ck_assert_uint_eq(totals.seen, 250);
    ck_assert_uint_eq(totals.applied, 67);
    ck_assert_uint_eq(count_state(DECISION_PENDING), 100);
    spy.fails = ERROR_NONE;
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.applied, 100);
    ck_assert_uint_eq(count_state(DECISION_PENDING), 0);
}
END_TEST

/* A note alone, refused or without an answer, fails nothing. */
START_TEST(test_moderate_note_lost)
{
    struct run_totals totals;
    int64_t run;

    write_file("queue.ndjson",
               "{\"id\": \"1\", \"status\": \"hold\", \"text\": \"plain\"}\n"
               "{\"id\": \"2\", \"status\": \"hold\", \"text\": \"plain\"}\n");
    open_site();
    spy.takes_notes = true;
    if (_i) {
        spy.fails = ERROR_SITE_GONE;
    } else {
        spy.refuses = "1";
        spy.keeps = "2";
    }
    totals = run_ok(&run);
    ck_assert_uint_eq(spy.applies, 1);
    ck_assert_uint_eq(totals.held, 2);
    ck_assert_uint_eq(totals.applied + totals.failed + totals.skipped, 0);
    ck_assert_uint_eq(count_state(DECISION_KEPT), 2);
}
END_TEST

/* What the site did not take is posted by the next run, not judged again. */
START_TEST(test_moderate_site_gone)
{
    struct moderate moderate;
    struct run_totals totals;
    int64_t run;

    write_queue(250);
    moderate = moderate_make();
    spy.fails = ERROR_SITE_GONE;
    spy.fails_after = 1;
    ck_assert_int_eq(moderate_run(&moderate, &run, &totals, &dir.err),
                     ERROR_SITE_GONE);
    ck_assert_int_gt(run, 0);
    ck_assert_uint_eq(totals.seen, 200);
    ck_assert_uint_eq(totals.applied, 67);
    ck_assert_uint_eq(totals.failed, 0);
    ck_assert_uint_eq(count_state(DECISION_PENDING), 67);
    spy.fails = ERROR_NONE;
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.applied, 100);
    ck_assert_uint_eq(totals.spam + totals.approved, 33);
    ck_assert_uint_eq(count_state(DECISION_PENDING), 0);
    ck_assert_uint_eq(store_dir_count(&dir), 250);
    ck_assert_uint_eq(count_status("hold", 0), 83);
}
END_TEST

START_TEST(test_moderate_refused_and_waiting)
{
    struct run_totals totals;
    int64_t run;

    write_queue(30);
    spy.refuses = "4";
    spy.keeps = "7";
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.applied, 18);
    ck_assert_uint_eq(totals.failed, 2);
    ck_assert_uint_eq(count_state(DECISION_FAILED), 1);
    ck_assert_uint_eq(count_state(DECISION_PENDING), 1);
    spy.keeps = NULL;
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.applied, 1);
    ck_assert_uint_eq(totals.failed, 0);
    ck_assert_uint_eq(count_state(DECISION_PENDING), 0);
}
END_TEST

/* A person was faster: nothing of theirs is written over. */
static void person_decides(void *context, const struct comment *comment,
                           const struct verdict *verdict)
{
    (void)context;
    (void)verdict;
    if (span_eq(comment->id, SPAN_LIT("1")))
        edit_queue("\"id\": \"1\", \"status\": \"hold\"",
                   "\"id\": \"1\", \"status\": \"approved\"");
}

START_TEST(test_moderate_person_wins)
{
    struct moderate moderate;
    struct run_totals totals;
    int64_t run;

    write_queue(3);
    moderate = moderate_make();
    moderate.on_verdict = person_decides;
    must(&dir, moderate_run(&moderate, &run, &totals, &dir.err));
    ck_assert_uint_eq(totals.spam, 1);
    ck_assert_uint_eq(totals.skipped, 1);
    ck_assert_uint_eq(totals.applied, 1);
    ck_assert_uint_eq(count_status("approved", 1), 1);
    ck_assert_uint_eq(count_state(DECISION_SKIPPED), 1);
}
END_TEST

static void stop_at_ten(void *context, const struct comment *comment,
                        const struct verdict *verdict)
{
    size_t *judged = context;

    (void)comment;
    (void)verdict;
    stop = ++*judged == 10;
}

/* Stopped early, and the next run does what is left. */
START_TEST(test_moderate_stopped)
{
    struct moderate moderate;
    struct run_totals totals;
    size_t judged = 0;
    int64_t run;

    write_queue(250);
    moderate = moderate_make();
    moderate.on_verdict = stop_at_ten;
    moderate.context = &judged;
    must(&dir, moderate_run(&moderate, &run, &totals, &dir.err));
    ck_assert_uint_eq(judged, 10);
    ck_assert_uint_eq(totals.seen, 10);
    ck_assert_uint_eq(store_dir_count(&dir), 10);
    stop = false;
    totals = run_ok(&run);
    ck_assert_uint_eq(store_dir_count(&dir), 250);
    ck_assert_uint_eq(count_status("hold", 0), 83);
    ck_assert_uint_eq(count_state(DECISION_PENDING), 0);
}
END_TEST

START_TEST(test_moderate_undo)
{
    struct moderate moderate;
    struct run_totals totals;
    int64_t run;

    write_queue(250);
    (void)run_ok(&run);
    edit_queue("\"id\": \"1\", \"status\": \"spam\"",
               "\"id\": \"1\", \"status\": \"approved\"");
    moderate = moderate_make();
    must(&dir, moderate_undo(&moderate, run, &totals, &dir.err));
    ck_assert_uint_eq(totals.applied, 166);
    ck_assert_uint_eq(totals.skipped, 1);
    ck_assert_uint_eq(count_status("hold", 0), 249);
    ck_assert_uint_eq(count_status("approved", 1), 1);
    must(&dir, moderate_undo(&moderate, run, &totals, &dir.err));
    ck_assert_uint_eq(totals.applied, 0);
    ck_assert_uint_eq(totals.failed, 0);
    /* The person who undid it has the word. */
    totals = run_ok(&run);
    ck_assert_uint_eq(totals.known, 249);
    ck_assert_uint_eq(totals.applied, 0);
    ck_assert_uint_eq(count_status("hold", 0), 249);
}
END_TEST

/* What waits in the outbox of an undone run is never told. */
START_TEST(test_moderate_undo_outbox)
{
    struct moderate moderate;
    struct run_totals totals;
    int64_t run;
    int64_t next;

    write_queue(250);
    moderate = moderate_make();
    spy.fails = ERROR_SITE_GONE;
    spy.fails_after = 1;
    ck_assert_int_eq(moderate_run(&moderate, &run, &totals, &dir.err),
                     ERROR_SITE_GONE);
    spy.fails = ERROR_NONE;
    must(&dir, moderate_undo(&moderate, run, &totals, &dir.err));
    ck_assert_uint_eq(totals.applied, 134);
    ck_assert_uint_eq(count_status("hold", 0), 250);
    ck_assert_uint_eq(count_state(DECISION_PENDING), 0);
    totals = run_ok(&next);
    ck_assert_uint_eq(totals.known, 200);
    ck_assert_uint_eq(totals.applied, 33);
}
END_TEST

START_TEST(test_moderate_undo_unknown)
{
    struct moderate moderate;
    struct run_totals totals;
    int64_t run;

    write_queue(3);
    (void)run_ok(&run);
    moderate = moderate_make();
    ck_assert_int_eq(moderate_undo(&moderate, run + 1, &totals, &dir.err),
                     ERROR_INPUT);
    moderate.site_name = SPAN_LIT("another");
    ck_assert_int_eq(moderate_undo(&moderate, run, &totals, &dir.err),
                     ERROR_INPUT);
    ck_assert_uint_eq(count_status("hold", 0), 1);
}
END_TEST

#define CRASH_COMMENTS 1500

static void run_and_never_return(void)
{
    struct moderate moderate;
    struct run_totals totals;
    int64_t run;

    store_dir_open(&dir);
    open_site();
    moderate = moderate_make();
    _exit(moderate_run(&moderate, &run, &totals, &dir.err) ? 1 : 0);
}

/* A run in a child of its own, killed after some time; was it in time? */
static bool run_and_kill(unsigned after_ms)
{
    pid_t child = fork();
    int status;

    if (!child)
        run_and_never_return();
    usleep(after_ms * 1000);
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

struct tally {
    unsigned char seen[CRASH_COMMENTS + 1];
};

static bool tally_one(void *context, const struct decision *decision)
{
    struct tally *tally = context;
    long long id;

    ck_assert(span_to_long(decision->comment, &id));
    ck_assert_uint_eq(tally->seen[id]++, 0);
    ck_assert_int_eq(decision->state,
                     id % 3 ? DECISION_APPLIED : DECISION_KEPT);
    return true;
}

/*
 * Killed twice at random, then run to its end: every comment has one
 * decision, the site has each, and what was told before is not told again.
 */
START_TEST(test_moderate_crash)
{
    struct history_filter all = { 0 };
    struct tally tally = { { 0 } };
    struct run_totals totals;
    size_t told;
    int64_t run;

    write_queue(CRASH_COMMENTS);
    store_close(dir.store);
    dir.store = NULL;
    srand((unsigned)getpid());
    for (int kills = 0; kills < 2; kills++)
        ck_assert_msg(run_and_kill(20 + (unsigned)rand() % 100),
                      "the run was over before it was killed");
    store_dir_open(&dir);
    open_site();
    told = count_state(DECISION_APPLIED);
    totals = run_ok(&run);
    ck_assert_uint_eq(told + totals.applied, CRASH_COMMENTS / 3 * 2);
    ck_assert_uint_eq(totals.failed + totals.skipped, 0);
    must(&dir, store_history(dir.store, &all, tally_one, &tally, &dir.err));
    for (size_t i = 1; i <= CRASH_COMMENTS; i++)
        ck_assert_uint_eq(tally.seen[i], 1);
    ck_assert_uint_eq(count_status("hold", 0), CRASH_COMMENTS / 3);
    ck_assert_uint_eq(count_status("spam", 0), CRASH_COMMENTS / 3);
    ck_assert_uint_eq(count_status("approved", 0), CRASH_COMMENTS / 3);
}
END_TEST

Suite *moderate_suite(void)
{
    Suite *s = suite_create("moderate");
    TCase *tc = tcase_create("moderate");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_moderate_run);
    tcase_add_test(tc, test_moderate_gives_way);
    tcase_add_test(tc, test_moderate_turn_ends);
    tcase_add_test(tc, test_moderate_dry_run);
    tcase_add_test(tc, test_moderate_edited);
    tcase_add_test(tc, test_moderate_notes);
    tcase_add_test(tc, test_moderate_aside);
    tcase_add_test(tc, test_moderate_aside_gone);
    tcase_add_loop_test(tc, test_moderate_note_lost, 0, 2);
    tcase_add_test(tc, test_moderate_site_gone);
    tcase_add_test(tc, test_moderate_refused_and_waiting);
    tcase_add_test(tc, test_moderate_person_wins);
    tcase_add_test(tc, test_moderate_stopped);
    tcase_add_test(tc, test_moderate_undo);
    tcase_add_test(tc, test_moderate_undo_outbox);
    tcase_add_test(tc, test_moderate_undo_unknown);
    tcase_add_loop_test(tc, test_moderate_crash, 0, 3);
    suite_add_tcase(s, tc);
    return s;
}
