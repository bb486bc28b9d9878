/*
 * SQLite: the only one that sees its header.
 */
#include "store/driver.h"

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

/* "sluc": says that a file is ours. */
#define APPLICATION_ID 0x736c7563

/* One statement, so that no other process comes between the three. */
static const char read_mark[] =
    "SELECT (SELECT application_id FROM pragma_application_id),"
    " (SELECT user_version FROM pragma_user_version),"
    " (SELECT count(*) FROM sqlite_schema)";

static const char read_version[] =
    "SELECT data_version FROM pragma_data_version";

/* Between tries where SQLite does not wait by itself. */
#define RETRY_MS 20

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
    sqlite3 *handle = NULL;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    size_t size = strlen(db->path) + sizeof("./");
    char *name = xmalloc(size);
    int code;

    snprintf(name, size, "%s%s", db->path[0] == '/' ? "" : "./", db->path);
    code = sqlite3_open_v2(name, &handle, flags, NULL);
    db->handle = handle;
    free(name);
    return code;
}

static enum error_code sqlite_exec(struct database *db, const char *sql,
                                   struct error *err)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    return code ? database_error(db, code, err) : ERROR_NONE;
}

static enum error_code sqlite_open(struct database *db, const char *path,
                                   struct error *err)
{
    enum error_code rc;
    int code;

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
    return sqlite_exec(db, "PRAGMA cell_size_check = ON", err);
}

