#include "pipeline/judge.h"

#include "features/features.h"
#include "features/unit.h"
#include "pipeline/claims.h"
#include "pipeline/reasons.h"

#include <math.h>

/* What neither head can know: that there was more, or nothing, to read. */
static struct policy_doubt doubt_about(const struct model *model,
                                       struct arena *arena,
                                       const struct text *text)
{
    struct policy_doubt doubt = { SPAN_LIT(""), SPAN_LIT("") };
    struct unit_list units;
    double share;

    if (text->cut)
        return (struct policy_doubt){
            SPAN_LIT("too_long"),
            SPAN_LIT("only its first and last part were read"),
        };
    if (!text->body.words.nr && !text->links.nr)
        return (struct policy_doubt){ SPAN_LIT("no_words"), SPAN_LIT("") };
    units = unit_find(arena, &text->body.words);
    if (model_is_strange(model, &units, &share))
        doubt = (struct policy_doubt){
            SPAN_LIT("unknown_language"),
            arena_printf(arena, "%.0f%% of it is known", 100 * share),
        };
    return doubt;
}

/*
 * The probability with what the site has taught and remembers added, log-odds
 * to log-odds. Where there is neither it stays what it was, to the bit.
 */
static double add_site(const struct judge *judge, double general,
                       const struct vector *vector, double recalled)
{
    double odds;

    if (!judge->site && recalled == 0)
        return general;
    odds = model_base(judge->model, MODEL_SPAM) + recalled;
    for (size_t i = 0; i < vector->nr; i++)
        odds += model_part(judge->model, MODEL_SPAM, &vector->entry[i]);
    if (judge->site)
        odds += site_model_log_odds(judge->site, vector);
    return 1 / (1 + exp(-odds));
}

struct span judge_model(const struct judge *judge, struct arena *arena)
{
    if (!judge->site)
        return model_id(judge->model);
    return arena_printf(arena, "%.*s+%s", SPAN_ARG(model_id(judge->model)),
                        judge->site->id);
}

/*
 * The head whose reasons are given: the one that decided. Of a doubt or a
 * list, which asked neither, the one that is surer.
 */
static enum model_head head_of(const struct verdict *verdict,
                               const struct policy_path *path)
{
    struct span rule = path->step[path->nr - 1].rule;

    if (span_eq(rule, SPAN_LIT("abuse_hold_at")))
        return MODEL_ABUSE;
    if (span_eq(rule, SPAN_LIT("spam_at")) ||
        span_eq(rule, SPAN_LIT("approve_below")) ||
        span_eq(rule, SPAN_LIT("approve")))
        return MODEL_SPAM;
    return verdict->p_abuse > verdict->p_spam ? MODEL_ABUSE : MODEL_SPAM;
}

void judge_comment(const struct judge *judge, struct arena *arena,
                   const struct comment *comment, struct verdict *verdict,
                   struct judge_trace *trace)
{
    const struct model *model = judge->model;
    struct text *text = text_normalise(arena, comment);
    struct policy_doubt doubt = doubt_about(model, arena, text);
    struct policy_path path = { .brief = !trace };
    struct model_score score[MODEL_HEAD_NR];
    struct recollection *recollection =
        arena_alloc(arena, sizeof(*recollection));
    struct reason_list claims;
    enum model_head head;
    struct vector vector;

    features_extract(arena, comment, text, &vector);
    model_scale(model, &vector);
    model_scores(model, &vector, score);
    recollect(recollection, judge->memory, model, arena, comment, text);
    *verdict = (struct verdict){
        .p_spam = add_site(judge, score[MODEL_SPAM].probability, &vector,
                           recollection->sum),
        .p_abuse = score[MODEL_ABUSE].probability,
        .model = judge_model(judge, arena),
    };
    policy_decide(judge->policy, arena, comment, text, &doubt, verdict, &path);
    head = head_of(verdict, &path);
    if (head == MODEL_ABUSE && verdict->kind == VERDICT_HOLD)
        claims_name_kinds(verdict, model, arena, text, &vector);
    claims = claims_collect(arena, model, judge->site, head, text, &vector);
    if (head == MODEL_SPAM)
        recollect_claims(&claims, arena, recollection);
    reasons_choose(verdict, &claims);
    if (trace)
        *trace = (struct judge_trace){ text, vector, path, recollection };
}

void judge_remember(const struct judge *judge, const struct judge_trace *trace,
                    int64_t now_ms)
{
    if (judge->memory)
        memory_see(judge->memory, &trace->recollection->traces, now_ms);
}
