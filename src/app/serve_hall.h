#ifndef APP_SERVE_HALL_H
#define APP_SERVE_HALL_H

#include "app/command.h"
#include "app/serve_tally.h"
#include "app/setup.h"
#include "server/limit.h"
#include "store/writer.h"

#include <stdatomic.h>

/*
 * The sites that are served, as the configuration had them when it was read.
 *
 * A hall is never changed; loading the configuration anew makes another one.
 * Whoever is in it keeps it: hall_enter and hall_leave count them, and the
 * last one to leave a hall that was given up frees it.
 */
struct hall_site {
    const struct config *config; /* of this site alone */
    struct setup setup;          /* model, lists, policy, layer */
    struct tally *tally;
    int64_t run; /* what its decisions belong to */
};

struct hall {
    struct call call; /* the configuration; owns what the sites point at */
    struct hall_site *site;
    size_t nr;
    struct limit *limit; /* of sites; NULL: none */
    atomic_size_t inside;
};

/*
 * Read the configuration as `call` was called, and open each site's model,
 * lists and layer. ERROR_CONFIG and ERROR_MODEL name what is wrong: a site
 * named twice, a secret too short. The caller is inside.
 */
enum error_code hall_new(struct hall **hall, const struct call *call,
                         struct tallies *tallies,
                         struct error *err) MUST_CHECK;

/* Begin a run for each site. */
enum error_code hall_begin_runs(struct hall *hall, struct store *store,
                                struct error *err) MUST_CHECK;

void hall_enter(struct hall *hall);
void hall_leave(struct hall *hall);

/* The site of that name, or NULL. */
struct hall_site *hall_find(struct hall *hall, struct span name);

#endif /* APP_SERVE_HALL_H */
