#include "app/run_turn.h"

#include "base/clock.h"

#include <string.h>
#include <unistd.h>

#define US_PER_MS 1000
#define MS_PER_S 1000

/* Between tries. */
#define TRY_MS 200

static void heard(void *context, struct span site)
{
    (void)context;
    (void)site;
}

/* Where the store is a file there is no node, and no end to the turn. */
static bool is_over(void *context)
{
    const struct run_turn *turn = context;

    return turn->node && !node_holds(turn->node, &turn->lease);
}

static bool is_wanted(void *context)
{
    const struct run_turn *turn = context;
    struct store_depth depth = { 0 };
    struct error err;

    return clock_steady_ms() - turn->lease.taken_ms >= RUN_TURN_MS &&
           !store_depth(turn->store, turn->site, &depth, &err) &&
           depth.inbox > 0;
}

/* None was had when the stop flag is up. */
static enum error_code take(struct run_turn *turn, struct error *err)
{
    int64_t until = clock_steady_ms() + RUN_TURN_WAIT_MS;
    bool held = false;

    while (!*turn->stop) {
        enum error_code rc =
            node_take(turn->node, turn->site, &turn->lease, &held, err);

        writer_store_guard(turn->store, &turn->lease);
        if (rc || held)
            return rc;
        if (clock_steady_ms() > until)
            return error_set(err, ERROR_STORE,
                             "a node has been at work on site %.*s for %d s; "
                             "run again later",
                             SPAN_ARG(turn->site),
                             RUN_TURN_WAIT_MS / MS_PER_S);
        usleep(TRY_MS * US_PER_MS);
    }
    return ERROR_NONE;
}

static enum error_code pass(void *context, struct error *err)
{
    struct run_turn *turn = context;

    node_give_back(turn->node, &turn->lease);
    node_call(turn->node, turn->site);
    usleep(TRY_MS * US_PER_MS);
    return take(turn, err);
}

void run_turn_init(struct run_turn *turn, const struct config *config,
                   const volatile bool *stop)
{
    memset(turn, 0, sizeof(*turn));
    turn->turn = (struct turn){ is_over, is_wanted, pass, turn };
    turn->site = config->site.name;
    turn->stop = stop;
    turn->lease.fence = LEASE_NONE;
}

void run_turn_release(struct run_turn *turn)
{
    if (turn->node)
        node_give_back(turn->node, &turn->lease);
    store_close(turn->store);
    writer_stop(turn->writer);
    node_stop(turn->node);
}

enum error_code run_turn_begin(struct run_turn *turn,
                               const struct config *config,
                               struct moderate *moderate, struct error *err)
{
    const char *url = config->store.ptr;
    enum error_code rc;

    if (!store_is_server(config->store))
        return ERROR_NONE;
    rc = writer_start(&turn->writer, url, err);
    if (!rc)
        rc = writer_store(turn->writer, &turn->store, err);
    if (!rc)
        rc = node_start(&turn->node, url, heard, NULL, err);
    if (!rc)
        rc = take(turn, err);
    moderate->store = turn->store;
    moderate->turn = &turn->turn;
    return rc;
}

enum error_code run_turn_lasted(const struct run_turn *turn, struct error *err)
{
    if (*turn->stop || !is_over((void *)turn))
        return ERROR_NONE;
    return error_set(err, ERROR_STORE,
                     "the store did not answer for so long that another may "
                     "work on site %.*s; run again, it goes on from there",
                     SPAN_ARG(turn->site));
}
