#ifndef SITE_TURN_H
#define SITE_TURN_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A turn at a site that others work on, too: it may end at any moment, also
 * while we were not running. Whoever sends something asks just before. What
 * is on its way then still arrives; so a turn is to end a little before
 * somebody else's begins.
 */
struct turn {
    /* It is over, or may be: nothing more is to be sent. Does not wait. */
    bool (*over)(void *context);

    /*
     * For a long walk, between pages: has it lasted long, and does somebody
     * else want to have a turn? Then, with nothing on its way, pass it on and
     * wait for the next. Both may be NULL.
     */
    bool (*wanted)(void *context);
    enum error_code (*pass)(void *context, struct error *err);
    void *context;
};

/* NULL is a turn that never ends. */
static inline bool turn_is_over(const struct turn *turn)
{
    return turn && turn->over(turn->context);
}

static inline bool turn_is_wanted(const struct turn *turn)
{
    return turn && turn->wanted && turn->wanted(turn->context);
}

#endif /* SITE_TURN_H */
