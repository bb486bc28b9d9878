#ifndef MEMORY_MEMORY_H
#define MEMORY_MEMORY_H

#include "memory/traces.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a site remembers of comments like this one: near-duplicates that
 * people called spam or honest, how often they come of late, and the repute
 * of mail address, network address, hosts and name.
 *
 * It counts from the first label on, where a layer (learn/) has to be taught
 * first; and it never guesses: of what it has not seen it says 0, and then
 * nothing changes. Labels are people's; our own verdicts are only counted as
 * having come.
 *
 * At most 18 MB, whatever is put in; what is oldest gives way. Its clock is
 * the newest time that it was told. Any number of threads.
 */
struct memory;

struct memory *memory_new(void);
void memory_free(struct memory *memory);

/* What is recalled of a comment, each in its own measure; 0 is nothing. */
enum recall_kind {
    RECALL_TWIN,  /* log-odds of spam by labels of near-duplicates */
    RECALL_OFTEN, /* log of 1 + near-duplicates that came of late, if other
                     names were among their authors */
    RECALL_CROWD, /* log of 1 + these names */
    RECALL_EMAIL, /* log-odds of spam by labels with the same ... */
    RECALL_MAIL_DOMAIN,
    RECALL_IP,
    RECALL_NET,
    RECALL_HOST,
    RECALL_DOMAIN,
    RECALL_AUTHOR,
    RECALL_NR,
};

struct recall {
    double value[RECALL_NR];
    struct span name[RECALL_NR]; /* what it is about; from the traces */
    double labels[RECALL_NR];    /* how many labels speak, by weight */
};

/* "seen_before", "seen_often", ..., as reasons call it. */
struct span recall_name(enum recall_kind kind);

/*
 * A person called a comment with these traces spam, or honest. `weight` is
 * the label's; `at_ms` the comment's time, 0 when not known.
 */
void memory_learn(struct memory *memory, const struct traces *traces,
                  bool spam, double weight, int64_t at_ms);

/* A comment with these traces came. */
void memory_see(struct memory *memory, const struct traces *traces,
                int64_t at_ms);

/*
 * What is known of such a comment. Of an address and its domain, a host and
 * its domain the narrower speaks alone if it is known; of several hosts the
 * worst. The comment's own coming, if it was the last to come, does not
 * count; and that somebody says a thing twice is nothing against it.
 */
void memory_recall(struct memory *memory, const struct traces *traces,
                   struct recall *recall);

#endif /* MEMORY_MEMORY_H */
