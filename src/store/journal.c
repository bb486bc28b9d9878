#include "store/journal.h"

#include "base/alloc.h"
#include "base/secret.h"
#include "store/database.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* "sluj" */
#define APPLICATION_ID 0x736c756a

/*
 * Numbers are never used twice, so that what the store proper has of this
 * journal is said by one of them.
 */
static const char create_tables[] =
    "CREATE TABLE journal (name TEXT NOT NULL) STRICT;"
    "CREATE TABLE entry ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  kind INTEGER NOT NULL,"
    "  body TEXT NOT NULL"
    ") STRICT;"
    "PRAGMA user_version = 1";

static const char select_mark[] =
    "SELECT (SELECT application_id FROM pragma_application_id),"
    " (SELECT count(*) FROM sqlite_schema)";

static const char insert_name[] = "INSERT INTO journal (name) VALUES (?)";

static const char select_name[] =
    "SELECT name, coalesce((SELECT seq FROM sqlite_sequence), 0)"
    " FROM journal";

static const char insert_entry[] =
    "INSERT INTO entry (kind, body) VALUES (?, ?)";

static const char insert_numbered[] =
    "INSERT INTO entry (id, kind, body) VALUES (?, 0, '')";

static const char select_entries[] =
    "SELECT id, kind, body FROM entry WHERE id > ? ORDER BY id";

static const char delete_entries[] = "DELETE FROM entry WHERE id <= ?";

struct journal {
    struct store store; /* first: what others see */
    struct database db;
    struct secret_name name;
    int64_t last;            /* written, not yet committed */
    _Atomic(int64_t) newest; /* committed */
    void (*on_commit)(void *context);
    void *context;
};

static struct journal *journal_of(struct store *store)
{
    return (struct journal *)store;
}

static void journal_close(struct store *store)
{
    struct journal *journal = journal_of(store);

    database_release(&journal->db);
    free(journal);
}

enum error_code journal_add(struct journal *journal, enum journal_kind kind,
                            struct span record, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, &journal->db, insert_entry, err);

    if (rc)
        return rc;
    query_bind_int(&query, (int64_t)kind);
    query_bind_span(&query, record);
    rc = query_run(&query, err);
    if (!rc)
        journal->last = database_last_id(&journal->db);
    return rc;
}

static enum error_code journal_begin(struct store *store, struct error *err)
{
    return database_begin(&journal_of(store)->db, err);
}

static enum error_code journal_end(struct store *store, enum error_code rc,
                                   struct error *err)
{
    struct journal *journal = journal_of(store);

    rc = database_end(&journal->db, rc, err);
    if (rc && !journal->db.depth)
        journal->last = journal->newest;
    if (rc || journal->db.depth || journal->newest == journal->last)
        return rc;
    journal->newest = journal->last;
    if (journal->on_commit)
        journal->on_commit(journal->context);
    return ERROR_NONE;
}

static enum error_code mark_put(struct database *db, struct error *err)
{
    char mark[64];

    snprintf(mark, sizeof(mark), "PRAGMA application_id = %d", APPLICATION_ID);
    return database_exec(db, mark, err);
}

/* Setting the mark to what it is writes a page, and changes nothing. */
static enum error_code journal_check(struct store *store, struct error *err)
{
    enum error_code rc = journal_begin(store, err);

    if (rc)
        return rc;
    rc = mark_put(&journal_of(store)->db, err);
    return journal_end(store, rc, err);
}

static const struct store_ops journal_ops = {
    .close = journal_close,
    .begin = journal_begin,
    .end = journal_end,
    .check = journal_check,
};

static enum error_code file_create(struct journal *journal, struct error *err)
{
    struct secret_name name = secret_name();
    struct query query;
    enum error_code rc = database_exec(&journal->db, create_tables, err);

    if (!rc)
        rc = mark_put(&journal->db, err);
    if (!rc)
        rc = query_prepare(&query, &journal->db, insert_name, err);
    if (rc)
        return rc;
    query_bind_span(&query, span_str(name.text));
    return query_run(&query, err);
}

/* Whose file it is; `*empty` when nobody's yet. */
static enum error_code file_recognise(struct journal *journal, bool *empty,
                                      struct error *err)
{
    struct query query;
    int64_t application = 0;
    bool row = false;
    enum error_code rc = query_prepare(&query, &journal->db, select_mark, err);

