#include "server/http_server.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "server/http_connection.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

/* How often deadlines are looked at, and the end of a drain. */
#define WATCH_MS 500
#define DRAIN_MS 10

/* The library's own limit on silence; ours ends sooner. */
#define SILENCE_S 90

#define FLAGS                                                                 \
    (MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME |                 \
     MHD_USE_PEDANTIC_CHECKS)

/* "host:port" or "[host]:port", the port after the last colon. */
static void split(struct span listen, char *host, char *port, size_t size)
{
    size_t colon = listen.len;
    struct span name;

    while (colon && listen.ptr[colon - 1] != ':')
        colon--;
    name = span_cut(listen, 0, colon ? colon - 1 : 0);
    if (name.len > 1 && name.ptr[0] == '[')
        name = span_cut(name, 1, name.len - 1);
    snprintf(host, size, "%.*s", SPAN_ARG(name));
    snprintf(port, size, "%.*s",
             SPAN_ARG(span_cut(listen, colon, listen.len)));
}

static int bind_one(const struct addrinfo *info)
{
    int on = 1;
    int fd =
        socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 &&
        listen(fd, BACKLOG) == 0)
        return fd;
    close(fd);
    return -1;
}

static enum error_code listen_at(int *fd, struct span where, struct error *err)
{
    struct addrinfo hints = { .ai_flags = AI_PASSIVE,
                              .ai_socktype = SOCK_STREAM };
    struct addrinfo *info = NULL;
    char host[256];
    char port[256];
    int code;

    split(where, host, port, sizeof(host));
    code = getaddrinfo(*host ? host : NULL, port, &hints, &info);
    if (code)
        return error_set(err, ERROR_CONFIG, "listen: %.*s: %s",
                         SPAN_ARG(where), gai_strerror(code));
    *fd = bind_one(info);
    code = errno;
    freeaddrinfo(info);
    if (*fd >= 0)
        return ERROR_NONE;
    return error_set(err, ERROR_CONFIG,
                     "listen: %.*s: %s; another program may have it, or name "
                     "another address",
                     SPAN_ARG(where), strerror(code));
}

static void connection_link(struct http_server *server, struct connection *c)
{
    pthread_mutex_lock(&server->lock);
    c->next = server->first;
    if (c->next)
        c->next->previous = c;
    server->first = c;
    pthread_mutex_unlock(&server->lock);
}

/* After this the watch does not know the connection's file any more. */
static void connection_unlink(struct http_server *server, struct connection *c)
{
    pthread_mutex_lock(&server->lock);
    if (c->next)
        c->next->previous = c->previous;
    if (c->previous)
        c->previous->next = c->next;
    else
        server->first = c->next;
    pthread_mutex_unlock(&server->lock);
}

static void on_connection(void *context, struct MHD_Connection *mhd,
                          void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = context;
    struct connection *c = *socket_context;
    struct meter *meter = server->options.meter;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        c = connection_new(server, mhd);
        *socket_context = c;
        connection_link(server, c);
        if (meter)
            meter->connections++;
        return;
    }
    connection_unlink(server, c);
    connection_free(c);
    *socket_context = NULL;
    if (meter)
        meter->connections--;
}

static void *on_request_line(void *context, const char *uri,
                             struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection *c = info->socket_context;

    (void)context;
    connection_begin(c, uri);
    return c;
}

static enum MHD_Result on_advance(void *context, struct MHD_Connection *mhd,
                                  const char *url, const char *method,
                                  const char *version, const char *data,
                                  size_t *len, void **request)
{
    (void)context;
    (void)mhd;
    (void)url;
    (void)version;
    return connection_advance(*request, method, data, len) ? MHD_YES : MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *mhd,
                         void **request, enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)mhd;
    if (*request)
        connection_completed(*request,
                             code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    *request = NULL;
}

