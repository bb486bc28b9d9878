#ifndef STORE_TABLES_H
#define STORE_TABLES_H

#include "store/database.h"
#include "store/store_ops.h"

/*
 * The store as tables of a database, in parts: runs.c, decisions.c (writing
 * them), history.c (reading them back), events.c and feedback.c. tables.c
 * opens it and ties them together. Each function does what store.h says of its
 * namesake.
 */

/* The database of a store that tables.c opened. */
struct database *store_database(struct store *store);

enum error_code runs_begin(struct store *store, struct span site,
                           struct span model, int64_t now_ms, int64_t *run,
                           struct error *err) MUST_CHECK;
enum error_code runs_end(struct store *store, int64_t run,
                         const struct run_totals *totals, int64_t now_ms,
                         struct error *err) MUST_CHECK;
enum error_code runs_each(struct store *store, struct span site,
                          bool (*each)(void *context, const struct run *run),
                          void *context, struct error *err) MUST_CHECK;
enum error_code runs_find(struct store *store, struct arena *arena, int64_t id,
                          struct run *run, bool *found,
                          struct error *err) MUST_CHECK;

enum error_code decisions_know(struct store *store, struct span site,
                               struct span comment,
                               const struct digest *digest, struct span model,
                               bool *known, struct error *err) MUST_CHECK;
enum error_code decisions_add(struct store *store, struct decision *decision,
                              size_t nr, struct error *err) MUST_CHECK;
enum error_code decisions_settle(struct store *store,
                                 const struct settlement *settlement,
                                 size_t nr, int64_t now_ms,
                                 struct error *err) MUST_CHECK;

/* The columns that history_read expects, in its order. */
#define DECISION_COLUMNS                                                      \
    "decision.id, run, at_ms, site, comment, digest, was, decision.author,"   \
    " excerpt, verdict, p_spam, p_abuse, model, state, detail, person,"       \
    " decided_by, campaign"

/* All decisions of a query, into the arena. Releases the query. */
enum error_code history_read(struct query *query, struct arena *arena,
                             struct decision_list *list,
                             struct error *err) MUST_CHECK;

/* One decision, by its number. */
enum error_code history_one(struct store *store, struct arena *arena,
                            int64_t id, struct decision *decision, bool *found,
                            struct error *err) MUST_CHECK;

/* What is kept of a judged comment: adding it, and taking a person's away. */
enum error_code content_add(struct database *db, int64_t decision,
                            const struct content *content,
                            struct error *err) MUST_CHECK;
enum error_code content_erase(struct database *db, struct span person,
                              struct error *err) MUST_CHECK;

enum error_code history_outbox(struct store *store, struct arena *arena,
                               struct span site, int64_t after, size_t max,
                               struct decision_list *list,
                               struct error *err) MUST_CHECK;
enum error_code history_undoable(struct store *store, struct arena *arena,
                                 int64_t run, int64_t after, size_t max,
                                 struct decision_list *list,
                                 struct error *err) MUST_CHECK;
enum error_code
history_each(struct store *store, const struct history_filter *filter,
             bool (*each)(void *context, const struct decision *decision),
             void *context, struct error *err) MUST_CHECK;

enum error_code events_add(struct store *store, struct event *event,
                           struct error *err);
enum error_code events_add_later(struct store *store, struct event *event,
                                 struct error *err);
enum error_code events_inbox(struct store *store, struct arena *arena,
                             struct span site, size_t max,
                             struct event_list *list, struct error *err);
enum error_code events_settle(struct store *store, struct event_result *result,
                              size_t nr, int64_t now_ms, struct error *err);
enum error_code events_depth(struct store *store, struct span site,
                             struct store_depth *depth, struct error *err);

enum error_code feedback_add(struct store *store, struct feedback *feedback,
                             struct span echo_by, bool *echo,
                             struct error *err);
enum error_code feedback_stats(struct store *store, struct span site,
                               int64_t since_ms, struct store_stats *stats,
                               struct error *err);

enum error_code labels_put(struct store *store, const struct kept_label *label,
                           size_t nr, size_t *changed, struct error *err);
enum error_code labels_each(struct store *store, struct span site,
                            bool (*each)(void *context,
                                         const struct kept_label *label),
                            void *context, struct error *err);
enum error_code labels_last_word(struct store *store, struct arena *arena,
                                 struct span site, struct span comment,
                                 struct last_word *word, struct error *err);
enum error_code labels_forget(struct store *store, struct span site,
                              struct span comment, int64_t now_ms, bool *found,
                              struct error *err);
enum error_code labels_erase(struct store *store, struct span person,
                             struct span email, int64_t now_ms,
                             struct erased *erased, struct error *err);
enum error_code
labels_outcomes(struct store *store, struct span site, int64_t since_ms,
                bool (*each)(void *context, const struct outcome *outcome),
                void *context, struct error *err);
enum error_code models_put(struct store *store, const struct kept_model *model,
                           struct error *err);
enum error_code models_each(struct store *store, struct span site,
                            bool (*each)(void *context,
                                         const struct kept_model *model),
                            void *context, struct error *err);
enum error_code models_live(struct store *store, struct arena *arena,
                            struct span site, struct span *bytes,
                            struct error *err);
enum error_code models_choose(struct store *store, struct span site,
                              struct span model, struct span reason,
                              bool *found, struct error *err);

#endif /* STORE_TABLES_H */
