#ifndef STORE_READERS_H
#define STORE_READERS_H

#include "store/store.h"

/*
 * A few open stores to read from, for many threads that read now and then: a
 * server has only so many connections, and thousands of sites have a thread
 * each.
 */
struct readers;

/* Open at a time. Who wants one more waits until one is given back. */
#define READERS_MAX 8

/* `url` is copied; nothing is opened yet. All must be given back before. */
struct readers *readers_new(const char *url);
void readers_free(struct readers *readers); /* NULL is fine */

/* One for the caller alone, until it is given back; opened if need be. */
enum error_code readers_take(struct readers *readers, struct store **store,
                             struct error *err) MUST_CHECK;
void readers_give(struct readers *readers, struct store *store);

#endif /* STORE_READERS_H */
