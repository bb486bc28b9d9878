#include "store/copy.h"

#include "base/buf.h"
#include "store/tables.h"

#include <inttypes.h>
#include <stdlib.h>

/* Rows that go over together: by their numbers, where they have any. */
#define WINDOW 500

#define SQL_BYTES_MAX ((size_t)2048)
#define ROW_BYTES_MAX ((size_t)256 << 20)
#define COLUMNS_MAX 24

/*
 * Tables after those that they refer to. A column is a text, a number ('#'
 * before it) or a measure ('~'). `key` is the column of numbers by which rows
 * are gone through; NULL: they are few, and go over all at once.
 */
static const struct table {
    const char *name;
    const char *key;
    const char *columns;
} table[] = {
    { "run", "id",
      "#id site model #began_ms #ended_ms #seen #known #approved #held #spam "
      "#applied #skipped #failed" },
    { "decision", "id",
      "#id #run #at_ms site comment digest was author excerpt verdict ~p_spam "
      "~p_abuse model state detail #settled_ms person decided_by #open "
      "#campaign" },
    { "reason", "decision", "#decision #position feature ~weight evidence" },
    { "content", "decision", "#decision host author text comment" },
    { "event", "id",
      "#id site delivery kind body #received_ms state detail #decision "
      "#done_ms" },
    { "feedback", "id",
      "#id #at_ms site comment #decision verdict label source by #wrong" },
    { "label", "id",
      "#id site comment #spam source giver ~weight #at_ms #labelled_ms person "
      "body #forgotten_ms" },
    { "site_model", "id",
      "#id site model general parent #made_ms #ham #spam ~loss ~general_loss "
      "#false_marks #caught #promised #live reason bytes" },
    { "audit", "id", "#id #at_ms who what site subject before after" },
    { "account", NULL, "login role password #disabled #created_ms #seen_ms" },
    { "session", NULL,
      "token login csrf address #created_ms #seen_ms #ended" },
    { "invite", NULL, "token login role #expires_ms" },
    { "action", NULL, "login id #at_ms outcomes" },
    { "setting", NULL, "site name value" },
};

#define TABLE_NR (sizeof(table) / sizeof(table[0]))

/* One table on its way. */
struct copying {
    const struct table *table;
    char kind[COLUMNS_MAX]; /* '#', '~' or 't' */
    size_t columns;
    struct buf list;   /* of the columns */
    struct buf select; /* a window of rows */
    struct buf insert;
    struct database *from;
    struct database *to;
};

static struct span next_column(struct span *rest, char *kind)
{
    size_t end = span_find_char(*rest, ' ');
    struct span name = span_cut(*rest, 0, end);

    *rest = span_cut(*rest, end + 1, rest->len);
    *kind = 't';
    if (name.ptr[0] != '#' && name.ptr[0] != '~')
        return name;
    *kind = name.ptr[0];
    return span_cut(name, 1, name.len);
}

static void copying_init(struct copying *copying, const struct table *of,
                         struct store *from, struct store *to)
{
    struct span rest = span_str(of->columns);

    *copying = (struct copying){ .table = of };
    copying->from = store_database(from);
    copying->to = store_database(to);
    buf_init(&copying->list, SQL_BYTES_MAX);
    buf_init(&copying->select, SQL_BYTES_MAX);
    buf_init(&copying->insert, SQL_BYTES_MAX);
    while (rest.len) {
        struct span name =
            next_column(&rest, &copying->kind[copying->columns++]);

        buf_addf(&copying->list, "%s%.*s", copying->list.len ? ", " : "",
                 SPAN_ARG(name));
    }
    buf_addf(&copying->select, "SELECT %s FROM %s", copying->list.ptr,
             of->name);
    if (of->key)
        buf_addf(&copying->select, " WHERE %s BETWEEN ? AND ? ORDER BY %s",
                 of->key, of->key);
    buf_addf(&copying->insert, "INSERT INTO %s (%s) VALUES (", of->name,
             copying->list.ptr);
    for (size_t i = 0; i < copying->columns; i++)
        buf_addf(&copying->insert, "%s?", i ? ", " : "");
    buf_addf(&copying->insert, ") ON CONFLICT DO NOTHING");
}

