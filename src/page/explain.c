#include "page/explain.h"

#include "page/item.h"
#include "features/features.h"
#include "page/put.h"
#include "pipeline/reasons.h"
#include "wire/comment_json.h"

struct explaining {
    struct visit *visit;
    const char *name;
    struct comment comment;
};

static void put_head(const struct explaining *explaining, const char *name,
                     const struct judge *judge, enum model_head head,
                     const struct judge_trace *trace)
{
    struct arena *arena = explaining->visit->arena;
    struct buf *out = &explaining->visit->out;
    struct reason_list list;
    struct vector vector; /* scaled */

    features_extract(arena, &explaining->comment, trace->text, &vector);
    model_scale(judge->model, &vector);
    list = reasons_collect(arena, judge->model, judge->site, head, trace->text,
                           &vector);
    if (head == MODEL_SPAM)
        recollect_claims(&list, arena, trace->recollection);
    put_open(out, name, '[');
    for (size_t i = 0; i < list.nr && i < EXPLAIN_PARTS_MAX; i++)
        reason_put(out, &list.reason[i]);
    put_close(out, ']');
}

static void put_path(struct buf *out, struct arena *arena,
                     const struct policy_path *path)
{
    put_open(out, "path", '[');
    for (size_t i = 0; i < path->nr; i++) {
        put_open(out, NULL, '{');
        put_text(out, "rule", path->step[i].rule);
        put_bool(out, "decided", path->step[i].decided);
        put_text(out, "detail", policy_step_words(arena, &path->step[i]));
        put_close(out, '}');
    }
    put_close(out, ']');
}

static void explain(void *context, const struct judge *judge)
{
    const struct explaining *explaining = context;
    struct visit *visit = explaining->visit;
    struct buf *out = &visit->out;
    struct judge_trace trace;
    struct verdict verdict;
    struct juror juror;

    juror_init(&juror);
    judge_comment(judge, &juror, &explaining->comment, &verdict, &trace);
    put_open(out, explaining->name, '{');
    put_text(out, "model", verdict.model);
    put_text(out, "verdict", verdict_name(verdict.kind));
    put_real(out, "p_spam", verdict.p_spam);
    put_real(out, "p_abuse", verdict.p_abuse);
    put_head(explaining, "spam", judge, MODEL_SPAM, &trace);
    put_head(explaining, "abuse", judge, MODEL_ABUSE, &trace);
    put_path(out, &juror.arena, &trace.path);
    put_close(out, '}');
    juror_release(&juror);
}

enum error_code explain_put(struct visit *visit, const char *name,
                            const struct decision *decision, struct error *err)
{
    struct explaining explaining = { .visit = visit, .name = name };
    struct content content;
    struct error why;
    enum error_code rc =
        content_find(visit->store, visit->arena, decision->id, &content, err);

    if (rc)
        return rc;
    if (!content.comment.len ||
        comment_parse(&explaining.comment, visit->arena, content.comment,
                      &why) ||
        !visit->house->judge(visit->house->context, decision->site, explain,
                             &explaining))
        put_null(&visit->out, name);
    return ERROR_NONE;
}
