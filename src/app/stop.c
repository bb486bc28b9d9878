#include "app/stop.h"

#include <signal.h>
#include <stddef.h>

/* A signal handler has no argument to find its state by. */
static volatile bool stop_raised;

static void raise_stop(int number)
{
    (void)number;
    stop_raised = true;
}

const volatile bool *stop_on_signals(void)
{
    struct sigaction action = { .sa_handler = raise_stop,
                                .sa_flags = (int)SA_RESETHAND };

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    return &stop_raised;
}
