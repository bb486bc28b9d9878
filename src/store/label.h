#ifndef STORE_LABEL_H
#define STORE_LABEL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "comment/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a site has taught: its labels, and the layers made of them.
 *
 * A label holds the comment itself, for a layer to be made again, without it
 * or by other rules. A label that was taken back leaves its comment's id
 * behind and nothing else, so that reading the history once more does not
 * bring it back. The layers that were taught it lose their bytes; what is
 * said about them stays.
 */
struct store;

struct kept_label {
    int64_t id; /* given by the store */
    struct span site;
    struct span comment; /* the comment's id there */
    bool spam;
    struct span source; /* "history", "correction", "feedback", ... */
    struct span giver;  /* who said so; may be empty */
    double weight;
    int64_t at_ms;       /* of the comment; 0: not known */
    int64_t labelled_ms; /* when we learned of it */
    struct span person;  /* comment_person's, or empty */
    struct span body;    /* the comment as one line of JSON */
};

/*
 * Keep `nr` labels in one transaction, durable on return. One comment has one
 * label: a newer one replaces it when it says something else, weighs more or
 * the comment changed, and is passed over otherwise. What was forgotten stays
 * so. `*changed` is how many were new or replaced.
 */
enum error_code store_label(struct store *store,
                            const struct kept_label *label, size_t nr,
                            size_t *changed, struct error *err) MUST_CHECK;

/*
 * Hand the site's labels to `each`, in the order of comments' ids; the spans
 * live during the call. `each` returns false to stop.
 */
enum error_code store_labels(struct store *store, struct span site,
                             bool (*each)(void *context,
                                          const struct kept_label *label),
                             void *context, struct error *err) MUST_CHECK;

/* The last that is known of a comment: what we did, and what people said. */
struct last_word {
    bool decided;      /* the site took, or was given, our verdict */
    bool decided_spam; /* it was spam, or approve */
    int64_t decided_ms;
    bool reported; /* a person reported it to us */
    bool reported_spam;
    struct span giver; /* who, and where; in the arena */
};

enum error_code store_last_word(struct store *store, struct arena *arena,
                                struct span site, struct span comment,
                                struct last_word *word,
                                struct error *err) MUST_CHECK;

/* Take the label of `comment` back. `*found` is false when there is none. */
enum error_code store_forget(struct store *store, struct span site,
                             struct span comment, int64_t now_ms, bool *found,
                             struct error *err) MUST_CHECK;

struct erased {
    size_t labels;
    size_t decisions; /* names, excerpts and evidence in them */
    size_t events;    /* requests as they came in */
    size_t models;    /* layers that had been taught a label of theirs */
};

/*
 * Take away all that is kept of a person, at every site: labels, names,
 * excerpts and evidence of decisions. Verdicts themselves stay. `person` is
 * comment_person's, `email` the address itself, for what came in with it.
 */
enum error_code store_erase(struct store *store, struct span person,
                            struct span email, int64_t now_ms,
                            struct erased *erased,
                            struct error *err) MUST_CHECK;

/* A layer, and what was said about it when it was made. */
struct kept_model {
    int64_t id; /* given by the store */
    struct span site;
    struct span model;   /* the layer's id */
    struct span general; /* the general model's it was made for */
    struct span parent;  /* the layer that was live then; may be empty */
    int64_t made_ms;
    size_t ham; /* labels */
    size_t spam;
    double loss; /* on labels held out in time */
    double general_loss;
    size_t false_marks; /* honest ones of them it would have marked */
    size_t caught;      /* spam of them it would have */
    bool promised;      /* enough honest ones for the site's own promise */
    bool live;
    struct span reason;
    struct span bytes; /* empty: taken away */
};

/* Keep a layer; one that is live takes the place of the one that was. */
enum error_code store_model(struct store *store,
                            const struct kept_model *model,
                            struct error *err) MUST_CHECK;

/* Hand the site's layers to `each`, the newest first, like store_labels. */
enum error_code store_models(struct store *store, struct span site,
                             bool (*each)(void *context,
                                          const struct kept_model *model),
                             void *context, struct error *err) MUST_CHECK;

/* The live layer's bytes, in the arena; empty when there is none. */
enum error_code store_model_live(struct store *store, struct arena *arena,
                                 struct span site, struct span *bytes,
                                 struct error *err) MUST_CHECK;

/*
 * Make the newest layer called `model` live; an empty `model` makes none
 * live. `*found` is false when there is none with its bytes still there.
 */
enum error_code store_model_choose(struct store *store, struct span site,
                                   struct span model, struct span reason,
                                   bool *found, struct error *err) MUST_CHECK;

/* A comment that was judged, and what people then said it was. */
struct outcome {
    int64_t at_ms; /* of the judgement */
    enum verdict_kind verdict;
    bool spam; /* what people said */
};

/* Hand the outcomes at `site` to `each`, in order of time. */
enum error_code
store_outcomes(struct store *store, struct span site, int64_t since_ms,
               bool (*each)(void *context, const struct outcome *outcome),
               void *context, struct error *err) MUST_CHECK;

#endif /* STORE_LABEL_H */
