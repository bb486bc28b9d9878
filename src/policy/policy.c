/*
 * The rules, in the order they are asked. Each looks at one thing, says what
 * it compared, and either decides or leaves the comment to the next; the last
 * one always decides. Reading the table below is reading the policy.
 *
 * A probability that is not a number fails every comparison, so comparisons
 * are written the way round that then holds the comment.
 */
#include "policy/policy.h"

#include <string.h>

static enum error_code check_range(const char *name, double value,
                                   struct error *err)
{
    if (value >= 0 && value <= 1)
        return ERROR_NONE;
    return error_set(err, ERROR_CONFIG, "%s: %g is not between 0 and 1", name,
                     value);
}

enum error_code policy_check(const struct policy *policy, struct error *err)
{
    enum error_code rc;

    rc = check_range("approve_below", policy->approve_below, err);
    if (rc)
        return rc;
    rc = check_range("spam_at", policy->spam_at, err);
    if (rc)
        return rc;
    rc = check_range("abuse_hold_at", policy->abuse_hold_at, err);
    if (rc)
        return rc;
    if (policy->approve_below > policy->spam_at)
        return error_set(err, ERROR_CONFIG,
                         "approve_below: %g is above spam_at, %g; what lies "
                         "between the two is held",
                         policy->approve_below, policy->spam_at);
    return ERROR_NONE;
}

/* All that a rule may look at. */
struct question {
    const struct policy *policy;
    struct arena *arena;
    const struct comment *comment;
    const struct policy_doubt *doubt;
    const struct verdict *verdict;
    enum list_answer listed;
    struct span entry; /* of the list that answered */
};

/* What a rule says. */
struct answer {
    struct span detail;
    bool decided;
    enum verdict_kind kind;
    struct span evidence; /* of the reason, where it leaves one */
    const char *compared; /* as in a step */
    double p, limit;
};

static struct answer ask_deny_list(const struct question *q)
{
    if (q->listed != LIST_DENY)
        return (struct answer){ .detail = SPAN_LIT("no entry matches") };
    return (struct answer){
        .detail = q->entry,
        .decided = true,
        .kind = VERDICT_SPAM,
        .evidence = q->entry,
    };
}

static struct answer ask_allow_list(const struct question *q)
{
    bool approve = q->policy->approve;

    if (q->listed != LIST_ALLOW)
        return (struct answer){ .detail = SPAN_LIT("no entry matches") };
    return (struct answer){
        .detail = q->entry,
        .decided = true,
        .kind = approve ? VERDICT_APPROVE : VERDICT_HOLD,
        .evidence = q->entry,
    };
}

static struct answer ask_doubt(const struct question *q)
{
    const struct policy_doubt *doubt = q->doubt;

    if (!doubt || !doubt->feature.len)
        return (struct answer){ .detail = SPAN_LIT("none") };
    return (struct answer){
        .detail = arena_printf(q->arena, "%.*s", SPAN_ARG(doubt->feature)),
        .decided = true,
        .kind = VERDICT_HOLD,
        .evidence = doubt->evidence,
    };
}

static struct answer ask_abuse(const struct question *q)
{
    double p = q->verdict->p_abuse;
    double limit = q->policy->abuse_hold_at;
    bool below = p < limit;

    return (struct answer){
        .compared = "p_abuse",
        .p = p,
        .limit = limit,
        .decided = !below,
        .kind = VERDICT_HOLD,
    };
}

static struct answer ask_spam(const struct question *q)
{
    double p = q->verdict->p_spam;
    double limit = q->policy->spam_at;
    bool reached = p >= limit;

    return (struct answer){
        .compared = "p_spam",
        .p = p,
        .limit = limit,
        .decided = reached,
        .kind = VERDICT_SPAM,
    };
}

/* What was typed into a field that people don't see. */
static struct answer ask_trap(const struct question *q)
{
    struct span trap = span_trim(q->comment->trap);
    bool doubtful = q->verdict->p_spam >= q->policy->approve_below;

    if (!trap.len)
        return (struct answer){ .detail = SPAN_LIT("nothing in it") };
    return (struct answer){
        .detail = SPAN_LIT("a field that people don't see was filled in"),
        .decided = true,
        .kind = doubtful ? VERDICT_SPAM : VERDICT_HOLD,
        .evidence = trap,
    };
}

