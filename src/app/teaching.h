#ifndef APP_TEACHING_H
#define APP_TEACHING_H

#include "app/setup.h"
#include "learn/teach.h"

#include <stdbool.h>

/*
 * A new layer from all the labels in the store, and whether it goes live.
 *
 * Made from nothing each time, so what was forgotten has left no trace, and
 * the same labels give the same bytes.
 */

/* Of each class the newest so many are taught. */
#define TEACHING_MOST ((size_t)25000)

struct teaching {
    struct site_model model; /* the caller releases */
    struct teach_metrics metrics;
    size_t labels; /* in the store */
    bool same;     /* as the one that is live: nothing was kept */
    bool live;
    struct span reason; /* in the arena */
};

/*
 * Teach a layer for the configured site and keep it; `forced` when labels
 * were taken back, for then the old one must go. setup_judge and setup_store
 * have been called.
 */
enum error_code teaching_run(struct teaching *teaching, struct arena *arena,
                             struct setup *setup, const struct config *config,
                             bool forced, struct error *err) MUST_CHECK;

/* Print what came of it, in a few lines. */
void teaching_print(const struct teaching *teaching);

#endif /* APP_TEACHING_H */
