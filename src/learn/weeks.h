#ifndef LEARN_WEEKS_H
#define LEARN_WEEKS_H

#include "learn/watch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Week by week, what sluice decided beside what people made of it.
 */
#define WEEK_MS ((int64_t)7 * 24 * 3600 * 1000)

struct week {
    int64_t number; /* since 1970 */
    size_t honest;  /* comments that people stand by */
    size_t marked;  /* of them, by sluice, as spam */
    size_t held;
    size_t spam;
    size_t caught;
    double stake; /* against the promise, at the week's end */
};

struct weeks {
    struct week *week;
    size_t nr;
    size_t alloc;
    struct watch watch;
};

void weeks_begin(struct weeks *weeks, double promised);
void weeks_release(struct weeks *weeks);

/*
 * A comment judged at `at_ms`, marked as spam or held or neither, of which
 * people said whether it is `spam`. In order of time.
 */
void weeks_see(struct weeks *weeks, int64_t at_ms, bool spam, bool marked,
               bool held);

#endif /* LEARN_WEEKS_H */
