#ifndef APP_JUDGED_H
#define APP_JUDGED_H

#include "app/table.h"
#include "base/arena.h"
#include "comment/comment.h"
#include "comment/verdict.h"

/*
 * The table of judged comments that `run` and `judge` print: verdict,
 * probabilities, author, first words, and why.
 */
struct judged {
    struct table table;
    struct arena arena; /* of the row being printed */
};

void judged_init(struct judged *judged, FILE *out);
void judged_release(struct judged *judged);

void judged_print(struct judged *judged, const struct comment *comment,
                  const struct verdict *verdict);

/* The colour of a verdict. */
enum colour judged_colour(enum verdict_kind kind);

#endif /* APP_JUDGED_H */
