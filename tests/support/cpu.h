#ifndef SUPPORT_CPU_H
#define SUPPORT_CPU_H

#include <stdint.h>
#include <time.h>

/*
 * Processor time of this process in milliseconds: what a ceiling on work is
 * held against, so that a busy machine fails no test.
 */
static inline int64_t cpu_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif /* SUPPORT_CPU_H */
