#ifndef SERVER_HTTP_STREAM_H
#define SERVER_HTTP_STREAM_H

#include "base/span.h"

#include <stdbool.h>

/*
 * An answer that goes on: what is put in is sent as it comes, from any thread,
 * until it is ended here or its reader goes.
 *
 * Two hold it: whoever made it, and the connection it was given to (as
 * http_answer.stream); the last one to let go frees it. Nobody waits in here;
 * a connection with nothing to send is suspended. Every stream must be ended
 * before the server stops.
 */
struct http_stream;

/* What may wait for a slow reader; then the stream is ended. */
#define HTTP_STREAM_MAX ((size_t)64 << 10)

/* Held by the maker and, from here on, by the answer it is put into. */
struct http_stream *http_stream_new(void);

/* Send `bytes`. False when nobody reads any more. */
bool http_stream_put(struct http_stream *stream, struct span bytes);

/* Nothing more comes; the maker lets go. */
void http_stream_end(struct http_stream *stream);

/* For http_connection.c, which makes the library's response of it. */
struct MHD_Connection;
struct MHD_Response;
struct MHD_Response *http_stream_response(struct http_stream *stream,
                                          struct MHD_Connection *mhd);

#endif /* SERVER_HTTP_STREAM_H */
