#include "pipeline/inbox.h"

#include "base/clock.h"
#include "learn/label.h"
#include "pipeline/decide.h"
#include "site/site.h"
#include "wire/message_json.h"

#include <string.h>

/* A batch on its way; the arrays are as long as the list of events. */
struct batch {
    const struct inbox *inbox;
    struct span model; /* the judge's */
    struct event_list events;
    struct event_result *result;
    struct decision *decision;
    size_t decisions;
    struct feedback *feedback;
    const struct comment **about; /* what the feedback is about */
};

static void batch_init(struct batch *batch, const struct inbox *inbox,
                       const struct event_list *events)
{
    struct arena *page = inbox->course->page;
    size_t nr = events->nr;

    *batch = (struct batch){
        .inbox = inbox,
        .model = judge_model(inbox->course->moderate->judge, page),
        .events = *events,
        .result = arena_zalloc(page, nr, sizeof(*batch->result)),
        .decision = arena_zalloc(page, nr, sizeof(*batch->decision)),
        .feedback = arena_zalloc(page, nr, sizeof(*batch->feedback)),
        .about = arena_zalloc(page, nr, sizeof(const struct comment *)),
    };
}

static void skip(struct event_result *result, const char *why)
{
    result->state = EVENT_SKIPPED;
    result->detail = span_str(why);
}

/* The newest decision of this batch on a comment, or NULL. */
static const struct decision *newest_in(const struct batch *batch,
                                        struct span comment)
{
    for (size_t i = batch->decisions; i-- > 0;)
        if (span_eq(batch->decision[i].comment, comment))
            return &batch->decision[i];
    return NULL;
}

/* The store has not heard of this batch's decisions yet. */
static enum error_code is_known(const struct batch *batch,
                                const struct comment *comment,
                                const struct digest *digest, bool *known,
                                struct error *err)
{
    const struct moderate *m = batch->inbox->course->moderate;
    const struct decision *newest = newest_in(batch, comment->id);

    if (!newest)
        return store_knows(m->store, m->site_name, comment->id, digest,
                           batch->model, known, err);
    *known = !memcmp(&newest->digest, digest, sizeof(*digest));
    return ERROR_NONE;
}

static enum error_code judge_held(struct batch *batch, size_t i,
                                  const struct comment *comment,
                                  struct error *err)
{
    struct course *course = batch->inbox->course;
    const struct moderate *m = course->moderate;
    struct event_result *result = &batch->result[i];
    struct digest digest = comment_digest(comment);
    bool known = false;
    enum error_code rc = is_known(batch, comment, &digest, &known, err);

    course->totals->seen++;
    if (rc)
        return rc;
    if (known) {
        course->totals->known++;
        result->state = EVENT_KNOWN;
        return ERROR_NONE;
    }
    result->decision = &batch->decision[batch->decisions++];
    decide_comment(course, comment, &digest, result->decision);
    if (!m->site)
        result->decision->state = DECISION_ANSWERED;
    result->state = EVENT_JUDGED;
    return ERROR_NONE;
}

/* In what words feedback speaks of a status. */
static struct span label_of(struct span status)
{
    struct span name = site_status(status);

    return span_eq(name, SPAN_LIT("approved")) ? SPAN_LIT("approve") : name;
}

/*
 * Somebody's word, or the echo of ours. In the site's own pages a person is
 * at work, even one whose login is lent to us.
 */
static void note_decided(struct batch *batch, size_t i,
                         const struct message *message)
{
    const struct moderate *m = batch->inbox->course->moderate;
    struct event_result *result = &batch->result[i];
    struct span label = label_of(message->comment.status);

    if (span_eq(message->source, SPAN_LIT("sluice"))) {
        skip(result, "the echo of our own change");
        return;
    }
    if (!label.len) {
        skip(result, "no status");
        return;
    }
    batch->about[i] = &message->comment;
    result->feedback = &batch->feedback[i];
    *result->feedback = (struct feedback){
        .site = m->site_name,
        .comment = message->comment.id,
        .label = label,
        .source = message->source,
        .by = message->by,
        .wrong = message->wrong,
        .at_ms = batch->events.event[i].received_ms,
    };
    if (!span_eq(message->source, SPAN_LIT("admin")))
        result->echo_by = batch->inbox->echo_by;
    result->state = EVENT_NOTED;
}

static enum error_code take_event(struct batch *batch, size_t i,
                                  struct error *err)
{
    struct arena *page = batch->inbox->course->page;
    struct message *message = arena_alloc(page, sizeof(*message));
    struct event_result *result = &batch->result[i];
    struct span status;
    struct error why;

    result->event = batch->events.event[i].id;
    if (message_parse(message, page, batch->events.event[i].body, &why)) {
        result->state = EVENT_FAILED;
        result->detail = arena_dup(page, span_str(why.text));
        batch->inbox->course->totals->failed++;
        return ERROR_NONE;
    }
    switch (message->kind) {
    case MESSAGE_CREATED:
    case MESSAGE_EDITED:
        break;
    case MESSAGE_DECIDED:
        note_decided(batch, i, message);
        return ERROR_NONE;
    case MESSAGE_TEST:
    case MESSAGE_OTHER:
        skip(result, "an event of no concern to us");
        return ERROR_NONE;
    }
    status = site_status(message->comment.status);
    if (status.len && !span_eq(status, SPAN_LIT("hold"))) {
        skip(result, "not held");
        return ERROR_NONE;
    }
    message->comment.status = SPAN_LIT("hold");
    return judge_held(batch, i, &message->comment, err);
}

/* What turned out to be people's word, at once; 'sluice learn' comes later. */
static void remember_feedback(const struct batch *batch)
{
    struct course *course = batch->inbox->course;

    for (size_t i = 0; i < batch->events.nr; i++) {
        bool spam = span_eq(batch->feedback[i].label, SPAN_LIT("spam"));

        if (batch->result[i].state != EVENT_NOTED ||
            (!spam && !span_eq(batch->feedback[i].label, SPAN_LIT("approve"))))
            continue;
        arena_reset(&course->juror.arena);
        recollect_learn(course->moderate->judge->memory, &course->juror.arena,
                        batch->about[i], spam,
                        label_source_weight(LABEL_FEEDBACK),
                        batch->feedback[i].at_ms);
    }
}

static void report(const struct batch *batch)
{
    for (size_t i = 0; i < batch->events.nr; i++)
        if (batch->inbox->on_done)
            batch->inbox->on_done(batch->inbox->context,
                                  &batch->events.event[i], &batch->result[i]);
}

enum error_code inbox_work(const struct inbox *inbox, size_t *nr,
                           struct decision_list *list, struct error *err)
{
    struct course *course = inbox->course;
    const struct moderate *m = course->moderate;
    struct event_list events = { NULL, 0 };
    struct batch batch;
    enum error_code rc;

    *nr = 0;
    *list = (struct decision_list){ NULL, 0 };
    arena_reset(course->page);
    rc = store_inbox(m->store, course->page, m->site_name, INBOX_BATCH_MAX,
                     &events, err);
    if (rc || !events.nr)
        return rc;
    batch_init(&batch, inbox, &events);
    for (size_t i = 0; !rc && i < events.nr; i++)
        rc = take_event(&batch, i, err);
    if (!rc)
        rc = store_event_settle(m->store, batch.result, events.nr,
                                clock_now_ms(), err);
    if (rc)
        return rc;
    *nr = events.nr;
    remember_feedback(&batch);
    report(&batch);
    *list = (struct decision_list){ batch.decision, batch.decisions };
    decide_tellable(list, m->site && site_takes_notes(m->site));
    return ERROR_NONE;
}
