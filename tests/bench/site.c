/*
 * A site for the bench: as much of WordPress's REST API as a change of status
 * needs, answered from memory. Comments are those of hooks.lua. /count tells
 * how many were changed, and how many of them more than once.
 *
 *     site PORT
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IDS 400000000UL

static const char *const name[] = { "hold", "spam", "approved" };
static unsigned char *status; /* of each comment: index of name */
static int seen;
static unsigned long changed, again;

static enum MHD_Result answer(struct MHD_Connection *connection,
                              const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result queued;

    MHD_add_response_header(response, "Content-Type", "application/json");
    queued = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result on_request(void *context,
                                  struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *data,
                                  size_t *len, void **request)
{
    const char *at = strstr(url, "/comments/");
    unsigned long id = at ? strtoul(at + 10, NULL, 10) % IDS : 0;
    char row[2048];

    (void)context;
    (void)method;
    (void)version;
    if (!*request) {
        *request = &seen;
        return MHD_YES;
    }
    if (*len) {
        changed += !status[id];
        again += status[id] != 0;
        status[id] = memmem(data, *len, "\"spam\"", 6) ? 1 : 2;
        *len = 0;
        return MHD_YES;
    }
    if (!strcmp(url, "/count")) {
        snprintf(row, sizeof(row), "{\"changed\":%lu,\"again\":%lu}\n",
                 changed, again);
        return answer(connection, row);
    }
    if (!at)
        return answer(connection, "{\"namespaces\":[\"wp/v2\"]}");
    snprintf(row, sizeof(row),
             "{\"id\":%lu,\"author_name\":\"Michael Tarrant\","
             "\"author_email\":\"m@example.org\",\"author_url\":\"\","
             "\"author_ip\":\"203.0.113.9\",\"author_user_agent\":"
             "\"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101\","
             "\"content\":{\"raw\":\"Well said. The "
             "council has been promising a new bridge for %lu years now, and "
             "all we got is another study. I walked past the site on Sunday "
             "with my daughter and there is not a single worker to be seen; "
             "the fence has fallen over and nobody cares. If they want our "
             "votes next spring they should come and look at it "
             "themselves.\"},\"status\":\"%s\","
             "\"type\":\"comment\"}",
             strtoul(at + 10, NULL, 10), strtoul(at + 10, NULL, 10),
             name[status[id]]);
    return answer(connection, row);
}

int main(int argc, char **argv)
{
    unsigned port = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 8082;
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct MHD_Daemon *daemon;

    status = calloc(IDS, 1);
    daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)port,
                              NULL, NULL, on_request, NULL,
                              MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_END);
    if (!status || !daemon)
        return 1;
    pause();
    MHD_stop_daemon(daemon);
    return 0;
}
