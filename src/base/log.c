#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 2048

/* One write a line, so that lines of several workers do not mix. */
static void log_line(const char *level, const char *event, const char *fmt,
                     va_list ap)
{
    char line[LINE_BYTES];
    int len = snprintf(line, sizeof(line), "level=%s event=%s%s", level, event,
                       *fmt ? " " : "");

    if (len < 0 || (size_t)len >= sizeof(line))
        return;
    vsnprintf(line + len, sizeof(line) - (size_t)len, fmt, ap);
    fprintf(stderr, "%s\n", line);
}

void log_info(const char *event, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    log_line("info", event, fmt, ap);
    va_end(ap);
}

void log_warn(const char *event, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    log_line("warn", event, fmt, ap);
    va_end(ap);
}

void log_error(const char *event, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    log_line("error", event, fmt, ap);
    va_end(ap);
}

struct log_quoted log_quote(struct span s)
{
    struct log_quoted out;
    const size_t room = sizeof(out.text) - sizeof("\\x00...\"");
    size_t n = 0;
    size_t i = 0;

    out.text[n++] = '"';
    for (; i < s.len && n < room; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c == '"' || c == '\\')
            out.text[n++] = '\\';
        if (c < ' ' || c == 0x7f)
            n += (size_t)snprintf(out.text + n, sizeof("\\x00"), "\\x%02x", c);
        else
            out.text[n++] = (char)c;
    }
    snprintf(out.text + n, sizeof(out.text) - n, "%s\"",
             i < s.len ? "..." : "");
    return out;
}
