#include "store/setting.h"

#include "store/tables.h"

static const char select_setting[] =
    "SELECT value FROM setting WHERE site = ? AND name = ?";

static const char insert_setting[] =
    "INSERT INTO setting (site, name, value) VALUES (?, ?, ?)"
    " ON CONFLICT (site, name) DO UPDATE SET value = excluded.value";

enum error_code setting_get(struct store *store, struct arena *arena,
                            struct span site, const char *name,
                            struct span *value, struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_setting, err);

    *value = SPAN_LIT("");
    if (rc)
        return rc;
    query_bind_span(&query, site);
    query_bind_span(&query, span_str(name));
    rc = query_step(&query, &row, err);
    if (!rc && row)
        *value = arena_dup(arena, query_span(&query));
    query_release(&query);
    return rc;
}

enum error_code setting_put(struct store *store, struct span site,
                            const char *name, struct span value,
                            struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), insert_setting, err);

    if (rc)
        return rc;
    query_bind_span(&query, site);
    query_bind_span(&query, span_str(name));
    query_bind_span(&query, value);
    return query_run(&query, err);
}
