#ifndef SERVER_HTTP_SERVER_H
#define SERVER_HTTP_SERVER_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "server/http_message.h"
#include "server/meter.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * HTTP/1.1 for those who call in: a few threads, each with many connections.
 * With http_connection.c the only user of libmicrohttpd; it knows routes and
 * handlers, and nothing of comments.
 *
 * Whatever a stranger can make grow or last has a ceiling: connections,
 * requests a second of one address, the head, the body, the time from the
 * first byte to the last. What is plainly not HTTP as we want it (a length
 * twice, a length and chunks, a header twice that may be there once) is 400
 * before a handler hears of it.
 *
 * An answer that comes later (http_request_suspend) holds up nobody else: the
 * thread goes on with other connections.
 */
struct http_server;

/* Defaults; each can be set in http_server_options. */
#define HTTP_SERVER_BODY_MAX ((size_t)1 << 20)
#define HTTP_SERVER_CONNECTIONS 2000
#define HTTP_SERVER_SLOW_MS 10000

/* Request line and header lines together, with what the library needs. */
#define HTTP_SERVER_HEAD_MAX ((size_t)32 << 10)

/*
 * Where a request goes. `path` is compared whole; one that ends in '*' takes
 * all that begins like it, and the rest is http_request.tail. The first route
 * that fits is taken; a path that fits only with other methods is 405.
 */
struct http_route {
    const char *method;
    const char *path;
    http_handler *handler;
    void *context;
    enum meter_door door; /* what it is counted as */
    size_t body_max;      /* 0: the server's */
    bool unlimited;       /* no rate for addresses: for those who look after
                             the machine */
};

struct http_server_options {
    struct span listen;  /* "127.0.0.1:8080", "[::]:80" */
    struct span proxies; /* addresses and networks, separated by spaces
                            or commas, whose X-Forwarded-For is believed */
    size_t threads;      /* 0: one a processor */
    size_t connections;  /* 0: HTTP_SERVER_CONNECTIONS */
    size_t body_max;     /* 0: HTTP_SERVER_BODY_MAX */
    long slow_ms;        /* 0: HTTP_SERVER_SLOW_MS; for a request to
                            arrive, and again for its answer to leave */
    long rate;           /* requests a second of an address; 0: any */
    const struct http_route
        *route;          /* up to one without a method; not copied */
    struct meter *meter; /* not owned; may be NULL */
};

/*
 * Listen and serve until http_server_stop. ERROR_CONFIG names the address
 * that can't be had, or the proxy that is none.
 */
enum error_code http_server_start(struct http_server **server,
                                  const struct http_server_options *options,
                                  struct error *err) MUST_CHECK;

/*
 * Take no more connections, answer each further request on an old one as its
 * last, and wait until all that came is answered, or `wait_ms` have passed.
 * True when nothing was left.
 */
bool http_server_drain(struct http_server *server, long wait_ms);

/*
 * Call no handler any more, wait for those at work and for what is suspended
 * to be resumed, close what is still open and free the server. NULL is fine.
 */
void http_server_stop(struct http_server *server);

#endif /* SERVER_HTTP_SERVER_H */
