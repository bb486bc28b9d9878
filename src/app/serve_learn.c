#include "app/serve_learn.h"

#include "app/teaching.h"
#include "base/log.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How it ended, for a person. */
struct said {
    char text[512];
};

static struct said teach_site(const struct config *config)
{
    struct teaching teaching;
    struct setup setup;
    struct arena arena;
    struct said said;
    struct error err;
    enum error_code rc;

    arena_init(&arena);
    setup_init(&setup);
    memset(&teaching, 0, sizeof(teaching));
    rc = setup_judge(&setup, config, &err);
    if (!rc)
        rc = setup_store(&setup, config, true, &err);
    if (!rc)
        rc = teaching_run(&teaching, &arena, &setup, config, false, &err);
    if (rc)
        snprintf(said.text, sizeof(said.text), "%s", err.text);
    else
        snprintf(said.text, sizeof(said.text),
                 "model %s of %zu honest and %zu spam labels: %s, %.*s",
                 teaching.model.id, teaching.metrics.ham,
                 teaching.metrics.spam,
                 teaching.live ? "live" : "kept, but not live",
                 SPAN_ARG(teaching.reason));
    site_model_release(&teaching.model);
    setup_release(&setup);
    arena_release(&arena);
    return said;
}

static void *learn_once(void *context)
{
    struct serve_learn *learn = context;
    struct said said = teach_site(learn->site->config);

    log_info("learned", "site=%s said=%s", learn->name,
             log_quote(span_str(said.text)).text);
    pthread_mutex_lock(&learn->lock);
    snprintf(learn->said, sizeof(learn->said), "%s", said.text);
    learn->going = false;
    hall_leave(learn->hall);
    pthread_mutex_unlock(&learn->lock);
    (void)kill(getpid(), SIGHUP);
    return NULL;
}

void serve_learn_init(struct serve_learn *learn)
{
    memset(learn, 0, sizeof(*learn));
    pthread_mutex_init(&learn->lock, NULL);
}

void serve_learn_end(struct serve_learn *learn)
{
    if (learn->started)
        pthread_join(learn->thread, NULL);
    pthread_mutex_destroy(&learn->lock);
}

/* The lock is held, and nothing goes on. */
static bool begin(struct serve_learn *learn, struct hall *hall,
                  const struct hall_site *site)
{
    if (learn->started)
        pthread_join(learn->thread, NULL);
    learn->hall = hall;
    learn->site = site;
    learn->said[0] = '\0';
    snprintf(learn->name, sizeof(learn->name), "%.*s",
             SPAN_ARG(site->config->site.name));
    learn->going = true;
    learn->started =
        pthread_create(&learn->thread, NULL, learn_once, learn) == 0;
    learn->going = learn->started;
    return learn->started;
}

bool serve_learn_begin(struct serve_learn *learn, struct hall *hall,
                       struct span site)
{
    const struct hall_site *found = hall_find(hall, site);
    bool begun;

    pthread_mutex_lock(&learn->lock);
    begun = found && !learn->going && begin(learn, hall, found);
    pthread_mutex_unlock(&learn->lock);
    if (!begun)
        hall_leave(hall);
    return begun;
}

struct span serve_learn_said(struct serve_learn *learn, struct arena *arena,
                             struct span site, bool *going)
{
    struct span said = SPAN_LIT("");

    pthread_mutex_lock(&learn->lock);
    *going = learn->going && span_eq(span_str(learn->name), site);
    if (span_eq(span_str(learn->name), site))
        said = arena_dup(arena, span_str(learn->said));
    pthread_mutex_unlock(&learn->lock);
    return said;
}
