#include "corpus.h"

#include "base/alloc.h"
#include "features/measure.h"

#include <stdlib.h>
#include <string.h>

/* Share of a row's weight that its example with all fields gets. */
#define SHARE_ALL 0.5

/* Names that can be part of a host's. */
#define NAME_BYTES_MIN 4
#define NAME_BYTES 24

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

/*
 * Web sites that honest people have. The public ham came from forms without
 * that field, so a classifier would learn that to have a web site is to be a
 * spammer.
 */
static struct span web_site(struct arena *arena, struct span name,
                            uint64_t lot)
{
    static const char *const form[][2] = {
        { "http://", ".com" },           { "http://www.", ".net" },
        { "https://", ".org" },          { "https://", ".me" },
        { "http://", ".blogspot.com/" }, { "https://", ".wordpress.com" },
        { "https://github.com/", "" },   { "https://twitter.com/", "" },
        { "https://www.", ".co.uk/" },   { "http://", ".de/blog" },
    };
    size_t i = lot % (sizeof(form) / sizeof(form[0]));

    return arena_printf(arena, "%s%.*s%s", form[i][0], SPAN_ARG(name),
                        form[i][1]);
}

/* Give one honest author in three the web site of that name. */
static void lend_web_sites(struct row_list *rows, uint64_t seed)
{
    for (size_t i = 0; i < rows->nr; i++) {
        struct comment *comment = &rows->row[i].comment;
        uint64_t lot = rows_lot(seed + 1, comment->id);
        char squeezed[NAME_BYTES];
        struct span name = { squeezed,
                             measure_squeeze(squeezed, sizeof(squeezed),
                                             comment->author) };

        if (rows->row[i].label == LABEL_HAM && !comment->author_url.len &&
            name.len >= NAME_BYTES_MIN && lot % 3 == 0)
            comment->author_url = web_site(&rows->arena, name, lot / 8);
    }
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

static void extract(struct corpus *corpus,
                    const struct corpus_options *options)
{
    struct example_options how = { corpus->idf, options->without };
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
    lend_web_sites(&corpus->rows, options->seed);
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
