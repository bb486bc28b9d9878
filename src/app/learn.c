/* sluice learn: read what the site's moderators did, and learn from it. */
#include "app/command.h"
#include "app/progress.h"
#include "app/setup.h"
#include "app/stop.h"
#include "app/teaching.h"
#include "app/when.h"
#include "base/clock.h"
#include "base/log.h"
#include "learn/label.h"
#include "store/label.h"
#include "wire/comment_json.h"

#include <stdio.h>

/* What is kept of a post or a parent with each of its comments. */
#define CONTEXT_BYTES ((size_t)2000)
#define BODY_BYTES_MAX ((size_t)1 << 20)

struct learning {
    struct setup *setup;
    const struct config *config;
    const volatile bool *stop;
    struct progress progress;
    struct arena arena; /* of the page */
    struct buf body;
    int64_t now_ms;
    size_t seen;
    size_t ours;    /* verdicts of ours that nobody touched */
    size_t changed; /* labels new or replaced */
    size_t garbled;
};

/* "2013-11-07T06:20:48" and the like; the zone makes no difference here. */
static int64_t date_ms(struct arena *arena, struct span date)
{
    int64_t ms = 0;

    if (date.len >= 19)
        (void)when_parse(
            arena_printf(arena, "%.10sT%.8sZ", date.ptr, date.ptr + 11), 0,
            &ms);
    return ms;
}

/* Only what a model looks at; the rest is nobody's business later. */
static struct span body_of(struct learning *learning,
                           const struct comment *comment)
{
    struct comment kept = *comment;
    struct span none = { NULL, 0 };

    kept.author_ip = none;
    kept.user_agent = none;
    kept.referrer = none;
    kept.post_text = span_cut(kept.post_text, 0, CONTEXT_BYTES);
    kept.parent_text = span_cut(kept.parent_text, 0, CONTEXT_BYTES);
    buf_reset(&learning->body);
    comment_put_json(&learning->body, &kept);
    if (learning->body.full)
        return none;
    return arena_dup(&learning->arena, buf_span(&learning->body));
}

/* False when the comment teaches nothing. */
static enum error_code make_label(struct learning *learning,
                                  const struct comment *comment, bool spam,
                                  struct kept_label *label, bool *is,
                                  struct error *err)
{
    struct digest person = comment_person(comment->author_email);
    struct span site = learning->config->site.name;
    enum label_source source = LABEL_HISTORY;
    struct last_word word;
    enum error_code rc =
        store_last_word(learning->setup->store, &learning->arena, site,
                        comment->id, &word, err);

    if (rc)
        return rc;
    *is = label_judge(
        &(struct label_case){
            .spam = spam,
            .decided = word.decided,
            .decided_spam = word.decided_spam,
            .decided_ms = word.decided_ms,
            .reported = word.reported,
            .reported_spam = word.reported_spam,
            .now_ms = learning->now_ms,
        },
        &source);
    *label = (struct kept_label){
        .site = site,
        .comment = comment->id,
        .spam = spam,
        .source = label_source_name(source),
        .giver = word.reported ? word.giver : SPAN_LIT(""),
        .weight = label_source_weight(source),
        .at_ms = date_ms(&learning->arena, comment->date),
        .labelled_ms = learning->now_ms,
        .person = arena_dup(&learning->arena, span_str(person.hex)),
        .body = body_of(learning, comment),
    };
    *is = *is && label->body.len;
    return ERROR_NONE;
}

static enum error_code take_page(struct learning *learning,
                                 const struct site_page *page, bool spam,
                                 struct error *err)
{
    struct kept_label label[SITE_PAGE_MAX];
    enum error_code rc = ERROR_NONE;
    size_t changed = 0;
    size_t nr = 0;

    for (size_t i = 0; i < page->nr && !rc; i++) {
        bool is = false;

        rc = make_label(learning, &page->comment[i], spam, &label[nr], &is,
                        err);
        nr += is;
        learning->ours += !is;
    }
    if (!rc)
        rc = store_label(learning->setup->store, label, nr, &changed, err);
    learning->changed += changed;
    learning->seen += page->nr;
    return rc;
}

