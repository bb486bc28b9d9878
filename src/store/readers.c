#include "store/readers.h"

#include "base/alloc.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct readers {
    char *url;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t given;
    struct store *idle[READERS_MAX]; /* the one used last comes first */
    size_t idle_nr;
    size_t open_nr;
};

struct readers *readers_new(const char *url)
{
    struct readers *made = xcalloc(1, sizeof(*made));

    made->url = xstrdup(url);
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->given, NULL);
    return made;
}

void readers_free(struct readers *readers)
{
    if (!readers)
        return;
    assert(readers->idle_nr == readers->open_nr);
    for (size_t i = 0; i < readers->idle_nr; i++)
        store_close(readers->idle[i]);
    pthread_cond_destroy(&readers->given);
    pthread_mutex_destroy(&readers->lock);
    free(readers->url);
    free(readers);
}

/* NULL: the caller may open one, and it is counted already. */
static struct store *take_idle(struct readers *readers)
{
    struct store *store = NULL;

    pthread_mutex_lock(&readers->lock);
    while (!readers->idle_nr && readers->open_nr == READERS_MAX)
        pthread_cond_wait(&readers->given, &readers->lock);
    if (readers->idle_nr)
        store = readers->idle[--readers->idle_nr];
    else
        readers->open_nr++;
    pthread_mutex_unlock(&readers->lock);
    return store;
}

static void not_opened(struct readers *readers)
{
    pthread_mutex_lock(&readers->lock);
    readers->open_nr--;
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}

enum error_code readers_take(struct readers *readers, struct store **store,
                             struct error *err)
{
    enum error_code rc;

    *store = take_idle(readers);
    if (*store)
        return ERROR_NONE;
    rc = store_open(store, readers->url, err);
    if (rc)
        not_opened(readers);
    return rc;
}

void readers_give(struct readers *readers, struct store *store)
{
    pthread_mutex_lock(&readers->lock);
    readers->idle[readers->idle_nr++] = store;
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}
