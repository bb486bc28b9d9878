#ifndef PAGE_LISTENERS_H
#define PAGE_LISTENERS_H

#include "base/error.h"
#include "server/http_stream.h"

/*
 * Open pages that wait for news, told by server-sent events (WHATWG HTML,
 * section 9.2): "queue" when something came or went, "settings" when those
 * changed. What others write to the store is noticed too, for it is the store
 * that is looked at, once a second while anybody listens.
 */
struct listeners;

/* More are refused: each holds a connection. */
#define LISTENERS_MAX 64

/* Without news a comment line is sent so often, and the session looked at. */
#define LISTENERS_BEAT_MS 15000

/* Look into the store at `url`. The caller stops them. */
enum error_code listeners_start(struct listeners **listeners, const char *url,
                                struct error *err) MUST_CHECK;

/* End all streams, and take no more. Before the server drains. NULL is fine.
 */
void listeners_end(struct listeners *listeners);
void listeners_stop(struct listeners *listeners); /* and free; NULL is fine */

/*
 * A new one, whose session has the hash `token`: its stream, for the answer.
 * NULL when there are too many.
 */
struct http_stream *listeners_add(struct listeners *listeners,
                                  struct span token);

#endif /* PAGE_LISTENERS_H */