static enum error_code read_status(struct learning *learning,
                                   const char *status, bool spam,
                                   struct error *err)
{
    struct site *site = learning->setup->site;
    struct site_page page;
    size_t done = 0;
    size_t total;
    enum error_code rc = site_history(site, span_str(status), &total, err);

    while (!rc) {
        arena_reset(&learning->arena);
        rc = site_queue_next(site, &learning->arena, &page, &learning->garbled,
                             err);
        if (rc || !page.nr)
            break;
        rc = take_page(learning, &page, spam, err);
        done += page.nr;
        progress_show(&learning->progress, done, total);
    }
    return rc;
}

static enum error_code read_trash(struct learning *learning, struct span trash,
                                  struct error *err)
{
    bool spam = span_eq(trash, SPAN_LIT("spam"));

    if (!trash.len)
        return ERROR_NONE;
    if (!spam && !span_eq(trash, SPAN_LIT("ham")))
        return error_set(err, ERROR_CONFIG,
                         "--trash: neither spam nor ham; without it the trash "
                         "teaches nothing");
    return read_status(learning, "trash", spam, err);
}

static enum error_code read_site(struct learning *learning,
                                 const struct call *call, struct error *err)
{
    enum error_code rc;

    progress_init(&learning->progress);
    rc = read_status(learning, "approved", false, err);
    if (!rc)
        rc = read_status(learning, "spam", true, err);
    if (!rc)
        rc = read_trash(learning, call_value(call, "trash"), err);
    progress_hide(&learning->progress);
    if (!rc)
        printf("read %zu comments of the site: %zu labels new or changed, %zu "
               "comments of which only our own verdict is known\n",
               learning->seen, learning->changed, learning->ours);
    return rc;
}

static enum exit_code teach_site(struct call *call, struct setup *setup)
{
    enum exit_code code = EXIT_DONE;
    struct teaching teaching;
    struct arena arena;
    struct error err;

    arena_init(&arena);
    if (teaching_run(&teaching, &arena, setup, &call->config, false, &err))
        code = call_failed(call, &err);
    else
        teaching_print(&teaching);
    site_model_release(&teaching.model);
    arena_release(&arena);
    return code;
}

static enum error_code open_all(struct call *call, struct setup *setup,
                                const volatile bool *stop, struct error *err)
{
    enum error_code rc = setup_judge(setup, &call->config, err);

    if (!rc && !call_has(call, "no-read"))
        rc = setup_site(setup, &call->config, stop, err);
    if (!rc)
        rc = setup_store(setup, &call->config, false, err);
    return rc;
}

static enum exit_code run_learn(struct call *call)
{
    const volatile bool *stop = stop_on_signals();
    struct setup setup;
    struct learning learning = {
        .setup = &setup,
        .config = &call->config,
        .stop = stop,
        .now_ms = clock_now_ms(),
    };
    enum exit_code code;
    enum error_code rc;
    struct error err;

    setup_init(&setup);
    arena_init(&learning.arena);
    buf_init(&learning.body, BODY_BYTES_MAX);
    rc = open_all(call, &setup, stop, &err);
    if (!rc && !call_has(call, "no-read"))
        rc = read_site(&learning, call, &err);
    code = rc ? call_failed(call, &err) : teach_site(call, &setup);
    if (code == EXIT_DONE && learning.garbled)
        code = EXIT_SOME_FAILED;
    buf_release(&learning.body);
    arena_release(&learning.arena);
    setup_release(&setup);
    return code;
}

static const struct command_flag flag[] = {
    { "trash", "KIND", "what lies in the trash is spam, or ham" },
    { "no-read", NULL, "learn from the labels at hand, ask the site nothing" },
    { NULL, NULL, NULL },
};

const struct command command_learn = {
    .name = "learn",
    .operands = "",
    .summary = "learn from what the site's moderators have decided",
    .help =
        "Read the site's approved comments and its spam folder, and teach a "
        "small layer on\ntop of the general model. It goes live only if it is "
        "better on the most recent\nlabels and keeps the promise; 'sluice "
        "models' lists all that were made. Verdicts\nof sluice's own teach "
        "nothing, until a person has changed them.\n\n"
        "  sluice learn\n"
        "  sluice learn --trash spam\n",
    .flag = flag,
    .run = run_learn,
};
