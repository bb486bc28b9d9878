/*
 * A file as a site: one comment a line, with its "status" among the keys. For
 * people who try sluice out, and for those who keep comments in files.
 */
#include "base/alloc.h"
#include "base/log.h"
#include "site/queue_file.h"
#include "site/site_ops.h"
#include "wire/comment_json.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each page told writes the file anew; each is a step of the progress. */
#define PAGE_LINES 100

struct filequeue {
    struct site site; /* first: what site.c hands around */
    struct queue_file file;
    struct arena arena; /* the options */
    struct span name;
    struct arena walk_arena;
    struct span walked; /* the status of the walk; static or in walk_arena */
    struct span *walk;  /* ids of it when the walk began */
    size_t walk_nr;
    size_t walk_at;
    size_t garbled; /* lines to report with the next page */
    const volatile bool *stop;
};

static enum error_code filequeue_open(struct site **site,
                                      const struct site_options *options,
                                      struct error *err)
{
    struct filequeue *fq;

    if (!options->url.len ||
        span_find_char(options->url, '\0') < options->url.len)
        return error_set(err, ERROR_CONFIG,
                         "site %.*s: no file; set url to the NDJSON file "
                         "that holds the comments",
                         SPAN_ARG(options->name));
    fq = xcalloc(1, sizeof(*fq));
    fq->site.ops = &filequeue_ops;
    fq->stop = options->stop;
    queue_file_init(&fq->file, options->url);
    arena_init(&fq->arena);
    arena_init(&fq->walk_arena);
    fq->name = arena_dup(&fq->arena, options->name);
    *site = &fq->site;
    return ERROR_NONE;
}

static void filequeue_close(struct site *site)
{
    struct filequeue *fq = (struct filequeue *)site;

    queue_file_release(&fq->file);
    arena_release(&fq->walk_arena);
    arena_release(&fq->arena);
    free(fq);
}

static enum error_code filequeue_check(struct site *site, struct error *err)
{
    struct filequeue *fq = (struct filequeue *)site;
    enum error_code rc = queue_file_load(&fq->file, false, err);
    char *copy;

    if (rc)
        return rc;
    copy = xstrdup(fq->file.real);
    if (access(fq->file.path, W_OK) || access(dirname(copy), W_OK))
        rc = error_set(err, ERROR_CONFIG,
                       "%s: can't be written: %s; the file and its directory "
                       "must be writable, for it is replaced whole",
                       fq->file.path, strerror(errno));
    free(copy);
    return rc;
}

static bool is_walked(const struct filequeue *fq,
                      const struct queue_line *line)
{
    return span_eq(line->status, fq->walked);
}

static enum error_code filequeue_history(struct site *site, struct span status,
                                         size_t *total, struct error *err)
{
    struct filequeue *fq = (struct filequeue *)site;
    struct queue_file *file = &fq->file;
    enum error_code rc = queue_file_load(file, true, err);

    *total = 0;
    fq->walk_nr = 0;
    fq->walk_at = 0;
    if (rc)
        return rc;
    arena_reset(&fq->walk_arena);
    fq->walked = arena_dup(&fq->walk_arena, status);
    fq->walk = arena_zalloc(&fq->walk_arena, file->nr, sizeof(*fq->walk));
    for (size_t i = 0; i < file->nr; i++) {
        struct queue_line *line = &file->line[i];

        if (line->id.len && is_walked(fq, line) &&
            queue_file_find(file, line->id) == line)
            fq->walk[fq->walk_nr++] = arena_dup(&fq->walk_arena, line->id);
    }
    fq->garbled = file->garbled;
    *total = fq->walk_nr;
    return ERROR_NONE;
}

static enum error_code filequeue_queue(struct site *site, size_t *total,
                                       struct error *err)
{
    return filequeue_history(site, SPAN_LIT("hold"), total, err);
}

static void take_comment(struct filequeue *fq, struct arena *arena,
                         const struct queue_line *line, struct site_page *page)
{
    struct comment *comment = &page->comment[page->nr];
    struct error why;

    if (comment_parse(comment, arena, queue_file_text(&fq->file, line),
                      &why)) {
        fq->garbled++;
        log_warn("queue_line", "file=%s line=%zu problem=%s",
                 log_quote(span_str(fq->file.path)).text, line->number,
                 log_quote(span_str(why.text)).text);
        return;
    }
    if (!comment->site.len)
        comment->site = arena_dup(arena, fq->name);
    comment->status = arena_dup(arena, line->status);
    page->nr++;
}

