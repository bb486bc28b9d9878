#include "store/store.h"

#include "store/database.h"
#include "store/store_ops.h"

#include <string.h>

/* A further kind of database is a further line here. */
static const struct {
    const char *prefix;
    const struct store_ops *ops;
} store_kind[] = {
    { "sqlite:", &tables_ops },
    { "postgresql://", &tables_ops },
    { "postgres://", &tables_ops },
};

/* The kind `url` names; a plain path is SQLite's. NULL: one we don't have. */
static const struct store_ops *store_choose(struct span url)
{
    for (size_t i = 0; i < sizeof(store_kind) / sizeof(store_kind[0]); i++)
        if (span_starts(url, span_str(store_kind[i].prefix)))
            return store_kind[i].ops;
    if (span_find(url, SPAN_LIT("://")) < url.len)
        return NULL;
    return &tables_ops;
}

bool store_is_server(struct span url)
{
    return database_is_server(url);
}

static enum error_code open_for(struct store **store, const char *url,
                                bool to_read, struct error *err)
{
    struct span name = span_str(url);
    const struct store_ops *ops = store_choose(name);

    if (!ops) {
        /* Only the kind: the rest of such a URL may hold a password. */
        name = span_cut(name, 0, span_find(name, SPAN_LIT("://")));
        return error_set(err, ERROR_STORE,
                         "store: this build has no \"%.*s\" database; name a "
                         "file, as sqlite:PATH, or a postgresql:// URL",
                         SPAN_ARG(span_cut(name, 0, 32)));
    }
    return ops->open(store, url, to_read, err);
}

enum error_code store_open(struct store **store, const char *url,
                           struct error *err)
{
    return open_for(store, url, false, err);
}

enum error_code store_open_to_read(struct store **store, const char *url,
                                   struct error *err)
{
    return open_for(store, url, true, err);
}

bool store_is_away(const char *url)
{
    return database_is_away(url);
}

void store_close(struct store *store)
{
    if (store)
        store->ops->close(store);
}

static const struct {
    enum decision_state state;
    const char *name;
} state_name[] = {
    { DECISION_PENDING, "pending" }, { DECISION_APPLIED, "applied" },
    { DECISION_KEPT, "kept" },       { DECISION_SKIPPED, "skipped" },
    { DECISION_GONE, "gone" },       { DECISION_FAILED, "failed" },
    { DECISION_UNDONE, "undone" },   { DECISION_ANSWERED, "answered" },
};

#define STATE_NR (sizeof(state_name) / sizeof(state_name[0]))

struct span decision_state_name(enum decision_state state)
{
    for (size_t i = 0; i < STATE_NR; i++)
        if (state_name[i].state == state)
            return span_str(state_name[i].name);
    return SPAN_LIT("pending");
}

bool decision_state_parse(enum decision_state *state, struct span name)
{
    for (size_t i = 0; i < STATE_NR; i++) {
        if (!span_eq(name, span_str(state_name[i].name)))
            continue;
        *state = state_name[i].state;
        return true;
    }
    return false;
}

/* A UTF-8 character has at most three bytes of the form 10xxxxxx. */
#define CONTINUATION_MAX 3

struct span store_cut(struct span s, size_t max)
{
    size_t end = max;

    if (s.len <= max)
        return s;
    while (end && max - end < CONTINUATION_MAX &&
           ((unsigned char)s.ptr[end] & 0xc0) == 0x80)
        end--;
    /* Four in a row are no character; then the place does not matter. */
    if (((unsigned char)s.ptr[end] & 0xc0) == 0x80)
        end = max;
    return span_cut(s, 0, end);
}

enum error_code event_check(const struct event *event, struct error *err)
{
    if (event->delivery.len > EVENT_DELIVERY_MAX ||
        event->kind.len > EVENT_KIND_MAX)
        return error_set(err, ERROR_INPUT,
                         "an event's id may have %zu bytes, its type %zu",
                         EVENT_DELIVERY_MAX, EVENT_KIND_MAX);
    return ERROR_NONE;
}

struct span event_state_name(enum event_state state)
{
    static const char *const name[] = {
        [EVENT_WAITING] = "waiting", [EVENT_JUDGED] = "judged",
        [EVENT_KNOWN] = "known",     [EVENT_NOTED] = "noted",
        [EVENT_SKIPPED] = "skipped", [EVENT_FAILED] = "failed",
    };

    return span_str(name[state]);
}

enum error_code store_run_begin(struct store *store, struct span site,
                                struct span model, int64_t now_ms,
                                int64_t *run, struct error *err)
{
    return store->ops->run_begin(store, site, model, now_ms, run, err);
}

enum error_code store_run_end(struct store *store, int64_t run,
                              const struct run_totals *totals, int64_t now_ms,
                              struct error *err)
{
    return store->ops->run_end(store, run, totals, now_ms, err);
}

enum error_code store_runs(struct store *store, struct span site,
                           bool (*each)(void *context, const struct run *run),
                           void *context, struct error *err)
{
    return store->ops->runs(store, site, each, context, err);
}

