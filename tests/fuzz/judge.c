/*
 * The whole way from a comment to a verdict, with the model inside the
 * program: HTML, BBCode, links, folding, features. A line each for author,
 * its web site, mail address and the post's title; the rest is the text.
 */
#include "pipeline/judge.h"

#include "fuzz.h"

#include <assert.h>

static void check_text(const struct text *text)
{
    for (size_t i = 0; i < text->links.nr; i++)
        assert(text->links.link[i].host.len);
    assert(text->body.plain.len <=
           4 * (COMMENT_TEXT_HEAD + COMMENT_TEXT_TAIL));
}

static void check_verdict(const struct verdict *verdict)
{
    assert(verdict->p_spam >= 0 && verdict->p_spam <= 1);
    assert(verdict->p_abuse >= 0 && verdict->p_abuse <= 1);
    assert(verdict->nr <= VERDICT_REASONS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct model *model;
    static struct juror juror;
    const struct policy policy = { 0.5, 0.98, 0.6, true, NULL };
    struct span rest = fuzz_span(data, size);
    struct comment comment = { .id = SPAN_LIT("1") };
    struct judge_trace trace;
    struct verdict verdict;
    struct judge judge;
    struct error err;

    if (!model) {
        juror_init(&juror);
        if (model_open(&model, NULL, &err))
            abort();
    }
    judge = (struct judge){ .model = model, .policy = &policy };
    comment.author = fuzz_line(&rest);
    comment.author_url = fuzz_line(&rest);
    comment.author_email = fuzz_line(&rest);
    comment.post_title = fuzz_line(&rest);
    comment.text = rest;
    arena_reset(&juror.arena);
    judge_comment(&judge, &juror, &comment, &verdict, &trace);
    check_text(trace.text);
    check_verdict(&verdict);
    return 0;
}
