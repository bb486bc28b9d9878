#include "pipeline/judge.h"

#include "features/features.h"
#include "pipeline/reasons.h"

#include <math.h>

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

/* The probability with the site's own layer added, log-odds to log-odds. */
static double add_site(const struct judge *judge, double general,
                       const struct vector *vector)
{
    double odds;

    if (!judge->site)
        return general;
    odds = model_base(judge->model, MODEL_SPAM) + judge->site->bias;
    for (size_t i = 0; i < vector->nr; i++)
        odds += model_part(judge->model, MODEL_SPAM, &vector->entry[i]) +
                site_model_part(judge->site, &vector->entry[i]);
    return 1 / (1 + exp(-odds));
}

/* "0f1d5f4ed598", or with the layer's "0f1d5f4ed598+77ab01c0ffee". */
static struct span judged_by(const struct judge *judge, struct arena *arena)
{
    if (!judge->site)
        return model_id(judge->model);
    return arena_printf(arena, "%.*s+%s", SPAN_ARG(model_id(judge->model)),
                        judge->site->id);
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
        .p_spam = add_site(judge, score[MODEL_SPAM].probability, &vector),
        .p_abuse = score[MODEL_ABUSE].probability,
        .model = judged_by(judge, arena),
    };
    policy_decide(judge->policy, arena, comment, text, &doubt, verdict, &path);
    reasons = reasons_collect(arena, model, judge->site,
                              verdict->p_abuse > verdict->p_spam ? MODEL_ABUSE
                                                                 : MODEL_SPAM,
                              text, &vector);
    reasons_choose(verdict, &reasons);
    if (trace)
        *trace = (struct judge_trace){ text, vector, path };
}
