#include "learn/ask.h"

#include "base/alloc.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define SHINGLE_WORDS 3

/* What an answer is worth, in doubt; a copy's is settled by the first. */
struct ranked {
    const struct ask_item *item;
    size_t nr;
    bool copy;
    double doubt;
};

/* 1 at even odds, 0 where the verdict is certain. */
static double doubt_of(const struct ask_item *item)
{
    double p = fmin(1, fmax(0, item->p_spam));
    bool between = p >= item->approve_below && p < item->spam_at;
    double near = fmin(fabs(p - item->approve_below), fabs(p - item->spam_at));

    /* Near a threshold an answer moves it; between the two, the weights. */
    return (between ? 1 : 0) + 4 * p * (1 - p) + 1 - fmin(1, near);
}

static int by_campaign(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;

    if (x->item->campaign != y->item->campaign)
        return x->item->campaign < y->item->campaign ? -1 : 1;
    if (x->doubt != y->doubt)
        return x->doubt > y->doubt ? -1 : 1;
    return (x->nr > y->nr) - (x->nr < y->nr);
}

static int by_use(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;

    if (x->copy != y->copy)
        return (int)x->copy - (int)y->copy;
    if (x->doubt != y->doubt)
        return x->doubt > y->doubt ? -1 : 1;
    if (x->item->at_ms != y->item->at_ms)
        return x->item->at_ms < y->item->at_ms ? -1 : 1;
    return (x->nr > y->nr) - (x->nr < y->nr);
}

void ask_order(size_t *order, const struct ask_item *item, size_t nr)
{
    struct ranked *ranked = xcalloc(nr + 1, sizeof(*ranked));

    for (size_t i = 0; i < nr; i++)
        ranked[i] = (struct ranked){ &item[i], i, false, doubt_of(&item[i]) };
    qsort(ranked, nr, sizeof(*ranked), by_campaign);
    for (size_t i = 1; i < nr; i++)
        ranked[i].copy =
            ranked[i].item->campaign &&
            ranked[i].item->campaign == ranked[i - 1].item->campaign;
    qsort(ranked, nr, sizeof(*ranked), by_use);
    for (size_t i = 0; i < nr; i++)
        order[i] = ranked[i].nr;
    free(ranked);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static uint64_t mix(uint64_t hash)
{
    hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9ULL;
    hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBULL;
    return hash ^ (hash >> 31);
}

/* The hash of the next word at `*at`, without ASCII's case; 0 at the end. */
static uint64_t next_word(struct span text, size_t *at)
{
    uint64_t hash = 0xCBF29CE484222325ULL;
    size_t from;

    while (*at < text.len && is_space(text.ptr[*at]))
        (*at)++;
    from = *at;
    for (; *at < text.len && !is_space(text.ptr[*at]); (*at)++) {
        unsigned char c = (unsigned char)text.ptr[*at];

        c = c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
        hash = (hash ^ c) * 0x100000001B3ULL;
    }
    return *at > from ? mix(hash) | 1 : 0;
}

uint64_t ask_campaign(struct span text)
{
    uint64_t window[SHINGLE_WORDS] = { 0 };
    uint64_t least = 0;
    size_t words = 0;
    size_t at = 0;

    for (;;) {
        uint64_t word = next_word(text, &at);
        uint64_t shingle = 0;

        if (!word)
            return least;
        window[words++ % SHINGLE_WORDS] = word;
        if (words < SHINGLE_WORDS)
            continue;
        for (size_t i = 0; i < SHINGLE_WORDS; i++)
            shingle = mix(shingle + window[(words + i) % SHINGLE_WORDS]);
        if (!least || shingle < least)
            least = shingle;
    }
}
