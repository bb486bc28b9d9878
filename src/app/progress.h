#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How far a run is, on stderr: a bar with rate and time left on a terminal,
 * a key=value line now and then elsewhere.
 */
struct progress {
    bool terminal;
    bool shown; /* the bar is on the screen */
    size_t width;
    size_t done;
    size_t total;
    int64_t began_ms;
    int64_t last_ms; /* when it was last shown */
};

void progress_init(struct progress *progress);

/* `done` of `total`; the bar is drawn a few times a second at most. */
void progress_show(struct progress *progress, size_t done, size_t total);

/* Take the bar off the screen, for other lines to be printed. */
void progress_hide(struct progress *progress);

#endif /* APP_PROGRESS_H */
