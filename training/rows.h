#ifndef TRAINING_ROWS_H
#define TRAINING_ROWS_H

#include "base/arena.h"
#include "base/error.h"
#include "comment/comment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Labelled comments: NDJSON files with the keys of a comment and "label"
 * ("ham", "spam", "abuse"), perhaps "group" (channel, site, pair).
 */
enum label { LABEL_HAM, LABEL_SPAM, LABEL_ABUSE };

/* What the annotators of some sources say about abuse; a bit per kind. */
struct row_kinds {
    uint8_t asked; /* 1 << enum model_kind: they were asked for that kind */
    uint8_t found; /* and found it */
};

struct row {
    struct comment comment; /* in the list's arena */
    struct span group;
    enum label label;
    int source; /* the caller's number for the file */
    struct row_kinds kinds;
};

struct row_list {
    struct row *row;
    size_t nr;
    size_t alloc;
    struct arena arena;
};

void rows_init(struct row_list *rows);
void rows_release(struct row_list *rows);

/*
 * Append the rows of `path`, each text once: a repeated text (with the same
 * author) is left out, as campaigns would otherwise outvote everybody.
 * ERROR_INPUT names file and line.
 */
enum error_code rows_read(struct row_list *rows, const char *path, int source,
                          struct error *err) MUST_CHECK;

/*
 * Keep at most `max` rows of each label of `source`, those that `seed`
 * chooses; the choice does not depend on the order of the file.
 */
void rows_thin(struct row_list *rows, int source, size_t max_ham,
               size_t max_positive, uint64_t seed);

/*
 * Leave out the rows whose ids are listed, one a line, in the file `path`;
 * '#' begins a comment.
 */
enum error_code rows_leave_out(struct row_list *rows, const char *path,
                               struct error *err) MUST_CHECK;

/* A number that looks random and is the same for the same arguments. */
uint64_t rows_lot(uint64_t seed, struct span id);

#endif /* TRAINING_ROWS_H */