/* Close what has been too slow; the library notices and cleans up. */
static void close_slow(struct http_server *server)
{
    int64_t now = clock_steady_ms();

    for (struct connection *c = server->first; c; c = c->next) {
        int64_t deadline = c->deadline_ms;

        if (!deadline || now < deadline)
            continue;
        c->deadline_ms = 0;
        shutdown(c->fd, SHUT_RDWR);
        if (server->options.meter)
            meter_refuse(server->options.meter, "slow");
    }
}

static void *watch(void *context)
{
    struct http_server *server = context;

    pthread_mutex_lock(&server->lock);
    while (!server->stopping) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += WATCH_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&server->wake, &server->lock, &until);
        close_slow(server);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

static void defaults(struct http_server_options *options)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (!options->threads)
        options->threads = processors > 0 ? (size_t)processors : 1;
    if (!options->connections)
        options->connections = HTTP_SERVER_CONNECTIONS;
    if (options->connections < options->threads)
        options->connections = options->threads;
    if (!options->body_max)
        options->body_max = HTTP_SERVER_BODY_MAX;
    if (!options->slow_ms)
        options->slow_ms = HTTP_SERVER_SLOW_MS;
}

/* A pool of one is no pool to the library. */
static struct MHD_Daemon *daemon_start(struct http_server *server)
{
    const struct http_server_options *options = &server->options;
    struct MHD_OptionItem pool[] = {
        { MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)options->threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };
    struct MHD_OptionItem *item = options->threads > 1 ? pool : pool + 1;

    return MHD_start_daemon(
        FLAGS, 0, NULL, NULL, on_advance, server, MHD_OPTION_LISTEN_SOCKET,
        server->socket, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)options->connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)SILENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        HTTP_SERVER_HEAD_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_URI_LOG_CALLBACK, on_request_line, server,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_ARRAY,
        item, MHD_OPTION_END);
}

enum error_code http_server_start(struct http_server **server,
                                  const struct http_server_options *options,
                                  struct error *err)
{
    struct http_server *made = xcalloc(1, sizeof(*made));
    enum error_code rc;

    made->options = *options;
    made->socket = -1;
    defaults(&made->options);
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->wake, NULL);
    if (options->rate)
        made->limit = limit_new(options->rate);
    rc = address_list_parse(&made->proxies, options->proxies, err);
    if (!rc)
        rc = listen_at(&made->socket, options->listen, err);
    if (!rc) {
        made->daemon = daemon_start(made);
        if (!made->daemon)
            rc = error_set(err, ERROR_CONFIG,
                           "listen: %.*s: the server did not start; fewer "
                           "connections may help",
                           SPAN_ARG(options->listen));
    }
    if (!rc && pthread_create(&made->watch, NULL, watch, made) != 0)
        rc = error_set(err, ERROR_CONFIG, "no thread could be started");
    if (rc)
        http_server_stop(made);
    else
        *server = made;
    return rc;
}

bool http_server_drain(struct http_server *server, long wait_ms)
{
    int64_t until = clock_steady_ms() + wait_ms;
    struct timespec pause = { 0, DRAIN_MS * 1000000L };

    server->draining = true;
    if (MHD_quiesce_daemon(server->daemon) != MHD_INVALID_SOCKET) {
        close(server->socket);
        server->socket = -1;
    }
    while (server->active && clock_steady_ms() < until)
        nanosleep(&pause, NULL);
    return !server->active;
}

void http_server_stop(struct http_server *server)
{
    const struct timespec pause = { 0, DRAIN_MS * 1000000L };

    if (!server)
        return;
    if (server->watch) {
        pthread_mutex_lock(&server->lock);
        server->stopping = true;
        pthread_cond_signal(&server->wake);
        pthread_mutex_unlock(&server->lock);
        pthread_join(server->watch, NULL);
    }
    server->closed = true;
    while (server->handling)
        nanosleep(&pause, NULL);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    if (server->socket >= 0 && !server->daemon)
        close(server->socket);
    limit_free(server->limit);
    pthread_cond_destroy(&server->wake);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
