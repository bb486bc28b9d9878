/*
 * What is weighed without a vector is what the vector gives, n-gram by n-gram
 * and in double precision, by the built-in weights; and a lexicon changes
 * nothing of it, not a bit, whatever it was asked before.
 */
#include "model/weighing.h"

#include "base/alloc.h"
#include "model/builtin.h"
#include "wire/comment_json.h"
#include "wire/ndjson.h"

#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Relative to one and above. */
#define CLOSE 1e-9

static const char *const rows_file[] = {
    "src/site/sample_queue.ndjson",
    "tests/data/honest_scripts.ndjson",
    "tests/data/obfuscated.ndjson",
    "tests/data/unknown_languages.ndjson",
};

static struct arena arena;
static struct weights weights;
static struct lexicon *lexicon;
static float *layer;

static void setup(void)
{
    struct error err;

    arena_init(&arena);
    lexicon = lexicon_new();
    layer = xcalloc(FEATURE_NR, sizeof(*layer));
    for (uint32_t i = 0; i < FEATURE_NR; i += 3)
        layer[i] = (float)sin(i);
    ck_assert_msg(
        !weights_parse(&weights, "built-in", builtin_weights(), &err), "%s",
        err.text);
}

static void teardown(void)
{
    arena_release(&arena);
    lexicon_free(lexicon);
    free(layer);
}

static void assert_close(double a, double b)
{
    ck_assert_double_le(fabs(a - b), CLOSE * fmax(1, fabs(b)));
}

/* By the book: every entry, and each block by its length. */
struct book {
    struct weighing_sum block[SCALE_BLOCK_NR];
    double kind[SCALE_BLOCK_NR][WEIGHTS_KIND_NR];
    double margin[WEIGHTS_HEAD_NR];
    double kinds[WEIGHTS_KIND_NR];
    double layer;
};

static void add_named(struct book *book, const struct vector_entry *entry)
{
    double value = (double)(entry->value * SCALE_NAMED);

    for (int i = 0; i < WEIGHTS_HEAD_NR; i++)
        book->margin[i] += value * weights_at(&weights, i, entry->slot);
    for (int i = 0; i < WEIGHTS_KIND_NR; i++)
        book->kinds[i] += value * weights_kind_at(&weights, i, entry->slot);
    book->layer += value * (double)layer[entry->slot];
}

static void add_hashed(struct book *book, const struct vector_entry *entry)
{
    enum scale_block block = scale_block((enum feature_family)entry->family);
    uint32_t bucket = entry->slot - FEATURE_DENSE_NR;
    double value = (double)entry->value * weights.bucket[bucket].idf *
                   (double)SCALE_IDF_STEP;
    struct weighing_sum *sum = &book->block[block];

    sum->square += value * value;
    for (int i = 0; i < WEIGHTS_HEAD_NR; i++)
        sum->head[i] += value * weights_at(&weights, i, entry->slot);
    for (int i = 0; i < WEIGHTS_KIND_NR; i++)
        book->kind[block][i] +=
            value * weights_kind_at(&weights, i, entry->slot);
    sum->layer += value * (double)layer[entry->slot];
}

static struct book by_the_book(const struct vector *vector)
{
    struct book book = { .layer = 0 };

    for (int i = 0; i < WEIGHTS_HEAD_NR; i++)
        book.margin[i] = (double)weights.header->bias[i];
    for (int i = 0; i < WEIGHTS_KIND_NR; i++)
        book.kinds[i] = (double)weights.header->kind_bias[i];
    for (size_t i = 0; i < vector->nr; i++)
        if (vector->entry[i].slot < FEATURE_DENSE_NR)
            add_named(&book, &vector->entry[i]);
        else
            add_hashed(&book, &vector->entry[i]);
    for (int b = 0; b < SCALE_BLOCK_NR; b++) {
        double length = sqrt(book.block[b].square);

        if (length <= 0)
            continue;
        for (int i = 0; i < WEIGHTS_HEAD_NR; i++)
            book.margin[i] += book.block[b].head[i] / length;
        for (int i = 0; i < WEIGHTS_KIND_NR; i++)
            book.kinds[i] += book.kind[b][i] / length;
        book.layer += book.block[b].layer / length;
    }
    return book;
}

