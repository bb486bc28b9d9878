#ifndef PIPELINE_DECIDE_H
#define PIPELINE_DECIDE_H

#include "base/arena.h"
#include "comment/comment.h"
#include "pipeline/judge.h"
#include "pipeline/tell.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * From a comment to a decision that can be remembered.
 */

/*
 * What of a verdict goes into the store, shortened to what is kept. Its spans
 * point into the arena and to what is given; `run`, `site` and `state` are the
 * caller's.
 */
void decide_fill(struct decision *decision, struct arena *arena,
                 const struct comment *comment, const struct digest *digest,
                 const struct verdict *verdict,
                 const struct judge_trace *trace);

/* Judge `comment` for a course: counted, shown, and kept in its page. */
void decide_comment(struct course *course, const struct comment *comment,
                    const struct digest *digest, struct decision *decision);

/*
 * Keep of the list what the site is to be told: holds need no telling, but
 * where the site takes `notes` to show people why; and what was superseded
 * must not be told.
 */
void decide_tellable(struct decision_list *list, bool notes);

#endif /* PIPELINE_DECIDE_H */
