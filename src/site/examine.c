#include "site/examine.h"

#include <stdarg.h>
#include <stdio.h>

/* As long as an error's. */
#define TEXT_BYTES sizeof(((struct error *)0)->text)

void examination_ok(struct examination *ex, const char *check, const char *fmt,
                    ...)
{
    char text[TEXT_BYTES];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    ex->report(ex->context, FINDING_OK, check, text);
}

void examination_warn(struct examination *ex, const char *check,
                      const char *fmt, ...)
{
    char text[TEXT_BYTES];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    ex->report(ex->context, FINDING_WARN, check, text);
}

void examination_fail(struct examination *ex, const char *check,
                      const struct error *why)
{
    if (!ex->first_failure)
        ex->first_failure = why->code;
    ex->report(ex->context, FINDING_FAIL, check, why->text);
}
