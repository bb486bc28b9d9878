#include "app/serve_desk.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "learn/label.h"
#include "pipeline/decide.h"
#include "wire/comment_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* When the writer has no more room, callers are asked to wait so long. */
#define BUSY_S 2

#define MS_PER_S 1000
#define LABEL_BYTES 256

/* Of a comment that feedback is about, as JSON. */
#define ABOUT_BYTES_MAX ((size_t)1 << 20)

/* One to judge in: too large to have one for each connection. */
struct scratch {
    struct scratch *next;
    struct juror juror;
};

static struct scratch *scratch_take(struct serve_desk *desk)
{
    struct scratch *scratch;

    pthread_mutex_lock(&desk->lock);
    scratch = desk->free;
    if (scratch)
        desk->free = scratch->next;
    pthread_mutex_unlock(&desk->lock);
    if (!scratch) {
        scratch = xmalloc(sizeof(*scratch));
        juror_init(&scratch->juror);
    }
    return scratch;
}

static void scratch_give(struct serve_desk *desk, struct scratch *scratch)
{
    arena_reset(&scratch->juror.arena);
    pthread_mutex_lock(&desk->lock);
    scratch->next = desk->free;
    desk->free = scratch;
    pthread_mutex_unlock(&desk->lock);
}

struct hall *serve_desk_hall(struct serve_desk *desk)
{
    struct hall *hall;

    pthread_mutex_lock(&desk->lock);
    hall = desk->hall;
    if (hall)
        hall_enter(hall);
    pthread_mutex_unlock(&desk->lock);
    return hall;
}

void serve_desk_open_hall(struct serve_desk *desk, struct hall *hall)
{
    struct hall *old;

    if (hall)
        hall_enter(hall);
    pthread_mutex_lock(&desk->lock);
    old = desk->hall;
    desk->hall = hall;
    pthread_mutex_unlock(&desk->lock);
    if (old)
        hall_leave(old);
}

/* All are compared, so that the time tells nothing. */
static const struct config *
find_by_secret(const struct hall *hall, enum desk_way way, struct span value)
{
    const struct config *found = NULL;

    for (size_t i = 0; i < hall->nr; i++) {
        const struct config *config = hall->site[i].config;
        struct span secret =
            way == DESK_BY_KEY ? config->site_key : config->site_token;

        if (secret_eq(secret, value) && secret.len)
            found = config;
    }
    return found;
}

static const struct config *find_site(struct hall *hall, enum desk_way way,
                                      struct span value)
{
    const struct hall_site *site;

    switch (way) {
    case DESK_BY_NAME:
        site = hall_find(hall, value);
        return site ? site->config : NULL;
    case DESK_BY_KEY:
    case DESK_BY_TOKEN:
        return find_by_secret(hall, way, value);
    case DESK_ONLY:
        /* Who has set a key wants it to be asked for. */
        return hall->nr == 1 && !hall->site[0].config->site_key.len
                   ? hall->site[0].config
                   : NULL;
    }
    return NULL;
}

static bool desk_site(void *context, struct arena *arena, enum desk_way way,
                      struct span value, struct desk_site *site)
{
    struct hall *hall = serve_desk_hall(context);
    const struct config *config = find_site(hall, way, value);

    if (config)
        *site = (struct desk_site){
            .name = arena_dup(arena, config->site.name),
            .url = arena_dup(arena, config->site.url),
            .user = arena_dup(arena, config->site.user),
            .key = arena_dup(arena, config->site_key),
            .secret = arena_dup(arena, config->site_hook_secret),
            .discard = config->site_discard,
        };
    hall_leave(hall);
    return config;
}

static bool desk_may(void *context, struct span site, long *seconds)
{
    struct hall *hall = serve_desk_hall(context);
    bool may = !hall->limit ||
               limit_take(hall->limit, site, clock_steady_ms(), seconds);

    hall_leave(hall);
    return may;
}

static void remember(struct serve_desk *desk, const struct hall_site *site,
                     struct arena *arena, const struct comment *comment,
                     const struct verdict *verdict,
                     const struct judge_trace *trace)
{
    struct digest digest = comment_digest(comment);
    struct decision decision;

    decide_fill(&decision, arena, comment, &digest, verdict, trace);
    decision.run = site->run;
    decision.site = site->config->site.name;
    decision.state = DECISION_ANSWERED;
    intake_decision(desk->intake, &decision);
}

/* The caller's arena outlives the one the verdict was made in. */
static void verdict_copy(struct verdict *to, const struct verdict *from,
                         struct arena *arena)
{
    *to = *from;
    to->model = arena_dup(arena, from->model);
    for (size_t i = 0; i < from->nr; i++)
        to->reason[i].evidence = arena_dup(arena, from->reason[i].evidence);
}

