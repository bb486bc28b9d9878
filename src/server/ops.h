#ifndef SERVER_OPS_H
#define SERVER_OPS_H

#include "server/http_message.h"
#include "server/meter.h"

/*
 * For those who look after the machine: is it alive (/healthz), may it be
 * sent requests (/readyz), and what does it do (/metrics).
 */
struct ops {
    void *context;

    /* May requests be sent here? Else why not, in a few words; static. */
    const char *(*not_ready)(void *context);

    /* Append what the house counts. */
    void (*metrics)(void *context, struct buf *out);

    struct meter *meter; /* what the server counts */
};

/* `context` of each is a struct ops. */
void ops_health(void *context, struct http_request *request,
                struct http_answer *answer);
void ops_ready(void *context, struct http_request *request,
               struct http_answer *answer);
void ops_metrics(void *context, struct http_request *request,
                 struct http_answer *answer);

#endif /* SERVER_OPS_H */
