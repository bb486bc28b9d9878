#ifndef MEMORY_EVIDENCE_H
#define MEMORY_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How often something was seen with spam, and how often with honest comments;
 * what is long past counts less.
 */
struct evidence {
    float spam; /* weights of labels, as they count at `at_ms` */
    float ham;
    int64_t at_ms;
};

/* A label counts half after this. */
#define EVIDENCE_HALF_MS ((int64_t)180 * 24 * 3600 * 1000)

void evidence_add(struct evidence *evidence, bool spam, double weight,
                  int64_t at_ms);

/*
 * The log-odds of spam that it adds to those of a comment of which nothing is
 * known, where `share` of the site's labels are spam: 0 when there is no
 * evidence. One imaginary label that divides as the site's do keeps it small
 * while there is little ("additive smoothing").
 */
double evidence_log_odds(const struct evidence *evidence, double share,
                         int64_t now_ms);

/* By how much what was at `then_ms` has shrunk, with that half-life. */
double evidence_shrink(int64_t then_ms, int64_t now_ms, int64_t half_ms);

#endif /* MEMORY_EVIDENCE_H */
