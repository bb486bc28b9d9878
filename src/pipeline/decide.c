#include "pipeline/decide.h"

#include "base/clock.h"

/* The store cuts between characters; here it only has to be short. */
static struct span keep(struct arena *arena, struct span s, size_t max)
{
    return arena_dup(arena, span_cut(span_trim(s), 0, 2 * max));
}

static void count_verdict(struct run_totals *totals, enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_APPROVE:
        totals->approved++;
        break;
    case VERDICT_SPAM:
        totals->spam++;
        break;
    case VERDICT_HOLD:
        totals->held++;
        break;
    }
}

void decide_fill(struct decision *decision, struct arena *arena,
                 const struct comment *comment, const struct digest *digest,
                 const struct verdict *verdict,
                 const struct judge_trace *trace)
{
    struct digest person = comment_person(comment->author_email);

    *decision = (struct decision){
        .at_ms = clock_now_ms(),
        .comment = arena_dup(arena, comment->id),
        .digest = *digest,
        .was = arena_dup(arena, comment->status),
        .author = keep(arena, trace->text->author.plain, DECISION_AUTHOR_MAX),
        .excerpt = keep(arena, trace->text->body.plain, DECISION_EXCERPT_MAX),
        .person = arena_dup(arena, span_str(person.hex)),
        .verdict = *verdict,
    };
    decision->verdict.model = arena_dup(arena, verdict->model);
    for (size_t i = 0; i < verdict->nr; i++)
        decision->verdict.reason[i].evidence =
            keep(arena, verdict->reason[i].evidence, DECISION_EVIDENCE_MAX);
}

/* The verdict outlives the arena it was made in. */
void decide_comment(struct course *course, const struct comment *comment,
                    const struct digest *digest, struct decision *decision)
{
    const struct moderate *m = course->moderate;
    struct judge_trace trace;
    struct verdict verdict;

    arena_reset(&course->juror.arena);
    judge_comment(m->judge, &course->juror, comment, &verdict, &trace);
    count_verdict(course->totals, verdict.kind);
    if (m->on_verdict)
        m->on_verdict(m->context, comment, &verdict);
    decide_fill(decision, course->page, comment, digest, &verdict, &trace);
    judge_remember(m->judge, &trace, decision->at_ms);
    decision->run = course->run;
    decision->site = m->site_name;
}

void decide_tellable(struct decision_list *list, bool notes)
{
    size_t nr = 0;

    for (size_t i = 0; i < list->nr; i++) {
        enum decision_state state = list->decision[i].state;

        if (state == DECISION_PENDING || (notes && state == DECISION_KEPT))
            list->decision[nr++] = list->decision[i];
    }
    list->nr = nr;
}