static enum error_code desk_judge(void *context, struct arena *arena,
                                  const struct desk_question *question,
                                  struct verdict *verdict, struct error *err)
{
    struct serve_desk *desk = context;
    struct hall *hall = serve_desk_hall(desk);
    struct hall_site *site = hall_find(hall, question->site);
    struct scratch *scratch = scratch_take(desk);
    struct judge_trace trace;
    struct verdict made;
    enum error_code rc = ERROR_NONE;

    if (!site) {
        rc = error_set(err, ERROR_INPUT, "this site is not served any more");
        goto out;
    }
    judge_comment(&site->setup.judge, &scratch->juror, question->comment,
                  &made, &trace);
    site->tally->verdict[question->door][made.kind]++;
    if (!question->forget) {
        judge_remember(&site->setup.judge, &trace, clock_now_ms());
        remember(desk, site, &scratch->juror.arena, question->comment, &made,
                 &trace);
    }
    verdict_copy(verdict, &made, arena);
out:
    scratch_give(desk, scratch);
    hall_leave(hall);
    return rc;
}

static void learn(const struct hall_site *site,
                  const struct feedback *feedback)
{
    struct arena arena;
    struct comment about;
    struct traces traces;
    struct error err;

    arena_init(&arena);
    if (!comment_parse(&about, &arena, feedback->about, &err)) {
        traces_find(&traces, &arena, &about, text_normalise(&arena, &about));
        memory_learn(site->setup.judge.memory, &traces,
                     span_eq(feedback->label, verdict_name(VERDICT_SPAM)),
                     label_source_weight(LABEL_FEEDBACK), feedback->at_ms);
    }
    arena_release(&arena);
}

void serve_desk_learn(struct serve_desk *desk, const struct feedback *feedback)
{
    struct hall *hall = serve_desk_hall(desk);
    const struct hall_site *site = hall_find(hall, feedback->site);

    if (site) {
        site->tally->feedback++;
        learn(site, feedback);
    }
    hall_leave(hall);
}

static struct span as_json(struct arena *arena, const struct comment *comment)
{
    struct buf line;
    struct span copy;

    buf_init(&line, ABOUT_BYTES_MAX);
    comment_put_json(&line, comment);
    copy = line.full ? SPAN_LIT("") : arena_dup(arena, buf_span(&line));
    buf_release(&line);
    return copy;
}

static enum error_code desk_feedback(void *context,
                                     const struct desk_feedback *feedback,
                                     struct error *err)
{
    struct serve_desk *desk = context;
    struct hall *hall = serve_desk_hall(desk);
    const struct hall_site *site = hall_find(hall, feedback->site);
    enum error_code rc = ERROR_NONE;
    struct arena arena;

    arena_init(&arena);
    if (site)
        intake_feedback(desk->intake,
                        &(struct feedback){
                            .site = feedback->site,
                            .comment = feedback->comment,
                            .also = feedback->also,
                            .label = verdict_name(feedback->kind),
                            .source = feedback->source,
                            .by = feedback->by,
                            .wrong = feedback->wrong,
                            .about = as_json(&arena, feedback->about),
                            .at_ms = clock_now_ms(),
                        },
                        site->config->site.user);
    else
        rc = error_set(err, ERROR_INPUT, "this site is not served any more");
    arena_release(&arena);
    hall_leave(hall);
    return rc;
}

static void answer_kept(struct http_request *request, struct span delivery,
                        struct http_answer *answer)
{
    struct buf body;

    buf_init(&body, ABOUT_BYTES_MAX);
    buf_add(&body, SPAN_LIT("{\"id\":"));
    json_put_text(&body, delivery);
    buf_add(&body, SPAN_LIT("}\n"));
    answer->status = 202;
    answer->type = "application/json";
    answer->body = arena_dup(request->arena, buf_span(&body));
    buf_release(&body);
}

/* An event whose sender waits for the disk; in the request's arena. */
struct keeping {
    struct http_request *request;
    struct span delivery;
};

static void event_kept(void *context, enum error_code rc,
                       const struct error *err)
{
    const struct keeping *keeping = context;
    struct http_request *request = keeping->request;
    struct http_answer answer = { 0 };

    if (rc == ERROR_INPUT) {
        http_answer_refuse(&answer, request->arena, 400, "bad_event",
                           err->text);
    } else if (rc) {
        log_error("event_not_kept", "error=%s",
                  log_quote(span_str(err->text)).text);
        http_answer_later(&answer, request->arena, 503, "store", BUSY_S);
    } else {
        answer_kept(request, keeping->delivery, &answer);
    }
    http_request_resume(request, &answer);
}

static void desk_keep(void *context, struct http_request *request,
                      const struct desk_event *event)
{
    struct serve_desk *desk = context;
    struct keeping *keeping = arena_alloc(request->arena, sizeof(*keeping));
    struct http_answer busy = { 0 };

    *keeping = (struct keeping){ request, event->delivery };
    http_request_suspend(request);
    if (intake_event(desk->intake,
                     &(struct event){
                         .site = event->site,
                         .delivery = event->delivery,
                         .kind = event->kind,
                         .body = event->body,
                         .received_ms = clock_now_ms(),
                     },
                     event_kept, keeping))
        return;
    http_answer_later(&busy, request->arena, 503, "busy", BUSY_S);
    http_request_resume(request, &busy);
}