static void copying_release(struct copying *copying)
{
    buf_release(&copying->list);
    buf_release(&copying->select);
    buf_release(&copying->insert);
}

/* One number; `*number` stays when there is no row. */
static enum error_code ask_number(struct database *db, const struct buf *sql,
                                  int64_t bound, int64_t *number,
                                  struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc = query_prepare_once(&query, db, buf_span(sql), err);

    if (rc)
        return rc;
    query_bind_int(&query, bound);
    rc = query_step(&query, &row, err);
    if (!rc && row)
        *number = query_int(&query);
    query_release(&query);
    return rc;
}

static enum error_code number_of(struct database *db, const char *format,
                                 const struct table *of, int64_t bound,
                                 int64_t *number, struct error *err)
{
    struct buf sql;
    enum error_code rc;

    *number = 0;
    buf_init(&sql, SQL_BYTES_MAX);
    buf_addf(&sql, "SELECT coalesce(%s(%s), 0) FROM %s WHERE %s ", format,
             of->key, of->name, of->key);
    buf_add(&sql, span_eq(span_str(format), SPAN_LIT("min"))
                      ? SPAN_LIT("> ?")
                      : SPAN_LIT("<= ?"));
    rc = ask_number(db, &sql, bound, number, err);
    buf_release(&sql);
    return rc;
}

/* What the new store has already, of both sides alike: up to which number. */
static enum error_code find_start(struct copying *copying, int64_t *after,
                                  struct error *err)
{
    const struct table *of = copying->table;
    int64_t here = 0;
    int64_t there = 0;
    enum error_code rc =
        number_of(copying->to, "max", of, INT64_MAX, after, err);

    if (!rc)
        rc = number_of(copying->from, "count", of, *after, &here, err);
    if (!rc)
        rc = number_of(copying->to, "count", of, *after, &there, err);
    if (!rc && here != there)
        rc = error_set(err, ERROR_STORE,
                       "%.200s: table %s holds other rows than %.200s; copy "
                       "into an empty store",
                       copying->to->path, of->name, copying->from->path);
    return rc;
}

static enum error_code put_row(struct copying *copying, struct query *row,
                               struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, copying->to, copying->insert.ptr, err);

    if (rc)
        return rc;
    for (size_t i = 0; i < copying->columns; i++)
        if (copying->kind[i] == '#')
            query_bind_int(&query, query_int(row));
        else if (copying->kind[i] == '~')
            query_bind_double(&query, query_double(row));
        else
            query_bind_span(&query, query_span(row));
    return query_run(&query, err);
}

/* A window of rows, or a table without numbers. */
static enum error_code put_rows(struct copying *copying, int64_t first,
                                size_t *nr, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc = query_prepare_once(&query, copying->from,
                                            buf_span(&copying->select), err);

    if (rc)
        return rc;
    if (copying->table->key) {
        query_bind_int(&query, first);
        query_bind_int(&query, first + WINDOW - 1);
    }
    for (;;) {
        rc = query_step(&query, &row, err);
        if (!rc && row)
            rc = put_row(copying, &query, err);
        if (rc || !row)
            break;
        *nr += database_changes(copying->to);
    }
    query_release(&query);
    return rc;
}

static enum error_code put_window(struct copying *copying, int64_t first,
                                  size_t *nr, struct error *err)
{
    enum error_code rc = database_begin(copying->to, err);

    if (rc)
        return rc;
    return database_end(copying->to, put_rows(copying, first, nr, err), err);
}

static enum error_code put_table(struct copying *copying, size_t *nr,
                                 struct error *err)
{
    int64_t after = 0;
    int64_t first = 0;
    enum error_code rc;

    if (!copying->table->key)
        return put_window(copying, 0, nr, err);
    rc = find_start(copying, &after, err);
    while (!rc) {
        rc = number_of(copying->from, "min", copying->table, after, &first,
                       err);
        if (rc || !first)
            break;
        rc = put_window(copying, first, nr, err);
        after = first + WINDOW - 1;
    }
    if (!rc && span_eq(span_str(copying->table->key), SPAN_LIT("id")))
        rc = database_count_on(copying->to, copying->table->name, err);
    return rc;
}

