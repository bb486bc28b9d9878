#include "model/weighing.h"

#include <math.h>
#include <string.h>

/* Rarity with the sign that the hash gives. */
static inline int32_t signed_idf(const struct weights_bucket *bucket,
                                 uint64_t hash)
{
    return bucket->idf * (1 - 2 * (int32_t)ngram_is_negative(hash));
}

static inline void add_ngram(struct ngram_sum *sum,
                             const struct weigher *weigher, uint64_t hash)
{
    uint32_t at = ngram_bucket(hash);
    const struct weights_bucket *bucket = &weigher->weights->bucket[at];
    int64_t idf = signed_idf(bucket, hash);

    sum->square += idf * idf;
    for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
        sum->head[head] += idf * bucket->weight[head];
    if (weigher->layer)
        sum->layer +=
            (double)idf * (double)weigher->layer[FEATURE_DENSE_NR + at];
}

/*
 * N-grams whose buckets are asked for before they are added: where a bucket
 * is says only its hash, so memory has to be told early, or is waited for.
 */
#define AHEAD 16

static inline void await(const struct weigher *weigher, uint64_t hash)
{
    __builtin_prefetch(&weigher->weights->bucket[ngram_bucket(hash)]);
}

static inline void await_kinds(const struct weigher *weigher, uint64_t hash)
{
    __builtin_prefetch(&weigher->weights->kinds[ngram_bucket(hash)]);
}

static inline void add_kinds(int32_t kind[WEIGHTS_KIND_NR],
                             const struct weigher *weigher, uint64_t hash)
{
    uint32_t at = ngram_bucket(hash);
    int32_t idf = signed_idf(&weigher->weights->bucket[at], hash);

    for (int i = 0; i < WEIGHTS_KIND_NR; i++)
        kind[i] += idf * weigher->weights->kinds[at].weight[i];
}

static void take_apart(struct lexicon_word *out, const struct weigher *weigher,
                       uint64_t tag, struct span word)
{
    uint64_t hash[NGRAM_CHARACTERS_MAX];
    size_t nr = ngram_characters(hash, tag, word);
    struct ngram_sum sum = { 0 };

    for (size_t i = 0; i < nr; i++)
        await(weigher, hash[i]);
    for (size_t i = 0; i < nr; i++)
        add_ngram(&sum, weigher, hash[i]);
    out->sum = sum;
    out->has_kinds = false;
}

/* What is inside a word, from the lexicon or, in `spare`, made now. */
static struct lexicon_word *look_up(const struct weigher *weigher,
                                    const struct ngram_field *field,
                                    const struct ngram *ngram,
                                    struct lexicon_word *spare)
{
    struct span word = field->words.word[ngram->first].text;
    struct lexicon_word *found = NULL;
    bool met = false;

    if (weigher->lexicon)
        found = lexicon_find(weigher->lexicon, field->plan->tag, ngram->hash,
                             word, &met);
    if (!found)
        found = spare;
    if (!met)
        take_apart(found, weigher, field->plan->tag, word);
    return found;
}

static bool has_inside(const struct ngram_field *field,
                       const struct ngram *ngram)
{
    return ngram_has_characters(field->words.word[ngram->first].kind);
}

/* What sums in steps are multiplied with. */
struct scale {
    double square;
    double head[WEIGHTS_HEAD_NR];
    double layer;
};

/* Out of steps, and times what one n-gram counts. */
static struct scale scale_of(const struct weigher *weigher, float value)
{
    const struct weights_header *header = weigher->weights->header;
    double idf = (double)value * (double)SCALE_IDF_STEP;
    struct scale scale = { .square = idf * idf, .layer = idf };

    for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
        scale.head[head] = idf * (double)header->step[head];
    return scale;
}

/* Most n-grams come `once`. */
static inline struct scale scale_for(const struct weigher *weigher,
                                     const struct scale *once,
                                     const struct ngram *ngram)
{
    return ngram->count == 1 ? *once
                             : scale_of(weigher, ngram_value(ngram->count));
}

static inline struct weighing_sum scaled(const struct scale *scale,
                                         const struct ngram_sum *sum)
{
    struct weighing_sum out = {
        .square = scale->square * (double)sum->square,
        .layer = scale->layer * sum->layer,
    };

    for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
        out.head[head] = scale->head[head] * (double)sum->head[head];
    return out;
}

/* A word of a field, or two in a row, by its own hash. */
static struct weighing_sum weigh_whole(const struct weigher *weigher,
                                       const struct scale *scale,
                                       const struct ngram *ngram)
{
    struct ngram_sum sum = { 0 };

    add_ngram(&sum, weigher, ngram->hash);
    return scaled(scale, &sum);
}

