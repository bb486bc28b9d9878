#include "app/crew.h"

#include "base/alloc.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Batches to each thread: one that it judges, and two to choose from. */
#define BATCHES_EACH 3

struct slot {
    struct batch batch;
    bool judged;
};

/*
 * A ring of batches. The three counts only grow, and each is never ahead of
 * the one before it: handed over, taken up by a thread, given back.
 */
struct crew {
    const struct judge *judge;
    struct slot *slot;
    size_t slot_nr;
    size_t handed;
    size_t taken;
    size_t given_back;
    bool over;            /* nothing more will be handed over */
    pthread_mutex_t lock; /* of all of the above but the batches */
    pthread_cond_t work;  /* something was handed over, or it is over */
    pthread_cond_t done;  /* something was judged */
    pthread_t thread[CREW_THREADS_MAX];
    size_t thread_nr;
};

static struct slot *slot_at(struct crew *crew, size_t count)
{
    return &crew->slot[count % crew->slot_nr];
}

/* The next batch to be judged, taken up; NULL when it is over. */
static struct slot *take_up(struct crew *crew)
{
    struct slot *slot = NULL;

    pthread_mutex_lock(&crew->lock);
    while (crew->taken == crew->handed && !crew->over)
        pthread_cond_wait(&crew->work, &crew->lock);
    if (crew->taken < crew->handed)
        slot = slot_at(crew, crew->taken++);
    pthread_mutex_unlock(&crew->lock);
    return slot;
}

static void *work(void *arg)
{
    struct crew *crew = arg;
    struct juror juror;

    juror_init(&juror);
    for (;;) {
        struct slot *slot = take_up(crew);

        if (!slot)
            break;
        batch_judge(&slot->batch, crew->judge, &juror);
        pthread_mutex_lock(&crew->lock);
        slot->judged = true;
        pthread_cond_signal(&crew->done);
        pthread_mutex_unlock(&crew->lock);
    }
    juror_release(&juror);
    return NULL;
}

static struct crew *crew_new(const struct judge *judge, size_t nr)
{
    struct crew *crew = xcalloc(1, sizeof(*crew));

    crew->judge = judge;
    crew->slot_nr = nr * BATCHES_EACH;
    crew->slot = xcalloc(crew->slot_nr, sizeof(*crew->slot));
    for (size_t i = 0; i < crew->slot_nr; i++)
        batch_init(&crew->slot[i].batch);
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->work, NULL);
    pthread_cond_init(&crew->done, NULL);
    return crew;
}

enum error_code crew_start(struct crew **crew, const struct judge *judge,
                           size_t nr, struct error *err)
{
    struct crew *made = crew_new(judge, nr);

    while (made->thread_nr < nr) {
        int failed =
            pthread_create(&made->thread[made->thread_nr], NULL, work, made);

        if (failed) {
            (void)error_set(err, ERROR_CONFIG,
                            "no more than %zu threads can be started: %s",
                            made->thread_nr, strerror(failed));
            crew_free(made);
            return err->code;
        }
        made->thread_nr++;
    }
    *crew = made;
    return ERROR_NONE;
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    pthread_mutex_lock(&crew->lock);
    crew->over = true;
    pthread_cond_broadcast(&crew->work);
    pthread_mutex_unlock(&crew->lock);
    for (size_t i = 0; i < crew->thread_nr; i++)
        pthread_join(crew->thread[i], NULL);
    for (size_t i = 0; i < crew->slot_nr; i++)
        batch_release(&crew->slot[i].batch);
    pthread_cond_destroy(&crew->done);
    pthread_cond_destroy(&crew->work);
    pthread_mutex_destroy(&crew->lock);
    free(crew->slot);
    free(crew);
}

/* Only the owner changes `handed` and `given_back`, so it may just look. */
struct batch *crew_next(struct crew *crew)
{
    if (crew->handed - crew->given_back == crew->slot_nr)
        return NULL;
    return &slot_at(crew, crew->handed)->batch;
}

void crew_hand(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->handed++;
    pthread_cond_signal(&crew->work);
    pthread_mutex_unlock(&crew->lock);
}

struct batch *crew_take(struct crew *crew)
{
    struct slot *slot = slot_at(crew, crew->given_back);

    if (crew->given_back == crew->handed)
        return NULL;
    pthread_mutex_lock(&crew->lock);
    while (!slot->judged)
        pthread_cond_wait(&crew->done, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
    return &slot->batch;
}

void crew_give_back(struct crew *crew)
{
    struct slot *slot = slot_at(crew, crew->given_back);

    batch_reset(&slot->batch);
    pthread_mutex_lock(&crew->lock);
    slot->judged = false;
    crew->given_back++;
    pthread_mutex_unlock(&crew->lock);
}
