#include "store/schema.h"

/*
 * Names of verdicts and states are text, for whoever opens the file with
 * another tool. Nothing is deleted, so ids only grow and "newest" is the
 * largest id. An index also holds the row's id: one on `run` alone finds the
 * decisions of a run in order.
 */
static const char create_tables[] =
    "CREATE TABLE run ("
    "  id INTEGER PRIMARY KEY,"
    "  site TEXT NOT NULL,"
    "  model TEXT NOT NULL,"
    "  began_ms INTEGER NOT NULL,"
    "  ended_ms INTEGER NOT NULL DEFAULT 0,"
    "  seen INTEGER NOT NULL DEFAULT 0,"
    "  known INTEGER NOT NULL DEFAULT 0,"
    "  approved INTEGER NOT NULL DEFAULT 0,"
    "  held INTEGER NOT NULL DEFAULT 0,"
    "  spam INTEGER NOT NULL DEFAULT 0,"
    "  applied INTEGER NOT NULL DEFAULT 0,"
    "  skipped INTEGER NOT NULL DEFAULT 0,"
    "  failed INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "CREATE INDEX run_by_site ON run (site);"
    "CREATE TABLE decision ("
    "  id INTEGER PRIMARY KEY,"
    "  run INTEGER NOT NULL REFERENCES run (id),"
    "  at_ms INTEGER NOT NULL,"
    "  site TEXT NOT NULL,"
    "  comment TEXT NOT NULL,"
    "  digest TEXT NOT NULL,"
    "  was TEXT NOT NULL,"
    "  author TEXT NOT NULL,"
    "  excerpt TEXT NOT NULL,"
    "  verdict TEXT NOT NULL,"
    "  p_spam REAL NOT NULL,"
    "  p_abuse REAL NOT NULL,"
    "  model TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  detail TEXT NOT NULL,"
    "  settled_ms INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "CREATE INDEX decision_by_run ON decision (run);"
    "CREATE INDEX decision_by_site ON decision (site);"
    "CREATE INDEX decision_by_comment ON decision (comment, site);"
    "CREATE INDEX decision_outbox ON decision (site)"
    "  WHERE state = 'pending';"
    "CREATE TABLE reason ("
    "  decision INTEGER NOT NULL REFERENCES decision (id),"
    "  position INTEGER NOT NULL,"
    "  feature TEXT NOT NULL,"
    "  weight REAL NOT NULL,"
    "  evidence TEXT NOT NULL,"
    "  PRIMARY KEY (decision, position)"
    ") STRICT, WITHOUT ROWID;";

/*
 * The inbox and what people said. A delivery id is unique at its site, so
 * that the same event is one row however often it is sent.
 */
static const char create_inbox[] =
    "CREATE TABLE event ("
    "  id INTEGER PRIMARY KEY,"
    "  site TEXT NOT NULL,"
    "  delivery TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  body TEXT NOT NULL,"
    "  received_ms INTEGER NOT NULL,"
    "  state TEXT NOT NULL DEFAULT 'waiting',"
    "  detail TEXT NOT NULL DEFAULT '',"
    "  decision INTEGER NOT NULL DEFAULT 0,"
    "  done_ms INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "CREATE UNIQUE INDEX event_by_delivery ON event (delivery, site);"
    "CREATE INDEX event_inbox ON event (site) WHERE state = 'waiting';"
    "CREATE TABLE feedback ("
    "  id INTEGER PRIMARY KEY,"
    "  at_ms INTEGER NOT NULL,"
    "  site TEXT NOT NULL,"
    "  comment TEXT NOT NULL,"
    "  decision INTEGER NOT NULL,"
    "  verdict TEXT NOT NULL,"
    "  label TEXT NOT NULL,"
    "  source TEXT NOT NULL,"
    "  by TEXT NOT NULL,"
    "  wrong INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX feedback_by_comment ON feedback (comment, site);"
    "CREATE INDEX feedback_by_site ON feedback (site, at_ms);";

/*
 * What a site has taught. A decision knows whose comment it was by the
 * fingerprint of an address, so that a person's data can be found again. A
 * layer's bytes are text, as every value of many bytes here is.
 */