/* Of one side: how many rows, and the sum of their fingerprints. */
struct sum {
    size_t rows;
    uint64_t digests;
};

static void sum_row(const struct copying *copying, struct query *row,
                    struct buf *bytes, struct sum *sum)
{
    struct digest digest;

    buf_reset(bytes);
    for (size_t i = 0; i < copying->columns; i++)
        if (copying->kind[i] == '#') {
            buf_addf(bytes, "%" PRId64 ";", query_int(row));
        } else if (copying->kind[i] == '~') {
            buf_addf(bytes, "%.17g;", query_double(row));
        } else {
            struct span text = query_span(row);

            buf_addf(bytes, "%zu:", text.len);
            buf_add(bytes, text);
        }
    digest = digest_of(buf_span(bytes));
    digest.hex[16] = '\0';
    sum->digests += strtoull(digest.hex, NULL, 16);
    sum->rows++;
}

static enum error_code sum_rows(const struct copying *copying,
                                struct database *db, int64_t first,
                                struct buf *bytes, struct sum *sum,
                                struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc =
        query_prepare_once(&query, db, buf_span(&copying->select), err);

    if (rc)
        return rc;
    if (copying->table->key) {
        query_bind_int(&query, first);
        query_bind_int(&query, first + WINDOW - 1);
    }
    for (;;) {
        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        sum_row(copying, &query, bytes, sum);
    }
    query_release(&query);
    return rc;
}

static enum error_code sum_table(const struct copying *copying,
                                 struct database *db, struct sum *sum,
                                 struct error *err)
{
    struct buf bytes;
    int64_t after = 0;
    int64_t first = 0;
    enum error_code rc = ERROR_NONE;

    *sum = (struct sum){ 0, 0 };
    buf_init(&bytes, ROW_BYTES_MAX);
    if (!copying->table->key)
        rc = sum_rows(copying, db, 0, &bytes, sum, err);
    while (!rc && copying->table->key) {
        rc = number_of(db, "min", copying->table, after, &first, err);
        if (rc || !first)
            break;
        rc = sum_rows(copying, db, first, &bytes, sum, err);
        after = first + WINDOW - 1;
    }
    buf_release(&bytes);
    return rc;
}

static enum error_code compare(struct copying *copying, size_t *rows,
                               struct error *err)
{
    struct sum from;
    struct sum to;
    enum error_code rc = sum_table(copying, copying->from, &from, err);

    if (!rc)
        rc = sum_table(copying, copying->to, &to, err);
    if (!rc && (from.rows != to.rows || from.digests != to.digests))
        rc = error_set(err, ERROR_STORE,
                       "%.200s: table %s is not what %.200s has (%zu rows, "
                       "%zu there); was one of them written to? Copy into an "
                       "empty store",
                       copying->to->path, copying->table->name,
                       copying->from->path, to.rows, from.rows);
    *rows = from.rows;
    return rc;
}

enum error_code copy_all(struct store *from, struct store *to,
                         void (*on_table)(void *context,
                                          const struct copy_table *table),
                         void *context, struct error *err)
{
    struct copying copying[TABLE_NR];
    struct copy_table done[TABLE_NR];
    enum error_code rc = ERROR_NONE;

    for (size_t i = 0; i < TABLE_NR; i++) {
        copying_init(&copying[i], &table[i], from, to);
        done[i] = (struct copy_table){ table[i].name, 0, 0 };
    }
    for (size_t i = 0; !rc && i < TABLE_NR; i++) {
        rc = put_table(&copying[i], &done[i].copied, err);
        if (!rc)
            on_table(context, &done[i]);
    }
    if (!rc)
        rc = database_exec(store_database(to),
                           "INSERT INTO search (search) VALUES ('rebuild')",
                           err);
    for (size_t i = 0; !rc && i < TABLE_NR; i++) {
        rc = compare(&copying[i], &done[i].rows, err);
        if (!rc)
            on_table(context, &done[i]);
    }
    database_forget(store_database(to));
    for (size_t i = 0; i < TABLE_NR; i++)
        copying_release(&copying[i]);
    return rc;
}
