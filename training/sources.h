#ifndef TRAINING_SOURCES_H
#define TRAINING_SOURCES_H

#include "rows.h"

/*
 * The files a model is made from, and how much of each.
 *
 * Sources are not classes: pooled as they come, the largest file teaches the
 * classifier to tell files apart. So each is capped and weighted, and each
 * belongs to an `origin`; judging generalisation leaves out an origin whole.
 */
enum source_kind {
    SOURCE_SPAM = 1,  /* its spam and ham teach the spam head */
    SOURCE_ABUSE = 2, /* its abuse and ham teach the abuse head */
    SOURCE_NEWS = 4,  /* its ham is of news sites */
    SOURCE_BLOG = 8,  /* its ham is of a blog */
    SOURCE_LIST = 16, /* phrases, one a line, from which spam is made */
};

struct source {
    const char *origin;
    const char *file; /* below the data directory */
    unsigned kind;
    size_t spam_rows; /* for the spam head: at most so many of it are spam */
    size_t ham_rows;  /* and so many ham */
    double weight;    /* of one spam row */
    double abuse_weight; /* of one row, for the abuse head */
};

extern const struct source source_list[];
extern const size_t source_nr;

/*
 * Are there public sets below `directory`? Without them, what was written for
 * sluice has to do.
 */
bool sources_public(const char *directory);

/*
 * Read every source's file below `directory` whose kind has a bit of `kinds`;
 * row.source is the index into source_list. A missing file is an error; but
 * where there are no public sets at all (no directory "train"), only what was
 * written for sluice is read.
 */
enum error_code sources_read(struct row_list *rows, const char *directory,
                             unsigned kinds, struct error *err) MUST_CHECK;

#endif /* TRAINING_SOURCES_H */