static enum error_code desk_stats(void *context, struct span site,
                                  int64_t since_ms, struct desk_stats *stats,
                                  struct error *err)
{
    struct serve_desk *desk = context;
    struct store_stats found = { 0 };
    enum error_code rc = ERROR_NONE;

    pthread_mutex_lock(&desk->reading);
    if (!desk->reader)
        rc = writer_store(desk->writer, &desk->reader, err);
    if (!rc)
        rc = store_stats(desk->reader, site, since_ms, &found, err);
    pthread_mutex_unlock(&desk->reading);
    *stats = (struct desk_stats){ found.approved, found.held, found.spam,
                                  found.missed_spam, found.false_positives };
    return rc;
}

static enum error_code read_depth(struct serve_desk *desk, struct span site,
                                  struct store_depth *depth, struct error *err)
{
    enum error_code rc = ERROR_NONE;

    pthread_mutex_lock(&desk->reading);
    if (!desk->reader)
        rc = writer_store(desk->writer, &desk->reader, err);
    if (!rc)
        rc = store_depth(desk->reader, site, depth, err);
    pthread_mutex_unlock(&desk->reading);
    return rc;
}

/* Seconds since; 0 is never. */
static double age(int64_t ms)
{
    return ms ? (double)(clock_now_ms() - ms) / MS_PER_S : 0;
}

static double inbox_depth(const struct store_depth *depth)
{
    return (double)depth->inbox;
}

static double inbox_age(const struct store_depth *depth)
{
    return age(depth->inbox_oldest_ms);
}

static double outbox_depth(const struct store_depth *depth)
{
    return (double)depth->outbox;
}

static double outbox_age(const struct store_depth *depth)
{
    return age(depth->outbox_oldest_ms);
}

static const struct {
    const char *name;
    const char *help;
    double (*value)(const struct store_depth *depth);
} depth_family[] = {
    { "sluice_inbox_depth", "Events that wait to be judged.", inbox_depth },
    { "sluice_inbox_oldest_seconds", "Age of the oldest of them.", inbox_age },
    { "sluice_outbox_depth", "Verdicts that wait to be told.", outbox_depth },
    { "sluice_outbox_oldest_seconds", "Age of the oldest of them.",
      outbox_age },
};

static void put_family(struct buf *out, size_t i, const struct hall *hall,
                       const struct store_depth *depth)
{
    meter_put_head(out, depth_family[i].name, "gauge", depth_family[i].help);
    for (size_t j = 0; j < hall->nr; j++) {
        char label[LABEL_BYTES];

        snprintf(label, sizeof(label), "site=\"%.*s\"",
                 SPAN_ARG(hall->site[j].config->site.name));
        meter_put(out, depth_family[i].name, span_str(label),
                  depth_family[i].value(&depth[j]));
    }
}

void serve_desk_put_depths(struct serve_desk *desk, struct buf *out)
{
    struct hall *hall = serve_desk_hall(desk);
    struct store_depth *depth = xcalloc(hall->nr, sizeof(*depth));
    enum error_code rc = ERROR_NONE;
    struct error err;

    for (size_t i = 0; !rc && i < hall->nr; i++)
        rc =
            read_depth(desk, hall->site[i].config->site.name, &depth[i], &err);
    if (rc)
        log_error("depths_unknown", "error=%s",
                  log_quote(span_str(err.text)).text);
    for (size_t i = 0;
         !rc && i < sizeof(depth_family) / sizeof(depth_family[0]); i++)
        put_family(out, i, hall, depth);
    free(depth);
    hall_leave(hall);
}

void serve_desk_init(struct serve_desk *desk, struct writer *writer,
                     struct tallies *tallies)
{
    *desk = (struct serve_desk){
        .desk = {
            .context = desk,
            .site = desk_site,
            .judge = desk_judge,
            .feedback = desk_feedback,
            .keep = desk_keep,
            .stats = desk_stats,
            .may = desk_may,
        },
        .writer = writer,
        .tallies = tallies,
    };
    pthread_mutex_init(&desk->lock, NULL);
    pthread_mutex_init(&desk->reading, NULL);
}

void serve_desk_release(struct serve_desk *desk)
{
    serve_desk_open_hall(desk, NULL);
    store_close(desk->reader);
    while (desk->free) {
        struct scratch *scratch = desk->free;

        desk->free = scratch->next;
        juror_release(&scratch->juror);
        free(scratch);
    }
    pthread_mutex_destroy(&desk->reading);
    pthread_mutex_destroy(&desk->lock);
}