static void compare(const struct weigher *weigher, const struct bag *bag,
                    const struct book *book)
{
    double margin[WEIGHTS_HEAD_NR];
    struct weighing_kinds kinds;
    struct weighing weighing;

    weighing_take(&weighing, &arena, weigher, bag);
    weighing_take_kinds(&kinds, &arena, weigher, bag, &weighing);
    weighing_margins(&weighing, &weights, margin);
    for (int i = 0; i < WEIGHTS_HEAD_NR; i++)
        assert_close(margin[i], book->margin[i]);
    for (int i = 0; i < WEIGHTS_KIND_NR; i++)
        assert_close(kinds.margin[i], book->kinds[i]);
    for (int i = 0; i < SCALE_BLOCK_NR; i++)
        assert_close(weighing.block[i].square, book->block[i].square);
    assert_close(weighing_layer(&weighing), weigher->layer ? book->layer : 0);
}

/* What is kept of each word adds up to its blocks, and to the kinds. */
static void assert_words_add_up(const struct weigher *weigher,
                                const struct bag *bag)
{
    struct weighing_sum sum[2] = { { .square = 0 }, { .square = 0 } };
    struct weighing weighing;

    weighing_take(&weighing, &arena, weigher, bag);
    for (size_t i = 0; i < bag->field[0].words.nr; i++) {
        weighing_add(&sum[0], &weighing.word[i].word);
        weighing_add(&sum[0], &weighing.word[i].pair);
        weighing_add(&sum[1], &weighing.word[i].characters);
    }
    for (int b = 0; b < 2; b++) {
        const struct weighing_sum *block =
            &weighing.block[b ? SCALE_CHARS : SCALE_WORDS];

        assert_close(sum[b].square, block->square);
        assert_close(sum[b].layer, block->layer);
        for (int i = 0; i < WEIGHTS_HEAD_NR; i++)
            assert_close(sum[b].head[i], block->head[i]);
    }
}

static void weigh_row(struct span line)
{
    struct weigher weigher[] = {
        { &weights, NULL, NULL },
        { &weights, layer, NULL },
        { &weights, NULL, lexicon },
        { &weights, layer, lexicon },
    };
    struct comment comment;
    struct vector vector;
    struct text *text;
    struct error err;
    struct book book;
    struct bag bag;

    arena_reset(&arena);
    ck_assert_msg(!comment_parse(&comment, &arena, line, &err), "%s",
                  err.text);
    text = text_normalise(&arena, &comment);
    features_extract(&arena, &comment, text, &vector);
    book = by_the_book(&vector);
    bag_fill(&arena, NULL, &comment, text, &bag);
    for (size_t i = 0; i < sizeof(weigher) / sizeof(weigher[0]); i++) {
        if (weigher[i].lexicon)
            lexicon_open(lexicon, SPAN_LIT("built-in"),
                         weigher[i].layer ? SPAN_LIT("a") : SPAN_LIT(""));
        compare(&weigher[i], &bag, &book);
        assert_words_add_up(&weigher[i], &bag);
    }
}

START_TEST(test_weighing_is_the_vector)
{
    int fd = open(rows_file[_i], O_RDONLY | O_CLOEXEC);
    struct ndjson in;
    struct span line;
    size_t nr = 0;

    ck_assert_int_ge(fd, 0);
    ndjson_init(&in, fd);
    while (ndjson_next(&in, &line) == NDJSON_LINE) {
        weigh_row(line);
        nr++;
    }
    ck_assert_uint_gt(nr, 10);
    ndjson_release(&in);
    close(fd);
}
END_TEST

static void take_words(struct weighing *weighing, struct lexicon *with,
                       struct span text)
{
    const struct weigher weigher = { &weights, NULL, with };
    struct comment comment = { .text = text };
    struct bag bag;

    bag_fill(&arena, NULL, &comment, text_normalise(&arena, &comment), &bag);
    weighing_take(weighing, &arena, &weigher, &bag);
}

/* More words than there are places: all are pushed out again and again. */
START_TEST(test_lexicon_mistakes_no_word)
{
    lexicon_open(lexicon, SPAN_LIT("built-in"), SPAN_LIT(""));
    for (unsigned i = 0; i < 2 * LEXICON_PLACES; i++) {
        struct weighing met;
        struct weighing plain;
        struct span text;

        arena_reset(&arena);
        /* Digits hash alike as words, and are told apart inside them. */
        text = arena_printf(&arena, "w%xq w%u %u", i * 2654435761U, i, i / 7);
        take_words(&met, lexicon, text);
        take_words(&plain, NULL, text);
        ck_assert_mem_eq(met.block, plain.block, sizeof(met.block));
    }
}
END_TEST

