#include "store/writer.h"

#include "base/alloc.h"
#include "store/store_ops.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/*
 * Of one transaction at a server: the locks it takes are from a table that
 * all share, of some 6,000 places (max_locks_per_transaction).
 */
#define SERVER_JOBS_MAX 200

/* After so many in one commit it waits so long for more. */
#define GATHER_FROM 8
#define GATHER_NS 2000000L
#define NS_PER_S 1000000000L

struct writer {
    struct store *store;
    struct store *own; /* to be closed */
    struct readers *readers;
    char *url;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work; /* something to do */
    pthread_cond_t room; /* places in the queue */
    struct writer_job *first;
    struct writer_job **last;
    size_t nr;
    size_t nr_at_once;
    size_t taken; /* the last time */
    bool urgent;  /* among what waits is something that is waited for */
    bool stopping;
};

/* The lock is held. */
static struct writer_job *cut_off_all(struct writer *writer)
{
    struct writer_job *first = writer->first;

    writer->first = NULL;
    writer->last = &writer->first;
    writer->nr = 0;
    return first;
}

/* The first of those that wait, in a list of their own. The lock is held. */
static struct writer_job *cut_off(struct writer *writer, size_t max)
{
    struct writer_job *first = writer->first;
    struct writer_job **end = &writer->first;

    if (writer->nr <= max)
        return cut_off_all(writer);
    for (; max; max--) {
        end = &(*end)->next;
        writer->nr--;
    }
    writer->first = *end;
    *end = NULL;
    return first;
}

/*
 * When many come, a commit for each few would write the same page again and
 * again. A moment later there are more of them. The lock is held.
 */
static void gather(struct writer *writer)
{
    struct timespec until;
    int rc = 0;

    if (writer->taken < GATHER_FROM)
        return;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += GATHER_NS;
    until.tv_sec += until.tv_nsec / NS_PER_S;
    until.tv_nsec %= NS_PER_S;
    while (!rc && !writer->urgent && !writer->stopping)
        rc = pthread_cond_timedwait(&writer->work, &writer->lock, &until);
}

/* What waits, at once. NULL when there is no more and there will be none. */
static struct writer_job *take(struct writer *writer)
{
    struct writer_job *job;
    size_t waiting;

    pthread_mutex_lock(&writer->lock);
    gather(writer);
    while (!writer->first && !writer->stopping)
        pthread_cond_wait(&writer->work, &writer->lock);
    waiting = writer->nr;
    job = cut_off(writer, writer->nr_at_once);
    writer->taken = waiting - writer->nr;
    writer->urgent = writer->first != NULL;
    pthread_cond_broadcast(&writer->room);
    pthread_mutex_unlock(&writer->lock);
    return job;
}

/* A job that fails takes back only what is its own. */
static enum error_code run_all(struct writer *writer, struct writer_job *first,
                               struct error *err)
{
    enum error_code rc = store_begin(writer->store, err);

    if (rc)
        return rc;
    for (struct writer_job *job = first; job; job = job->next) {
        struct error own;

        job->rc = job->run(job, writer->store, &own);
        if (job->rc)
            job->err = own;
    }
    return store_end(writer->store, ERROR_NONE, err);
}

static void tell_all(struct writer_job *first, enum error_code rc,
                     const struct error *err)
{
    while (first) {
        struct writer_job *next = first->next;

        /* From here on it may be gone. */
        if (rc)
            first->done(first, rc, err);
        else
            first->done(first, first->rc, &first->err);
        first = next;
    }
}

static void *write_all(void *context)
{
    struct writer *writer = context;
    struct writer_job *job;
    struct error err;

    for (;;) {
        enum error_code rc;

        job = take(writer);
        if (!job)
            return NULL;
        rc = run_all(writer, job, &err);
        tell_all(job, rc, &err);
    }
}

static struct writer *writer_new(const char *url)
{
    struct writer *made = xcalloc(1, sizeof(*made));

    made->url = xstrdup(url);
    made->readers = readers_new(url);
    made->last = &made->first;
    made->nr_at_once =
        store_is_server(span_str(url)) ? SERVER_JOBS_MAX : WRITER_QUEUE_MAX;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->work, NULL);
    pthread_cond_init(&made->room, NULL);
    return made;
}

static enum error_code begin(struct writer **writer, struct writer *made,
                             struct error *err)
{
    if (pthread_create(&made->thread, NULL, write_all, made) != 0)
        return error_set(err, ERROR_STORE, "no thread could be started");
    *writer = made;
    return ERROR_NONE;
}

enum error_code writer_start(struct writer **writer, const char *url,
                             struct error *err)
{
    struct writer *made = writer_new(url);
    enum error_code rc = store_open(&made->own, url, err);

    made->store = made->own;
    if (!rc)
        rc = begin(writer, made, err);
    if (rc)
        writer_stop(made);
    return rc;
}

enum error_code writer_start_on(struct writer **writer, struct store *store,
                                struct error *err)
{
    struct writer *made = writer_new("");
    enum error_code rc;

    made->store = store;
    rc = begin(writer, made, err);
    if (rc)
        writer_stop(made);
    return rc;
}

void writer_stop(struct writer *writer)
{
    if (!writer)
        return;
    if (writer->thread) {
        pthread_mutex_lock(&writer->lock);
        writer->stopping = true;
        pthread_cond_signal(&writer->work);
        pthread_mutex_unlock(&writer->lock);
        pthread_join(writer->thread, NULL);
    }
    readers_free(writer->readers);
    store_close(writer->own);
    pthread_cond_destroy(&writer->room);
    pthread_cond_destroy(&writer->work);
    pthread_mutex_destroy(&writer->lock);
    free(writer->url);
    free(writer);
}

/* The lock is held. */
static void append(struct writer *writer, struct writer_job *job)
{
    job->next = NULL;
    *writer->last = job;
    writer->last = &job->next;
    if (!writer->nr++ || (!job->patient && !writer->urgent))
        pthread_cond_signal(&writer->work);
    writer->urgent = writer->urgent || !job->patient;
}

bool writer_submit(struct writer *writer, struct writer_job *job)
{
    bool taken;

    pthread_mutex_lock(&writer->lock);
    taken = writer->nr < WRITER_QUEUE_MAX;
    if (taken)
        append(writer, job);
    pthread_mutex_unlock(&writer->lock);
    return taken;
}

void writer_submit_wait(struct writer *writer, struct writer_job *job)
{
    pthread_mutex_lock(&writer->lock);
    while (writer->nr >= WRITER_QUEUE_MAX)
        pthread_cond_wait(&writer->room, &writer->lock);
    append(writer, job);
    pthread_mutex_unlock(&writer->lock);
}

size_t writer_depth(struct writer *writer)
{
    size_t nr;

    pthread_mutex_lock(&writer->lock);
    nr = writer->nr;
    pthread_mutex_unlock(&writer->lock);
    return nr;
}

const char *writer_url(const struct writer *writer)
{
    return writer->url;
}

struct readers *writer_readers(const struct writer *writer)
{
    return writer->readers;
}
