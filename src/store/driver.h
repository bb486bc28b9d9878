#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/database.h"

/*
 * What a kind of database implements for database.c. Each function does what
 * database.h says of its namesake; a driver keeps what it needs in db->handle,
 * and what it makes of a statement in query->stmt.
 */
struct driver {
    enum error_code (*open)(struct database *db, const char *url,
                            struct error *err);
    void (*close)(struct database *db); /* a handle of NULL is fine */

    /* NULL: it is a file. */
    bool (*is_away)(const char *url);
    enum error_code (*make_durable)(struct database *db, struct error *err);
    enum error_code (*exec)(struct database *db, const char *sql,
                            struct error *err);

    /* The outermost transaction while db->depth is 0, else one within. */
    enum error_code (*begin)(struct database *db, struct error *err);
    enum error_code (*end)(struct database *db, enum error_code rc,
                           struct error *err);
    enum error_code (*reserve)(struct database *db, struct span one,
                               struct span two, struct error *err);

    size_t (*changes)(const struct database *db);
    int64_t (*last_id)(const struct database *db);
    enum error_code (*count_on)(struct database *db, const char *table,
                                struct error *err);
    enum error_code (*mark_read)(struct database *db,
                                 struct database_mark *mark,
                                 struct error *err);
    enum error_code (*mark_write)(struct database *db, int64_t version,
                                  struct error *err);
    enum error_code (*touch)(struct database *db, struct error *err);
    enum error_code (*version)(struct database *db, int64_t *version,
                               struct error *err);

    /* NULL: nobody calls here. */
    enum error_code (*listen)(struct database *db, const char *channel, int ms,
                              void (*each)(void *context, struct span said),
                              void *context, struct error *err);

    /* `once`: it will be asked one time only. */
    enum error_code (*prepare)(struct database *db, struct span sql, bool once,
                               void **stmt, struct error *err);
    void (*reset)(void *stmt);  /* asked; it may be asked again */
    void (*finish)(void *stmt); /* NULL is fine */
    void (*bind_int)(struct query *query, int64_t value);
    void (*bind_double)(struct query *query, double value);
    void (*bind_span)(struct query *query, struct span value);
    enum error_code (*step)(struct query *query, bool *row, struct error *err);

    /* NULL: nobody has to wait. */
    enum error_code (*run_later)(struct query *query, query_done *done,
                                 void *context, struct error *err);
    enum error_code (*wait)(struct database *db, struct error *err);

    int64_t (*column_int)(struct query *query);
    double (*column_double)(struct query *query);
    struct span (*column_span)(struct query *query);
};

extern const struct driver sqlite_driver;
extern const struct driver postgres_driver;

#endif /* STORE_DRIVER_H */
