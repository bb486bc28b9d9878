#include "corpus.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Share of a row's weight that its example with all fields gets. */
#define SHARE_ALL 0.5

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

static void extract(struct corpus *corpus,
                    const struct corpus_options *options)
{
    struct example_options how = { corpus->idf, options->without };
    struct arena scratch;

    arena_init(&scratch);
    corpus->example = xcalloc(2 * corpus->rows.nr, sizeof(*corpus->example));
    for (size_t i = 0; i < corpus->rows.nr; i++) {
        const struct row *row = &corpus->rows.row[i];
        bool both = has_fields(&row->comment);
        struct example example = {
            .weight = weight_of(row, options->head) * (both ? SHARE_ALL : 1),
            .positive = is_positive(row, options->head),
        };

        example.node = example_nodes(&corpus->nodes, &scratch, &row->comment,
                                     FIELDS_ALL, &how);
        add(corpus, row, example, FIELDS_ALL);
        if (!both)
            continue;
        example.weight = weight_of(row, options->head) * (1 - SHARE_ALL);
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
