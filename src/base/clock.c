#include "base/clock.h"

#include <time.h>

#define MS_PER_S 1000
#define NS_PER_MS 1000000
#define US_PER_S 1000000
#define NS_PER_US 1000

static int64_t read_ms(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

int64_t clock_now_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

int64_t clock_steady_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_steady_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / NS_PER_US;
}

struct clock_text clock_format(int64_t ms)
{
    time_t seconds = (time_t)(ms / MS_PER_S);
    struct clock_text out = { "" };
    struct tm utc;

    if (gmtime_r(&seconds, &utc))
        strftime(out.text, sizeof(out.text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return out;
}
