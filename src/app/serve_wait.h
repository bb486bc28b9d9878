#ifndef APP_SERVE_WAIT_H
#define APP_SERVE_WAIT_H

#include "app/config.h"

#include <signal.h>
#include <stdbool.h>

/*
 * Before the store can be had: a server that is down, or takes no writing, is
 * waited for, however long. Meanwhile we listen; /healthz says that we live,
 * /readyz why nothing can be sent here, and all else is 503 with Retry-After.
 */

/* Between looks: from the one, doubling, to the other. */
#define SERVE_WAIT_S 1
#define SERVE_WAIT_MAX_S 16

/*
 * Wait until the store of `config` can be had, or one of `signals`, which are
 * blocked, tells us to end: then `*told` is true. `why` is for the log.
 * ERROR_CONFIG: the address can't be had.
 */
enum error_code serve_wait(const struct config *config,
                           const sigset_t *signals, const struct error *why,
                           bool *told, struct error *err) MUST_CHECK;

#endif /* APP_SERVE_WAIT_H */
