#ifndef SERVER_ADDRESS_H
#define SERVER_ADDRESS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Addresses of the network: who is at the other end, and whom to believe when
 * he says that it is somebody else.
 *
 * IPv4 in IPv6 (::ffff:192.0.2.1) is the IPv4 address.
 */
struct sockaddr;

struct address {
    unsigned char byte[16]; /* IPv4: mapped into IPv6 */
};

/* Read "192.0.2.1" or "2001:db8::1"; false if it is none. */
bool address_parse(struct address *address, struct span text);

/* Is it this machine itself: 127.0.0.0/8 or ::1? */
bool address_is_loopback(const struct address *address);

struct address address_of(const struct sockaddr *from);

/* As text, in the arena. */
struct span address_text(struct arena *arena, const struct address *address);

struct address_net {
    struct address base;
    unsigned bits; /* of 128 */
};

#define ADDRESS_LIST_MAX 64

struct address_list {
    struct address_net net[ADDRESS_LIST_MAX];
    size_t nr;
};

/*
 * Read addresses and networks ("10.0.0.0/8"), separated by white space or
 * commas. ERROR_CONFIG names the one that is none.
 */
enum error_code address_list_parse(struct address_list *list, struct span text,
                                   struct error *err) MUST_CHECK;

bool address_list_has(const struct address_list *list,
                      const struct address *address);

/*
 * The client behind `peer`. Where the peer is in `trusted`, X-Forwarded-For
 * is read from its end: each entry was written by the one after it, so the
 * first that is not trusted is the client. What can't be read as an address
 * ends it, and the last believed one counts.
 */
struct address address_client(const struct address_list *trusted,
                              struct address peer, struct span forwarded);

#endif /* SERVER_ADDRESS_H */
