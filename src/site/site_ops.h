#ifndef SITE_SITE_OPS_H
#define SITE_SITE_OPS_H

#include "site/site.h"

/*
 * What a kind of site implements; the functions of site.h call these. A kind
 * embeds struct site as its first member and names itself in site.c.
 */
struct site_ops {
    enum error_code (*open)(struct site **site,
                            const struct site_options *options,
                            struct error *err);
    void (*close)(struct site *site);
    enum error_code (*check)(struct site *site, struct error *err);
    enum error_code (*queue)(struct site *site, size_t *total,
                             struct error *err);
    /* NULL: it can't. */
    enum error_code (*history)(struct site *site, struct span status,
                               size_t *total, struct error *err);
    enum error_code (*queue_next)(struct site *site, struct arena *arena,
                                  struct site_page *page, size_t *garbled,
                                  struct error *err);
    /* One that does not apply aside has `apply`; others the next three. */
    enum error_code (*apply)(struct site *site, struct site_change *change,
                             size_t nr, struct error *err);
    bool (*aside)(const struct site *site);
    void (*apply_begin)(struct site *site, struct site_change *change,
                        size_t nr);
    enum error_code (*apply_end)(struct site *site, struct site_change *change,
                                 size_t nr, struct error *err);
    bool (*takes_notes)(const struct site *site); /* NULL: it does not */
    void (*examine)(struct site *site, struct examination *ex);
};

struct site {
    const struct site_ops *ops;
};

/* Whether `name` is one of our four names. */
bool site_is_status(struct span name);

extern const struct site_ops akismet_ops;
extern const struct site_ops filequeue_ops;
extern const struct site_ops wordpress_ops;

#endif /* SITE_SITE_OPS_H */
