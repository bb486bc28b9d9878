/*
 * A bare libmicrohttpd that reads any request and answers a constant: what
 * `make bench-serve` compares sluice with.
 *
 *     bare PORT THREADS
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static char answer[] = "{\"id\":1,\"known\":false}\n";
static int seen;

static enum MHD_Result on_request(void *context,
                                  struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *data,
                                  size_t *len, void **request)
{
    (void)url;
    (void)method;
    (void)version;
    (void)data;
    if (!*request) {
        *request = &seen;
        return MHD_YES;
    }
    if (*len) {
        *len = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, 202, context);
}

int main(int argc, char **argv)
{
    unsigned port = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 8081;
    unsigned threads = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 2;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof(answer) - 1, answer, MHD_RESPMEM_PERSISTENT);
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)port, NULL, NULL, on_request,
        response, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_THREAD_POOL_SIZE,
        threads, MHD_OPTION_CONNECTION_LIMIT, 2000U, MHD_OPTION_END);

    if (!daemon)
        return 1;
    pause();
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    return 0;
}
