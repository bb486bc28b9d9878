#include "store/node.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "store/database.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The server's channel; its database is the store's. */
#define CHANNEL "sluice"

/* A node that is to stop waits no longer than this. */
#define LISTEN_MS 250
#define US_PER_MS 1000

static const char call_out[] = "SELECT pg_notify('" CHANNEL "', ?)";

struct node {
    bool alone;              /* with a file */
    struct secret_name name; /* unique */
    pthread_mutex_t lock;    /* for what follows */
    struct store *store;     /* for leases */
    struct database caller;  /* for calls */
    struct database ear;     /* the thread's, as the next two */
    struct store *eye;
    void (*on_call)(void *context, struct span site);
    void *context;
    pthread_t thread;
    bool started;
    atomic_bool stopping;

    /*
     * When all leases were renewed last. One that had ended by then was not:
     * when so much time had gone by, a new term begins.
     */
    _Atomic(int64_t) renewed_ms;
    atomic_uint term;
};

static void warn(const char *event, const struct error *err)
{
    log_warn(event, "error=%s", log_quote(span_str(err->text)).text);
}

/* Both times are on the careful side: before the one, after the other. */
static enum error_code renew_all(struct node *node, struct error *err)
{
    int64_t asked_ms = clock_steady_ms();
    enum error_code rc =
        lease_renew(node->eye, span_str(node->name.text), err);

    if (rc)
        return rc;
    if (clock_steady_ms() - node->renewed_ms > LEASE_MS)
        node->term++;
    node->renewed_ms = asked_ms;
    return ERROR_NONE;
}

static void look_round(struct node *node)
{
    struct error err;

    if (renew_all(node, &err) ||
        lease_each(node->eye, span_str(node->name.text), node->on_call,
                   node->context, &err))
        warn("no_look_round", &err);
}

static void not_heard(const struct node *node, const struct error *err)
{
    warn("nothing_heard", err);
    if (!node->stopping)
        usleep(LISTEN_MS * US_PER_MS);
}

static void *keep(void *context)
{
    struct node *node = context;
    int64_t looked_ms = clock_steady_ms();

    while (!node->stopping) {
        struct error err;

        if (database_listen(&node->ear, CHANNEL, LISTEN_MS, node->on_call,
                            node->context, &err))
            not_heard(node, &err);
        if (clock_steady_ms() - looked_ms < NODE_LOOK_MS)
            continue;
        look_round(node);
        looked_ms = clock_steady_ms();
    }
    return NULL;
}

static enum error_code connect_all(struct node *node, const char *url,
                                   struct error *err)
{
    enum error_code rc = store_open(&node->store, url, err);

    if (!rc)
        rc = store_open(&node->eye, url, err);
    if (!rc)
        rc = database_open(&node->caller, url, err);
    if (!rc)
        rc = database_open(&node->ear, url, err);
    if (!rc && pthread_create(&node->thread, NULL, keep, node) != 0)
        rc = error_set(err, ERROR_STORE, "no thread could be started");
    node->started = !rc;
    return rc;
}

enum error_code node_start(struct node **node, const char *url,
                           void (*on_call)(void *context, struct span site),
                           void *context, struct error *err)
{
    struct node *made = xcalloc(1, sizeof(*made));
    enum error_code rc = ERROR_NONE;

    made->alone = !store_is_server(span_str(url));
    made->on_call = on_call;
    made->context = context;
    pthread_mutex_init(&made->lock, NULL);
    made->name = secret_name();
    made->renewed_ms = clock_steady_ms();
    if (!made->alone)
        rc = connect_all(made, url, err);
    if (rc)
        node_stop(made);
    else
        *node = made;
    return rc;
}

void node_stop(struct node *node)
{
    if (!node)
        return;
    node->stopping = true;
    if (node->started)
        pthread_join(node->thread, NULL);
    database_release(&node->ear);
    database_release(&node->caller);
    store_close(node->eye);
    store_close(node->store);
    pthread_mutex_destroy(&node->lock);
    free(node);
}

void node_call(struct node *node, struct span site)
{
    struct query query;
    struct error err;
    enum error_code rc;

    if (node->alone)
        return;
    pthread_mutex_lock(&node->lock);
    rc = query_prepare(&query, &node->caller, call_out, &err);
    if (!rc) {
        query_bind_span(&query, site);
        rc = query_run(&query, &err);
    }
    pthread_mutex_unlock(&node->lock);
    if (rc)
        warn("not_called", &err);
}

void node_give_back(struct node *node, const struct lease *lease)
{
    struct error err;
    enum error_code rc;

    if (lease->fence <= 0)
        return;
    pthread_mutex_lock(&node->lock);
    rc = lease_give_back(node->store, lease, &err);
    pthread_mutex_unlock(&node->lock);
    if (rc)
        warn("lease_kept", &err);
}

bool node_holds(const struct node *node, const struct lease *lease)
{
    int64_t now = clock_steady_ms();
    bool renewed = now - node->renewed_ms < NODE_SURE_MS;

    if (lease->fence <= 0)
        return !lease->fence;
    return now - lease->taken_ms < NODE_SURE_MS ||
           (renewed && lease->term == node->term);
}

enum error_code node_take(struct node *node, struct span site,
                          struct lease *lease, bool *held, struct error *err)
{
    enum error_code rc;

    *lease = (struct lease){ .site = site,
                             .holder = span_str(node->name.text),
                             .fence = LEASE_NONE,
                             .taken_ms = clock_steady_ms(),
                             .term = node->term };
    *held = node->alone;
    if (node->alone) {
        lease->fence = 0;
        return ERROR_NONE;
    }
    pthread_mutex_lock(&node->lock);
    rc = lease_take(node->store, lease, held, err);
    pthread_mutex_unlock(&node->lock);
    if (!rc && !*held)
        node_call(node, site);
    return rc;
}
