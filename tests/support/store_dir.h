#ifndef SUPPORT_STORE_DIR_H
#define SUPPORT_STORE_DIR_H

#include "store/database.h"
#include "store/store.h"

#include <check.h>
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A store in a directory of its own, for one test. Make it in a checked
 * fixture's setup, remove it in the teardown. With CHECK_STORE=postgres in the
 * environment it is a schema of its own at the server of CHECK_POSTGRES
 * (support/postgres.sh).
 */
struct store_dir {
    char dir[256];
    char path[512]; /* of the store's file in it, or its URL */
    struct store *store;
    struct arena arena;
    struct error err;
    int64_t run; /* begun for site "blog" and model "m1" */
};

/* Fails the test with the error's text. `d` is the struct store_dir. */
#define must(d, call) ck_assert_msg(!(call), "%s", (d)->err.text)

/* `call` fails with ERROR_STORE, and its text has `part` in it. */
#define must_fail(d, call, part)                                              \
    do {                                                                      \
        ck_assert_int_eq(call, ERROR_STORE);                                  \
        ck_assert_int_eq((d)->err.code, ERROR_STORE);                         \
        ck_assert_msg(strstr((d)->err.text, part) != NULL, "%s",              \
                      (d)->err.text);                                         \
    } while (0)

#define must_eq(span, text)                                                   \
    ck_assert_msg(span_eq(span, SPAN_LIT(text)), "got \"%.*s\"",              \
                  SPAN_ARG(span))

/* A schema named after the directory. */
static inline void store_dir_make_schema(struct store_dir *d)
{
    const char *server = getenv("CHECK_POSTGRES");
    const char *name = strrchr(d->dir, '/') + 1;
    struct database db;
    char sql[300];

    ck_assert_ptr_nonnull(server);
    snprintf(d->path, sizeof(d->path),
             "%s&options=-csearch_path%%3D%%22%s%%22", server, name);
    snprintf(sql, sizeof(sql), "CREATE SCHEMA \"%s\"", name);
    must(d, database_open(&db, server, &d->err));
    must(d, database_exec(&db, sql, &d->err));
    database_release(&db);
}

/* The directory only; no store yet. */
static inline void store_dir_make(struct store_dir *d)
{
    const char *tmp = getenv("TMPDIR");

    memset(d, 0, sizeof(*d));
    snprintf(d->dir, sizeof(d->dir), "%s/sluice-store-XXXXXX",
             tmp && *tmp ? tmp : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(d->dir));
    arena_init(&d->arena);
    snprintf(d->path, sizeof(d->path), "%s/store.db", d->dir);
    if (getenv("CHECK_STORE"))
        store_dir_make_schema(d);
}

static inline void store_dir_open(struct store_dir *d)
{
    must(d, store_open(&d->store, d->path, &d->err));
}

static inline void store_dir_reopen(struct store_dir *d)
{
    store_close(d->store);
    d->store = NULL;
    store_dir_open(d);
}

/* The store and a run. */
static inline void store_dir_begin_here(struct store_dir *d)
{
    store_dir_open(d);
    must(d, store_run_begin(d->store, SPAN_LIT("blog"), SPAN_LIT("m1"), 1000,
                            &d->run, &d->err));
}

/* The directory, the store and a run. */
static inline void store_dir_begin(struct store_dir *d)
{
    store_dir_make(d);
    store_dir_begin_here(d);
}

static inline void store_dir_remove(struct store_dir *d)
{
    char path[sizeof(d->dir) + NAME_MAX + 2];
    struct dirent *entry;
    DIR *dir = opendir(d->dir);

    store_close(d->store);
    arena_release(&d->arena);
    while (dir && (entry = readdir(dir)) != NULL) {
        snprintf(path, sizeof(path), "%s/%s", d->dir, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    closedir(dir);
    rmdir(d->dir);
}

/* Judged as `text`, with two reasons; of site "blog". */
static inline struct decision store_dir_decision(const struct store_dir *d,
                                                 const char *comment,
                                                 const char *text,
                                                 enum verdict_kind kind)
{
    struct decision decision = {
        .run = d->run,
        .at_ms = 2000,
        .site = SPAN_LIT("blog"),
        .comment = span_str(comment),
        .digest = digest_of(span_str(text)),
        .was = SPAN_LIT("hold"),
        .author = SPAN_LIT("Ann"),
        .excerpt = span_str(text),
        .verdict = {
            .kind = kind,
            .p_spam = 0.75,
            .p_abuse = 0.125,
            .reason = {
                { SPAN_LIT("link_density"), 2.5, SPAN_LIT("4 links") },
                { SPAN_LIT("word_ngram"), -1.25, SPAN_LIT("thank you") },
            },
            .nr = 2,
            .model = SPAN_LIT("m1"),
        },
    };

    return decision;
}

/* Remember one such decision; returns its id. */
static inline int64_t store_dir_decide(struct store_dir *d,
                                       const char *comment, const char *text,
                                       enum verdict_kind kind)
{
    struct decision decision = store_dir_decision(d, comment, text, kind);

    must(d, store_decide(d->store, &decision, 1, &d->err));
    return decision.id;
}

static inline void store_dir_settle(struct store_dir *d, int64_t id,
                                    enum decision_state state,
                                    const char *detail)
{
    struct settlement settlement = { id, state, span_str(detail), { "" } };

    must(d, store_settle(d->store, &settlement, 1, 3000, &d->err));
}

struct store_dir_found {
    struct arena *arena;
    int64_t id;
    struct decision decision;
    size_t nr;
};

static inline bool store_dir_match(void *context, const struct decision *d)
{
    struct store_dir_found *found = context;

    found->nr++;
    if (found->id && d->id != found->id)
        return true;
    found->decision = *d;
    found->decision.detail = arena_dup(found->arena, d->detail);
    return !found->id;
}

/* Decision `id` as it is now; its `detail` is good, no other span is. */
static inline struct decision store_dir_get(struct store_dir *d, int64_t id)
{
    struct store_dir_found found = { .arena = &d->arena, .id = id };
    struct history_filter all = { 0 };

    must(d, store_history(d->store, &all, store_dir_match, &found, &d->err));
    ck_assert_int_eq(found.decision.id, id);
    return found.decision;
}

/* How many decisions there are. */
static inline size_t store_dir_count(struct store_dir *d)
{
    struct store_dir_found found = { .arena = &d->arena };
    struct history_filter all = { 0 };

    must(d, store_history(d->store, &all, store_dir_match, &found, &d->err));
    return found.nr;
}

#endif /* SUPPORT_STORE_DIR_H */
