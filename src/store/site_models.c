/*
 * The layers that were taught, and which of them is live.
 */
#include "store/tables.h"

static const char retire[] =
    "UPDATE site_model SET live = 0 WHERE site = ? AND live = 1";

static const char insert_model[] =
    "INSERT INTO site_model (site, model, general, parent, made_ms, ham, spam,"
    " loss, general_loss, false_marks, caught, promised, live, reason, bytes)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char select_models[] =
    "SELECT id, site, model, general, parent, made_ms, ham, spam, loss,"
    " general_loss, false_marks, caught, promised, live, reason, bytes"
    " FROM site_model WHERE site = ? ORDER BY id DESC";

static const char select_live[] =
    "SELECT bytes FROM site_model WHERE site = ? AND live = 1";

static const char choose[] =
    "UPDATE site_model SET live = 1, reason = ?3 WHERE id ="
    " (SELECT max(id) FROM site_model"
    "  WHERE site = ?1 AND model = ?2 AND bytes <> '')";

static enum error_code retire_live(struct database *db, struct span site,
                                   struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, retire, err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    return query_run(&query, err);
}

static enum error_code
insert(struct database *db, const struct kept_model *model, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, insert_model, err);

    if (rc)
        return rc;
    query_bind_span(&query, model->site);
    query_bind_span(&query, model->model);
    query_bind_span(&query, model->general);
    query_bind_span(&query, model->parent);
    query_bind_int(&query, model->made_ms);
    query_bind_int(&query, (int64_t)model->ham);
    query_bind_int(&query, (int64_t)model->spam);
    query_bind_double(&query, model->loss);
    query_bind_double(&query, model->general_loss);
    query_bind_int(&query, (int64_t)model->false_marks);
    query_bind_int(&query, (int64_t)model->caught);
    query_bind_int(&query, model->promised);
    query_bind_int(&query, model->live);
    query_bind_span(&query, store_cut(model->reason, DECISION_DETAIL_MAX));
    query_bind_span(&query, model->bytes);
    return query_run(&query, err);
}

enum error_code models_put(struct store *store, const struct kept_model *model,
                           struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = database_begin(db, err);

    if (rc)
        return rc;
    if (model->live)
        rc = retire_live(db, model->site, err);
    if (!rc)
        rc = insert(db, model, err);
    return database_end(db, rc, err);
}

static void take(struct query *query, struct kept_model *model)
{
    model->id = query_int(query);
    model->site = query_span(query);
    model->model = query_span(query);
    model->general = query_span(query);
    model->parent = query_span(query);
    model->made_ms = query_int(query);
    model->ham = (size_t)query_int(query);
    model->spam = (size_t)query_int(query);
    model->loss = query_double(query);
    model->general_loss = query_double(query);
    model->false_marks = (size_t)query_int(query);
    model->caught = (size_t)query_int(query);
    model->promised = query_int(query) != 0;
    model->live = query_int(query) != 0;
    model->reason = query_span(query);
    model->bytes = query_span(query);
}

enum error_code models_each(struct store *store, struct span site,
                            bool (*each)(void *context,
                                         const struct kept_model *model),
                            void *context, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc = query_prepare_once(&query, store_database(store),
                                            span_str(select_models), err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    for (;;) {
        struct kept_model model;

        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        take(&query, &model);
        if (!each(context, &model))
            break;
    }
    query_release(&query);
    return rc;
}

enum error_code models_live(struct store *store, struct arena *arena,
                            struct span site, struct span *bytes,
                            struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_live, err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    rc = query_step(&query, &row, err);
    if (!rc)
        *bytes = row ? arena_dup(arena, query_span(&query)) : SPAN_LIT("");
    query_release(&query);
    return rc;
}

static enum error_code choose_one(struct database *db, struct span site,
                                  struct span model, struct span reason,
                                  bool *found, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, choose, err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    query_bind_span(&query, model);
    query_bind_span(&query, reason);
    rc = query_run(&query, err);
    *found = !rc && database_changes(db) > 0;
    return rc;
}

enum error_code models_choose(struct store *store, struct span site,
                              struct span model, struct span reason,
                              bool *found, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = database_begin(db, err);
    struct error none;

    *found = !model.len;
    if (rc)
        return rc;
    rc = retire_live(db, site, err);
    if (!rc && model.len)
        rc = choose_one(db, site, model, reason, found, err);
    if (rc || *found)
        return database_end(db, rc, err);
    /* Nothing to put in its place: what is live stays. */
    (void)!database_end(db, ERROR_STORE, &none);
    return ERROR_NONE;
}
