#include "page/throttle.h"

#include "base/alloc.h"
#include "base/secret.h"

#include <pthread.h>
#include <stdlib.h>

#define SLOTS 4096
#define MS_PER_S 1000

/* Beyond this every ceiling is reached, and a shift still fits. */
#define DOUBLINGS_MOST 20

struct slot {
    uint64_t key;
    unsigned failed;
    int64_t last_ms;
    int64_t until_ms;
};

struct throttle {
    pthread_mutex_t lock;
    struct secret_hash_key hash;
    struct slot slot[SLOTS];
};

struct throttle *throttle_new(void)
{
    struct throttle *throttle = xcalloc(1, sizeof(*throttle));

    pthread_mutex_init(&throttle->lock, NULL);
    throttle->hash = secret_hash_key();
    return throttle;
}

void throttle_free(struct throttle *throttle)
{
    if (!throttle)
        return;
    pthread_mutex_destroy(&throttle->lock);
    free(throttle);
}

/* The slot of `key`, emptied if it was another's or long ago. */
static struct slot *slot_of(struct throttle *throttle, struct span key,
                            int64_t now_ms)
{
    uint64_t hash = secret_hash(&throttle->hash, key);
    struct slot *slot = &throttle->slot[hash % SLOTS];

    if (slot->key != hash || now_ms - slot->last_ms > THROTTLE_FORGET_MS)
        *slot = (struct slot){ .key = hash };
    return slot;
}

bool throttle_may(struct throttle *throttle, struct span key, int64_t now_ms,
                  long *seconds)
{
    uint64_t hash = secret_hash(&throttle->hash, key);
    const struct slot *slot = &throttle->slot[hash % SLOTS];
    int64_t wait;

    pthread_mutex_lock(&throttle->lock);
    wait = slot->key == hash ? slot->until_ms - now_ms : 0;
    pthread_mutex_unlock(&throttle->lock);
    if (wait <= 0)
        return true;
    *seconds = (long)((wait + MS_PER_S - 1) / MS_PER_S);
    return false;
}

void throttle_failed(struct throttle *throttle, struct span key,
                     const struct throttle_rule *rule, int64_t now_ms)
{
    struct slot *slot;

    pthread_mutex_lock(&throttle->lock);
    slot = slot_of(throttle, key, now_ms);
    slot->last_ms = now_ms;
    if (++slot->failed > rule->free) {
        unsigned more = slot->failed - rule->free - 1;
        long wait = 1L << (more < DOUBLINGS_MOST ? more : DOUBLINGS_MOST);

        slot->until_ms =
            now_ms + MS_PER_S * (wait < rule->most_s ? wait : rule->most_s);
    }
    pthread_mutex_unlock(&throttle->lock);
}

void throttle_worked(struct throttle *throttle, struct span key)
{
    pthread_mutex_lock(&throttle->lock);
    *slot_of(throttle, key, 0) = (struct slot){ 0 };
    pthread_mutex_unlock(&throttle->lock);
}
