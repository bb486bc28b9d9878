#ifndef APP_RUN_TURN_H
#define APP_RUN_TURN_H

#include "app/config.h"
#include "pipeline/moderate.h"
#include "store/node.h"
#include "store/writer.h"

/*
 * The turn of a command that works on a site by itself, as 'sluice run' does:
 * where nodes share a server it takes the site's lease as they do, so that
 * none of them does the same work. A long run lets them in now and then, for
 * what comes by webhook must not wait for it.
 */
struct run_turn {
    struct turn turn; /* for site and pipeline; over before it begins */
    const volatile bool *stop;
    struct node *node;
    struct writer *writer;
    struct store *store; /* written to only while the lease holds */
    struct span site;
    struct lease lease;
};

/* As long as this the nodes are waited for. */
#define RUN_TURN_WAIT_MS 30000

/* After this a run lets in who waits. */
#define RUN_TURN_MS 2000

/* To be released whatever comes; `stop` ends the waiting. */
void run_turn_init(struct run_turn *turn, const struct config *config,
                   const volatile bool *stop);
void run_turn_release(struct run_turn *turn);

/*
 * Wait for the turn at the site of `config`, and have `moderate` work within
 * it. Where the store is a file nothing changes. ERROR_STORE: a node is at it
 * and does not come to an end.
 */
enum error_code run_turn_begin(struct run_turn *turn,
                               const struct config *config,
                               struct moderate *moderate,
                               struct error *err) MUST_CHECK;

/* Did it last until now? ERROR_STORE: what is left is another's to do. */
enum error_code run_turn_lasted(const struct run_turn *turn,
                                struct error *err) MUST_CHECK;

#endif /* APP_RUN_TURN_H */
