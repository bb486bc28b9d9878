#include "learn/weeks.h"

#include "base/alloc.h"

#include <stdlib.h>

void weeks_begin(struct weeks *weeks, double promised)
{
    *weeks = (struct weeks){ .nr = 0 };
    watch_begin(&weeks->watch, promised);
}

void weeks_release(struct weeks *weeks)
{
    free(weeks->week);
}

void weeks_see(struct weeks *weeks, int64_t at_ms, bool spam, bool marked,
               bool held)
{
    int64_t number = at_ms / WEEK_MS;
    struct week *week;

    if (!weeks->nr || weeks->week[weeks->nr - 1].number != number) {
        weeks->week =
            xgrow(weeks->week, weeks->nr, &weeks->alloc, sizeof(*weeks->week));
        weeks->week[weeks->nr++] = (struct week){ .number = number };
    }
    week = &weeks->week[weeks->nr - 1];
    week->spam += spam;
    week->honest += !spam;
    week->caught += spam && marked;
    week->marked += !spam && marked;
    week->held += !spam && held;
    if (!spam)
        watch_see(&weeks->watch, marked);
    week->stake = watch_stake(&weeks->watch);
}
