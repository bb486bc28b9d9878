#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/arena.h"
#include "comment/comment.h"
#include "comment/verdict.h"
#include "policy/lists.h"
#include "text/normalise.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The last stage: from probabilities, and what the site's owner has said
 * beforehand, to a verdict.
 *
 * The owner's lists come first, then the thresholds; between two thresholds
 * lies doubt, and doubt is held. Abuse is never marked as spam: it is held,
 * for a person, whatever its probability. What a form betrays of its sender
 * (comment.trap, comment.fill_ms) can only count against a comment, and of
 * those that come without a form nothing is known and nothing is held against
 * them: a field that people don't see turns doubt into spam, and approval
 * into a hold, for browsers fill in fields too; haste alone only holds. Every
 * rule that was looked at leaves a step in the path, so that `sluice explain`
 * can retell it.
 */
struct policy {
    double approve_below;      /* p_spam below it may be approved */
    double spam_at;            /* p_spam at or above it is marked as spam */
    double abuse_hold_at;      /* p_abuse at or above it is held */
    bool approve;              /* false: nothing is approved, only held */
    const struct lists *lists; /* not owned; may be NULL */
};

/*
 * See that 0 <= approve_below <= spam_at <= 1 and 0 <= abuse_hold_at <= 1;
 * ERROR_CONFIG names the one that is wrong.
 */
enum error_code policy_check(const struct policy *policy,
                             struct error *err) MUST_CHECK;

/* What the model could not know about this comment; both may be empty. */
struct policy_doubt {
    struct span feature; /* "unknown_language", "too_long", ... */
    struct span evidence;
};

struct policy_step {
    struct span rule;     /* "allow_list", "spam_at", ... */
    struct span detail;   /* what it saw; or, of a probability: */
    const char *compared; /* "p_spam"; NULL: none was */
    double p, limit;      /* with what it was compared */
    bool decided;         /* this one gave the verdict */
};

#define POLICY_STEPS_MAX 10

/*
 * No person reads a post, writes and sends within this time of the form's
 * being shown to him.
 */
#define POLICY_HASTE_MS 2000

struct policy_path {
    struct policy_step step[POLICY_STEPS_MAX];
    size_t nr;
};

/*
 * Decide. Reads p_spam and p_abuse of `verdict`, sets its kind, and, where a
 * rule rather than the model decided, puts that rule first among its reasons.
 * A `doubt` with a name turns approve and spam into hold.
 */
void policy_decide(const struct policy *policy, struct arena *arena,
                   const struct comment *comment, const struct text *text,
                   const struct policy_doubt *doubt, struct verdict *verdict,
                   struct policy_path *path);

/* What the step saw, for people: "p_spam 0.123 < 0.970". In the arena. */
struct span policy_step_words(struct arena *arena,
                              const struct policy_step *step);

#endif /* POLICY_POLICY_H */
