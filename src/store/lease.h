#ifndef STORE_LEASE_H
#define STORE_LEASE_H

#include "store/store.h"

/*
 * Whose turn it is to work on a site, where several nodes share a server.
 *
 * A site's events are judged in order and its comments told once, so one node
 * at a time works on it. That node holds a lease, which ends when it is not
 * renewed: then another takes over. What the first one may still bring is
 * refused, for each taking over counts up the lease's fence, and who writes
 * shows the fence it holds (lease_check). Time is the server's alone, so the
 * nodes' clocks need not agree.
 *
 * In a file there is one node, which holds everything: these change nothing
 * there, and hand out fence 0, which always holds.
 */
struct lease {
    struct span site;
    struct span holder; /* a node's name, unique */
    int64_t fence;
    int64_t taken_ms; /* node.h's, as the next: steady, before it was asked
                         for */
    unsigned term;
};

/* The fence of one that is not held. */
#define LEASE_NONE ((int64_t)-1)

/* A lease that is not renewed ends after this. */
#define LEASE_MS ((int64_t)3000)

/*
 * Take the lease of `lease->site` for `lease->holder`, or renew it; fills the
 * fence. `*held` is false while another node holds it.
 */
enum error_code lease_take(struct store *store, struct lease *lease,
                           bool *held, struct error *err) MUST_CHECK;

/*
 * Within a transaction: ERROR_STORE when another node has taken over; if not,
 * none will before the end of the transaction.
 */
enum error_code lease_check(struct store *store, const struct lease *lease,
                            struct error *err) MUST_CHECK;

/* Renew all leases of `holder` that have not ended. */
enum error_code lease_renew(struct store *store, struct span holder,
                            struct error *err) MUST_CHECK;

/* Let another node take it at once. */
enum error_code lease_give_back(struct store *store, const struct lease *lease,
                                struct error *err) MUST_CHECK;

/*
 * Hand each site that something waits at, in inbox or outbox, and whose lease
 * is `holder`'s to take, to `each`.
 */
enum error_code lease_each(struct store *store, struct span holder,
                           void (*each)(void *context, struct span site),
                           void *context, struct error *err) MUST_CHECK;

#endif /* STORE_LEASE_H */
