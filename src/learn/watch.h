#ifndef LEARN_WATCH_H
#define LEARN_WATCH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Is the promise still being kept? Asked after every honest comment, for as
 * long as the site runs, without wearing the answer out.
 *
 * A bet against the promise (Waudby-Smith and Ramdas 2024; Ville 1939): of
 * each honest comment it is seen whether it had been marked. The stake is
 * multiplied by the likelihood of that under worse rates than the promised
 * one, over its likelihood under the promised one. While the promise holds,
 * the stake is a martingale at best, so it ever reaches 1 / alpha with
 * probability alpha at most, however often and whenever one looks.
 */
#define WATCH_RATES 3

struct watch {
    double promised;
    double stake[WATCH_RATES]; /* one for each of the worse rates */
    size_t honest;
    size_t marked;
};

void watch_begin(struct watch *watch, double promised);

/* An honest comment was seen; `marked`: sluice had marked it as spam. */
void watch_see(struct watch *watch, bool marked);

/* The stake now: 1 at the start. */
double watch_stake(const struct watch *watch);

/* Can the promise no longer be believed, at 1 - `confidence`? */
bool watch_broken(const struct watch *watch, double confidence);

#endif /* LEARN_WATCH_H */
