#include "server/limit.h"

#include "base/alloc.h"
#include "base/secret.h"

#include <pthread.h>
#include <stdlib.h>

#define MS_PER_S ((int64_t)1000)

/* Tokens are counted in thousandths: `rate` thousandths come each ms. */
#define TOKEN 1000

/* Buckets, and how many places a key may take. */
#define BUCKET_NR 4096
#define WAYS 4

struct bucket {
    uint64_t owner; /* hash of the key */
    int64_t tokens;
    int64_t at_ms; /* when they were counted */
};

struct limit {
    pthread_mutex_t lock;
    long rate;
    struct secret_hash_key salt; /* or strangers could choose collisions */
    struct bucket bucket[BUCKET_NR];
};

struct limit *limit_new(long rate)
{
    struct limit *limit = xcalloc(1, sizeof(*limit));

    pthread_mutex_init(&limit->lock, NULL);
    limit->rate = rate;
    limit->salt = secret_hash_key();
    return limit;
}

void limit_free(struct limit *limit)
{
    if (!limit)
        return;
    pthread_mutex_destroy(&limit->lock);
    free(limit);
}

static int64_t full(const struct limit *limit)
{
    return 2 * (int64_t)limit->rate * TOKEN;
}

static void refill(const struct limit *limit, struct bucket *bucket,
                   int64_t now_ms)
{
    int64_t passed = now_ms - bucket->at_ms;

    if (passed > 2 * MS_PER_S)
        passed = 2 * MS_PER_S;
    if (passed <= 0)
        return;
    bucket->tokens += passed * limit->rate;
    if (bucket->tokens > full(limit))
        bucket->tokens = full(limit);
    bucket->at_ms = now_ms;
}

/* The key's bucket, or one that becomes it. */
static struct bucket *bucket_of(struct limit *limit, struct span key,
                                int64_t now_ms)
{
    uint64_t owner = secret_hash(&limit->salt, key);
    struct bucket *set = &limit->bucket[owner % (BUCKET_NR / WAYS) * WAYS];
    struct bucket *best = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].owner == owner)
            return &set[i];
        refill(limit, &set[i], now_ms);
        if (set[i].tokens > best->tokens)
            best = &set[i];
    }
    *best = (struct bucket){ owner, full(limit), now_ms };
    return best;
}

bool limit_take(struct limit *limit, struct span key, int64_t now_ms,
                long *seconds)
{
    struct bucket *bucket;
    bool may;

    pthread_mutex_lock(&limit->lock);
    bucket = bucket_of(limit, key, now_ms);
    refill(limit, bucket, now_ms);
    may = bucket->tokens >= TOKEN;
    if (may)
        bucket->tokens -= TOKEN;
    else
        *seconds = 1;
    pthread_mutex_unlock(&limit->lock);
    return may;
}
