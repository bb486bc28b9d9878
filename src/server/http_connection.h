#ifndef SERVER_HTTP_CONNECTION_H
#define SERVER_HTTP_CONNECTION_H

#include "base/buf.h"
#include "server/address.h"
#include "server/http_message.h"
#include "server/http_server.h"
#include "server/limit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * One connection and the request on it; between http_server.c, which owns
 * them all, and http_connection.c, which answers.
 *
 * There is one request at a time on a connection, so its memory is kept for
 * the next one. The library calls us on the connection's thread only; the
 * list of connections and their deadlines are seen by the watch as well.
 */
struct MHD_Connection;
struct MHD_Daemon;

struct http_server {
    struct MHD_Daemon *daemon;
    int socket; /* listening; -1: not any more */
    struct http_server_options options;
    struct address_list proxies;
    struct limit *limit;  /* of addresses; NULL: none */
    atomic_size_t active; /* requests begun and not yet answered */
    atomic_bool draining;
    atomic_bool closed;     /* no handler is called any more */
    atomic_size_t handling; /* handlers at work, and requests suspended */
    pthread_t watch;
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t wake;
    bool stopping;
    struct connection *first;
};

enum stage {
    STAGE_IDLE,
    STAGE_HEAD,      /* the request line is read */
    STAGE_BODY,      /* the head is; the body is on its way */
    STAGE_SUSPENDED, /* `answer` will be filled */
    STAGE_ANSWERED,
};

struct connection {
    struct http_request request; /* first: handlers hand us this */
    struct http_server *server;
    struct connection *next;
    struct connection *previous;
    struct MHD_Connection *mhd;
    int fd;
    atomic_llong deadline_ms; /* steady; 0: none */
    enum stage stage;
    struct arena arena;
    struct buf body;
    size_t dropped;                 /* bytes of a body that is refused */
    const struct http_route *route; /* NULL: none */
    struct http_answer answer;
    int64_t began_us;
};

/* A connection has come, and put into the list; and it goes. */
struct connection *connection_new(struct http_server *server,
                                  struct MHD_Connection *mhd);
void connection_free(struct connection *connection);

/* A request line has come. */
void connection_begin(struct connection *connection, const char *uri);

/*
 * The library's further calls: head, body, end of it, resumed. False: close
 * the connection without an answer.
 */
bool connection_advance(struct connection *connection, const char *method,
                        const char *data, size_t *len);

/* The answer is sent, or nobody waits for it any more. */
void connection_completed(struct connection *connection, bool sent);

#endif /* SERVER_HTTP_CONNECTION_H */
