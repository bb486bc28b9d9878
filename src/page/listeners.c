#include "page/listeners.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/account.h"
#include "store/waiting.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define LOOK_S 1

struct listener {
    struct http_stream *stream; /* NULL: a free place */
    char token[65];
};

struct listeners {
    struct store *store; /* the thread's */
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t wake;
    struct listener place[LISTENERS_MAX];
    size_t nr;
    bool ended;
};

/* The lock is held. */
static void drop(struct listeners *listeners, size_t i)
{
    http_stream_end(listeners->place[i].stream);
    listeners->place[i].stream = NULL;
    listeners->nr--;
}

static void say(struct listeners *listeners, struct span bytes)
{
    pthread_mutex_lock(&listeners->lock);
    for (size_t i = 0; i < LISTENERS_MAX; i++)
        if (listeners->place[i].stream &&
            !http_stream_put(listeners->place[i].stream, bytes))
            drop(listeners, i);
    pthread_mutex_unlock(&listeners->lock);
}

/* Who has been signed out meanwhile hears nothing more. */
static void look_at_sessions(struct listeners *listeners)
{
    struct arena arena;

    arena_init(&arena);
    pthread_mutex_lock(&listeners->lock);
    for (size_t i = 0; i < LISTENERS_MAX; i++) {
        struct listener *place = &listeners->place[i];
        struct session session;
        struct error err;
        bool found = true;

        if (!place->stream)
            continue;
        if (!session_find(listeners->store, &arena, span_str(place->token),
                          clock_now_ms(), &session, &found, &err) &&
            !found)
            drop(listeners, i);
        arena_reset(&arena);
    }
    pthread_mutex_unlock(&listeners->lock);
    arena_release(&arena);
}

static void tell(struct listeners *listeners, const struct pulse *before,
                 const struct pulse *now)
{
    char text[64];

    if (now->waiting != before->waiting ||
        now->newest_waiting != before->newest_waiting) {
        snprintf(text, sizeof(text),
                 "event: queue\ndata: {\"waiting\":%zu}\n\n", now->waiting);
        say(listeners, span_str(text));
    }
    if (now->newest_setting != before->newest_setting ||
        now->live_models != before->live_models)
        say(listeners, SPAN_LIT("event: settings\ndata: {}\n\n"));
}

/* A second, or until somebody comes; false at the end. */
static bool pause_for(struct listeners *listeners)
{
    struct timespec until;
    bool ended;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&listeners->lock);
    if (!listeners->ended)
        pthread_cond_timedwait(&listeners->wake, &listeners->lock, &until);
    while (!listeners->ended && !listeners->nr)
        pthread_cond_wait(&listeners->wake, &listeners->lock);
    ended = listeners->ended;
    pthread_mutex_unlock(&listeners->lock);
    return !ended;
}

static void *listen_all(void *context)
{
    struct listeners *listeners = context;
    struct pulse pulse = { .version = -1 };
    int64_t beat_ms = clock_steady_ms();

    while (pause_for(listeners)) {
        struct pulse before = pulse;
        struct error err;

        if (pulse_take(listeners->store, &pulse, &err))
            log_error("page_pulse", "error=%s",
                      log_quote(span_str(err.text)).text);
        else
            tell(listeners, &before, &pulse);
        if (clock_steady_ms() - beat_ms < LISTENERS_BEAT_MS)
            continue;
        beat_ms = clock_steady_ms();
        look_at_sessions(listeners);
        say(listeners, SPAN_LIT(":\n\n"));
    }
    return NULL;
}

enum error_code listeners_start(struct listeners **listeners, const char *url,
                                struct error *err)
{
    struct listeners *made = xcalloc(1, sizeof(*made));
    enum error_code rc = store_open_to_read(&made->store, url, err);

    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->wake, NULL);
    if (!rc && pthread_create(&made->thread, NULL, listen_all, made) != 0)
        rc = error_set(err, ERROR_CONFIG, "no thread could be started");
    made->started = !rc;
    if (rc)
        listeners_stop(made);
    else
        *listeners = made;
    return rc;
}

void listeners_end(struct listeners *listeners)
{
    if (!listeners)
        return;
    pthread_mutex_lock(&listeners->lock);
    listeners->ended = true;
    for (size_t i = 0; i < LISTENERS_MAX; i++)
        if (listeners->place[i].stream)
            drop(listeners, i);
    pthread_cond_signal(&listeners->wake);
    pthread_mutex_unlock(&listeners->lock);
}

void listeners_stop(struct listeners *listeners)
{
    if (!listeners)
        return;
    listeners_end(listeners);
    if (listeners->started)
        pthread_join(listeners->thread, NULL);
    store_close(listeners->store);
    pthread_cond_destroy(&listeners->wake);
    pthread_mutex_destroy(&listeners->lock);
    free(listeners);
}

/* The lock is held; LISTENERS_MAX when there is none. */
static size_t free_place(const struct listeners *listeners)
{
    size_t i = 0;

    while (i < LISTENERS_MAX && listeners->place[i].stream)
        i++;
    return i;
}

struct http_stream *listeners_add(struct listeners *listeners,
                                  struct span token)
{
    struct http_stream *stream = NULL;
    size_t i;

    pthread_mutex_lock(&listeners->lock);
    i = listeners->ended ? LISTENERS_MAX : free_place(listeners);
    if (i < LISTENERS_MAX) {
        stream = http_stream_new();
        listeners->place[i].stream = stream;
        snprintf(listeners->place[i].token, sizeof(listeners->place[i].token),
                 "%.*s", SPAN_ARG(token));
        listeners->nr++;
        (void)http_stream_put(stream, SPAN_LIT(":\n\n"));
        pthread_cond_signal(&listeners->wake);
    }
    pthread_mutex_unlock(&listeners->lock);
    return stream;
}
