#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/*
 * The two clocks. The stages never look at either; the entry points do.
 */

/* Wall time, milliseconds since 1970-01-01 UTC: for records. */
int64_t clock_now_ms(void);

/* Milliseconds that only go forward, from any start: for waiting. */
int64_t clock_steady_ms(void);

/* The same in microseconds: for measuring. */
int64_t clock_steady_us(void);

/* Room for "2026-11-25T03:51:41Z" and its NUL. */
struct clock_text {
    char text[32];
};

/* `ms` since 1970 as an RFC 3339 time in UTC, to the second. */
struct clock_text clock_format(int64_t ms);

#endif /* BASE_CLOCK_H */
