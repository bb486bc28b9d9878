#include "corpus.h"

#include "lend.h"
#include "phrases.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Share of a row's weight that its example with all fields gets. */
#define SHARE_ALL 0.5

#define PATH_BYTES 4096

/* Rows of at least this weight give both. */
#define WEIGHT_BOTH 2

const struct source *corpus_source(const struct row *row)
{
    return &source_list[row->source];
}

static bool has_fields(const struct comment *comment)
{
    return comment->author.len || comment->author_url.len ||
           comment->author_email.len || comment->post_title.len ||
           comment->post_text.len || comment->parent_text.len;
}

static bool is_positive(const struct row *row, enum corpus_head head)
{
    return row->label == (head == CORPUS_SPAM ? LABEL_SPAM : LABEL_ABUSE);
}

static double weight_of(const struct row *row, enum corpus_head head)
{
    if (head == CORPUS_ABUSE)
        return corpus_source(row)->abuse_weight;
    return row->label == LABEL_SPAM ? corpus_source(row)->weight : 1;
}

static void add(struct corpus *corpus, const struct row *row,
                struct example example, enum fields fields)
{
    corpus->example[corpus->nr++] =
        (struct corpus_example){ example, row, fields };
}

/*
 * How much of a row's weight goes to the example with all fields. Rows that
 * weigh much are few and show both faces; the many show one each, by lot.
 */
static double share_all(const struct row *row, double weight, uint64_t seed)
{
    if (!has_fields(&row->comment))
        return 1;
    if (weight >= WEIGHT_BOTH)
        return SHARE_ALL;
    return rows_lot(seed, row->comment.id) & 1 ? 1 : 0;
}

/* From 1, in the order of the list. */
static int origin_number(const char *origin)
{
    int number = 1;

    for (size_t i = 0; strcmp(source_list[i].origin, origin) != 0; i++)
        if (!i ||
            strcmp(source_list[i].origin, source_list[i - 1].origin) != 0)
            number++;
    return number;
}

static void extract(struct corpus *corpus,
                    const struct corpus_options *options)
{
    struct example_options how = { corpus->idf, options->without, 0 };
    struct arena scratch;

    arena_init(&scratch);
    corpus->example = xcalloc(2 * corpus->rows.nr, sizeof(*corpus->example));
    for (size_t i = 0; i < corpus->rows.nr; i++) {
        const struct row *row = &corpus->rows.row[i];
        double weight = weight_of(row, options->head);
        double share = share_all(row, weight, options->seed);
        struct example example = {
            .weight = weight * share,
            .positive = is_positive(row, options->head),
        };

        if (options->head == CORPUS_ABUSE)
            how.origin = origin_number(corpus_source(row)->origin);
        /* Of weight 0 it teaches nothing, and is there to be tested. */
        example.node = example_nodes(&corpus->nodes, &scratch, &row->comment,
                                     FIELDS_ALL, &how);
        add(corpus, row, example, FIELDS_ALL);
        if (share >= 1)
            continue;
        example.weight = weight * (1 - share);
        example.node = example_nodes(&corpus->nodes, &scratch, &row->comment,
                                     FIELDS_TEXT, &how);
        add(corpus, row, example, FIELDS_TEXT);
    }
    arena_release(&scratch);
}

/* Spam says nothing about abuse. */
static void drop_label(struct row_list *rows, enum label label)
{
    size_t kept = 0;

    for (size_t i = 0; i < rows->nr; i++)
        if (rows->row[i].label != label)
            rows->row[kept++] = rows->row[i];
    rows->nr = kept;
}

static void thin(struct row_list *rows, const struct corpus_options *options)
{
    if (options->head == CORPUS_ABUSE) {
        drop_label(rows, LABEL_SPAM);
        return;
    }
    for (size_t i = 0; i < source_nr; i++)
        rows_thin(rows, (int)i, source_list[i].ham_rows,
                  source_list[i].spam_rows, options->seed);
}

/* Spam made from lists, for the spam head. */
static enum error_code add_lists(struct row_list *rows,
                                 const struct corpus_options *options,
                                 struct error *err)
{
    for (size_t i = 0; i < source_nr; i++) {
        char path[PATH_BYTES];
        enum error_code rc;

        if (!(source_list[i].kind & SOURCE_LIST) ||
            options->head != CORPUS_SPAM ||
            !sources_public(options->directory))
            continue;
        snprintf(path, sizeof(path), "%s/%s", options->directory,
                 source_list[i].file);
        rc = phrases_make(rows, path, (int)i, source_list[i].spam_rows,
                          options->seed, err);
        if (rc)
            return rc;
    }
    return ERROR_NONE;
}

enum error_code corpus_load(struct corpus *corpus,
                            const struct corpus_options *options,
                            struct error *err)
{
    unsigned kind = options->head == CORPUS_SPAM ? SOURCE_SPAM : SOURCE_ABUSE;
    enum error_code rc;

    memset(corpus, 0, sizeof(*corpus));
    rows_init(&corpus->rows);
    arena_init(&corpus->nodes);
    rc = sources_read(&corpus->rows, options->directory, kind, err);
    if (rc) {
        corpus_release(corpus);
        return rc;
    }
    thin(&corpus->rows, options);
    rc = add_lists(&corpus->rows, options, err);
    if (rc) {
        corpus_release(corpus);
        return rc;
    }
    /* Honest rows alone get them, so for abuse they would tell the class. */
    if (options->head == CORPUS_SPAM)
        lend_fields(&corpus->rows, options->seed);
    if (options->idf) {
        corpus->idf = xcalloc(FEATURE_HASH_NR, sizeof(*corpus->idf));
        memcpy(corpus->idf, options->idf,
               FEATURE_HASH_NR * sizeof(*corpus->idf));
    } else {
        corpus->idf = examples_rarity(&corpus->rows);
    }
    extract(corpus, options);
    return ERROR_NONE;
}

void corpus_release(struct corpus *corpus)
{
    rows_release(&corpus->rows);
    arena_release(&corpus->nodes);
    free(corpus->example);
    free(corpus->idf);
    memset(corpus, 0, sizeof(*corpus));
}
