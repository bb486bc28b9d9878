/*
 * What was learned for a site, which of it is live, and learning now.
 */
#include "page/setting_api.h"

#include "page/put.h"
#include "store/label.h"

static bool put_model(void *context, const struct kept_model *model)
{
    struct buf *out = context;

    put_open(out, NULL, '{');
    put_text(out, "model", model->model);
    put_bool(out, "live", model->live);
    put_int(out, "made_ms", model->made_ms);
    put_int(out, "honest", (int64_t)model->ham);
    put_int(out, "spam", (int64_t)model->spam);
    put_real(out, "loss", model->loss);
    put_real(out, "general_loss", model->general_loss);
    put_int(out, "false_marks", (int64_t)model->false_marks);
    put_int(out, "caught", (int64_t)model->caught);
    put_bool(out, "usable", model->bytes.len > 0);
    put_text(out, "reason", model->reason);
    put_close(out, '}');
    return true;
}

static void put_models(struct visit *visit, const struct page_site *site)
{
    struct buf *out = &visit->out;
    struct error err;

    put_open(out, NULL, '{');
    put_text(out, "general", site->general);
    put_open(out, "models", '[');
    if (store_models(visit->store, site->name, put_model, out, &err))
        visit_fail(visit, &err);
    put_close(out, ']');
    put_bool(out, "learning", site->learning);
    put_text(out, "last", site->learned);
    put_close(out, '}');
}

void models_get(struct visit *visit)
{
    struct page_site site;

    if (setting_site(visit, &site))
        put_models(visit, &site);
}

struct choice {
    struct visit *visit;
    struct page_site site;
    struct span model; /* empty: the general one alone */
    struct span before;
};

static bool find_live(void *context, const struct kept_model *model)
{
    struct choice *choice = context;

    if (model->live)
        choice->before = arena_dup(choice->visit->arena, model->model);
    return !model->live;
}

static enum error_code choose(void *context, struct store *store,
                              struct error *err)
{
    struct choice *choice = context;
    struct visit *visit = choice->visit;
    bool found = false;
    enum error_code rc =
        store_models(store, choice->site.name, find_live, choice, err);

    if (!rc)
        rc = store_model_choose(store, choice->site.name, choice->model,
                                arena_printf(visit->arena, "chosen by %.*s",
                                             SPAN_ARG(visit->session.login)),
                                &found, err);
    if (rc)
        return rc;
    if (found)
        return visit_audit(visit, store, "settings", choice->site.name,
                           SPAN_LIT("model"), choice->before, choice->model,
                           err);
    visit_refuse(visit, 404, "no_such_model",
                 "there is no such model, or it was taken away");
    return visit_take_back(err);
}

void model_choose(struct visit *visit)
{
    struct choice choice = { .visit = visit };
    const struct json *model = json_member(visit->body, "model");

    if (!setting_site(visit, &choice.site))
        return;
    if (!json_nothing(model) &&
        (!json_text(model, &choice.model) || !choice.model.len)) {
        visit_refuse(visit, 400, "invalid", "model is a model's id, or null");
        return;
    }
    if (!visit_write(visit, choose, &choice))
        return;
    visit->house->changed(visit->house->context);
    put_models(visit, &choice.site);
}

static enum error_code note_learning(void *context, struct store *store,
                                     struct error *err)
{
    const struct choice *choice = context;
    struct span none = SPAN_LIT("");

    return visit_audit(choice->visit, store, "settings", choice->site.name,
                       SPAN_LIT("learn"), none, none, err);
}

void model_learn(struct visit *visit)
{
    struct choice choice = { .visit = visit };

    if (!setting_site(visit, &choice.site))
        return;
    if (!visit->house->learn(visit->house->context, choice.site.name)) {
        visit_refuse(visit, 409, "learning", "it is learning already");
        return;
    }
    if (!visit_write(visit, note_learning, &choice))
        return;
    choice.site.learning = true;
    visit->answer.status = 202;
    put_models(visit, &choice.site);
}
