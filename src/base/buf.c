#include "base/buf.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_BYTES ((size_t)64 << 10)

void buf_init(struct buf *buf, size_t max)
{
    memset(buf, 0, sizeof(*buf));
    buf->max = max;
}

void buf_release(struct buf *buf)
{
    free(buf->ptr);
    buf_init(buf, buf->max);
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->full = false;
    if (buf->ptr)
        buf->ptr[0] = '\0';
}

bool buf_reserve(struct buf *buf, size_t len)
{
    size_t want;

    if (buf->full || len > buf->max - buf->len) {
        buf->full = true;
        return false;
    }
    want = buf->len + len + 1;
    if (want <= buf->alloc)
        return true;
    if (want < buf->alloc * 2)
        want = buf->alloc * 2;
    buf->ptr = xrealloc(buf->ptr, want);
    buf->alloc = want;
    buf->ptr[buf->len] = '\0';
    return true;
}

void buf_add(struct buf *buf, struct span s)
{
    if (!buf_reserve(buf, s.len))
        return;
    if (s.len)
        memcpy(buf->ptr + buf->len, s.ptr, s.len);
    buf->len += s.len;
    buf->ptr[buf->len] = '\0';
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, (struct span){ &c, 1 });
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
    va_list ap;
    va_list again;
    int len;

    va_start(ap, fmt);
    va_copy(again, ap);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len > 0 && buf_reserve(buf, (size_t)len)) {
        vsnprintf(buf->ptr + buf->len, (size_t)len + 1, fmt, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

struct span buf_span(const struct buf *buf)
{
    return (struct span){ buf->ptr ? buf->ptr : "", buf->len };
}

/* Read up to READ_BYTES; false at the end, or when there is no more room. */
static bool read_some(struct buf *buf, FILE *file)
{
    size_t room = buf->max - buf->len;
    size_t want = room < READ_BYTES ? room : READ_BYTES;
    int next;

    if (!want) {
        next = getc(file);
        buf->full = next != EOF;
        return false;
    }
    if (!buf_reserve(buf, want))
        return false;
    want = fread(buf->ptr + buf->len, 1, want, file);
    buf->len += want;
    buf->ptr[buf->len] = '\0';
    return want > 0;
}

enum error_code buf_read_file(struct buf *buf, const char *path,
                              struct error *err)
{
    FILE *file = fopen(path, "rb");
    enum error_code rc = ERROR_NONE;

    if (!file)
        return error_set(err, ERROR_INPUT, "%s: can't be opened: %s", path,
                         strerror(errno));
    while (read_some(buf, file))
        continue;
    if (buf->full)
        rc = error_set(err, ERROR_INPUT, "%s: larger than %zu bytes", path,
                       buf->max);
    else if (ferror(file))
        rc = error_set(err, ERROR_INPUT, "%s: reading failed: %s", path,
                       strerror(errno));
    fclose(file);
    return rc;
}
