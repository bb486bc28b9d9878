#include "store/database.h"

#include "base/alloc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Of a new file; an old one keeps its own. The log is written page by page,
 * with two calls each, so larger pages make a large commit cheaper.
 */
#define PAGE_SIZE "PRAGMA page_size = 16384"

/* Between tries where SQLite does not wait by itself. */
#define RETRY_MS 20

struct database_kept {
    const char *sql; /* its address is the key */
    sqlite3_stmt *stmt;
};

/* What a person can do about SQLite's result `code`; NULL: nothing known. */
static const char *database_advice(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another process is writing to it; try again";
    case SQLITE_CORRUPT:
        return "the store is damaged; restore a backup, or save what can be "
               "read with sqlite3's .recover";
    case SQLITE_NOTADB:
        return "not a sluice store; name another file";
    case SQLITE_FULL:
        return "the disk is full; make room";
    case SQLITE_READONLY:
        return "not writable; give sluice the right to write to the file and "
               "its directory";
    case SQLITE_CANTOPEN:
        return "can't be opened; sluice needs to read and write the file and "
               "its directory";
    default:
        return NULL;
    }
}

static enum error_code database_error(const struct database *db, int code,
                                      struct error *err)
{
    const char *advice = database_advice(code);

    if (!advice)
        advice =
            db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);
    return error_set(err, ERROR_STORE, "%.256s: %s (SQLite code %d)", db->path,
                     advice, code);
}

/*
 * SQLite would create the file with the umask's rights. It gives its log
 * files the rights of the file itself, so the file's are all that counts.
 */
static enum error_code file_create(const char *path, struct error *err)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0) {
        close(fd);
        return ERROR_NONE;
    }
    if (errno == ENOENT)
        return error_set(err, ERROR_STORE,
                         "%.256s: its directory does not exist; create it, or "
                         "name another file",
                         path);
    if (errno != EEXIST)
        return error_set(err, ERROR_STORE, "%.256s: can't be created: %s",
                         path, strerror(errno));
    if (!stat(path, &st) && S_ISDIR(st.st_mode))
        return error_set(err, ERROR_STORE,
                         "%.256s: is a directory; name a file in it", path);
    return ERROR_NONE;
}

/* To SQLite "", ":memory:" and "file:x" are no files; to us "./file:x" is. */
static int handle_open(struct database *db)
{
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    size_t size = strlen(db->path) + sizeof("./");
    char *name = xmalloc(size);
    int code;

    snprintf(name, size, "%s%s", db->path[0] == '/' ? "" : "./", db->path);
    code = sqlite3_open_v2(name, &db->handle, flags, NULL);
    free(name);
    return code;
}

enum error_code database_open(struct database *db, const char *path,
                              struct error *err)
{
    enum error_code rc;
    int code;

    memset(db, 0, sizeof(*db));
    db->path = xstrdup(path);
    if (!*path)
        return error_set(err, ERROR_STORE,
                         "store: no file is named; set its path");
    rc = file_create(path, err);
    if (rc)
        return rc;
    code = handle_open(db);
    if (code)
        return database_error(db, code, err);
    /* SQLite falls back to reading only, and would tell us much later. */
    if (sqlite3_db_readonly(db->handle, "main"))
        return database_error(db, SQLITE_READONLY, err);

    sqlite3_busy_timeout(db->handle, DATABASE_BUSY_MS);
    /* A file that others could have prepared must not steer SQLite. */
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return database_exec(db, "PRAGMA cell_size_check = ON", err);
}

void database_release(struct database *db)
{
    for (size_t i = 0; i < db->nr; i++)
        sqlite3_finalize(db->kept[i].stmt);
    free(db->kept);
    sqlite3_close(db->handle);
    free(db->path);
    memset(db, 0, sizeof(*db));
}

/*
 * Where several processes open a new store at once, SQLite does not wait for
 * its turn to change the mode, but fails. So the waiting is here.
 */
static int wal_begin(struct database *db, bool *is_wal)
{
    sqlite3_stmt *stmt = NULL;
    int code = SQLITE_BUSY;

    for (int ms = 0; ms < DATABASE_BUSY_MS; ms += RETRY_MS) {
        code = sqlite3_prepare_v2(db->handle, "PRAGMA journal_mode = WAL", -1,
                                  &stmt, NULL);
        if (!code)
            code = sqlite3_step(stmt);
        if (code == SQLITE_ROW)
            *is_wal = !sqlite3_stricmp(
                (const char *)sqlite3_column_text(stmt, 0), "wal");
        sqlite3_finalize(stmt);
        if ((code & 0xff) != SQLITE_BUSY)
            break;
        sqlite3_sleep(RETRY_MS);
    }
    return code == SQLITE_ROW ? SQLITE_OK : code;
}

enum error_code database_make_durable(struct database *db, struct error *err)
{
    bool is_wal = false;
    enum error_code rc = database_exec(db, PAGE_SIZE, err);
    int code;

