#include "app/progress.h"

#include "app/screen.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define BAR_EVERY_MS 100
#define LINE_EVERY_MS 5000
#define MS_PER_S 1000

/* Columns beside the bar, at most. */
#define TEXT_COLUMNS 60
#define BAR_MAX 40

void progress_init(struct progress *progress)
{
    struct screen screen;

    memset(progress, 0, sizeof(*progress));
    screen_init(&screen, stderr);
    progress->terminal = screen.terminal;
    progress->width = screen.width;
    progress->began_ms = clock_steady_ms();
    progress->last_ms = progress->began_ms;
}

static double rate(const struct progress *progress, int64_t now)
{
    int64_t passed = now - progress->began_ms;

    return passed > 0 ? (double)progress->done * MS_PER_S / (double)passed : 0;
}

static long seconds_left(const struct progress *progress, double per_s)
{
    if (per_s <= 0 || progress->total <= progress->done)
        return 0;
    return (long)((double)(progress->total - progress->done) / per_s + 1);
}

static void draw_bar(const struct progress *progress, double per_s)
{
    char bar[BAR_MAX + 1];
    size_t columns = progress->width > TEXT_COLUMNS + 4
                         ? progress->width - TEXT_COLUMNS
                         : 4;
    long left = seconds_left(progress, per_s);
    size_t full;

    if (columns > BAR_MAX)
        columns = BAR_MAX;
    full = progress->total ? columns * progress->done / progress->total : 0;
    if (full > columns)
        full = columns;
    memset(bar, '#', full);
    memset(bar + full, '.', columns - full);
    bar[columns] = '\0';
    fprintf(stderr, "\r\x1b[K[%s] %zu/%zu  %.0f/s  %ld:%02ld left", bar,
            progress->done, progress->total, per_s, left / 60, left % 60);
    fflush(stderr);
}

void progress_show(struct progress *progress, size_t done, size_t total)
{
    int64_t now = clock_steady_ms();
    double per_s;

    progress->done = done;
    progress->total = total > done ? total : done;
    if (now - progress->last_ms <
        (progress->terminal ? BAR_EVERY_MS : LINE_EVERY_MS))
        return;
    progress->last_ms = now;
    per_s = rate(progress, now);
    progress->shown = progress->terminal;
    if (progress->terminal)
        draw_bar(progress, per_s);
    else
        log_info("progress", "done=%zu total=%zu rate=%.1f left_s=%ld", done,
                 progress->total, per_s, seconds_left(progress, per_s));
}

void progress_hide(struct progress *progress)
{
    if (!progress->shown)
        return;
    fputs("\r\x1b[K", stderr);
    fflush(stderr);
    progress->shown = false;
}
