/*
 * Deciding about comments: all of one request in one transaction, with the
 * labels that come of it and their entries in the audit log.
 */
#include "page/queue_api.h"

#include "learn/label.h"
#include "page/item.h"
#include "page/put.h"
#include "pipeline/recollect.h"
#include "store/label.h"
#include "wire/comment_json.h"

#include <inttypes.h>

#define ACTIONS_MAX 200
#define ID_BYTES_MIN 8
#define ID_BYTES_MAX 64

struct acting {
    struct visit *visit;
    struct action action;
    struct span id;
    const int64_t *judgement;
    size_t nr;
    struct acted *acted;
    struct span outcomes; /* one word each */
    bool known;
};

static bool id_is_one(struct span id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
              (c >= 'a' && c <= 'z') || c == '-' || c == '_'))
            return false;
    }
    return id.len >= ID_BYTES_MIN && id.len <= ID_BYTES_MAX;
}

/* What the person says it is; undoing and holding say nothing. */
static enum error_code teach(const struct acting *acting, struct store *store,
                             const struct acted *acted, struct error *err)
{
    const struct decision *decision = &acted->decision;
    struct arena *arena = acting->visit->arena;
    struct content content;
    struct kept_label label;
    size_t changed;
    enum error_code rc;

    if (acting->action.kind != ACTION_APPROVE &&
        acting->action.kind != ACTION_SPAM)
        return ERROR_NONE;
    rc = content_find(store, arena, decision->id, &content, err);
    if (rc || !content.comment.len)
        return rc;
    label = (struct kept_label){
        .site = decision->site,
        .comment = decision->comment,
        .spam = acting->action.kind == ACTION_SPAM,
        .source = label_source_name(LABEL_FEEDBACK),
        .giver =
            arena_printf(arena, "page:%.*s", SPAN_ARG(acting->action.login)),
        .weight = label_source_weight(LABEL_FEEDBACK),
        .at_ms = decision->at_ms,
        .labelled_ms = acting->action.now_ms,
        .person = decision->person,
        .body = content.comment,
    };
    return store_label(store, &label, 1, &changed, err);
}

static enum error_code act_on(struct acting *acting, struct store *store,
                              size_t i, struct error *err)
{
    struct visit *visit = acting->visit;
    struct acted *acted = &acting->acted[i];
    struct span word;
    enum error_code rc = action_take(store, visit->arena, &acting->action,
                                     acting->judgement[i], acted, err);

    if (rc)
        return rc;
    word = action_outcome_name(acted->outcome);
    acting->outcomes =
        arena_printf(visit->arena, "%.*s%s%.*s", SPAN_ARG(acting->outcomes),
                     acting->outcomes.len ? " " : "", SPAN_ARG(word));
    if (acted->outcome == ACTION_UNKNOWN || acted->outcome == ACTION_NOTHING)
        return ERROR_NONE;
    rc = teach(acting, store, acted, err);
    return rc ? rc
              : visit_audit(visit, store,
                            action_kind_name(acting->action.kind).ptr,
                            acted->decision.site, acted->decision.comment,
                            verdict_name(acted->before),
                            verdict_name(acted->after), err);
}

static enum error_code act(void *context, struct store *store,
                           struct error *err)
{
    struct acting *acting = context;
    struct span login = acting->action.login;
    enum error_code rc =
        action_known(store, acting->visit->arena, login, acting->id,
                     &acting->outcomes, &acting->known, err);

    for (size_t i = 0; i < acting->nr && !rc && !acting->known; i++)
        rc = act_on(acting, store, i, err);
    if (!rc && !acting->known)
        rc = action_remember(store, login, acting->id, acting->action.now_ms,
                             acting->outcomes, err);
    return rc;
}

/* The comments that the body names; false, and refused: there are none. */
static bool take_judgements(struct acting *acting)
{
    struct visit *visit = acting->visit;
    const struct json *list = json_member(visit->body, "decisions");
    size_t nr = json_nr(list);
    int64_t *judgement = arena_zalloc(visit->arena, nr + 1, sizeof(int64_t));

    for (size_t i = 0; i < nr && nr <= ACTIONS_MAX; i++) {
        long long number = 0;

        if (!json_long(json_item(list, i), &number))
            nr = 0;
        judgement[i] = number;
    }
    acting->judgement = judgement;
    acting->nr = nr;
    acting->acted = arena_zalloc(visit->arena, nr + 1, sizeof(struct acted));
    if (nr && nr <= ACTIONS_MAX)
        return true;
    visit_refuse(visit, 400, "invalid",
                 "decisions must be 1 to 200 numbers of comments");
    return false;
}

