#include "page/verdict_api.h"

#include "page/explain.h"
#include "page/item.h"
#include "page/put.h"
#include "pipeline/words.h"
#include "store/search.h"

#include <inttypes.h>

/* When too many listen, one may be gone by then. */
#define LISTENERS_BUSY_S 30

#define VERDICTS_PAGE 50
#define VERDICTS_PAGE_MOST 100

/* Read the filter from the query; false, and refused: nonsense. */
static bool take_search(struct visit *visit, struct search *search)
{
    struct span kind = visit_query(visit, "verdict");
    int64_t limit = VERDICTS_PAGE;

    *search = (struct search){
        .words = visit_query(visit, "q"),
        .author = visit_query(visit, "author"),
        .host = visit_query(visit, "host"),
        .has_kind = kind.len > 0,
        .reason = visit_query(visit, "reason"),
        .site = visit_query(visit, "site"),
        .model = visit_query(visit, "model"),
        .corrected = span_eq(visit_query(visit, "corrected"), SPAN_LIT("yes")),
    };
    if (kind.len && !verdict_parse(&search->kind, kind)) {
        visit_refuse(visit, 400, "invalid",
                     "verdict is approve, hold or spam");
        return false;
    }
    if (!visit_query_int(visit, "since_ms", 0, INT64_MAX / 2,
                         &search->since_ms) ||
        !visit_query_int(visit, "until_ms", 0, INT64_MAX / 2,
                         &search->until_ms) ||
        !visit_query_int(visit, "after", 1, INT64_MAX, &search->before) ||
        !visit_query_int(visit, "limit", 1, VERDICTS_PAGE_MOST, &limit))
        return false;
    search->limit = (size_t)limit;
    return true;
}

void verdicts_get(struct visit *visit)
{
    struct decision_list list;
    struct search search;
    struct error err;

    if (!take_search(visit, &search))
        return;
    if (search_find(visit->store, visit->arena, &search, &list, &err)) {
        visit_fail(visit, &err);
        return;
    }
    put_open(&visit->out, NULL, '{');
    if (briefs_put(visit, "items", &list, &err))
        visit_fail(visit, &err);
    if (list.nr == search.limit)
        put_text(&visit->out, "next",
                 arena_printf(visit->arena, "%" PRId64,
                              list.decision[list.nr - 1].id));
    else
        put_null(&visit->out, "next");
    put_close(&visit->out, '}');
}

static bool put_step(void *context, const struct story_step *step)
{
    struct buf *out = context;

    put_open(out, NULL, '{');
    put_int(out, "at_ms", step->at_ms);
    put_text(out, "what", step->what);
    put_text(out, "by", step->by);
    put_text(out, "verdict", step->verdict);
    put_text(out, "model", step->model);
    put_text(out, "state", step->state);
    put_text(out, "detail", step->detail);
    put_close(out, '}');
    return true;
}

static enum error_code put_story(struct visit *visit,
                                 const struct decision *decision,
                                 struct error *err)
{
    enum error_code rc;

    put_open(&visit->out, NULL, '{');
    rc = item_put(visit, "item", decision, true, err);
    if (rc)
        return rc;
    put_open(&visit->out, "story", '[');
    rc = story_each(visit->store, decision->site, decision->comment, put_step,
                    &visit->out, err);
    put_close(&visit->out, ']');
    if (!rc)
        rc = explain_put(visit, "explain", decision, err);
    put_close(&visit->out, '}');
    return rc;
}

void verdict_get(struct visit *visit)
{
    struct decision decision;
    struct error err;

    if (visit_judgement(visit, &decision) && put_story(visit, &decision, &err))
        visit_fail(visit, &err);
}

void events_get(struct visit *visit)
{
    struct http_stream *stream = listeners_add(visit->listeners, visit->token);

    if (!stream) {
        http_answer_later(&visit->answer, visit->arena, 503, "listeners",
                          LISTENERS_BUSY_S);
        return;
    }
    visit->answer.status = 200;
    visit->answer.type = "text/event-stream";
    visit->answer.stream = stream;
}

static void put_value(void *context, struct span value)
{
    put_text(context, NULL, value);
}

static void put_feature(void *context, struct span value)
{
    struct buf *out = context;
    struct span words = words_meaning(value);

    put_open(out, NULL, '{');
    put_text(out, "feature", value);
    put_text(out, "words", words.len ? words : value);
    put_close(out, '}');
}

void facets_get(struct visit *visit)
{
    struct page_site_list sites =
        visit->house->sites(visit->house->context, visit->arena);
    struct buf *out = &visit->out;
    struct error err;
    enum error_code rc;

    put_open(out, NULL, '{');
    put_open(out, "sites", '[');
    for (size_t i = 0; i < sites.nr; i++)
        put_text(out, NULL, sites.site[i].name);
    put_close(out, ']');
    put_open(out, "models", '[');
    rc = search_facet_each(visit->store, SEARCH_MODELS, put_value, out, &err);
    put_close(out, ']');
    put_open(out, "reasons", '[');
    if (!rc)
        rc = search_facet_each(visit->store, SEARCH_REASONS, put_feature, out,
                               &err);
    put_close(out, ']');
    put_close(out, '}');
    if (rc)
        visit_fail(visit, &err);
}
