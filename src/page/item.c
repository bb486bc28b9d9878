#include "page/item.h"

#include "page/evidence.h"
#include "page/put.h"
#include "pipeline/words.h"
#include "store/store_ops.h"
#include "text/normalise.h"
#include "wire/comment_json.h"

#define WORDS_BYTES_MAX ((size_t)8 << 10)

/* A comment being shown: what was kept of it, read once more. */
struct shown {
    const struct decision *decision;
    struct content content;
    struct comment comment;
    const struct text *text; /* NULL: the comment itself was not kept */
    struct span plain;
};

/* What can't be read is shown by the words that were kept. */
static enum error_code shown_find(struct visit *visit, struct shown *shown,
                                  struct error *err)
{
    enum error_code rc = content_find(
        visit->store, visit->arena, shown->decision->id, &shown->content, err);
    struct error why;

    if (rc)
        return rc;
    shown->plain = shown->content.text.len ? shown->content.text
                                           : shown->decision->excerpt;
    if (!shown->content.comment.len ||
        comment_parse(&shown->comment, visit->arena, shown->content.comment,
                      &why))
        return ERROR_NONE;
    shown->text = text_normalise(visit->arena, &shown->comment);
    shown->plain = shown->text->body.plain;
    return ERROR_NONE;
}

void reason_put(struct buf *out, const struct reason *reason)
{
    struct buf words;

    buf_init(&words, WORDS_BYTES_MAX);
    words_for_reason(&words, reason);
    put_open(out, NULL, '{');
    put_text(out, "feature", reason->feature);
    put_text(out, "words", buf_span(&words));
    put_real(out, "weight", reason->weight);
    put_text(out, "evidence", reason->evidence);
    put_close(out, '}');
    buf_release(&words);
}

enum error_code standing_put(struct visit *visit,
                             const struct decision *decision,
                             struct error *err)
{
    struct buf *out = &visit->out;
    struct standing standing;
    enum error_code rc =
        standing_find(visit->store, visit->arena, decision->site,
                      decision->comment, &standing, err);

    put_open(out, "standing", '{');
    put_text(out, "verdict", standing.verdict);
    put_text(out, "by", standing.by);
    put_int(out, "at_ms", standing.at_ms);
    put_text(out, "state", standing.state);
    put_text(out, "detail", standing.detail);
    put_close(out, '}');
    return rc;
}

static void verdict_put(struct buf *out, const struct decision *decision)
{
    put_text(out, "verdict", verdict_name(decision->verdict.kind));
    put_real(out, "p_spam", decision->verdict.p_spam);
    put_real(out, "p_abuse", decision->verdict.p_abuse);
    put_text(out, "model", decision->verdict.model);
}

enum error_code brief_put(struct visit *visit, const struct decision *decision,
                          struct error *err)
{
    struct buf *out = &visit->out;
    struct buf words;
    enum error_code rc;

    buf_init(&words, WORDS_BYTES_MAX);
    words_for_verdict(&words, &decision->verdict);
    put_open(out, NULL, '{');
    put_int(out, "id", decision->id);
    put_text(out, "site", decision->site);
    put_text(out, "comment", decision->comment);
    put_text(out, "author", decision->author);
    put_text(out, "excerpt", decision->excerpt);
    put_int(out, "at_ms", decision->at_ms);
    verdict_put(out, decision);
    put_text(out, "words", buf_span(&words));
    rc = standing_put(visit, decision, err);
    put_close(out, '}');
    buf_release(&words);
    return rc;
}

enum error_code briefs_put(struct visit *visit, const char *name,
                           const struct decision_list *list, struct error *err)
{
    enum error_code rc = ERROR_NONE;

    put_open(&visit->out, name, '[');
    for (size_t i = 0; i < list->nr && !rc; i++)
        rc = brief_put(visit, &list->decision[i], err);
    put_close(&visit->out, ']');
    return rc;
}

