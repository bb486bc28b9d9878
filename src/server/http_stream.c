#include "server/http_stream.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* Of what the library takes at a time. */
#define BLOCK_BYTES 4096

struct http_stream {
    pthread_mutex_t lock; /* for what follows */
    struct MHD_Connection *mhd;
    struct buf bytes; /* not sent yet */
    bool suspended;
    bool ended;
    bool gone; /* its reader is */
    unsigned held;
};

struct http_stream *http_stream_new(void)
{
    struct http_stream *stream = xcalloc(1, sizeof(*stream));

    pthread_mutex_init(&stream->lock, NULL);
    buf_init(&stream->bytes, HTTP_STREAM_MAX);
    stream->held = 2;
    return stream;
}

/* The lock is held, and is not afterwards. */
static void let_go(struct http_stream *stream)
{
    bool last = !--stream->held;

    pthread_mutex_unlock(&stream->lock);
    if (!last)
        return;
    pthread_mutex_destroy(&stream->lock);
    buf_release(&stream->bytes);
    free(stream);
}

/* The lock is held. */
static void wake(struct http_stream *stream)
{
    if (stream->suspended)
        MHD_resume_connection(stream->mhd);
    stream->suspended = false;
}

bool http_stream_put(struct http_stream *stream, struct span bytes)
{
    bool read;

    pthread_mutex_lock(&stream->lock);
    buf_add(&stream->bytes, bytes);
    read = !stream->gone && !stream->bytes.full;
    if (read)
        wake(stream);
    pthread_mutex_unlock(&stream->lock);
    return read;
}

void http_stream_end(struct http_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->ended = true;
    if (!stream->gone)
        wake(stream);
    let_go(stream);
}

/* The library has room: give it what there is, or stop until there is. */
static ssize_t give(void *context, uint64_t pos, char *to, size_t max)
{
    struct http_stream *stream = context;
    struct buf *bytes = &stream->bytes;
    ssize_t given = 0;

    (void)pos;
    pthread_mutex_lock(&stream->lock);
    if (bytes->len) {
        size_t len = bytes->len < max ? bytes->len : max;

        memcpy(to, bytes->ptr, len);
        memmove(bytes->ptr, bytes->ptr + len, bytes->len - len);
        bytes->len -= len;
        given = (ssize_t)len;
    } else if (stream->ended) {
        given = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        MHD_suspend_connection(stream->mhd);
        stream->suspended = true;
    }
    pthread_mutex_unlock(&stream->lock);
    return given;
}

static void forget(void *context)
{
    struct http_stream *stream = context;

    pthread_mutex_lock(&stream->lock);
    stream->gone = true;
    stream->suspended = false;
    let_go(stream);
}

struct MHD_Response *http_stream_response(struct http_stream *stream,
                                          struct MHD_Connection *mhd)
{
    pthread_mutex_lock(&stream->lock);
    stream->mhd = mhd;
    pthread_mutex_unlock(&stream->lock);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES,
                                             give, stream, forget);
}
