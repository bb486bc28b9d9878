#ifndef SITE_EXAMINE_H
#define SITE_EXAMINE_H

#include "base/error.h"

#include <stdbool.h>

/*
 * An examination: one check after the other, each with what was found.
 *
 * What is wrong says how to mend it. A check that depends on one that failed
 * is left out, not guessed.
 */
enum finding {
    FINDING_OK,
    FINDING_WARN, /* it works, and could be better */
    FINDING_FAIL,
};

struct examination {
    /* `check` is one word ("login"), `text` a sentence; both NUL-ended. */
    void (*report)(void *context, enum finding finding, const char *check,
                   const char *text);
    void *context;
    enum error_code first_failure; /* ERROR_NONE: none */
};

void examination_ok(struct examination *ex, const char *check, const char *fmt,
                    ...) __attribute__((format(printf, 3, 4)));
void examination_warn(struct examination *ex, const char *check,
                      const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* `why` is set, by whatever it was that failed. */
void examination_fail(struct examination *ex, const char *check,
                      const struct error *why);

#endif /* SITE_EXAMINE_H */
