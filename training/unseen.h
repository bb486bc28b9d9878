#ifndef TRAINING_UNSEEN_H
#define TRAINING_UNSEEN_H

#include "bootstrap.h"
#include "corpus.h"
#include "learn.h"

/*
 * What a site that nobody trained on would see: every origin left out once.
 *
 * Spam of an origin is looked for among ham that was left out, too. Protocol
 * A leaves all blog ham out and tests against it; protocol B the news ham.
 * Abuse is told from the ham of its own origin. Sets that no head is trained
 * on, those for measuring only among them, are tested by a classifier that
 * had all the rest.
 */
enum unseen_protocol { UNSEEN_A, UNSEEN_B, UNSEEN_OWN, UNSEEN_NEVER };

struct unseen_test {
    const char *name;
    enum unseen_protocol protocol;
    struct boot_row *row; /* by falling score */
    size_t nr;
    size_t positives;
};

#define UNSEEN_TESTS_MAX 32

struct unseen {
    struct unseen_test test[UNSEEN_TESTS_MAX];
    size_t nr;
};

struct unseen_options {
    struct corpus_options corpus;
    struct learn_options learn;
    bool brief; /* to compare with another brief run: fewer folds, and a
                   quarter of the rows of the abuse head */
};

/* Train and test it all, two at a time; the caller releases. */
enum error_code unseen_run(struct unseen *unseen,
                           const struct unseen_options *options,
                           struct error *err) MUST_CHECK;
void unseen_release(struct unseen *unseen);

/* "A", "B", "own", "never". */
const char *unseen_protocol_name(enum unseen_protocol protocol);

/* The means over the tests of one protocol, of a resample as boot_measure. */
struct boot_point unseen_mean(const struct unseen *unseen,
                              enum unseen_protocol protocol,
                              uint64_t resample);

/* The mean AUC of all tests. */
double unseen_mean_auc(const struct unseen *unseen, uint64_t resample);

#endif /* TRAINING_UNSEEN_H */
