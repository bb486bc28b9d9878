#include "pipeline/judge.h"

#include "features/bag.h"
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
static double add_site(const struct judge *judge,
                       const struct model_score *general,
                       const struct weighing *weighing, double recalled)
{
    const struct model *model = judge->model;
    double odds;

    if (!judge->site && recalled == 0)
        return general->probability;
    odds = model_log_odds(model, MODEL_SPAM, general->margin) + recalled;
    if (judge->site)
        odds += judge->site->bias + weighing_layer(weighing);
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

/* Scales with the site's own layer, if it has weights. */
static struct weigher weigher_of(const struct judge *judge,
                                 struct juror *juror)
{
    const struct site_model *site = judge->site;
    struct model_layer layer;

    if (!site || !site->weight)
        return model_weigher(judge->model, NULL, juror->lexicon);
    layer = (struct model_layer){ site->weight, span_str(site->id) };
    return model_weigher(judge->model, &layer, juror->lexicon);
}

/* The verdict's reasons, once it is found. */
static void give_reasons(struct verdict *verdict, struct arena *arena,
                         const struct weigher *weigher,
                         const struct claims_ground *ground,
                         const struct recollection *recollection,
                         enum model_head head)
{
    struct weighing_kinds kinds;
    struct reason_list claims;

    if (head == MODEL_ABUSE && verdict->kind == VERDICT_HOLD) {
        weighing_take_kinds(&kinds, arena, weigher, ground->bag,
                            ground->weighing);
        claims_name_kinds(verdict, ground->text, &kinds);
    }
    claims = claims_collect(arena, ground, head);
    if (head == MODEL_SPAM)
        recollect_claims(&claims, arena, recollection);
    reasons_choose(verdict, &claims);
}

void judge_comment(const struct judge *judge, struct juror *juror,
                   const struct comment *comment, struct verdict *verdict,
                   struct judge_trace *trace)
{
    const struct model *model = judge->model;
    struct arena *arena = &juror->arena;
    struct text *text = text_normalise_next(arena, juror->shelf, comment);
    struct policy_doubt doubt = doubt_about(model, arena, text);
    struct weigher weigher = weigher_of(judge, juror);
    struct policy_path path;
    struct model_score score[MODEL_HEAD_NR];
    struct recollection *recollection =
        arena_alloc(arena, sizeof(*recollection));
    struct weighing weighing;
    struct bag bag;

    bag_fill(arena, juror->glossary, comment, text, &bag);
    weighing_take(&weighing, arena, &weigher, &bag);
    model_weighed(model, &weighing, score);
    recollect(recollection, judge->memory, model, arena, comment, text);
    *verdict = (struct verdict){
        .p_spam =
            add_site(judge, &score[MODEL_SPAM], &weighing, recollection->sum),
        .p_abuse = score[MODEL_ABUSE].probability,
        .model = judge_model(judge, arena),
    };
    policy_decide(judge->policy, arena, comment, text, &doubt, verdict, &path);
    give_reasons(
        verdict, arena, &weigher,
        &(struct claims_ground){ model, judge->site, text, &bag, &weighing },
        recollection, head_of(verdict, &path));
    if (trace)
        *trace = (struct judge_trace){ text, path, recollection };
}

void judge_remember(const struct judge *judge, const struct judge_trace *trace,
                    int64_t now_ms)
{
    if (judge->memory)
        memory_see(judge->memory, &trace->recollection->traces, now_ms);
}
