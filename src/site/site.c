#include "site/site.h"

#include "base/log.h"
#include "site/site_ops.h"

static const struct {
    const char *name;
    const struct site_ops *ops;
} kind[] = {
    { "filequeue", &filequeue_ops },
    { "akismet", &akismet_ops },
    { "wordpress", &wordpress_ops },
};

#define KIND_NR (sizeof(kind) / sizeof(kind[0]))

/* How a status may be written, and what we call it. */
static const struct {
    const char *written;
    const char *name;
} status[] = {
    { "hold", "hold" },        { "0", "hold" },
    { "unapproved", "hold" },  { "approved", "approved" },
    { "approve", "approved" }, { "1", "approved" },
    { "spam", "spam" },        { "trash", "trash" },
};

#define STATUS_NR (sizeof(status) / sizeof(status[0]))

enum error_code site_open(struct site **site,
                          const struct site_options *options,
                          struct error *err)
{
    for (size_t i = 0; i < KIND_NR; i++)
        if (span_eq(options->kind, span_str(kind[i].name)))
            return kind[i].ops->open(site, options, err);
    return error_set(err, ERROR_CONFIG,
                     "site %.*s: there is no kind %s; it is 'wordpress', "
                     "'filequeue' or 'akismet'",
                     SPAN_ARG(options->name), log_quote(options->kind).text);
}

void site_close(struct site *site)
{
    if (site)
        site->ops->close(site);
}

enum error_code site_check(struct site *site, struct error *err)
{
    return site->ops->check(site, err);
}

enum error_code site_queue(struct site *site, size_t *total, struct error *err)
{
    return site->ops->queue(site, total, err);
}

enum error_code site_history(struct site *site, struct span which,
                             size_t *total, struct error *err)
{
    if (!site->ops->history)
        return error_set(err, ERROR_CONFIG,
                         "a site of this kind can't list its comments; learn "
                         "from its WordPress itself (kind = wordpress)");
    return site->ops->history(site, which, total, err);
}

enum error_code site_queue_next(struct site *site, struct arena *arena,
                                struct site_page *page, size_t *garbled,
                                struct error *err)
{
    return site->ops->queue_next(site, arena, page, garbled, err);
}

bool site_applies_aside(const struct site *site)
{
    return site->ops->aside && site->ops->aside(site);
}

void site_apply_begin(struct site *site, struct site_change *change, size_t nr)
{
    if (site->ops->apply_begin)
        site->ops->apply_begin(site, change, nr);
}

enum error_code site_apply_end(struct site *site, struct site_change *change,
                               size_t nr, struct error *err)
{
    if (site->ops->apply_end)
        return site->ops->apply_end(site, change, nr, err);
    return site->ops->apply(site, change, nr, err);
}

enum error_code site_apply(struct site *site, struct site_change *change,
                           size_t nr, struct error *err)
{
    site_apply_begin(site, change, nr);
    return site_apply_end(site, change, nr, err);
}

void site_examine(struct site *site, struct examination *ex)
{
    struct error err;

    if (site->ops->examine)
        site->ops->examine(site, ex);
    else if (site->ops->check(site, &err))
        examination_fail(ex, "site", &err);
    else
        examination_ok(ex, "site", "it can be read and written");
}

bool site_takes_notes(const struct site *site)
{
    return site->ops->takes_notes && site->ops->takes_notes(site);
}

struct span site_status(struct span written)
{
    for (size_t i = 0; i < STATUS_NR; i++)
        if (span_eq(written, span_str(status[i].written)))
            return span_str(status[i].name);
    return written;
}

bool site_is_status(struct span name)
{
    for (size_t i = 0; i < STATUS_NR; i++)
        if (span_eq(name, span_str(status[i].name)))
            return true;
    return false;
}
