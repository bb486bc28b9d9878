#include "pipeline/judge.h"

#include "features/features.h"
#include "pipeline/reasons.h"

/* What neither head can know: that there was more, or nothing, to read. */
static struct policy_doubt doubt_about(const struct text *text)
{
    struct policy_doubt doubt = { SPAN_LIT(""), SPAN_LIT("") };

    if (text->cut)
        doubt = (struct policy_doubt){
            SPAN_LIT("too_long"),
            SPAN_LIT("only its first and last part were read"),
        };
    else if (!text->body.words.nr && !text->links.nr)
        doubt = (struct policy_doubt){ SPAN_LIT("no_words"), SPAN_LIT("") };
    return doubt;
}

void judge_comment(const struct judge *judge, struct arena *arena,
                   const struct comment *comment, struct verdict *verdict,
                   struct judge_trace *trace)
{
    const struct model *model = judge->model;
    struct text *text = text_normalise(arena, comment);
    struct policy_doubt doubt = doubt_about(text);
    struct policy_path path = { .brief = !trace };
    struct reason_list reasons;
    struct model_score score[MODEL_HEAD_NR];
    struct vector vector;

    features_extract(arena, comment, text, &vector);
    model_scale(model, &vector);
    model_scores(model, &vector, score);
    *verdict = (struct verdict){
        .p_spam = score[MODEL_SPAM].probability,
        .p_abuse = score[MODEL_ABUSE].probability,
        .model = model_id(model),
    };
    policy_decide(judge->policy, arena, comment, text, &doubt, verdict, &path);
    reasons = reasons_collect(arena, model,
                              verdict->p_abuse > verdict->p_spam ? MODEL_ABUSE
                                                                 : MODEL_SPAM,
                              text, &vector);
    reasons_choose(verdict, &reasons);
    if (trace)
        *trace = (struct judge_trace){ text, vector, path };
}