static const char create_labels[] =
    "ALTER TABLE decision ADD COLUMN person TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX decision_by_person ON decision (person)"
    "  WHERE person <> '';"
    "CREATE TABLE label ("
    "  id INTEGER PRIMARY KEY,"
    "  site TEXT NOT NULL,"
    "  comment TEXT NOT NULL,"
    "  spam INTEGER NOT NULL,"
    "  source TEXT NOT NULL,"
    "  giver TEXT NOT NULL,"
    "  weight REAL NOT NULL,"
    "  at_ms INTEGER NOT NULL,"
    "  labelled_ms INTEGER NOT NULL,"
    "  person TEXT NOT NULL,"
    "  body TEXT NOT NULL,"
    "  forgotten_ms INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "CREATE UNIQUE INDEX label_by_comment ON label (comment, site);"
    "CREATE INDEX label_by_site ON label (site, comment);"
    "CREATE INDEX label_by_person ON label (person) WHERE person <> '';"
    "CREATE TABLE site_model ("
    "  id INTEGER PRIMARY KEY,"
    "  site TEXT NOT NULL,"
    "  model TEXT NOT NULL,"
    "  general TEXT NOT NULL,"
    "  parent TEXT NOT NULL,"
    "  made_ms INTEGER NOT NULL,"
    "  ham INTEGER NOT NULL,"
    "  spam INTEGER NOT NULL,"
    "  loss REAL NOT NULL,"
    "  general_loss REAL NOT NULL,"
    "  false_marks INTEGER NOT NULL,"
    "  caught INTEGER NOT NULL,"
    "  promised INTEGER NOT NULL,"
    "  live INTEGER NOT NULL,"
    "  reason TEXT NOT NULL,"
    "  bytes TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX site_model_by_site ON site_model (site);"
    "CREATE UNIQUE INDEX site_model_live ON site_model (site)"
    "  WHERE live = 1;";

/*
 * The moderators' page. A decision knows who made it, when that was a person;
 * whether it waits for one (1; 2 where one left it for later); and the
 * campaign of its text. Of what it was about
 * `content` keeps the words, which `search` finds (FTS5, without a copy of
 * its own), and the whole comment as it came.
 *
 * A session and a one-time link are known by the SHA-256 of their tokens.
 */
