#ifndef MODEL_MANIFEST_H
#define MODEL_MANIFEST_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/span.h"
#include "model/calibration.h"

/*
 * The label on a model: what it is, what it goes with, where it came from.
 *
 * A text of "key = value" lines, '#' begins a comment:
 *
 *     id = 4f1c09aa52be        of all other lines; changes whenever they do
 *     features = 1             FEATURES_VERSION it was trained on
 *     hash_bits = 18
 *     seed = 1
 *     weights = 9d0e...        fingerprint of the file of weights
 *     spam.slope = 3.1         calibration, one pair a head
 *     spam.offset = -1.2
 *     abuse.slope = ...
 *     approve_below = 0.35     thresholds chosen with it
 *     spam_at = 0.97
 *     abuse_hold_at = 0.6
 *     known_below = 0.2        of a text less is known: not learned
 *     memory.twin = 0.7        what counts of a site's memory; ten of them
 *     promise = 200 0.97 0.41  spam_at that marks at most one honest comment
 *                              in 200, and the share of spam it finds; the
 *                              laxest first
 *     source = name 4000 1200  rows and positives it was trained on; many
 */

/* Thresholds that were chosen with the model; the configuration may differ. */
struct model_thresholds {
    double approve_below;
    double spam_at;
    double abuse_hold_at;
};

/*
 * A promise the model can keep: at most one honest comment in `one_in` is
 * marked as spam, with 95 % confidence, on sites it was not taught with.
 */
struct model_promise {
    double one_in;
    double spam_at;
    double recall; /* of spam of sources left out, their mean */
};

#define MANIFEST_PROMISES_MAX 8
#define MANIFEST_ID_LEN 12
#define MANIFEST_BYTES_MAX ((size_t)64 << 10)

/* What is recalled (memory/memory.h), in that order. */
#define MANIFEST_MEMORY_NR 10

struct manifest {
    char id[MANIFEST_ID_LEN + 1];
    long long features;
    long long hash_bits;
    long long seed;
    struct digest weights;
    struct calibration spam;
    struct calibration abuse;
    struct model_thresholds thresholds;
    double known_below;
    double memory[MANIFEST_MEMORY_NR]; /* log-odds a measure, from 0 */
    struct model_promise promise[MANIFEST_PROMISES_MAX]; /* laxest first */
    size_t promise_nr;
};

/*
 * Read a manifest; `path` is for the texts of errors. ERROR_MODEL when a line
 * is not of the form above, a key is missing, or the id is not that of the
 * text: a manifest changed by hand is refused.
 */
enum error_code manifest_parse(struct manifest *manifest, const char *path,
                               struct span text, struct error *err) MUST_CHECK;

/*
 * Append the text of a manifest, its id computed and also put into
 * `manifest->id`. `sources` are finished "source = ..." lines.
 */
void manifest_write(struct manifest *manifest, struct buf *out,
                    struct span sources);

#endif /* MODEL_MANIFEST_H */
