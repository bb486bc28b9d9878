#include "memory/evidence.h"

#include <math.h>

double evidence_shrink(int64_t then_ms, int64_t now_ms, int64_t half_ms)
{
    if (now_ms <= then_ms)
        return 1;
    return exp2(-(double)(now_ms - then_ms) / (double)half_ms);
}

void evidence_add(struct evidence *evidence, bool spam, double weight,
                  int64_t at_ms)
{
    double shrink = evidence_shrink(evidence->at_ms, at_ms, EVIDENCE_HALF_MS);

    /* Labels may come in any order: an old one joins as what it is now. */
    weight *= evidence_shrink(at_ms, evidence->at_ms, EVIDENCE_HALF_MS);
    evidence->spam = (float)(evidence->spam * shrink + (spam ? weight : 0));
    evidence->ham = (float)(evidence->ham * shrink + (spam ? 0 : weight));
    if (at_ms > evidence->at_ms)
        evidence->at_ms = at_ms;
}

double evidence_log_odds(const struct evidence *evidence, double share,
                         int64_t now_ms)
{
    double shrink = evidence_shrink(evidence->at_ms, now_ms, EVIDENCE_HALF_MS);
    double spam = evidence->spam * shrink;
    double ham = evidence->ham * shrink;

    return log((spam + share) / (ham + 1 - share)) - log(share / (1 - share));
}