static void author_put(struct buf *out, const struct shown *shown)
{
    const struct comment *comment = &shown->comment;

    put_open(out, "author", '{');
    put_text(out, "name",
             shown->text ? comment->author : shown->decision->author);
    put_text(out, "url", comment->author_url);
    put_text(out, "email", comment->author_email);
    put_text(out, "ip", comment->author_ip);
    put_text(out, "role", comment->role);
    put_close(out, '}');
    put_open(out, "post", '{');
    put_text(out, "title",
             shown->text ? shown->text->post_title.plain : SPAN_LIT(""));
    put_text(out, "url", comment->permalink);
    put_close(out, '}');
}

static void links_put(struct buf *out, const struct text *text)
{
    put_open(out, "links", '[');
    for (size_t i = 0; text && i < text->links.nr; i++) {
        const struct link *link = &text->links.link[i];

        put_open(out, NULL, '{');
        put_text(out, "url", link->url);
        put_text(out, "host", link->host);
        put_text(out, "words", link->anchor);
        put_close(out, '}');
    }
    put_close(out, ']');
}

static void text_put(struct visit *visit, const struct shown *shown,
                     bool alone)
{
    struct buf *out = &visit->out;
    size_t most = alone ? DECISION_TEXT_MAX : ITEM_TEXT_MAX;
    struct span plain = store_cut(shown->plain, most);

    put_text(out, "posted", shown->comment.date);
    put_text(out, "parent",
             store_cut(shown->text ? shown->text->parent.plain : SPAN_LIT(""),
                       ITEM_TEXT_MAX));
    evidence_put(out, "text", visit->arena, plain, &shown->decision->verdict);
    put_bool(out, "whole", shown->text != NULL);
    put_bool(out, "cut", plain.len < shown->plain.len);
    if (alone && !span_eq(shown->comment.text, shown->plain))
        put_text(out, "raw", store_cut(shown->comment.text, most));
    links_put(out, shown->text);
}

static enum error_code alike_put(struct visit *visit,
                                 const struct decision *decision,
                                 struct error *err)
{
    struct decision_list list = { NULL, 0 };
    enum error_code rc = waiting_alike(visit->store, visit->arena, decision,
                                       ITEM_ALIKE_MAX, &list, err);

    put_int(&visit->out, "alike", (int64_t)list.nr);
    put_open(&visit->out, "alike_ids", '[');
    for (size_t i = 0; i < list.nr; i++)
        put_int(&visit->out, NULL, list.decision[i].id);
    put_close(&visit->out, ']');
    return rc;
}

static enum error_code earlier_put(struct visit *visit,
                                   const struct decision *decision,
                                   struct error *err)
{
    struct buf *out = &visit->out;
    struct earlier earlier;
    enum error_code rc =
        earlier_find(visit->store, visit->arena, decision, &earlier, err);

    put_open(out, "earlier", '{');
    put_int(out, "nr", (int64_t)earlier.nr);
    put_int(out, "approved", (int64_t)earlier.approved);
    put_int(out, "held", (int64_t)earlier.held);
    put_int(out, "spam", (int64_t)earlier.spam);
    if (!rc)
        rc = briefs_put(visit, "newest", &earlier.newest, err);
    put_close(out, '}');
    return rc;
}

enum error_code item_put(struct visit *visit, const char *name,
                         const struct decision *decision, bool alone,
                         struct error *err)
{
    struct buf *out = &visit->out;
    struct shown shown = { .decision = decision };
    enum error_code rc = shown_find(visit, &shown, err);

    if (rc)
        return rc;
    put_open(out, name, '{');
    put_int(out, "id", decision->id);
    put_text(out, "site", decision->site);
    put_text(out, "comment", decision->comment);
    author_put(out, &shown);
    put_int(out, "at_ms", decision->at_ms);
    text_put(visit, &shown, alone);
    verdict_put(out, decision);
    put_open(out, "reasons", '[');
    for (size_t i = 0; i < decision->verdict.nr; i++)
        reason_put(out, &decision->verdict.reason[i]);
    put_close(out, ']');
    rc = standing_put(visit, decision, err);
    if (!rc)
        rc = alike_put(visit, decision, err);
    if (!rc)
        rc = earlier_put(visit, decision, err);
    put_close(out, '}');
    return rc;
}
