#ifndef MEMORY_TRACES_H
#define MEMORY_TRACES_H

#include "base/arena.h"
#include "comment/comment.h"
#include "memory/sketch.h"
#include "text/normalise.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * By what a comment is known again: the sketch of its text, and whom and what
 * it names.
 */
enum trace_kind {
    TRACE_EMAIL,
    TRACE_MAIL_DOMAIN,
    TRACE_IP,
    TRACE_NET, /* IPv4: 24 bits; IPv6: 48 */
    TRACE_HOST,
    TRACE_DOMAIN, /* the registrable part of a host */
    TRACE_AUTHOR, /* the folded name */
};

struct trace {
    enum trace_kind kind;
    uint64_t key;
    struct span name; /* for people */
};

/* Links beyond these are not looked at. */
#define TRACES_HOSTS_MAX 8
#define TRACES_MAX (5 + 2 * (TRACES_HOSTS_MAX + 1))

struct traces {
    struct trace trace[TRACES_MAX];
    size_t nr;
    struct sketch sketch;
    bool sketched;   /* the text was long enough */
    uint64_t id;     /* of the comment; 0: it has none */
    uint64_t author; /* of the name; 0: it has none */
};

/*
 * Collect them; names point into comment, text and arena. The narrow comes
 * right before the wide it belongs to: an address before its domain.
 */
void traces_find(struct traces *traces, struct arena *arena,
                 const struct comment *comment, const struct text *text);

#endif /* MEMORY_TRACES_H */
