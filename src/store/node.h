#ifndef STORE_NODE_H
#define STORE_NODE_H

#include "store/lease.h"

/*
 * This process among others that share a server: it keeps its leases, hears
 * what the others call out, and looks round for work that nobody has taken up.
 *
 * A call is a notification of the server's; one that is lost, with its
 * connection, is made good by the next look round, within NODE_LOOK_MS. Where
 * the store is a file there is nobody else: a node then has no thread, and
 * holds everything.
 */
struct node;

/* Between looks round; a fraction of LEASE_MS. */
#define NODE_LOOK_MS 500

/*
 * Start. `on_call` is called on the node's thread with a site that something
 * waits at, or with the empty text when settings have changed somewhere. The
 * caller stops it.
 */
enum error_code node_start(struct node **node, const char *url,
                           void (*on_call)(void *context, struct span site),
                           void *context, struct error *err) MUST_CHECK;

/* End; leases were given back before. NULL is fine. */
void node_stop(struct node *node);

/*
 * Take the lease of `site` for this node, or renew it; fills `lease`, whose
 * site is as given and whose holder lives as long as the node. While another
 * node holds it, `*held` is false and that node has been called.
 */
enum error_code node_take(struct node *node, struct span site,
                          struct lease *lease, bool *held,
                          struct error *err) MUST_CHECK;

/*
 * Does the lease hold, for certain? Does not ask the server, so that it can be
 * asked before each word to a site; any thread. It is sure for NODE_SURE_MS
 * from when it was taken or renewed; the rest of LEASE_MS is for what is on
 * its way. A process that was stopped for longer, or cut off, is not sure any
 * more. A machine whose clock stands still while it is paused can't know:
 * there the sites' own check is left (site.h: a change expects a status).
 */
#define NODE_SURE_MS (LEASE_MS - 1000)
bool node_holds(const struct node *node, const struct lease *lease);

/* Give it back, when there is nothing more to do; if it is held. */
void node_give_back(struct node *node, const struct lease *lease);

/* Tell the other nodes. What can't be told now they will find out. */
void node_call(struct node *node, struct span site);

#endif /* STORE_NODE_H */