enum error_code store_run_find(struct store *store, struct arena *arena,
                               int64_t id, struct run *run, bool *found,
                               struct error *err)
{
    return store->ops->run_find(store, arena, id, run, found, err);
}

enum error_code store_knows(struct store *store, struct span site,
                            struct span comment, const struct digest *digest,
                            struct span model, bool *known, struct error *err)
{
    return store->ops->knows(store, site, comment, digest, model, known, err);
}

enum error_code store_decide(struct store *store, struct decision *decision,
                             size_t nr, struct error *err)
{
    return store->ops->decide(store, decision, nr, err);
}

enum error_code store_settle(struct store *store,
                             const struct settlement *settlement, size_t nr,
                             int64_t now_ms, struct error *err)
{
    return store->ops->settle(store, settlement, nr, now_ms, err);
}

enum error_code store_outbox(struct store *store, struct arena *arena,
                             struct span site, int64_t after, size_t max,
                             struct decision_list *list, struct error *err)
{
    return store->ops->outbox(store, arena, site, after, max, list, err);
}

enum error_code store_undoable(struct store *store, struct arena *arena,
                               int64_t run, int64_t after, size_t max,
                               struct decision_list *list, struct error *err)
{
    return store->ops->undoable(store, arena, run, after, max, list, err);
}

enum error_code
store_history(struct store *store, const struct history_filter *filter,
              bool (*each)(void *context, const struct decision *decision),
              void *context, struct error *err)
{
    return store->ops->history(store, filter, each, context, err);
}

enum error_code store_event_add(struct store *store, struct event *event,
                                struct error *err)
{
    return store->ops->event_add(store, event, err);
}

enum error_code store_event_add_later(struct store *store, struct event *event,
                                      struct error *err)
{
    return store->ops->event_add_later(store, event, err);
}

enum error_code store_inbox(struct store *store, struct arena *arena,
                            struct span site, size_t max,
                            struct event_list *list, struct error *err)
{
    return store->ops->inbox(store, arena, site, max, list, err);
}

enum error_code store_feedback(struct store *store, struct feedback *feedback,
                               struct span echo_by, bool *echo,
                               struct error *err)
{
    return store->ops->feedback(store, feedback, echo_by, echo, err);
}

enum error_code store_event_settle(struct store *store,
                                   struct event_result *result, size_t nr,
                                   int64_t now_ms, struct error *err)
{
    return store->ops->event_settle(store, result, nr, now_ms, err);
}

enum error_code store_depth(struct store *store, struct span site,
                            struct store_depth *depth, struct error *err)
{
    return store->ops->depth(store, site, depth, err);
}

enum error_code store_stats(struct store *store, struct span site,
                            int64_t since_ms, struct store_stats *stats,
                            struct error *err)
{
    return store->ops->stats(store, site, since_ms, stats, err);
}

enum error_code store_begin(struct store *store, struct error *err)
{
    return store->ops->begin(store, err);
}

enum error_code store_end(struct store *store, enum error_code rc,
                          struct error *err)
{
    return store->ops->end(store, rc, err);
}

enum error_code store_check(struct store *store, struct error *err)
{
    return store->ops->check(store, err);
}

enum error_code store_label(struct store *store,
                            const struct kept_label *label, size_t nr,
                            size_t *changed, struct error *err)
{
    return store->ops->label(store, label, nr, changed, err);
}

enum error_code store_labels(struct store *store, struct span site,
                             bool (*each)(void *context,
                                          const struct kept_label *label),
                             void *context, struct error *err)
{
    return store->ops->labels(store, site, each, context, err);
}

enum error_code store_last_word(struct store *store, struct arena *arena,
                                struct span site, struct span comment,
                                struct last_word *word, struct error *err)
{
    return store->ops->last_word(store, arena, site, comment, word, err);
}

enum error_code store_forget(struct store *store, struct span site,
                             struct span comment, int64_t now_ms, bool *found,
                             struct error *err)
{
    return store->ops->forget(store, site, comment, now_ms, found, err);
}

enum error_code store_erase(struct store *store, struct span person,
                            struct span email, int64_t now_ms,
                            struct erased *erased, struct error *err)
{
    return store->ops->erase(store, person, email, now_ms, erased, err);
}

enum error_code store_model(struct store *store,
                            const struct kept_model *model, struct error *err)
{
    return store->ops->model(store, model, err);
}

enum error_code store_models(struct store *store, struct span site,
                             bool (*each)(void *context,
                                          const struct kept_model *model),
                             void *context, struct error *err)
{
    return store->ops->models(store, site, each, context, err);
}

enum error_code store_model_live(struct store *store, struct arena *arena,
                                 struct span site, struct span *bytes,
                                 struct error *err)
{
    return store->ops->model_live(store, arena, site, bytes, err);
}

enum error_code store_model_choose(struct store *store, struct span site,
                                   struct span model, struct span reason,
                                   bool *found, struct error *err)
{
    return store->ops->model_choose(store, site, model, reason, found, err);
}

enum error_code
store_outcomes(struct store *store, struct span site, int64_t since_ms,
               bool (*each)(void *context, const struct outcome *outcome),
               void *context, struct error *err)
{
    return store->ops->outcomes(store, site, since_ms, each, context, err);
}
