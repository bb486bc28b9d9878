#ifndef LEARN_ASK_H
#define LEARN_ASK_H

#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

/*
 * In which order people should look at the queue, so that each answer teaches
 * most: what the model can't decide, first one of each campaign, then its
 * copies, which one answer will settle.
 */
struct ask_item {
    double p_spam;
    double approve_below; /* the thresholds it was judged by */
    double spam_at;
    uint64_t campaign; /* equal for near copies; 0: not known */
    int64_t at_ms;     /* when it came; the older first, all else equal */
};

/* Put the numbers 0 to nr - 1 into `order`, the most useful first. */
void ask_order(size_t *order, const struct ask_item *item, size_t nr);

/*
 * The campaign of a text: equal for texts that differ in a few words, most of
 * the time. By the smallest hash of its three-word shingles (Broder 1997).
 */
uint64_t ask_campaign(struct span text);

#endif /* LEARN_ASK_H */
