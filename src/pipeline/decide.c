#include "pipeline/decide.h"

#include "base/clock.h"
#include "learn/ask.h"
#include "wire/comment_json.h"

/* Of a comment with its surroundings, as JSON. */
#define COMMENT_BYTES_MAX ((size_t)512 << 10)

/* What is kept of post and parent with each comment. */
#define CONTEXT_BYTES ((size_t)1000)

/* The store cuts between characters, and must see that there was more. */
static struct span keep(struct span s, size_t max)
{
    return span_cut(span_trim(s), 0, max + 1);
}

/*
 * Near copies are known by their shingles; what is too short to have any, by
 * being the same.
 */
static uint64_t campaign_of(struct span folded)
{
    uint64_t campaign = ask_campaign(folded);
    struct digest digest = digest_of(span_trim(folded));

    if (!campaign && folded.len)
        memcpy(&campaign, digest.hex, sizeof(campaign));
    return campaign;
}

/* The hosts that a comment leads to, each once where it repeats at once. */
static struct span hosts_of(struct arena *arena, const struct text *text)
{
    struct span last = text->author_link.host;
    struct buf hosts;
    struct span kept;

    buf_init(&hosts, DECISION_HOSTS_MAX);
    buf_add(&hosts, last);
    for (size_t i = 0; i < text->links.nr && !hosts.full; i++) {
        if (span_eq(text->links.link[i].host, last))
            continue;
        last = text->links.link[i].host;
        if (hosts.len)
            buf_add_char(&hosts, ' ');
        buf_add(&hosts, last);
    }
    kept = arena_dup(arena, buf_span(&hosts));
    buf_release(&hosts);
    return kept;
}

static struct span comment_line(struct arena *arena,
                                const struct comment *comment)
{
    struct comment kept = *comment;
    struct buf line;
    struct span copy;

    kept.user_agent = SPAN_LIT("");
    kept.referrer = SPAN_LIT("");
    kept.post_text = span_cut(kept.post_text, 0, CONTEXT_BYTES);
    kept.parent_text = span_cut(kept.parent_text, 0, CONTEXT_BYTES);
    buf_init(&line, COMMENT_BYTES_MAX);
    comment_put_json(&line, &kept);
    copy = line.full ? SPAN_LIT("") : arena_dup(arena, buf_span(&line));
    buf_release(&line);
    return copy;
}

static struct content content_of(struct arena *arena,
                                 const struct comment *comment,
                                 const struct text *text)
{
    return (struct content){
        .host = hosts_of(arena, text),
        .author = keep(text->author.plain, DECISION_AUTHOR_MAX),
        .text = keep(text->body.plain, DECISION_TEXT_MAX),
        .comment = comment_line(arena, comment),
    };
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
        .comment = comment->id,
        .digest = *digest,
        .was = comment->status,
        .author = keep(trace->text->author.plain, DECISION_AUTHOR_MAX),
        .excerpt = keep(trace->text->body.plain, DECISION_EXCERPT_MAX),
        .person = arena_dup(arena, span_str(person.hex)),
        .campaign = campaign_of(trace->text->body.folded),
        .content = content_of(arena, comment, trace->text),
        .verdict = *verdict,
    };
    for (size_t i = 0; i < verdict->nr; i++)
        decision->verdict.reason[i].evidence =
            keep(verdict->reason[i].evidence, DECISION_EVIDENCE_MAX);
}

/* The decision outlives the comment, and the arena it was judged in. */
static void decision_dup(struct decision *decision, struct arena *arena)
{
    struct span *const span[] = {
        &decision->comment,         &decision->was,
        &decision->author,          &decision->excerpt,
        &decision->person,          &decision->content.host,
        &decision->content.author,  &decision->content.text,
        &decision->content.comment, &decision->verdict.model,
    };
    struct verdict *verdict = &decision->verdict;

    for (size_t i = 0; i < sizeof(span) / sizeof(span[0]); i++)
        *span[i] = arena_dup(arena, *span[i]);
    for (size_t i = 0; i < verdict->nr; i++)
        verdict->reason[i].evidence =
            arena_dup(arena, verdict->reason[i].evidence);
}

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
    decide_fill(decision, &course->juror.arena, comment, digest, &verdict,
                &trace);
    decision_dup(decision, course->page);
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
