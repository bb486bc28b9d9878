#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "store/store_ops.h"

/*
 * A file of records (record.h) in the order in which they came, one cheap row
 * each, which are carried into the store proper behind (intake.h). The idea is
 * that of a log before the tree (O'Neil and others, "The Log-Structured
 * Merge-Tree", 1996): whoever brings something waits for one short write, not
 * for a dozen indexes.
 *
 * It is an SQLite file, so what was committed is there after a crash.
 */
struct journal;

/*
 * Open, and create if need be, the journal in the file `path`. ERROR_STORE
 * as store_open. Close it as a store.
 */
enum error_code journal_open(struct journal **journal, const char *path,
                             struct error *err) MUST_CHECK;

/*
 * As a store, for a writer: of the operations it has begin, end and check.
 */
struct store *journal_store(struct journal *journal);

/* By what one journal is told from another of the same name. */
struct span journal_name(const struct journal *journal);

enum journal_kind {
    JOURNAL_EVENT,
    JOURNAL_DECISION,
    JOURNAL_FEEDBACK,
};

/* Add a record: written when the transaction that is open ends. */
enum error_code journal_add(struct journal *journal, enum journal_kind kind,
                            struct span record, struct error *err) MUST_CHECK;

/* Have `on_commit` called, by whoever commits, when entries are on the disk.
 */
void journal_listen(struct journal *journal, void (*on_commit)(void *context),
                    void *context);

/* The newest entry's number; 0: there was none yet. Any thread may ask. */
int64_t journal_newest(struct journal *journal);

/*
 * Go on counting from number `id`, when the journal is an older copy of
 * itself: the store would take its new entries for ones that it has.
 */
enum error_code journal_count_on(struct journal *journal, int64_t id,
                                 struct error *err) MUST_CHECK;

/* Forget all entries up to number `id`. Within a transaction, or by itself. */
enum error_code journal_forget(struct journal *journal, int64_t id,
                               struct error *err) MUST_CHECK;

struct journal_entry {
    int64_t id;
    enum journal_kind kind;
    struct span record;
};

/*
 * Reads a journal's file beside whoever writes to it. Hands the entries above
 * number `after` to `each`, in order, until it returns false; the record lives
 * during the call.
 */
struct journal_reader;

enum error_code journal_reader_open(struct journal_reader **reader,
                                    const char *path,
                                    struct error *err) MUST_CHECK;
void journal_reader_close(struct journal_reader *reader); /* NULL is fine */

enum error_code journal_read(struct journal_reader *reader, int64_t after,
                             bool (*each)(void *context,
                                          const struct journal_entry *entry),
                             void *context, struct error *err) MUST_CHECK;

#endif /* STORE_JOURNAL_H */
