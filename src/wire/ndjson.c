#include "wire/ndjson.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES ((size_t)256 << 10)

void ndjson_init(struct ndjson *in, int fd)
{
    memset(in, 0, sizeof(*in));
    in->fd = fd;
    buf_init(&in->bytes, NDJSON_LINE_MAX + READ_BYTES);
}

void ndjson_release(struct ndjson *in)
{
    buf_release(&in->bytes);
}

static struct span unreturned(const struct ndjson *in)
{
    return span_cut(buf_span(&in->bytes), in->at, in->bytes.len);
}

/* Standard input may have been left non-blocking by whoever shares it. */
static ssize_t read_some(int fd, char *into)
{
    for (;;) {
        ssize_t got = read(fd, into, READ_BYTES);
        struct pollfd ready = { .fd = fd, .events = POLLIN };

        if (got >= 0 || (errno != EINTR && errno != EAGAIN))
            return got;
        if (errno == EAGAIN)
            (void)poll(&ready, 1, -1);
    }
}

/* Read more behind what is unreturned; false, and errno, when that fails. */
static bool fill(struct ndjson *in)
{
    struct span kept = unreturned(in);
    ssize_t got;

    if (in->at) {
        memmove(in->bytes.ptr, kept.ptr, kept.len);
        in->bytes.len = kept.len;
        in->at = 0;
    }
    if (!buf_reserve(&in->bytes, READ_BYTES)) {
        errno = ENOBUFS;
        return false;
    }
    got = read_some(in->fd, in->bytes.ptr + in->bytes.len);
    if (got < 0)
        return false;
    in->bytes.len += (size_t)got;
    in->ended = !got;
    return true;
}

/* Take the line that ends at `len`, and its LF if there is one. */
static struct span take(struct ndjson *in, size_t len)
{
    struct span line = span_cut(unreturned(in), 0, len);

    in->at += line.len;
    if (in->at < in->bytes.len)
        in->at++;
    in->scanned = 0;
    in->number++;
    if (span_ends(line, SPAN_LIT("\r")))
        line.len--;
    return line;
}

/* Throw away up to the next LF, a block at a time. */
static enum ndjson_event skip_line(struct ndjson *in)
{
    size_t len;

    for (;;) {
        struct span s = unreturned(in);

        len = span_find_char(s, '\n');
        if (len < s.len || in->ended)
            break;
        in->at = in->bytes.len;
        if (!fill(in))
            return NDJSON_FAILED;
    }
    (void)take(in, len);
    return NDJSON_TOO_LONG;
}

enum ndjson_event ndjson_next(struct ndjson *in, struct span *line)
{
    for (;;) {
        struct span s = unreturned(in);
        size_t len = in->scanned;

        len += span_find_char(span_cut(s, len, s.len), '\n');
        in->scanned = len;
        if (len > NDJSON_LINE_MAX)
            return skip_line(in);
        if (len < s.len || (in->ended && s.len)) {
            *line = take(in, len);
            if (span_trim(*line).len)
                return NDJSON_LINE;
        } else if (in->ended) {
            return NDJSON_END;
        } else if (!fill(in)) {
            return NDJSON_FAILED;
        }
    }
}

/* Is there a whole line to return? Blank lines are not returned. */
static bool has_line(struct ndjson *in)
{
    struct span s = unreturned(in);
    size_t blank = 0;
    size_t at;

    while (blank < s.len && isspace((unsigned char)s.ptr[blank]))
        blank++;
    at = blank > in->scanned ? blank : in->scanned;
    at += span_find_char(span_cut(s, at, s.len), '\n');
    if (blank <= in->scanned)
        in->scanned = at;
    return at < s.len;
}

static bool has_input(int fd)
{
    struct pollfd ready = { .fd = fd, .events = POLLIN };

    return poll(&ready, 1, 0) > 0;
}

bool ndjson_would_wait(struct ndjson *in)
{
    while (!in->ended && !has_line(in)) {
        /* Too long a line is for the next call to skip, or a failure to
         * tell. */
        if (unreturned(in).len > NDJSON_LINE_MAX)
            return false;
        if (!has_input(in->fd))
            return true;
        if (!fill(in))
            return false;
    }
    return false;
}
