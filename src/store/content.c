/*
 * What is kept of comments: their words, findable, and the whole of them.
 *
 * `search` is an index of `content` and holds no text of its own (FTS5,
 * "external content"); so it is told of each row that comes and goes, with the
 * very same words.
 */
#include "store/tables.h"

#include "store/waiting.h"

static const char insert_content[] =
    "INSERT INTO content (decision, host, author, text, comment)"
    " VALUES (?, ?, ?, ?, ?)";

static const char insert_words[] =
    "INSERT INTO search (rowid, host, author, text) VALUES (?, ?, ?, ?)";

static const char select_content[] =
    "SELECT host, author, text, comment FROM content WHERE decision = ?";

#define OF_PERSON                                                             \
    "(SELECT id FROM decision WHERE person = ?1 OR (comment, site) IN"        \
    "  (SELECT comment, site FROM label WHERE person = ?1))"

static const char delete_words[] =
    "INSERT INTO search (search, rowid, host, author, text)"
    " SELECT 'delete', decision, host, author, text FROM content"
    " WHERE decision IN " OF_PERSON;

static const char delete_content[] =
    "DELETE FROM content WHERE decision IN " OF_PERSON;

static enum error_code add_row(struct database *db, const char *sql,
                               int64_t decision, const struct span *column,
                               size_t nr, struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, sql, err);

    if (rc)
        return rc;
    query_bind_int(&query, decision);
    for (size_t i = 0; i < nr; i++)
        query_bind_span(&query, column[i]);
    return query_run_later(&query, NULL, NULL, err);
}

enum error_code content_add(struct database *db, int64_t decision,
                            const struct content *content, struct error *err)
{
    const struct span column[] = {
        store_cut(content->host, DECISION_HOSTS_MAX),
        store_cut(content->author, DECISION_AUTHOR_MAX),
        store_cut(content->text, DECISION_TEXT_MAX),
        content->comment,
    };
    enum error_code rc = add_row(db, insert_content, decision, column, 4, err);

    return rc ? rc : add_row(db, insert_words, decision, column, 3, err);
}

enum error_code content_find(struct store *store, struct arena *arena,
                             int64_t decision, struct content *content,
                             struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_content, err);

    *content = (struct content){ .host = SPAN_LIT("") };
    if (rc)
        return rc;
    query_bind_int(&query, decision);
    rc = query_step(&query, &row, err);
    if (!rc && row) {
        content->host = arena_dup(arena, query_span(&query));
        content->author = arena_dup(arena, query_span(&query));
        content->text = arena_dup(arena, query_span(&query));
        content->comment = arena_dup(arena, query_span(&query));
    }
    query_release(&query);
    return rc;
}

enum error_code content_erase(struct database *db, struct span person,
                              struct error *err)
{
    static const char *const sql[] = { delete_words, delete_content };
    enum error_code rc = ERROR_NONE;

    for (size_t i = 0; !rc && i < sizeof(sql) / sizeof(sql[0]); i++) {
        struct query query;

        rc = query_prepare(&query, db, sql[i], err);
        if (rc)
            break;
        query_bind_span(&query, person);
        rc = query_run(&query, err);
    }
    return rc;
}