static bool take_wish(struct acting *acting)
{
    struct visit *visit = acting->visit;
    struct span name;

    if (!visit_text(visit, "id", &acting->id) ||
        !visit_text(visit, "action", &name))
        return false;
    if (!id_is_one(acting->id)) {
        visit_refuse(visit, 400, "invalid",
                     "id must be 8 to 64 letters, digits, '-' and '_'");
        return false;
    }
    if (action_kind_parse(&acting->action.kind, name))
        return true;
    visit_refuse(visit, 400, "invalid",
                 "action is approve, spam, hold or undo");
    return false;
}

static void list_told(struct acting *acting)
{
    struct visit *visit = acting->visit;
    struct page_site_list sites =
        visit->house->sites(visit->house->context, visit->arena);
    struct span *told =
        arena_zalloc(visit->arena, sites.nr + 1, sizeof(*told));

    for (size_t i = 0; i < sites.nr; i++)
        if (sites.site[i].told)
            told[acting->action.told_nr++] = sites.site[i].name;
    acting->action.told = told;
}

/* Each site once is enough; twice does no harm. */
static void wake_sites(const struct acting *acting)
{
    struct visit *visit = acting->visit;

    for (size_t i = 0; i < acting->action.told_nr && !acting->known; i++)
        visit->house->decided(visit->house->context, acting->action.told[i]);
}

/* One comment that a person has said something of, for its site's memory. */
struct lesson {
    struct arena *arena;
    struct comment comment;
    bool spam;
    int64_t at_ms;
};

static void remember(void *context, const struct judge *judge)
{
    const struct lesson *lesson = context;

    recollect_learn(judge->memory, lesson->arena, &lesson->comment,
                    lesson->spam, label_source_weight(LABEL_FEEDBACK),
                    lesson->at_ms);
}

/* The server learns at once; 'sluice learn' comes later. */
static void remember_all(const struct acting *acting)
{
    struct visit *visit = acting->visit;
    struct lesson lesson = {
        .arena = visit->arena,
        .spam = acting->action.kind == ACTION_SPAM,
        .at_ms = acting->action.now_ms,
    };

    for (size_t i = 0; i < acting->nr && !acting->known; i++) {
        const struct acted *acted = &acting->acted[i];
        struct content content;
        struct error err;

        if (acted->outcome != ACTION_DONE && acted->outcome != ACTION_SAME)
            continue;
        if (!content_find(visit->store, visit->arena, acted->decision.id,
                          &content, &err) &&
            content.comment.len &&
            !comment_parse(&lesson.comment, visit->arena, content.comment,
                           &err))
            (void)visit->house->judge(visit->house->context,
                                      acted->decision.site, remember, &lesson);
    }
}

static struct span next_word(struct span *rest)
{
    size_t end = span_find_char(*rest, ' ');
    struct span word = span_cut(*rest, 0, end);

    *rest = span_cut(*rest, end + 1, rest->len);
    return word;
}

static enum error_code put_result(struct visit *visit, int64_t judgement,
                                  struct span outcome, struct error *err)
{
    struct decision decision;
    bool found;
    enum error_code rc = judgement_find(visit->store, visit->arena, judgement,
                                        &decision, &found, err);

    if (rc)
        return rc;
    put_open(&visit->out, NULL, '{');
    put_int(&visit->out, "decision", judgement);
    put_text(&visit->out, "outcome", outcome);
    if (found)
        rc = standing_put(visit, &decision, err);
    put_close(&visit->out, '}');
    return rc;
}

static enum error_code put_results(const struct acting *acting,
                                   struct error *err)
{
    struct visit *visit = acting->visit;
    struct span rest = acting->outcomes;
    enum error_code rc = ERROR_NONE;

    put_open(&visit->out, NULL, '{');
    put_text(&visit->out, "id", acting->id);
    put_bool(&visit->out, "known", acting->known);
    put_open(&visit->out, "results", '[');
    for (size_t i = 0; i < acting->nr && !rc; i++)
        rc = put_result(visit, acting->judgement[i], next_word(&rest), err);
    put_close(&visit->out, ']');
    put_close(&visit->out, '}');
    return rc;
}

void actions_post(struct visit *visit)
{
    struct acting acting = {
        .visit = visit,
        .action = { .login = visit->session.login,
                    .now_ms = visit->request->came_ms },
    };
    struct error err;

    if (!take_wish(&acting) || !take_judgements(&acting))
        return;
    list_told(&acting);
    if (!visit_write(visit, act, &acting))
        return;
    wake_sites(&acting);
    if (acting.action.kind == ACTION_APPROVE ||
        acting.action.kind == ACTION_SPAM)
        remember_all(&acting);
    if (put_results(&acting, &err))
        visit_fail(visit, &err);
}