static const struct {
    const char *word;
    uint64_t tag;
    uint64_t hash;
    bool met;
} find_case[] = {
    { "casino", 1, 7, false },
    { "casino", 1, 7, true },
    { "casino", 2, 7, false }, /* another field takes the first place */
    { "casino", 1, 7, true },  /* and leaves the second */
    { "casin0", 1, 7, false }, /* another word of the same hash */
    { "casino", 2, 7, true },
    { "casino", 1, 7, false }, /* is the third, and was forgotten */
    { "casin", 1, 7, false },
    { "casin", 1, 8, false },
    { "casin", 1, 7, true },
};

START_TEST(test_lexicon_find)
{
    lexicon_open(lexicon, SPAN_LIT("a"), SPAN_LIT("b"));
    for (size_t i = 0; i < sizeof(find_case) / sizeof(find_case[0]); i++) {
        bool met = !find_case[i].met;

        ck_assert_ptr_nonnull(lexicon_find(lexicon, find_case[i].tag,
                                           find_case[i].hash,
                                           span_str(find_case[i].word), &met));
        ck_assert_msg(met == find_case[i].met, "case %zu", i);
    }
}
END_TEST

/* Words of all lengths that differ in one byte, wherever it is. */
START_TEST(test_lexicon_every_byte)
{
    char word[LEXICON_WORD_MAX];
    bool met;

    lexicon_open(lexicon, SPAN_LIT("a"), SPAN_LIT("b"));
    for (size_t len = 1; len <= sizeof(word); len++)
        for (size_t at = 0; at < len; at++) {
            struct span text = { word, len };

            memset(word, 'a', sizeof(word));
            (void)lexicon_find(lexicon, 1, 7, text, &met);
            (void)lexicon_find(lexicon, 1, 7, text, &met);
            ck_assert(met);
            word[at] = 'b';
            (void)lexicon_find(lexicon, 1, 7, text, &met);
            ck_assert_msg(!met, "%zu bytes, but for the one at %zu", len, at);
        }
}
END_TEST

static bool is_met(const char *word)
{
    bool met = false;

    ck_assert_ptr_nonnull(lexicon_find(lexicon, 1, 7, span_str(word), &met));
    return met;
}

START_TEST(test_lexicon_open_forgets_others)
{
    lexicon_open(lexicon, SPAN_LIT("model"), SPAN_LIT(""));
    ck_assert(!is_met("word"));
    lexicon_open(lexicon, SPAN_LIT("model"), SPAN_LIT(""));
    ck_assert(is_met("word"));
    lexicon_open(lexicon, SPAN_LIT("model"), SPAN_LIT("layer"));
    ck_assert(!is_met("word"));
    lexicon_open(lexicon, SPAN_LIT("other"), SPAN_LIT("layer"));
    ck_assert(!is_met("word"));
}
END_TEST

START_TEST(test_lexicon_leaves_long_words_out)
{
    char word[LEXICON_WORD_MAX + 1];
    bool met;

    memset(word, 'a', sizeof(word));
    lexicon_open(lexicon, SPAN_LIT("model"), SPAN_LIT(""));
    ck_assert_ptr_null(lexicon_find(
        lexicon, 1, 7, (struct span){ word, LEXICON_WORD_MAX + 1 }, &met));
    ck_assert_ptr_nonnull(lexicon_find(
        lexicon, 1, 7, (struct span){ word, LEXICON_WORD_MAX }, &met));
}
END_TEST

Suite *weighing_suite(void)
{
    Suite *s = suite_create("weighing");
    TCase *tc = tcase_create("weighing");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_weighing_is_the_vector, 0,
                        sizeof(rows_file) / sizeof(rows_file[0]));
    tcase_add_test(tc, test_lexicon_mistakes_no_word);
    tcase_add_test(tc, test_lexicon_find);
    tcase_add_test(tc, test_lexicon_every_byte);
    tcase_add_test(tc, test_lexicon_open_forgets_others);
    tcase_add_test(tc, test_lexicon_leaves_long_words_out);
    suite_add_tcase(s, tc);
    return s;
}
