#ifndef APP_SERVE_LEARN_H
#define APP_SERVE_LEARN_H

#include "app/serve_hall.h"

#include <pthread.h>

/*
 * Learning while serving, asked for on the page: a thread of its own teaches a
 * layer from the labels at hand, one site at a time, and the server takes it
 * up. The site itself is not read; 'sluice learn' does that.
 */
struct serve_learn {
    pthread_mutex_t lock; /* for what follows */
    pthread_t thread;
    bool started; /* and not joined yet */
    bool going;
    struct hall *hall; /* that `site` is of, entered */
    const struct hall_site *site;
    char name[64];  /* of the site that was learned for last */
    char said[512]; /* how that ended */
};

void serve_learn_init(struct serve_learn *learn);

/* Wait for it. */
void serve_learn_end(struct serve_learn *learn);

/*
 * Begin for the site of `hall`, which the caller has entered and is left here.
 * False when learning goes on, or there is no such site.
 */
bool serve_learn_begin(struct serve_learn *learn, struct hall *hall,
                       struct span site);

/* How it ended for `site`, in the arena; and does it go on for it? */
struct span serve_learn_said(struct serve_learn *learn, struct arena *arena,
                             struct span site, bool *going);

#endif /* APP_SERVE_LEARN_H */