static enum error_code filequeue_queue_next(struct site *site,
                                            struct arena *arena,
                                            struct site_page *page,
                                            size_t *garbled, struct error *err)
{
    struct filequeue *fq = (struct filequeue *)site;
    enum error_code rc = ERROR_NONE;

    page->comment = arena_zalloc(arena, PAGE_LINES, sizeof(struct comment));
    page->nr = 0;
    if (fq->walk_at < fq->walk_nr)
        rc = queue_file_load(&fq->file, false, err);
    if (rc)
        return err->code = ERROR_SITE_GONE;
    while (fq->walk_at < fq->walk_nr && page->nr < PAGE_LINES &&
           !(fq->stop && *fq->stop)) {
        const struct queue_line *line =
            queue_file_find(&fq->file, fq->walk[fq->walk_at++]);

        if (line && is_walked(fq, line))
            take_comment(fq, arena, line, page);
    }
    *garbled += fq->garbled;
    fq->garbled = 0;
    return ERROR_NONE;
}

static bool has_digest(struct filequeue *fq, const struct queue_line *line,
                       const struct digest *digest)
{
    struct comment comment;
    struct error ignored;
    struct arena arena;
    bool same = false;

    arena_init(&arena);
    if (!comment_parse(&comment, &arena, queue_file_text(&fq->file, line),
                       &ignored)) {
        struct digest now = comment_digest(&comment);

        same = !strcmp(now.hex, digest->hex);
    }
    arena_release(&arena);
    return same;
}

/* What is to come of a change; true when the line must be rewritten. */
static bool decide(struct filequeue *fq, struct site_change *change)
{
    struct queue_line *line = queue_file_find(&fq->file, change->id);

    if (!site_is_status(change->want)) {
        change->outcome = SITE_REFUSED;
        error_set(&change->error, ERROR_INPUT, "there is no status %s",
                  log_quote(change->want).text);
    } else if (!line) {
        change->outcome = SITE_MISSING;
    } else if (span_eq(line->status, change->want)) {
        change->outcome = SITE_APPLIED;
    } else if (!span_eq(line->status, change->expect) ||
               (change->digest.hex[0] &&
                !has_digest(fq, line, &change->digest))) {
        change->outcome = SITE_SKIPPED;
    } else {
        line->rewrite = site_status(change->want);
        line->status = line->rewrite;
        change->outcome = SITE_APPLIED;
        return true;
    }
    return false;
}

static void all_wait(struct site_change *change, size_t nr,
                     const struct error *why)
{
    for (size_t i = 0; i < nr; i++) {
        change[i].outcome = SITE_WAITS;
        change[i].error = *why;
    }
}

static enum error_code filequeue_apply(struct site *site,
                                       struct site_change *change, size_t nr,
                                       struct error *err)
{
    struct filequeue *fq = (struct filequeue *)site;
    bool rewrite = false;
    enum error_code rc;
    int lock;

    rc = queue_file_lock(&fq->file, &lock, err);
    if (rc) {
        all_wait(change, nr, err);
        return rc;
    }
    rc = queue_file_load(&fq->file, false, err);
    if (rc)
        goto out;
    for (size_t i = 0; i < nr; i++) {
        change[i].error = (struct error){ ERROR_NONE, "" };
        if (decide(fq, &change[i]))
            rewrite = true;
    }
    if (rewrite)
        rc = queue_file_rewrite(&fq->file, err);
out:
    if (rc) {
        err->code = ERROR_SITE_GONE;
        rc = ERROR_SITE_GONE;
        all_wait(change, nr, err);
    }
    queue_file_unlock(lock);
    return rc;
}

const struct site_ops filequeue_ops = {
    .open = filequeue_open,
    .close = filequeue_close,
    .check = filequeue_check,
    .queue = filequeue_queue,
    .history = filequeue_history,
    .queue_next = filequeue_queue_next,
    .apply = filequeue_apply,
};
