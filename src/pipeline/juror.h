#ifndef PIPELINE_JUROR_H
#define PIPELINE_JUROR_H

#include "base/arena.h"
#include "features/glossary.h"
#include "model/lexicon.h"
#include "text/shelf.h"

/*
 * One thread's place to judge in: memory for the comment at hand, and what is
 * remembered of those before it, so that it need not be worked out again. A
 * juror never remembers a verdict: the same comment gets the same one,
 * whatever was judged before.
 */
struct juror {
    struct arena arena; /* the caller resets it between comments */
    struct glossary *glossary;
    struct lexicon *lexicon;
    struct shelf *shelf;
};

void juror_init(struct juror *juror);
void juror_release(struct juror *juror);

#endif /* PIPELINE_JUROR_H */