static void sqlite_close_handle(struct database *db)
{
    sqlite3_close(db->handle);
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

static enum error_code sqlite_make_durable(struct database *db,
                                           struct error *err)
{
    bool is_wal = false;
    enum error_code rc = sqlite_exec(db, PAGE_SIZE, err);
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
    return sqlite_exec(db,
                       "PRAGMA synchronous = FULL;"
                       "PRAGMA foreign_keys = ON;"
                       "PRAGMA journal_size_limit = 16777216",
                       err);
}

/* What each transaction begins and ends with; prepared once. */
static const char begin_outer[] = "BEGIN IMMEDIATE";
static const char begin_inner[] = "SAVEPOINT inner";
static const char end_outer[] = "COMMIT";
static const char end_inner[] = "RELEASE inner";

static enum error_code run(struct database *db, const char *sql,
                           struct error *err)
{
    struct query query;
    enum error_code rc = query_prepare(&query, db, sql, err);

    return rc ? rc : query_run(&query, err);
}

static enum error_code sqlite_begin(struct database *db, struct error *err)
{
    return run(db, db->depth ? begin_inner : begin_outer, err);
}

/* Of savepoints with the same name, the newest is meant. */
static enum error_code inner_end(struct database *db, enum error_code rc,
                                 struct error *err)
{
    if (!rc)
        return run(db, end_inner, err);
    /* If this fails, so will the outer one's commit. */
    sqlite3_exec(db->handle, "ROLLBACK TO inner; RELEASE inner", NULL, NULL,
                 NULL);
    return rc;
}

static enum error_code sqlite_end(struct database *db, enum error_code rc,
                                  struct error *err)
{
    if (db->depth)
        return inner_end(db, rc, err);
    if (!rc)
        rc = run(db, end_outer, err);
    /* After some errors SQLite has rolled back already. */
    if (rc && !sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

/* Who writes is alone: BEGIN IMMEDIATE has seen to it. */
static enum error_code sqlite_reserve(struct database *db, struct span one,
                                      struct span two, struct error *err)
{
    (void)db;
    (void)one;
    (void)two;
    (void)err;
    return ERROR_NONE;
}

static size_t sqlite_changes(const struct database *db)
{
    return (size_t)sqlite3_changes64(db->handle);
}

static int64_t sqlite_last_id(const struct database *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

/* That is what it does by itself. */
static enum error_code sqlite_count_on(struct database *db, const char *name,
                                       struct error *err)
{
    (void)db;
    (void)name;
    (void)err;
    return ERROR_NONE;
}

/* Ask for the `nr` numbers of one row. */
static enum error_code numbers_read(struct database *db, const char *sql,
                                    int64_t *number, size_t nr,
                                    struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc = query_prepare(&query, db, sql, err);

    if (!rc)
        rc = query_step(&query, &row, err);
    for (size_t i = 0; !rc && row && i < nr; i++)
        number[i] = query_int(&query);
    query_release(&query);
    return rc;
}

static enum error_code sqlite_mark_read(struct database *db,
                                        struct database_mark *mark,
                                        struct error *err)
{
    int64_t number[3] = { 0 };
    enum error_code rc = numbers_read(db, read_mark, number, 3, err);

    mark->empty = !number[0] && !number[1] && !number[2];
    mark->ours = number[0] == APPLICATION_ID;
    mark->version = number[1];
    return rc;
}

static enum error_code sqlite_mark_write(struct database *db, int64_t version,
                                         struct error *err)
{
    char mark[128];

    snprintf(mark, sizeof(mark),
             "PRAGMA application_id = %d; PRAGMA user_version = %lld",
             APPLICATION_ID, (long long)version);
    return sqlite_exec(db, mark, err);
}

/* Setting the mark to what it is writes a page, and changes nothing. */
static enum error_code sqlite_touch(struct database *db, struct error *err)
{
    char mark[64];

    snprintf(mark, sizeof(mark), "PRAGMA application_id = %d", APPLICATION_ID);
    return sqlite_exec(db, mark, err);
}

static enum error_code sqlite_version(struct database *db, int64_t *version,
                                      struct error *err)
{
    return numbers_read(db, read_version, version, 1, err);
}

static enum error_code sqlite_prepare(struct database *db, struct span sql,
                                      bool once, void **made,
                                      struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    int code;

    assert(sql.len <= INT_MAX);
    code =
        sqlite3_prepare_v3(db->handle, sql.ptr, (int)sql.len,
                           once ? 0 : SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
    *made = stmt;
    return code ? database_error(db, code, err) : ERROR_NONE;
}

static void sqlite_reset(void *stmt)
{
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
}

static void sqlite_finish(void *stmt)
{
    sqlite3_finalize(stmt);
}

static void query_note(struct query *query, int code)
{
    if (!query->code)
        query->code = code;
}

static void sqlite_bind_int(struct query *query, int64_t value)
{
    query_note(query, sqlite3_bind_int64(query->stmt, ++query->bound, value));
}

static void sqlite_bind_double(struct query *query, double value)
{
    query_note(query, sqlite3_bind_double(query->stmt, ++query->bound, value));
}

static void sqlite_bind_span(struct query *query, struct span value)
{
    /* A NULL pointer would be SQL's NULL, which is not the empty text. */
    query_note(query,
               sqlite3_bind_text64(query->stmt, ++query->bound,
                                   value.len ? value.ptr : "", value.len,
                                   SQLITE_STATIC, SQLITE_UTF8));
}

static enum error_code sqlite_step(struct query *query, bool *row,
                                   struct error *err)
{
    int code = query->code ? query->code : sqlite3_step(query->stmt);

    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return ERROR_NONE;
    return database_error(query->db, code, err);
}

static int64_t sqlite_int(struct query *query)
{
    return sqlite3_column_int64(query->stmt, query->column++);
}

static double sqlite_double(struct query *query)
{
    return sqlite3_column_double(query->stmt, query->column++);
}

static struct span sqlite_span(struct query *query)
{
    int column = query->column++;
    const void *text = sqlite3_column_text(query->stmt, column);

    return (struct span){ text,
                          (size_t)sqlite3_column_bytes(query->stmt, column) };
}

const struct driver sqlite_driver = {
    .open = sqlite_open,
    .close = sqlite_close_handle,
    .make_durable = sqlite_make_durable,
    .exec = sqlite_exec,
    .begin = sqlite_begin,
    .end = sqlite_end,
    .reserve = sqlite_reserve,
    .changes = sqlite_changes,
    .last_id = sqlite_last_id,
    .count_on = sqlite_count_on,
    .mark_read = sqlite_mark_read,
    .mark_write = sqlite_mark_write,
    .touch = sqlite_touch,
    .version = sqlite_version,
    .prepare = sqlite_prepare,
    .reset = sqlite_reset,
    .finish = sqlite_finish,
    .bind_int = sqlite_bind_int,
    .bind_double = sqlite_bind_double,
    .bind_span = sqlite_bind_span,
    .step = sqlite_step,
    .column_int = sqlite_int,
    .column_double = sqlite_double,
    .column_span = sqlite_span,
};
