#ifndef PIPELINE_JUDGE_H
#define PIPELINE_JUDGE_H

#include "comment/comment.h"
#include "comment/verdict.h"
#include "learn/site_model.h"
#include "memory/memory.h"
#include "model/model.h"
#include "pipeline/juror.h"
#include "pipeline/recollect.h"
#include "policy/policy.h"
#include "text/normalise.h"

/*
 * The four stages in a row: comment, text, features, model, policy, verdict.
 *
 * Pure: no I/O, no clock, and what a juror remembers changes no verdict, so
 * the same comment gets the same one in a batch, behind the webhook and in
 * `sluice explain`, as long as the site's memory is the same. That is asked,
 * never told: judge_remember tells it. Several threads may share one judge,
 * each with a juror of its own.
 */
struct judge {
    const struct model *model;   /* not owned */
    const struct policy *policy; /* not owned */
    const struct site_model
        *site;             /* the site's own layer, or NULL; likewise */
    struct memory *memory; /* the site's, or NULL; likewise */
};

/*
 * The model that verdicts of this judge name: "0f1d5f4ed598", or with the
 * site's layer "0f1d5f4ed598+77ab01c0ffee". In the arena.
 */
struct span judge_model(const struct judge *judge, struct arena *arena);

/* What the stages made of a comment on the way; for explain. */
struct judge_trace {
    const struct text *text;
    struct policy_path path;
    const struct recollection *recollection;
};

/*
 * Judge `comment`. `verdict` and `trace` (which may be NULL) point into the
 * juror's arena, the comment and the model. There is no way to fail: what
 * can't be understood is held.
 */
void judge_comment(const struct judge *judge, struct juror *juror,
                   const struct comment *comment, struct verdict *verdict,
                   struct judge_trace *trace);

/* Tell the memory that a comment came, judged with this trace. */
void judge_remember(const struct judge *judge, const struct judge_trace *trace,
                    int64_t now_ms);

#endif /* PIPELINE_JUDGE_H */