static struct weighing_sum weigh_inside(const struct weigher *weigher,
                                        const struct scale *scale,
                                        const struct ngram_field *field,
                                        const struct ngram *ngram)
{
    struct lexicon_word spare;

    if (!has_inside(field, ngram))
        return (struct weighing_sum){ 0 };
    return scaled(scale, &look_up(weigher, field, ngram, &spare)->sum);
}

/* Those of a list from `from` up to `to`, or to its end. */
static void await_list(const struct weigher *weigher,
                       const struct ngram_list *list, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < list->nr; i++)
        await(weigher, list->ngram[i].hash);
}

static void await_words(const struct weigher *weigher,
                        const struct ngram_list *list, size_t from, size_t to)
{
    await_list(weigher, list, from, to);
    for (size_t i = from; i < to && i < list->nr && weigher->lexicon; i++)
        lexicon_await(weigher->lexicon, list->ngram[i].hash);
}

/* `word` is where the sums of each are kept, or NULL. */
static void take_words(struct weighing *weighing,
                       const struct weigher *weigher,
                       const struct ngram_field *field,
                       struct weighing_word *word)
{
    const struct ngram_plan *plan = field->plan;
    struct weighing_sum *words = &weighing->block[scale_block(plan->word)];
    struct weighing_sum *insides =
        &weighing->block[scale_block(plan->character)];
    const struct scale once = scale_of(weigher, 1);
    const struct ngram_list *list = &field->word;

    await_words(weigher, list, 0, AHEAD);
    for (size_t i = 0; i < list->nr; i++) {
        const struct ngram *ngram = &list->ngram[i];
        struct scale scale = scale_for(weigher, &once, ngram);
        struct weighing_sum whole = weigh_whole(weigher, &scale, ngram);
        struct weighing_sum inside =
            weigh_inside(weigher, &scale, field, ngram);

        await_words(weigher, list, i + AHEAD, i + AHEAD + 1);
        weighing_add(words, &whole);
        weighing_add(insides, &inside);
        if (word) {
            word[ngram->first].word = whole;
            word[ngram->first].characters = inside;
        }
    }
}

static void take_pairs(struct weighing *weighing,
                       const struct weigher *weigher,
                       const struct ngram_field *field,
                       struct weighing_word *word)
{
    struct weighing_sum *pairs =
        &weighing->block[scale_block(field->plan->pair)];
    const struct scale once = scale_of(weigher, 1);
    const struct ngram_list *list = &field->pair;

    await_list(weigher, list, 0, AHEAD);
    for (size_t i = 0; i < list->nr; i++) {
        const struct ngram *ngram = &list->ngram[i];
        struct scale scale = scale_for(weigher, &once, ngram);
        struct weighing_sum whole = weigh_whole(weigher, &scale, ngram);

        await_list(weigher, list, i + AHEAD, i + AHEAD + 1);
        weighing_add(pairs, &whole);
        if (word)
            word[ngram->first].pair = whole;
    }
}

static void take_named(struct weighing_sum *sum, const struct weigher *weigher,
                       const float *named)
{
    const struct weights_header *header = weigher->weights->header;

    for (uint32_t slot = 0; slot < FEATURE_DENSE_NR; slot++) {
        double value = (double)(named[slot] * SCALE_NAMED);

        if (value == 0)
            continue;
        for (int head = 0; head < WEIGHTS_HEAD_NR; head++)
            sum->head[head] += value * (double)header->dense[head][slot];
        if (weigher->layer)
            sum->layer += value * (double)weigher->layer[slot];
    }
}

void weighing_take(struct weighing *weighing, struct arena *arena,
                   const struct weigher *weigher, const struct bag *bag)
{
    memset(weighing, 0, sizeof(*weighing));
    weighing->word = arena_zalloc(arena, bag->field[0].words.nr + 1,
                                  sizeof(*weighing->word));
    take_named(&weighing->named, weigher, bag->named);
    for (size_t i = 0; i < bag->nr; i++)
        take_words(weighing, weigher, &bag->field[i],
                   i == 0 ? weighing->word : NULL);
    for (size_t i = 0; i < bag->nr; i++)
        take_pairs(weighing, weigher, &bag->field[i],
                   i == 0 ? weighing->word : NULL);
    for (int i = 0; i < SCALE_BLOCK_NR; i++)
        if (weighing->block[i].square > 0)
            weighing->unit[i] = 1 / sqrt(weighing->block[i].square);
}

void weighing_margins(const struct weighing *weighing,
                      const struct weights *weights,
                      double margin[WEIGHTS_HEAD_NR])
{
    for (int head = 0; head < WEIGHTS_HEAD_NR; head++) {
        margin[head] =
            (double)weights->header->bias[head] + weighing->named.head[head];
        for (int i = 0; i < SCALE_BLOCK_NR; i++)
            margin[head] += weighing->unit[i] * weighing->block[i].head[head];
    }
}

