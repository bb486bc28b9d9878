#ifndef PAGE_EXPLAIN_H
#define PAGE_EXPLAIN_H

#include "page/visit.h"
#include "store/store.h"

/* Parts of each head that are listed, the heaviest first. */
#define EXPLAIN_PARTS_MAX 40

/*
 * Append how the verdict on the decision's comment comes about, by the judge
 * of its site as it is now: what each part of it adds to the log-odds, and the
 * rules that were asked. null where the comment was not kept, or its site is
 * not served any more.
 */
enum error_code explain_put(struct visit *visit, const char *name,
                            const struct decision *decision,
                            struct error *err) MUST_CHECK;

#endif /* PAGE_EXPLAIN_H */
