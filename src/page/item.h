#ifndef PAGE_ITEM_H
#define PAGE_ITEM_H

#include "page/visit.h"
#include "store/waiting.h"

/*
 * Comments as the page shows them. All text is plain: what markup was in it
 * has been read, and none is left.
 */

/* Bytes of a text in a list; a comment alone is shown whole. */
#define ITEM_TEXT_MAX ((size_t)4000)

/* Copies of a comment that are listed with it. */
#define ITEM_ALIKE_MAX 199

/*
 * Append one judged comment with all that helps to decide about it; `alone`:
 * whole, and as it was sent too.
 */
enum error_code item_put(struct visit *visit, const char *name,
                         const struct decision *decision, bool alone,
                         struct error *err) MUST_CHECK;

/* Append what a list shows of it. */
enum error_code brief_put(struct visit *visit, const struct decision *decision,
                          struct error *err) MUST_CHECK;

/* Append an array of them. */
enum error_code briefs_put(struct visit *visit, const char *name,
                           const struct decision_list *list,
                           struct error *err) MUST_CHECK;

/* Append how the decision's comment stands now. */
enum error_code standing_put(struct visit *visit,
                             const struct decision *decision,
                             struct error *err) MUST_CHECK;

/* Append one reason, in words too. */
void reason_put(struct buf *out, const struct reason *reason);

#endif /* PAGE_ITEM_H */
