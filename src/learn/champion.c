#include "learn/champion.h"

#include <math.h>

static struct champion_decision say(bool live, struct span reason)
{
    return (struct champion_decision){ live, reason };
}

struct champion_decision champion_decide(struct arena *arena,
                                         const struct champion_contest *c)
{
    const struct champion_record *old = &c->champion;
    const struct champion_record *new = &c->challenger;
    /* One honest comment may always be the exception. */
    double allowed = fmax(1, c->promised * (double)c->ham);

    if (c->forced)
        return say(true, SPAN_LIT("labels were taken back"));
    if ((double)new->false_marks > allowed &&new->false_marks >
        old->false_marks)
        return say(false,
                   arena_printf(arena,
                                "breaks the promise: would have marked %zu "
                                "of %zu honest comments",
                                new->false_marks, c->ham));
    if (new->thresholds_only &&new->loss == old->loss)
        return say(true, SPAN_LIT("only thresholds moved"));
    if (c->ham < CHAMPION_LABELS_MIN || c->spam < CHAMPION_LABELS_MIN)
        return say(false,
                   arena_printf(arena,
                                "too few recent labels to compare by: %zu "
                                "honest, %zu spam",
                                c->ham, c->spam));
    if (!(new->loss < old->loss))
        return say(false,
                   arena_printf(arena,
                                "no better on the %zu most recent labels: "
                                "loss %.3f against %.3f",
                                c->ham + c->spam, new->loss, old->loss));
    return say(true, arena_printf(arena,
                                  "better on the %zu most recent labels: loss "
                                  "%.3f against %.3f",
                                  c->ham + c->spam, new->loss, old->loss));
}
