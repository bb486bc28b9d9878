#ifndef APP_STOP_H
#define APP_STOP_H

#include <stdbool.h>

/*
 * Ctrl-C and SIGTERM as a flag: what is in flight is finished first. A second
 * signal ends the program there and then, which is safe too. Writing to a
 * pipe that nobody reads any more is an error from here on, not an end.
 */
const volatile bool *stop_on_signals(void);

#endif /* APP_STOP_H */