    if (rc)
        return rc;
    code = wal_begin(db, &is_wal);
    if (code)
        return database_error(db, code, err);
    if (!is_wal)
        return error_set(err, ERROR_STORE,
                         "%.256s: no write-ahead log is possible there; put "
                         "the store on a local disk",
                         db->path);
    return database_exec(db,
                         "PRAGMA synchronous = FULL;"
                         "PRAGMA foreign_keys = ON;"
                         "PRAGMA journal_size_limit = 16777216",
                         err);
}

enum error_code database_exec(struct database *db, const char *sql,
                              struct error *err)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    return code ? database_error(db, code, err) : ERROR_NONE;
}

enum error_code database_begin(struct database *db, struct error *err)
{
    enum error_code rc = database_exec(
        db, db->depth ? "SAVEPOINT inner" : "BEGIN IMMEDIATE", err);

    if (!rc)
        db->depth++;
    return rc;
}

/* Of savepoints with the same name, the newest is meant. */
static enum error_code inner_end(struct database *db, enum error_code rc,
                                 struct error *err)
{
    if (!rc)
        return database_exec(db, "RELEASE inner", err);
    /* If this fails, so will the outer one's commit. */
    sqlite3_exec(db->handle, "ROLLBACK TO inner; RELEASE inner", NULL, NULL,
                 NULL);
    return rc;
}

enum error_code database_end(struct database *db, enum error_code rc,
                             struct error *err)
{
    if (--db->depth)
        return inner_end(db, rc, err);
    if (!rc)
        rc = database_exec(db, "COMMIT", err);
    /* After some errors SQLite has rolled back already. */
    if (rc && !sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

size_t database_changes(const struct database *db)
{
    return (size_t)sqlite3_changes64(db->handle);
}

int64_t database_last_id(const struct database *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

static enum error_code statement_make(struct database *db, struct span sql,
                                      sqlite3_stmt **stmt, struct error *err)
{
    int code;

    assert(sql.len <= INT_MAX);
    code = sqlite3_prepare_v3(db->handle, sql.ptr, (int)sql.len,
                              SQLITE_PREPARE_PERSISTENT, stmt, NULL);
    return code ? database_error(db, code, err) : ERROR_NONE;
}

enum error_code query_prepare(struct query *query, struct database *db,
                              const char *sql, struct error *err)
{
    enum error_code rc;

    *query = (struct query){ .db = db };
    for (size_t i = 0; i < db->nr && !query->stmt; i++)
        if (db->kept[i].sql == sql)
            query->stmt = db->kept[i].stmt;
    if (query->stmt) {
        assert(!sqlite3_stmt_busy(query->stmt));
        return ERROR_NONE;
    }
    rc = statement_make(db, span_str(sql), &query->stmt, err);
    if (rc)
        return rc;
    db->kept = xgrow(db->kept, db->nr, &db->alloc, sizeof(*db->kept));
    db->kept[db->nr++] = (struct database_kept){ sql, query->stmt };
    return ERROR_NONE;
}

enum error_code query_prepare_once(struct query *query, struct database *db,
                                   struct span sql, struct error *err)
{
    *query = (struct query){ .db = db, .once = true };
    return statement_make(db, sql, &query->stmt, err);
}

static void query_note(struct query *query, int code)
{
    if (!query->code)
        query->code = code;
}

void query_bind_int(struct query *query, int64_t value)
{
    query_note(query, sqlite3_bind_int64(query->stmt, ++query->bound, value));
}

void query_bind_double(struct query *query, double value)
{
    query_note(query, sqlite3_bind_double(query->stmt, ++query->bound, value));
}

void query_bind_span(struct query *query, struct span value)
{
    /* A NULL pointer would be SQL's NULL, which is not the empty text. */
    query_note(query,
               sqlite3_bind_text64(query->stmt, ++query->bound,
                                   value.len ? value.ptr : "", value.len,
                                   SQLITE_STATIC, SQLITE_UTF8));
}

void query_bind_limit(struct query *query, size_t value)
{
    query_bind_int(query, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

enum error_code query_step(struct query *query, bool *row, struct error *err)
{
    int code = query->code ? query->code : sqlite3_step(query->stmt);

    query->column = 0;
    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return ERROR_NONE;
    return database_error(query->db, code, err);
}

int64_t query_int(struct query *query)
{
    return sqlite3_column_int64(query->stmt, query->column++);
}

double query_double(struct query *query)
{
    return sqlite3_column_double(query->stmt, query->column++);
}

struct span query_span(struct query *query)
{
    int column = query->column++;
    const void *text = sqlite3_column_text(query->stmt, column);

    return (struct span){ text,
                          (size_t)sqlite3_column_bytes(query->stmt, column) };
}

void query_release(struct query *query)
{
    if (query->once) {
        sqlite3_finalize(query->stmt);
    } else if (query->stmt) {
        sqlite3_reset(query->stmt);
        sqlite3_clear_bindings(query->stmt);
    }
    query->stmt = NULL;
}

enum error_code query_run(struct query *query, struct error *err)
{
    bool row;
    enum error_code rc = query_step(query, &row, err);

    query_release(query);
    return rc;
}