static const char create_page[] =
    "ALTER TABLE decision ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE decision ADD COLUMN open INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE decision ADD COLUMN campaign INTEGER NOT NULL DEFAULT 0;"
    "UPDATE decision SET open = 1 WHERE verdict = 'hold'"
    "  AND state IN ('kept', 'answered')"
    "  AND id = (SELECT max(id) FROM decision AS newer"
    "    WHERE newer.comment = decision.comment"
    "    AND newer.site = decision.site)"
    "  AND NOT EXISTS (SELECT 1 FROM feedback"
    "    WHERE feedback.comment = decision.comment"
    "    AND feedback.site = decision.site AND feedback.label <> 'hold');"
    "CREATE INDEX decision_open ON decision"
    "  (site, comment, open, p_spam, p_abuse, campaign, at_ms)"
    "  WHERE open <> 0;"
    "CREATE INDEX decision_by_verdict ON decision (verdict);"
    "CREATE INDEX decision_by_model ON decision (model);"
    "CREATE INDEX decision_by_time ON decision (at_ms);"
    "CREATE INDEX decision_by_day ON decision (site, at_ms, verdict, campaign)"
    "  WHERE decided_by = '';"
    "CREATE INDEX decision_by_campaign ON decision (campaign)"
    "  WHERE campaign <> 0;"
    "CREATE INDEX reason_by_feature ON reason (feature, decision);"
    "CREATE INDEX feedback_by_decision ON feedback (decision);"
    "CREATE TABLE content ("
    "  decision INTEGER PRIMARY KEY REFERENCES decision (id),"
    "  host TEXT NOT NULL,"
    "  author TEXT NOT NULL,"
    "  text TEXT NOT NULL,"
    "  comment TEXT NOT NULL"
    ") STRICT;"
    "CREATE VIRTUAL TABLE search USING fts5 (text, author, host,"
    "  content = 'content', content_rowid = 'decision',"
    "  tokenize = 'unicode61 remove_diacritics 2');"
    "INSERT INTO content (decision, host, author, text, comment)"
    "  SELECT id, '', author, excerpt, '' FROM decision;"
    "INSERT INTO search (search) VALUES ('rebuild');"
    "CREATE TABLE account ("
    "  login TEXT PRIMARY KEY,"
    "  role TEXT NOT NULL,"
    "  password TEXT NOT NULL DEFAULT '',"
    "  disabled INTEGER NOT NULL DEFAULT 0,"
    "  created_ms INTEGER NOT NULL,"
    "  seen_ms INTEGER NOT NULL DEFAULT 0"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE session ("
    "  token TEXT PRIMARY KEY,"
    "  login TEXT NOT NULL REFERENCES account (login),"
    "  csrf TEXT NOT NULL,"
    "  address TEXT NOT NULL,"
    "  created_ms INTEGER NOT NULL,"
    "  seen_ms INTEGER NOT NULL,"
    "  ended INTEGER NOT NULL DEFAULT 0"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX session_by_login ON session (login, address);"
    "CREATE TABLE invite ("
    "  token TEXT PRIMARY KEY,"
    "  login TEXT NOT NULL,"
    "  role TEXT NOT NULL,"
    "  expires_ms INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE audit ("
    "  id INTEGER PRIMARY KEY,"
    "  at_ms INTEGER NOT NULL,"
    "  who TEXT NOT NULL,"
    "  what TEXT NOT NULL,"
    "  site TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  before TEXT NOT NULL,"
    "  after TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX audit_by_who ON audit (who);"
    "CREATE INDEX audit_settings ON audit (id) WHERE what = 'settings';"
    "CREATE TABLE action ("
    "  login TEXT NOT NULL,"
    "  id TEXT NOT NULL,"
    "  at_ms INTEGER NOT NULL,"
    "  outcomes TEXT NOT NULL,"
    "  PRIMARY KEY (login, id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE setting ("
    "  site TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  value TEXT NOT NULL,"
    "  PRIMARY KEY (site, name)"
    ") STRICT, WITHOUT ROWID;";

/* How far the entries of a journal have been carried over (intake.h). */
static const char create_intake[] = "CREATE TABLE intake ("
                                    "  journal TEXT PRIMARY KEY,"
                                    "  carried INTEGER NOT NULL"
                                    ") STRICT, WITHOUT ROWID;";

/* Whose turn it is, where nodes share a server (lease.h). */
static const char create_lease[] = "CREATE TABLE lease ("
                                   "  site TEXT PRIMARY KEY,"
                                   "  holder TEXT NOT NULL,"
                                   "  fence INTEGER NOT NULL,"
                                   "  until_ms INTEGER NOT NULL"
                                   ") STRICT, WITHOUT ROWID;";

/* Migration 0 makes a store of schema 1 out of an empty file, and so on. */
static const char *const migration[] = {
    create_tables, create_inbox,  create_labels,
    create_page,   create_intake, create_lease,
};

#define SCHEMA_VERSION ((int64_t)(sizeof(migration) / sizeof(migration[0])))

static enum error_code mark_check(const struct database *db,
                                  const struct database_mark *mark,
                                  struct error *err)
{
    if (!mark->empty && !mark->ours)
        return error_set(
            err, ERROR_STORE,
            "%.256s: is another program's database, not a sluice "
            "store; name another %s",
            db->path, database_is_server(span_str(db->path)) ? "one" : "file");
    if (mark->version > SCHEMA_VERSION)
        return error_set(err, ERROR_STORE,
                         "%.256s: made by a newer version of sluice (schema "
                         "%lld, this one knows %lld); update sluice",
                         db->path, (long long)mark->version,
                         (long long)SCHEMA_VERSION);
    if (mark->version < 0 || (!mark->empty && !mark->version))
        return error_set(err, ERROR_STORE,
                         "%.256s: the store is damaged (schema %lld); restore "
                         "a backup",
                         db->path, (long long)mark->version);
    return ERROR_NONE;
}

enum error_code schema_recognise(struct database *db, struct error *err)
{
    struct database_mark mark = { .empty = false };
    enum error_code rc = database_mark_read(db, &mark, err);

    return rc ? rc : mark_check(db, &mark, err);
}

static enum error_code migration_run(struct database *db, int64_t version,
                                     struct error *err)
{
    enum error_code rc = database_exec(db, migration[version], err);

    return rc ? rc : database_mark_write(db, version + 1, err);
}

/* The next migration, looked for only when no other process can be at it. */
static enum error_code migrate_once(struct database *db,
                                    struct database_mark *mark,
                                    struct error *err)
{
    enum error_code rc = database_begin(db, err);

    if (rc)
        return rc;
    rc = database_reserve(db, SPAN_LIT("schema"), SPAN_LIT(""), err);
    if (!rc)
        rc = database_mark_read(db, mark, err);
    if (!rc)
        rc = mark_check(db, mark, err);
    if (!rc && mark->version < SCHEMA_VERSION)
        rc = migration_run(db, mark->version++, err);
    return database_end(db, rc, err);
}

enum error_code schema_migrate(struct database *db, struct error *err)
{
    struct database_mark mark = { .empty = false };
    enum error_code rc = database_mark_read(db, &mark, err);

    while (!rc && mark.version < SCHEMA_VERSION)
        rc = migrate_once(db, &mark, err);
    return rc;
}