double weighing_layer(const struct weighing *weighing)
{
    double odds = weighing->named.layer;

    for (int i = 0; i < SCALE_BLOCK_NR; i++)
        odds += weighing->unit[i] * weighing->block[i].layer;
    return odds;
}

/*
 * Kinds of all n-grams inside a word, from the lexicon once it has them, or,
 * in `spare`, made now.
 */
static const int32_t *kinds_inside(const struct weigher *weigher,
                                   const struct ngram_field *field,
                                   const struct ngram *ngram,
                                   int32_t spare[WEIGHTS_KIND_NR])
{
    struct lexicon_word made;
    struct lexicon_word *word = look_up(weigher, field, ngram, &made);
    uint64_t hash[NGRAM_CHARACTERS_MAX];
    int32_t *kind = spare;
    size_t nr;

    if (word != &made)
        kind = lexicon_kinds(weigher->lexicon, word);
    if (word->has_kinds)
        return kind;
    memset(kind, 0, WEIGHTS_KIND_NR * sizeof(*kind));
    nr = ngram_characters(hash, field->plan->tag,
                          field->words.word[ngram->first].text);
    for (size_t i = 0; i < nr; i++) {
        await(weigher, hash[i]);
        await_kinds(weigher, hash[i]);
    }
    for (size_t i = 0; i < nr; i++)
        add_kinds(kind, weigher, hash[i]);
    word->has_kinds = true;
    return kind;
}

/* What of some n-grams in steps counts, in all and, unless NULL, by word. */
struct kinds_sink {
    struct weighing_kinds *kinds;
    double step[WEIGHTS_KIND_NR];
    bool by_word;
};

static void put_kinds(const struct kinds_sink *sink, const struct ngram *ngram,
                      double unit, const int32_t kind[WEIGHTS_KIND_NR])
{
    double scale = unit * (double)ngram_value(ngram->count);

    for (int i = 0; i < WEIGHTS_KIND_NR; i++) {
        double part = scale * sink->step[i] * (double)kind[i];

        sink->kinds->margin[i] += part;
        if (sink->by_word)
            sink->kinds->word[ngram->first][i] += part;
    }
}

static void kinds_of_list(const struct kinds_sink *sink,
                          const struct weigher *weigher,
                          const struct ngram_list *list, double unit)
{
    for (size_t i = 0; i < AHEAD && i < list->nr; i++)
        await_kinds(weigher, list->ngram[i].hash);
    for (size_t i = 0; i < list->nr; i++) {
        int32_t kind[WEIGHTS_KIND_NR] = { 0 };

        if (i + AHEAD < list->nr)
            await_kinds(weigher, list->ngram[i + AHEAD].hash);
        add_kinds(kind, weigher, list->ngram[i].hash);
        put_kinds(sink, &list->ngram[i], unit, kind);
    }
}

static void kinds_of_field(const struct kinds_sink *sink,
                           const struct weigher *weigher,
                           const struct ngram_field *field, const double *unit)
{
    const struct ngram_plan *plan = field->plan;

    kinds_of_list(sink, weigher, &field->word, unit[scale_block(plan->word)]);
    for (size_t i = 0; i < field->word.nr; i++) {
        const struct ngram *ngram = &field->word.ngram[i];
        int32_t spare[WEIGHTS_KIND_NR];

        if (has_inside(field, ngram))
            put_kinds(sink, ngram, unit[scale_block(plan->character)],
                      kinds_inside(weigher, field, ngram, spare));
    }
    kinds_of_list(sink, weigher, &field->pair, unit[scale_block(plan->pair)]);
}

void weighing_take_kinds(struct weighing_kinds *kinds, struct arena *arena,
                         const struct weigher *weigher, const struct bag *bag,
                         const struct weighing *weighing)
{
    const struct weights_header *header = weigher->weights->header;
    struct kinds_sink sink = { .kinds = kinds };

    kinds->word =
        arena_zalloc(arena, bag->field[0].words.nr + 1, sizeof(*kinds->word));
    for (int i = 0; i < WEIGHTS_KIND_NR; i++) {
        sink.step[i] = (double)header->kind_step[i] * (double)SCALE_IDF_STEP;
        kinds->margin[i] = (double)header->kind_bias[i];
        for (uint32_t slot = 0; slot < FEATURE_DENSE_NR; slot++)
            kinds->margin[i] += (double)(bag->named[slot] * SCALE_NAMED) *
                                (double)header->kind_dense[i][slot];
    }
    for (size_t i = 0; i < bag->nr; i++) {
        sink.by_word = i == 0;
        kinds_of_field(&sink, weigher, &bag->field[i], weighing->unit);
    }
}