/* Between the two thresholds lies doubt. */
static struct answer ask_between(const struct question *q)
{
    double p = q->verdict->p_spam;
    double limit = q->policy->approve_below;
    bool below = p < limit;

    return (struct answer){
        .compared = "p_spam",
        .p = p,
        .limit = limit,
        .decided = !below,
        .kind = VERDICT_HOLD,
    };
}

static struct answer ask_haste(const struct question *q)
{
    long long ms = 0;
    bool known = span_to_long(q->comment->fill_ms, &ms) && ms >= 0;

    if (!known || ms >= POLICY_HASTE_MS)
        return (struct answer){
            .detail = known ? SPAN_LIT("took its time") : SPAN_LIT("unknown"),
        };
    return (struct answer){
        .detail = arena_printf(q->arena, "sent after %lld ms", ms),
        .decided = true,
        .kind = VERDICT_HOLD,
        .evidence = arena_printf(q->arena, "%lld ms", ms),
    };
}

static struct answer ask_approve(const struct question *q)
{
    bool approve = q->policy->approve;

    return (struct answer){
        .detail =
            approve ? SPAN_LIT("approve = yes") : SPAN_LIT("approve = no"),
        .decided = true,
        .kind = approve ? VERDICT_APPROVE : VERDICT_HOLD,
    };
}

static const struct {
    const char *name;
    struct answer (*ask)(const struct question *q);
    /* It decides without the model, and so is a reason of its own. */
    bool is_reason;
} rule[] = {
    { "deny_list", ask_deny_list, true },
    { "allow_list", ask_allow_list, true },
    { "doubt", ask_doubt, true },
    { "abuse_hold_at", ask_abuse, false },
    { "spam_at", ask_spam, false },
    { "trap", ask_trap, true },
    { "approve_below", ask_between, false },
    { "haste", ask_haste, true },
    { "approve", ask_approve, false },
};

#define RULE_NR (sizeof(rule) / sizeof(rule[0]))

_Static_assert(RULE_NR <= POLICY_STEPS_MAX, "every rule has its step");

/* A reason without a weight: rules do not weigh, they decide. */
static void put_first(struct verdict *verdict, struct span feature,
                      struct span evidence)
{
    size_t keep = verdict->nr;

    if (keep == VERDICT_REASONS_MAX)
        keep--;
    memmove(&verdict->reason[1], &verdict->reason[0],
            keep * sizeof(verdict->reason[0]));
    verdict->reason[0] = (struct reason){ feature, 0, evidence };
    verdict->nr = keep + 1;
}

static void conclude(const struct question *q, size_t i,
                     const struct answer *answer, struct verdict *verdict)
{
    struct span feature = span_str(rule[i].name);

    verdict->kind = answer->kind;
    if (!rule[i].is_reason)
        return;
    /* Of a doubt, its own name says more than the word. */
    if (rule[i].ask == ask_doubt)
        feature = q->doubt->feature;
    put_first(verdict, feature, answer->evidence);
}

void policy_decide(const struct policy *policy, struct arena *arena,
                   const struct comment *comment, const struct text *text,
                   const struct policy_doubt *doubt, struct verdict *verdict,
                   struct policy_path *path)
{
    struct question q = {
        policy, arena, comment, doubt, verdict, LIST_NEITHER, SPAN_LIT(""),
    };

    if (policy->lists)
        q.listed = lists_ask(policy->lists, comment, text, &q.entry);
    path->nr = 0;
    for (size_t i = 0; i < RULE_NR; i++) {
        struct answer answer = rule[i].ask(&q);

        path->step[path->nr++] = (struct policy_step){
            span_str(rule[i].name), answer.detail,  answer.compared, answer.p,
            answer.limit,           answer.decided,
        };
        if (!answer.decided)
            continue;
        conclude(&q, i, &answer, verdict);
        return;
    }
}

struct span policy_step_words(struct arena *arena,
                              const struct policy_step *step)
{
    const char *how = "?"; /* not a number */

    if (!step->compared)
        return step->detail;
    if (step->p < step->limit)
        how = "<";
    if (step->p >= step->limit)
        how = ">=";
    return arena_printf(arena, "%s %.3f %s %.3f", step->compared, step->p, how,
                        step->limit);
}
