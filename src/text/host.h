#ifndef TEXT_HOST_H
#define TEXT_HOST_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Host names as people and spammers write them.
 *
 * A host is labels with dots between them, and a dot may be dressed up:
 * "shop[.]example", "shop (dot) com", "shop dot com". Reading one gives its
 * plain name, whatever the dress. Whether the name leads anywhere is asked of
 * the Public Suffix List (libpsl, compiled in; this module is its only user).
 *
 * Pure. Every reading moves on, so a scan is linear.
 */

/* What the DNS allows (RFC 1035): bytes of a name, labels in it. */
#define HOST_LEN_MAX 253
#define HOST_LABELS_MAX 127

struct host {
    char name[HOST_LEN_MAX + 1]; /* ASCII letters in lower case, a NUL after */
    size_t len;
    size_t nr;      /* labels; 0 when this is no host */
    size_t end;     /* offset in the text behind the last label */
    bool disguised; /* some dot was dressed up */
    struct {
        size_t name_end;
        size_t text_end;
    } label[HOST_LABELS_MAX];
};

/* Where the name is read: it decides which letters may be part of it. */
enum host_place {
    HOST_IN_PROSE, /* Latin, Greek, Cyrillic, Hebrew, Arabic, Indic letters,
                      one script at a time */
    HOST_IN_URL,   /* any letter: a scheme before it leaves no doubt */
};

/* May a label begin at `at`? */
bool host_begins(struct span text, size_t at, enum host_place place);

/* The end of the label that begins at `at`; `at` itself if none does. */
size_t host_label_end(struct span text, size_t at, enum host_place place);

/*
 * Read the host that begins at `at`: one label, or more with dots between.
 * False when there is none or it is too long. `host->end` is set either way,
 * to where a scan may go on.
 */
bool host_read(struct span text, size_t at, enum host_place place,
               struct host *host);

enum host_suffix {
    HOST_SUFFIX_REAL,  /* on the Public Suffix List */
    HOST_SUFFIX_CLEAR, /* and no mistaking it for the next word of a sentence
                          ("so.it is"): "com", "ru", "co.in", not "it" */
};

/*
 * Cut `host` after the last of its labels that makes a suffix of that kind
 * ("example.com.The" to "example.com"). False if its end has none.
 */
bool host_settle(struct host *host, enum host_suffix kind);

/* Does `host` end in a public suffix, as it is? A lone label never does. */
bool host_has_suffix(const struct host *host);

/* Four numbers up to 255. */
bool host_is_ipv4(const struct host *host);

/*
 * The part of `name` (lower case) that somebody registered: "a.b.co.uk" to
 * "b.co.uk"; a suffix of `name`. `name` itself when it is an address, a
 * public suffix, or none that the list knows.
 */
struct span host_registrable(struct span name);

/*
 * The name of `host`, in the arena: in lower case beyond ASCII too, and
 * composed (NFKC). Punycode stays punycode.
 */
struct span host_name(struct arena *arena, const struct host *host);

#endif /* TEXT_HOST_H */
