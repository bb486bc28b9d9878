#include "store/load.h"

#include "base/alloc.h"
#include "base/log.h"
#include "store/record.h"
#include "store/tables.h"

#include <inttypes.h>
#include <stdlib.h>

static const char select_carried[] =
    "SELECT carried FROM intake WHERE journal = ?";

static const char upsert_carried[] =
    "INSERT INTO intake (journal, carried) VALUES (?1, ?2)"
    " ON CONFLICT (journal) DO UPDATE SET carried = ?2";

static enum error_code carried_get(struct load *load, struct store *store,
                                   struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_carried, err);

    if (rc)
        return rc;
    query_bind_span(&query, load->journal);
    rc = query_step(&query, &row, err);
    if (!rc && row)
        load->last = query_int(&query);
    query_release(&query);
    return rc;
}

static enum error_code carried_put(const struct load *load,
                                   struct store *store, struct error *err)
{
    struct query query;
    enum error_code rc =
        query_prepare(&query, store_database(store), upsert_carried, err);

    if (rc)
        return rc;
    query_bind_span(&query, load->journal);
    query_bind_int(&query, load->last);
    return query_run(&query, err);
}

static void note_site(struct load *load, struct span site)
{
    for (size_t i = 0; i < load->sites; i++)
        if (span_eq(load->site[i], site))
            return;
    load->site = xgrow(load->site, load->sites, &load->sites_alloc,
                       sizeof(*load->site));
    load->site[load->sites++] = arena_dup(&load->arena, site);
}

/* What who learns from it wants to know. */
static void note_feedback(struct load *load, const struct feedback *feedback)
{
    load->feedback = xgrow(load->feedback, load->feedbacks,
                           &load->feedbacks_alloc, sizeof(*load->feedback));
    load->feedback[load->feedbacks++] = (struct feedback){
        .site = arena_dup(&load->arena, feedback->site),
        .label = arena_dup(&load->arena, feedback->label),
        .about = arena_dup(&load->arena, feedback->about),
        .at_ms = feedback->at_ms,
    };
}

static enum error_code carry_event(struct load *load, struct record *record,
                                   struct error *err)
{
    struct event *event = &load->event;
    enum error_code rc;

    *event = (struct event){ 0 };
    record_event(record, event);
    if (!record_is_whole(record))
        return error_set(err, ERROR_INPUT, "not an event");
    if (!load->journal.len)
        return store_event_add_later(load->store, event, err);
    rc = store_event_add(load->store, event, err);
    if (!rc && !event->known)
        note_site(load, event->site);
    return rc;
}

/* A run that the store does not know is of a store that was here before. */
static enum error_code must_know_run(struct load *load, int64_t id,
                                     struct error *err)
{
    struct run run;
    bool found = false;
    enum error_code rc;

    if (id == load->run || !load->journal.len)
        return ERROR_NONE;
    rc = store_run_find(load->store, &load->arena, id, &run, &found, err);
    if (!rc && !found)
        rc = error_set(err, ERROR_INPUT,
                       "of a run that the store does not know; was the store "
                       "replaced by another?");
    if (!rc)
        load->run = id;
    return rc;
}

static enum error_code carry_decision(struct load *load, struct record *record,
                                      struct error *err)
{
    struct decision decision = { 0 };
    enum error_code rc;

    record_decision(record, &decision);
    if (!record_is_whole(record))
        return error_set(err, ERROR_INPUT, "not a decision");
    rc = must_know_run(load, decision.run, err);
    if (rc)
        return rc;
    return store_decide(load->store, &decision, 1, err);
}

static enum error_code carry_feedback(struct load *load, struct record *record,
                                      struct error *err)
{
    struct feedback feedback = { 0 };
    struct span echo_by = { 0 };
    bool echo = false;
    enum error_code rc;

    record_feedback(record, &feedback, &echo_by);
    if (!record_is_whole(record))
        return error_set(err, ERROR_INPUT, "not feedback");
    rc = store_feedback(load->store, &feedback, echo_by, &echo, err);
    if (!rc && !echo)
        note_feedback(load, &feedback);
    return rc;
}

static enum error_code (*const carry[])(struct load *load,
                                        struct record *record,
                                        struct error *err) = {
    [JOURNAL_EVENT] = carry_event,
    [JOURNAL_DECISION] = carry_decision,
    [JOURNAL_FEEDBACK] = carry_feedback,
};

#define KIND_NR (sizeof(carry) / sizeof(carry[0]))

enum error_code load_entry(struct load *load, struct store *store,
                           enum journal_kind kind, struct span body,
                           struct error *err)
{
    struct record record = record_read(body);

    load->store = store;
    return kind < KIND_NR ? carry[kind](load, &record, err)
                          : error_set(err, ERROR_INPUT, "of an unknown kind");
}

/* What the store will never take is told to the log; the rest goes on. */
static bool carry_entry(void *context, const struct journal_entry *entry)
{
    struct load *load = context;
    struct error err;
    enum error_code rc =
        load_entry(load, load->store, entry->kind, entry->record, &err);

    if (rc == ERROR_INPUT) {
        log_error("not_remembered", "entry=%" PRId64 " error=%s", entry->id,
                  log_quote(span_str(err.text)).text);
    } else if (rc) {
        load->rc = rc;
        load->err = err;
        return false;
    }
    load->last = entry->id;
    return ++load->entries < LOAD_MAX;
}

void load_init(struct load *load, struct span journal)
{
    *load = (struct load){ .journal = journal };
    arena_init(&load->arena);
}

void load_release(struct load *load)
{
    free(load->feedback);
    free(load->site);
    arena_release(&load->arena);
}

enum error_code load_carry(struct load *load, struct journal_reader *reader,
                           struct store *store, struct error *err)
{
    enum error_code rc = carried_get(load, store, err);

    load->store = store;
    if (!rc)
        rc = journal_read(reader, load->last, carry_entry, load, err);
    if (!rc && load->rc) {
        *err = load->err;
        rc = load->rc;
    }
    return rc || !load->entries ? rc : carried_put(load, store, err);
}
