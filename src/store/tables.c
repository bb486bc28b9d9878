#include "store/tables.h"

#include "base/alloc.h"
#include "store/schema.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define URL_PREFIX "sqlite:"

struct tables_store {
    struct store store;
    struct database db;
};

struct database *store_database(struct store *store)
{
    assert(store->ops == &tables_ops);
    return &((struct tables_store *)store)->db;
}

static void tables_close(struct store *store)
{
    database_release(store_database(store));
    free(store);
}

/* Whose file it is comes first: nothing is changed in a stranger's. */
static enum error_code file_prepare(struct database *db, const char *path,
                                    bool to_read, struct error *err)
{
    enum error_code rc = to_read ? database_open_to_read(db, path, err)
                                 : database_open(db, path, err);

    if (!rc)
        rc = schema_recognise(db, err);
    if (!rc)
        rc = database_make_durable(db, err);
    if (!rc)
        rc = schema_migrate(db, err);
    return rc;
}

static enum error_code tables_open(struct store **store, const char *url,
                                   bool to_read, struct error *err)
{
    struct tables_store *made = xcalloc(1, sizeof(*made));
    enum error_code rc;

    if (span_starts(span_str(url), SPAN_LIT(URL_PREFIX)))
        url += strlen(URL_PREFIX);
    made->store.ops = &tables_ops;
    rc = file_prepare(&made->db, url, to_read, err);
    if (rc)
        tables_close(&made->store);
    else
        *store = &made->store;
    return rc;
}

static enum error_code tables_begin(struct store *store, struct error *err)
{
    return database_begin(store_database(store), err);
}

static enum error_code tables_end(struct store *store, enum error_code rc,
                                  struct error *err)
{
    return database_end(store_database(store), rc, err);
}

static enum error_code tables_check(struct store *store, struct error *err)
{
    struct database *db = store_database(store);
    enum error_code rc = database_begin(db, err);

    if (rc)
        return rc;
    return database_end(db, database_touch(db, err), err);
}

const struct store_ops tables_ops = {
    .open = tables_open,
    .close = tables_close,
    .run_begin = runs_begin,
    .run_end = runs_end,
    .runs = runs_each,
    .run_find = runs_find,
    .knows = decisions_know,
    .decide = decisions_add,
    .settle = decisions_settle,
    .outbox = history_outbox,
    .undoable = history_undoable,
    .history = history_each,
    .event_add = events_add,
    .event_add_later = events_add_later,
    .inbox = events_inbox,
    .feedback = feedback_add,
    .event_settle = events_settle,
    .depth = events_depth,
    .stats = feedback_stats,
    .label = labels_put,
    .labels = labels_each,
    .last_word = labels_last_word,
    .forget = labels_forget,
    .erase = labels_erase,
    .model = models_put,
    .models = models_each,
    .model_live = models_live,
    .model_choose = models_choose,
    .outcomes = labels_outcomes,
    .begin = tables_begin,
    .end = tables_end,
    .check = tables_check,
};