    if (!rc)
        rc = query_step(&query, &row, err);
    if (!rc && row) {
        application = query_int(&query);
        *empty = !query_int(&query);
    }
    query_release(&query);
    if (rc || *empty || application == APPLICATION_ID)
        return rc;
    return error_set(err, ERROR_STORE,
                     "%.256s: is another program's file; what comes in is "
                     "written there first, so move it away",
                     journal->db.path);
}

static enum error_code read_name(struct journal *journal, struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc = query_prepare(&query, &journal->db, select_name, err);

    if (!rc)
        rc = query_step(&query, &row, err);
    if (!rc && row) {
        struct span name = query_span(&query);

        snprintf(journal->name.text, sizeof(journal->name.text), "%.*s",
                 SPAN_ARG(name));
        journal->last = query_int(&query);
        journal->newest = journal->last;
    }
    query_release(&query);
    if (!rc && !row)
        rc = error_set(err, ERROR_STORE, "%.256s: damaged: it has no name",
                       journal->db.path);
    return rc;
}

/* Nothing is changed in a stranger's file, and one process creates ours. */
static enum error_code file_prepare(struct journal *journal, const char *path,
                                    struct error *err)
{
    struct database *db = &journal->db;
    bool empty = true;
    enum error_code rc = database_open(db, path, err);

    if (!rc)
        rc = file_recognise(journal, &empty, err);
    if (!rc)
        rc = database_make_durable(db, err);
    if (!rc)
        rc = database_begin(db, err);
    if (rc)
        return rc;
    rc = file_recognise(journal, &empty, err);
    if (!rc && empty)
        rc = file_create(journal, err);
    rc = database_end(db, rc, err);
    return rc ? rc : read_name(journal, err);
}

enum error_code journal_open(struct journal **journal, const char *path,
                             struct error *err)
{
    struct journal *made = xcalloc(1, sizeof(*made));
    enum error_code rc;

    made->store.ops = &journal_ops;
    rc = file_prepare(made, path, err);
    if (rc)
        journal_close(&made->store);
    else
        *journal = made;
    return rc;
}

struct store *journal_store(struct journal *journal)
{
    return &journal->store;
}

struct span journal_name(const struct journal *journal)
{
    return span_str(journal->name.text);
}

void journal_listen(struct journal *journal, void (*on_commit)(void *context),
                    void *context)
{
    journal->on_commit = on_commit;
    journal->context = context;
}

int64_t journal_newest(struct journal *journal)
{
    return journal->newest;
}

enum error_code journal_count_on(struct journal *journal, int64_t id,
                                 struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, &journal->db, insert_numbered, err);

    if (rc)
        return rc;
    query_bind_int(&query, id);
    rc = query_run(&query, err);
    if (!rc)
        rc = journal_forget(journal, id, err);
    if (!rc)
        journal->newest = journal->last = id;
    return rc;
}

enum error_code journal_forget(struct journal *journal, int64_t id,
                               struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, &journal->db, delete_entries, err);

    if (rc)
        return rc;
    query_bind_int(&query, id);
    return query_run(&query, err);
}

struct journal_reader {
    struct database db;
};

enum error_code journal_reader_open(struct journal_reader **reader,
                                    const char *path, struct error *err)
{
    struct journal_reader *made = xcalloc(1, sizeof(*made));
    enum error_code rc = database_open(&made->db, path, err);

    if (rc)
        journal_reader_close(made);
    else
        *reader = made;
    return rc;
}

void journal_reader_close(struct journal_reader *reader)
{
    if (!reader)
        return;
    database_release(&reader->db);
    free(reader);
}

enum error_code journal_read(struct journal_reader *reader, int64_t after,
                             bool (*each)(void *context,
                                          const struct journal_entry *entry),
                             void *context, struct error *err)
{
    struct query query;
    bool more = true;
    enum error_code rc =
        query_prepare(&query, &reader->db, select_entries, err);

    if (rc)
        return rc;
    query_bind_int(&query, after);
    while (more) {
        struct journal_entry entry;

        rc = query_step(&query, &more, err);
        if (rc || !more)
            break;
        entry.id = query_int(&query);
        entry.kind = (enum journal_kind)query_int(&query);
        entry.record = query_span(&query);
        more = each(context, &entry);
    }
    query_release(&query);
    return rc;
}
