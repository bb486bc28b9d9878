#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

enum error_code error_set(struct error *err, enum error_code code,
                          const char *fmt, ...)
{
    va_list ap;

    err->code = code;
    va_start(ap, fmt);
    vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    return code;
}
