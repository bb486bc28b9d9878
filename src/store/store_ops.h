#ifndef STORE_STORE_OPS_H
#define STORE_STORE_OPS_H

#include "store/event.h"
#include "store/label.h"
#include "store/store.h"

/*
 * What a kind of database implements; the functions of store.h and event.h
 * call these, and what is written there holds for each. A kind embeds struct
 * store as its first member and names itself in store.c.
 */
struct store_ops {
    /* `url` is as given to store_open, with or without the kind's name. */
    enum error_code (*open)(struct store **store, const char *url,
                            bool to_read, struct error *err);
    void (*close)(struct store *store);

    enum error_code (*run_begin)(struct store *store, struct span site,
                                 struct span model, int64_t now_ms,
                                 int64_t *run, struct error *err);
    enum error_code (*run_end)(struct store *store, int64_t run,
                               const struct run_totals *totals, int64_t now_ms,
                               struct error *err);
    enum error_code (*runs)(struct store *store, struct span site,
                            bool (*each)(void *context, const struct run *run),
                            void *context, struct error *err);
    enum error_code (*run_find)(struct store *store, struct arena *arena,
                                int64_t id, struct run *run, bool *found,
                                struct error *err);

    enum error_code (*knows)(struct store *store, struct span site,
                             struct span comment, const struct digest *digest,
                             struct span model, bool *known,
                             struct error *err);
    enum error_code (*decide)(struct store *store, struct decision *decision,
                              size_t nr, struct error *err);
    enum error_code (*settle)(struct store *store,
                              const struct settlement *settlement, size_t nr,
                              int64_t now_ms, struct error *err);

    enum error_code (*outbox)(struct store *store, struct arena *arena,
                              struct span site, int64_t after, size_t max,
                              struct decision_list *list, struct error *err);
    enum error_code (*undoable)(struct store *store, struct arena *arena,
                                int64_t run, int64_t after, size_t max,
                                struct decision_list *list, struct error *err);
    enum error_code (*history)(struct store *store,
                               const struct history_filter *filter,
                               bool (*each)(void *context,
                                            const struct decision *decision),
                               void *context, struct error *err);

    enum error_code (*event_add)(struct store *store, struct event *event,
                                 struct error *err);
    enum error_code (*event_add_later)(struct store *store,
                                       struct event *event, struct error *err);
    enum error_code (*inbox)(struct store *store, struct arena *arena,
                             struct span site, size_t max,
                             struct event_list *list, struct error *err);
    enum error_code (*feedback)(struct store *store, struct feedback *feedback,
                                struct span echo_by, bool *echo,
                                struct error *err);
    enum error_code (*event_settle)(struct store *store,
                                    struct event_result *result, size_t nr,
                                    int64_t now_ms, struct error *err);
    enum error_code (*depth)(struct store *store, struct span site,
                             struct store_depth *depth, struct error *err);
    enum error_code (*stats)(struct store *store, struct span site,
                             int64_t since_ms, struct store_stats *stats,
                             struct error *err);

    enum error_code (*label)(struct store *store,
                             const struct kept_label *label, size_t nr,
                             size_t *changed, struct error *err);
    enum error_code (*labels)(struct store *store, struct span site,
                              bool (*each)(void *context,
                                           const struct kept_label *label),
                              void *context, struct error *err);
    enum error_code (*last_word)(struct store *store, struct arena *arena,
                                 struct span site, struct span comment,
                                 struct last_word *word, struct error *err);
    enum error_code (*forget)(struct store *store, struct span site,
                              struct span comment, int64_t now_ms, bool *found,
                              struct error *err);
    enum error_code (*erase)(struct store *store, struct span person,
                             struct span email, int64_t now_ms,
                             struct erased *erased, struct error *err);
    enum error_code (*model)(struct store *store,
                             const struct kept_model *model,
                             struct error *err);
    enum error_code (*models)(struct store *store, struct span site,
                              bool (*each)(void *context,
                                           const struct kept_model *model),
                              void *context, struct error *err);
    enum error_code (*model_live)(struct store *store, struct arena *arena,
                                  struct span site, struct span *bytes,
                                  struct error *err);
    enum error_code (*model_choose)(struct store *store, struct span site,
                                    struct span model, struct span reason,
                                    bool *found, struct error *err);
    enum error_code (*outcomes)(struct store *store, struct span site,
                                int64_t since_ms,
                                bool (*each)(void *context,
                                             const struct outcome *outcome),
                                void *context, struct error *err);

    enum error_code (*begin)(struct store *store, struct error *err);
    enum error_code (*end)(struct store *store, enum error_code rc,
                           struct error *err);
    enum error_code (*check)(struct store *store, struct error *err);
};

struct store {
    const struct store_ops *ops;
};

/*
 * The first `max` bytes of `s` at most, for every kind to cut alike: never
 * within a UTF-8 character.
 */
struct span store_cut(struct span s, size_t max);

extern const struct store_ops tables_ops;

#endif /* STORE_STORE_OPS_H */
