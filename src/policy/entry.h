#ifndef POLICY_ENTRY_H
#define POLICY_ENTRY_H

#include "base/arena.h"
#include "base/span.h"
#include "text/normalise.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * One entry of a list, as a key that can be compared byte by byte.
 *
 * The value is spelled the way the text stage spells the same thing in a
 * comment: "Cheap-Jerseys.example" in the file meets "cheap-jerseys.example"
 * in the link, and "V1agra" meets "viagra".
 */
enum entry_kind {
    ENTRY_ROLE,
    ENTRY_EMAIL,
    ENTRY_IP,
    ENTRY_AUTHOR,
    ENTRY_DOMAIN,
    ENTRY_WORD,
    ENTRY_KIND_NR,
};

struct entry {
    enum entry_kind kind;
    struct span key;
    struct span text; /* as the file has it */
};

/* Order by kind, then key; for qsort and bsearch. */
int entry_cmp(const void *a, const void *b);

/*
 * Read `line` ("email:ann@example.com"), without white space at its ends.
 * Returns NULL, and the entry in the arena; or, in a few words, what was
 * expected in its place.
 */
const char *entry_parse(struct entry *entry, struct arena *arena,
                        struct span line);

/* Where a comment's own keys are made; a longer one matches nothing. */
#define ENTRY_KEY_MAX 512

struct entry_room {
    char byte[ENTRY_KEY_MAX];
};

/* `s` in lower case (ASCII), without white space at its ends. */
struct span entry_lower(struct entry_room *room, struct span s);

/* The author's name, folded. */
struct span entry_author(struct entry_room *room, const struct text *text);

/* Addresses are 16 bytes, IPv4 mapped to IPv6 (RFC 4291). */
#define ENTRY_IP_BYTES 16
#define ENTRY_IP_BITS 128

struct entry_ip {
    unsigned char byte[ENTRY_IP_BYTES];
    size_t bits; /* of the address as it was written: 32 or 128 */
};

bool entry_ip_parse(struct entry_ip *ip, struct span s);

/* The key of the network that the first `bits` of 128 name. */
struct span entry_ip_key(struct entry_room *room, const struct entry_ip *ip,
                         size_t bits);

#endif /* POLICY_ENTRY_H */
