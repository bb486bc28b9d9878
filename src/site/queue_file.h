#ifndef SITE_QUEUE_FILE_H
#define SITE_QUEUE_FILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/*
 * An NDJSON file of comments, held in memory with an index by id; a part of
 * filequeue.
 *
 * Whoever rewrites the file holds a lock on its directory (flock), so that
 * two of us do not lose each other's changes. Readers need none: the file is
 * replaced whole. Others may append at any time ("cat more >> file"); lines
 * that arrive while we replace it are carried over. Who keeps the file open
 * for appending must take the lock, and open it again each time.
 */
#define QUEUE_FILE_BYTES_MAX ((size_t)1 << 30)

struct queue_line {
    size_t at;
    size_t len;          /* without its LF */
    size_t number;       /* from 1 */
    struct span id;      /* in the arena; empty: no comment's line */
    struct span status;  /* static, or in the arena */
    struct span rewrite; /* the status to write, if not empty */
};

struct queue_file {
    char *path; /* as configured */
    char *real; /* with links followed */
    int fd;     /* of the file as read; -1: nothing read */
    struct stat seen;
    int old_fd; /* of the file that we replaced last; -1: none */
    size_t old_len;
    struct buf bytes;
    struct arena arena;
    struct queue_line *line;
    size_t nr;
    size_t alloc;
    size_t *by_id; /* the first line of each id, in the order of ids */
    size_t by_id_nr;
    size_t garbled; /* lines without an id, blank ones aside */
};

/* Contacts nothing. `path` is copied. */
void queue_file_init(struct queue_file *file, struct span path);
void queue_file_release(struct queue_file *file);

/*
 * Read the file, if it is not as it was when last read. With `tell`, lines
 * that are no comments, and ids that come twice, are named in the log, the
 * first few of them. ERROR_CONFIG when there is no such file or it can't be
 * read; ERROR_INPUT when it is too large.
 */
enum error_code queue_file_load(struct queue_file *file, bool tell,
                                struct error *err) MUST_CHECK;

/* The first line of comment `id`, or NULL; valid until the next load. */
struct queue_line *queue_file_find(struct queue_file *file, struct span id);

/* Its bytes. */
struct span queue_file_text(const struct queue_file *file,
                            const struct queue_line *line);

/*
 * Take the lock of those who rewrite, waiting for it; `*lock` is given to
 * queue_file_unlock. ERROR_SITE_GONE when the directory can't be locked.
 */
enum error_code queue_file_lock(struct queue_file *file, int *lock,
                                struct error *err) MUST_CHECK;
void queue_file_unlock(int lock);

/*
 * Write the lines' `rewrite`, all at once; the lock is held, the file just
 * loaded. ERROR_SITE_GONE, with the file as it was, when it can't be written.
 */
enum error_code queue_file_rewrite(struct queue_file *file,
                                   struct error *err) MUST_CHECK;

#endif /* SITE_QUEUE_FILE_H */
