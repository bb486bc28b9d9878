#ifndef TRAINING_SITE_SIM_H
#define TRAINING_SITE_SIM_H

#include "corpus.h"
#include "folds.h"

#include "learn/teach.h"

/*
 * A site that nobody trained on, simulated from a labelled source.
 *
 * The general model is trained without the source (and, where the ham is a
 * blog's, without that blog), its calibration and thresholds come from the
 * sources that are left; the site's comments are then what it has labelled in
 * the past, and what it will see.
 */
struct site_kind {
    const char *name;
    const char *origin; /* left out of the general model */
    const char *spam_file;
    const char *ham_file;
    bool blog;  /* leave the blog's ham out, too */
    bool dated; /* in order of time; else in an order the seed chooses */
};

extern const struct site_kind site_kind_list[];
extern const size_t site_kind_nr;

/* Its comments, each class in its own order, scored by the general model. */
struct site_sim {
    const struct site_kind *kind;
    struct teach_row *row[2]; /* honest, spam */
    size_t nr[2];
    double approve_below; /* of the general model without the source */
    double spam_at;
    struct arena arena;
};

/* At most `most` of each class are read. */
enum error_code site_sim_load(struct site_sim *sim,
                              const struct site_kind *kind,
                              const struct corpus *corpus,
                              const struct folds *folds, const char *directory,
                              size_t most, struct error *err) MUST_CHECK;
void site_sim_release(struct site_sim *sim);

/* One draw: `labels` taught, all later ones tested. */
struct site_draw {
    uint64_t seed;
    size_t labels;     /* half of each class, where there are so many */
    size_t ham_labels; /* or so many honest ones; 0: half */
    double wrong;      /* share of them that say the opposite */
    double split;      /* where in each class the past ends */
    size_t ham_most;   /* honest comments to test with */
};

struct site_result {
    size_t labels[2];
    double recall;   /* at 0.5 % false positives */
    double recall_1; /* at 1 % */
    double auc;
    double caught;  /* share of spam at or above the layer's spam_at */
    size_t ham;     /* tested */
    size_t marked;  /* honest ones at or above it */
    size_t waiting; /* honest ones at or above its approve_below */
    struct teach_metrics metrics;
};

/* False when the source has not enough comments for the draw. */
bool site_sim_draw(const struct site_sim *sim, const struct site_draw *draw,
                   struct site_result *result);

#endif /* TRAINING_SITE_SIM_H */
