#include "site/queue_file.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/log.h"
#include "site/dir_lock.h"
#include "site/site_ops.h"
#include "site/status_edit.h"
#include "wire/json.h"
#include "wire/ndjson.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES ((size_t)64 << 10)

/* Bad lines that are named in the log; a file may hold nothing else. */
#define TOLD_MAX 20

void queue_file_init(struct queue_file *file, struct span path)
{
    memset(file, 0, sizeof(*file));
    file->path = xmalloc(path.len + 1);
    if (path.len)
        memcpy(file->path, path.ptr, path.len);
    file->path[path.len] = '\0';
    file->fd = -1;
    file->old_fd = -1;
    buf_init(&file->bytes, QUEUE_FILE_BYTES_MAX);
    arena_init(&file->arena);
}

static void forget(struct queue_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
    file->nr = 0;
    file->by_id_nr = 0;
    file->garbled = 0;
    buf_reset(&file->bytes);
    arena_reset(&file->arena);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
           a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Append what `fd` has from `offset` on. */
static bool read_from(struct buf *out, int fd, size_t offset)
{
    while (buf_reserve(out, READ_BYTES)) {
        ssize_t got =
            pread(fd, out->ptr + out->len, READ_BYTES, (off_t)offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return !got;
        out->len += (size_t)got;
        offset += (size_t)got;
    }
    return false;
}

static enum error_code read_file(struct queue_file *file, struct error *err)
{
    forget(file);
    free(file->real);
    file->real = realpath(file->path, NULL);
    file->fd = file->real ? open(file->real, O_RDONLY | O_CLOEXEC) : -1;
    if (file->fd < 0)
        return error_set(err, ERROR_CONFIG,
                         "%s: can't be opened: %s; set url to the NDJSON "
                         "file that holds the comments",
                         file->path, strerror(errno));
    if (fstat(file->fd, &file->seen) || !S_ISREG(file->seen.st_mode))
        return error_set(err, ERROR_CONFIG, "%s: is no file", file->path);
    /* All at once: a buf that grows step by step copies what it has. */
    buf_reserve(&file->bytes, (size_t)file->seen.st_size + READ_BYTES);
    if (read_from(&file->bytes, file->fd, 0))
        return ERROR_NONE;
    if (file->bytes.full)
        return error_set(err, ERROR_INPUT,
                         "%s: larger than %zu bytes; split it", file->path,
                         file->bytes.max);
    return error_set(err, ERROR_CONFIG, "%s: can't be read: %s", file->path,
                     strerror(errno));
}

/* An id may be a number in the file; it is text to us. */
static struct span read_id(struct queue_file *file, const struct json *object)
{
    const struct json *id = json_member(object, "id");
    struct span text;
    long long number;

    if (json_text(id, &text))
        return arena_dup(&file->arena, text);
    if (json_long(id, &number))
        return arena_printf(&file->arena, "%lld", number);
    return SPAN_LIT("");
}

static struct span read_status(struct queue_file *file,
                               const struct json *object)
{
    struct span text = SPAN_LIT("");
    struct span name;
    long long number;

    if (json_long(json_member(object, "status"), &number))
        text = arena_printf(&file->arena, "%lld", number);
    else
        (void)json_text(json_member(object, "status"), &text);
    if (!text.len)
        return SPAN_LIT("hold");
    name = site_status(text);
    return name.ptr == text.ptr ? arena_dup(&file->arena, text) : name;
}

static void tell_line(const struct queue_file *file,
                      const struct queue_line *line, const char *what,
                      size_t *told)
{
    if (++*told > TOLD_MAX)
        return;
    log_warn("queue_line", "file=%s line=%zu problem=\"%s\"%s",
             log_quote(span_str(file->path)).text, line->number, what,
             *told == TOLD_MAX ? " hint=\"further ones are not named\"" : "");
}

static void read_line(struct queue_file *file, struct queue_line *line,
                      bool tell, size_t *told)
{
    struct span text = queue_file_text(file, line);
    struct error why;
    struct json_doc doc;

    if (text.len > NDJSON_LINE_MAX) {
        error_set(&why, ERROR_INPUT, "too long");
    } else if (!json_parse(&doc, text, &why)) {
        line->id = read_id(file, doc.root);
        line->status = read_status(file, doc.root);
        json_release(&doc);
        error_set(&why, ERROR_INPUT, "no id");
    }
    if (line->id.len)
        return;
    file->garbled++;
    if (tell)
        tell_line(file, line, why.text, told);
}

static void read_lines(struct queue_file *file, bool tell, size_t *told)
{
    struct span bytes = buf_span(&file->bytes);
    size_t number = 0;

    for (size_t at = 0; at < bytes.len;) {
        struct span rest = span_cut(bytes, at, bytes.len);
        struct queue_line line = { .at = at };

        line.number = ++number;
        line.len = span_find_char(rest, '\n');
        if (span_trim(span_cut(rest, 0, line.len)).len)
            read_line(file, &line, tell, told);
        file->line =
            xgrow(file->line, file->nr, &file->alloc, sizeof(*file->line));
        file->line[file->nr++] = line;
        at += line.len + 1;
    }
}

static int by_id_order(const void *a, const void *b, void *arg)
{
    const struct queue_line *line = arg;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    int order = span_cmp(line[x].id, line[y].id);

    return order ? order : (x > y) - (x < y);
}

/* The first line of an id is the comment; the index drops the others. */
static void index_lines(struct queue_file *file, bool tell, size_t *told)
{
    size_t nr = 0;

    file->by_id = xrealloc(file->by_id, file->nr * sizeof(*file->by_id));
    for (size_t i = 0; i < file->nr; i++)
        if (file->line[i].id.len)
            file->by_id[nr++] = i;
    if (nr)
        qsort_r(file->by_id, nr, sizeof(*file->by_id), by_id_order,
                file->line);
    for (size_t i = 0; i < nr; i++) {
        struct queue_line *line = &file->line[file->by_id[i]];
        size_t kept = file->by_id_nr;

        if (!kept ||
            !span_eq(file->line[file->by_id[kept - 1]].id, line->id)) {
            file->by_id[file->by_id_nr++] = file->by_id[i];
            continue;
        }
        if (tell)
            tell_line(file, line, "its id is that of an earlier line", told);
    }
}

enum error_code queue_file_load(struct queue_file *file, bool tell,
                                struct error *err)
{
    enum error_code rc;
    struct stat now;
    size_t told = 0;

    if (!tell && file->fd >= 0 && !stat(file->path, &now) &&
        same_file(&now, &file->seen))
        return ERROR_NONE;
    rc = read_file(file, err);
    if (rc) {
        forget(file);
        return rc;
    }
    read_lines(file, tell, &told);
    index_lines(file, tell, &told);
    return ERROR_NONE;
}

struct queue_line *queue_file_find(struct queue_file *file, struct span id)
{
    size_t from = 0;
    size_t to = file->by_id_nr;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        struct queue_line *line = &file->line[file->by_id[middle]];
        int order = span_cmp(id, line->id);

        if (!order)
            return line;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

struct span queue_file_text(const struct queue_file *file,
                            const struct queue_line *line)
{
    return span_cut(buf_span(&file->bytes), line->at, line->at + line->len);
}

/*
 * The new bytes, and where the lines are in them. A line that is no object
 * never has an id, so there is nothing to rewrite in it.
 */
static void build(struct queue_file *file, struct buf *out)
{
    buf_reserve(out, file->bytes.len + file->nr);
    for (size_t i = 0; i < file->nr; i++) {
        struct queue_line *line = &file->line[i];
        struct span text = queue_file_text(file, line);
        size_t at = out->len;

        if (!line->rewrite.len || !status_edit(out, text, line->rewrite))
            buf_add(out, text);
        /* The last line may have no LF, and shall have none. */
        if (line->at + line->len < file->bytes.len)
            buf_add_char(out, '\n');
        line->rewrite = SPAN_LIT("");
        line->at = at;
        line->len = out->len - at;
        if (line->len && out->ptr[out->len - 1] == '\n')
            line->len--;
    }
}

/* Append to the file as others do: at its end, wherever that is by then. */
static bool append(const char *path, struct span data)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    ssize_t put = -1;

    if (fd >= 0)
        put = TEMP_FAILURE_RETRY(write(fd, data.ptr, data.len));
    if (fd >= 0 && (fsync(fd) || close(fd)))
        return false;
    return put == (ssize_t)data.len;
}

/*
 * Somebody who had the old file open when we replaced it may have appended to
 * it since; those lines belong into the new one. The old file is looked at
 * after the rewrite, before the next, and at the end.
 */
static void carry_over(struct queue_file *file)
{
    struct buf tail;

    if (file->old_fd < 0)
        return;
    buf_init(&tail, QUEUE_FILE_BYTES_MAX);
    (void)read_from(&tail, file->old_fd, file->old_len);
    if (tail.len && append(file->real, buf_span(&tail)))
        file->old_len += tail.len;
    buf_release(&tail);
}

static void let_old_go(struct queue_file *file)
{
    if (file->old_fd >= 0)
        close(file->old_fd);
    file->old_fd = -1;
}

enum error_code queue_file_lock(struct queue_file *file, int *lock,
                                struct error *err)
{
    enum error_code rc = dir_lock_take(lock, file->path, err);

    if (!rc)
        carry_over(file);
    return rc;
}

void queue_file_unlock(int lock)
{
    dir_lock_give(lock);
}

/*
 * Take the new bytes over. Should there be more in the file already, it does
 * not look as it did, and the next load reads it again.
 */
static void adopt(struct queue_file *file, struct buf *bytes)
{
    let_old_go(file);
    file->old_fd = file->fd;
    file->old_len = file->bytes.len;
    file->fd = open(file->real, O_RDONLY | O_CLOEXEC);
    buf_release(&file->bytes);
    file->bytes = *bytes;
    buf_init(bytes, QUEUE_FILE_BYTES_MAX);
    if (file->fd < 0 || fstat(file->fd, &file->seen) ||
        (size_t)file->seen.st_size != file->bytes.len)
        forget(file);
    carry_over(file);
}

enum error_code queue_file_rewrite(struct queue_file *file, struct error *err)
{
    enum error_code rc;
    struct buf bytes;

    buf_init(&bytes, QUEUE_FILE_BYTES_MAX);
    build(file, &bytes);
    if (bytes.full)
        rc = error_set(err, ERROR_SITE_GONE, "%s: larger than %zu bytes",
                       file->path, bytes.max);
    else
        rc = file_replace(file->real, buf_span(&bytes), err);
    if (rc)
        forget(file);
    else
        adopt(file, &bytes);
    buf_release(&bytes);
    if (rc)
        err->code = ERROR_SITE_GONE;
    return rc ? ERROR_SITE_GONE : ERROR_NONE;
}

void queue_file_release(struct queue_file *file)
{
    struct error ignored;
    int lock;

    if (file->old_fd >= 0 && !queue_file_lock(file, &lock, &ignored))
        queue_file_unlock(lock);
    let_old_go(file);
    forget(file);
    buf_release(&file->bytes);
    arena_release(&file->arena);
    free(file->line);
    free(file->by_id);
    free(file->path);
    free(file->real);
}
