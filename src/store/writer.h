#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/event.h"
#include "store/lease.h"
#include "store/readers.h"

/*
 * One thread that writes for all the others: group commit.
 *
 * A commit waits for the disk, some milliseconds, whatever is in it. So jobs
 * are collected while the last commit is under way, done one after another in
 * one transaction, and all told when it is on the disk. That one thread alone
 * writes also means that nobody ever waits for a lock.
 */
struct writer;

/*
 * Jobs that may wait; then writer_submit refuses, and writer_submit_wait
 * waits.
 */
#define WRITER_QUEUE_MAX 8192

/*
 * Something to be written. `run` and `done` are called on the writer's
 * thread, `done` when the transaction is on the disk, or when it failed. The
 * job must live until then.
 */
struct writer_job {
    enum error_code (*run)(struct writer_job *job, struct store *store,
                           struct error *err);
    void (*done)(struct writer_job *job, enum error_code rc,
                 const struct error *err);
    bool patient;       /* nobody waits for it: it may wait for others, 2 ms */
    enum error_code rc; /* the writer's own from here on */
    struct error err;
    struct writer_job *next;
};

/* Open the store at `url` and start. The caller stops it. */
enum error_code writer_start(struct writer **writer, const char *url,
                             struct error *err) MUST_CHECK;

/* The same with a store that is open; the caller closes it, after the stop. */
enum error_code writer_start_on(struct writer **writer, struct store *store,
                                struct error *err) MUST_CHECK;

/* Do all jobs that were handed in, then end. NULL is fine. */
void writer_stop(struct writer *writer);

/* Hand in a job. False, and it was not taken, when too many wait. */
bool writer_submit(struct writer *writer, struct writer_job *job) MUST_CHECK;

/* Hand in a job, waiting for a place if need be; it is done later. */
void writer_submit_wait(struct writer *writer, struct writer_job *job);

/*
 * Have `run` called on the writer's thread, with the store, and wait: all that
 * it writes is one transaction, and is on the disk when this returns without
 * an error. An error of `run` takes back all that it wrote.
 */
enum error_code writer_call(struct writer *writer,
                            enum error_code (*run)(void *context,
                                                   struct store *store,
                                                   struct error *err),
                            void *context, struct error *err) MUST_CHECK;

/* Jobs that wait. */
size_t writer_depth(struct writer *writer);

/* As writer_start was given it; empty after writer_start_on. */
const char *writer_url(const struct writer *writer);

/* Those of the stores that writer_store makes; the writer's own. */
struct readers *writer_readers(const struct writer *writer);

/*
 * A store for one more thread: it reads by one of the readers, which it shares
 * with others of its kind, and has all that is to be written done by the
 * writer, waiting until it is on the disk. The caller closes it, before the
 * writer stops.
 */
enum error_code writer_store(struct writer *writer, struct store **store,
                             struct error *err) MUST_CHECK;

/*
 * From now on what `store`, of writer_store, remembers of decisions and events
 * is written only while `lease` holds (lease_check); its spans must live as
 * long. A fence of 0 always holds.
 */
void writer_store_guard(struct store *store, const struct lease *lease);

#endif /* STORE_WRITER_H */
