#ifndef TRAINING_CORPUS_H
#define TRAINING_CORPUS_H

#include "examples.h"
#include "rows.h"
#include "sources.h"

/*
 * All rows of the sources, thinned, as examples for one head.
 *
 * Each row gives one example with all its fields, and, where it has fields
 * beside the text, perhaps another with the text alone (field dropout): rows
 * of large weight share it between the two, the others give it to one of
 * them, by lot. Tests use the first only.
 */
struct corpus_example {
    struct example example;
    const struct row *row;
    enum fields fields;
};

struct corpus {
    struct row_list rows;
    struct corpus_example *example;
    size_t nr;
    uint16_t *idf; /* FEATURE_HASH_NR */
    struct arena nodes;
};

enum corpus_head { CORPUS_SPAM, CORPUS_ABUSE };

struct corpus_options {
    const char *directory; /* of the data */
    enum corpus_head head;
    uint64_t seed;
    uint32_t without;    /* families left out, as in example_options */
    const uint16_t *idf; /* rarity to use; NULL: of these rows' ham */
};

/* Read and extract; ERROR_INPUT names file and line. */
enum error_code corpus_load(struct corpus *corpus,
                            const struct corpus_options *options,
                            struct error *err) MUST_CHECK;
void corpus_release(struct corpus *corpus);

/* The source a row came from. */
const struct source *corpus_source(const struct row *row);

#endif /* TRAINING_CORPUS_H */
