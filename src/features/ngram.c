/*
 * Which bucket an n-gram falls in has to be the same on every machine and for
 * ever, for the weights to mean anything: the hash is part of
 * FEATURES_VERSION. It is FNV-1a's step widened to 64 bits per symbol, with
 * the finaliser of MurmurHash3; the top bits choose bucket and sign.
 */
#include "features/ngram.h"

#include "text/utf8.h"

#include <math.h>

#define CHAR_NGRAM_MIN 2
#define CHAR_NGRAM_MAX 5
#define EDGED_CHARS_MAX (WORD_CHARS_MAX + 2)

/* The edges of a word; no text holds these. */
#define EDGE_LEFT 0x110000
#define EDGE_RIGHT 0x110001

#define HASH_STEP 0x9E3779B97F4A7C15ULL
#define TAG_WORD 0x57
#define TAG_PAIR 0x50

static uint64_t hash_step(uint64_t hash, uint64_t symbol)
{
    return (hash ^ symbol) * HASH_STEP;
}

static uint64_t hash_final(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= 0xFF51AFD7ED558CCDULL;
    hash ^= hash >> 33;
    return hash;
}

/* Digits count as one digit: sums and years differ, what they say does not. */
uint64_t ngram_word_hash(uint64_t tag, struct span word)
{
    uint64_t hash = hash_step(tag, TAG_WORD);

    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.ptr[i];

        hash = hash_step(hash, c >= '0' && c <= '9' ? '0' : c);
    }
    return hash_final(hash);
}

/* Where to write entries, for which there is room, and what they have alike.
 */
struct sink {
    struct vector_entry *at;
    struct vector_entry entry;
    float value[2]; /* by the sign that the hash gives: a table, for nobody
                       can guess which way a branch would go */
};

static struct sink sink_open(struct arena *arena, struct vector *vector,
                             size_t nr, struct vector_entry entry)
{
    vector_reserve(arena, vector, nr);
    return (struct sink){
        &vector->entry[vector->nr],
        entry,
        { entry.value, -entry.value },
    };
}

static inline void sink_put(struct sink *sink, uint64_t hash)
{
    sink->entry.slot = FEATURE_DENSE_NR + ngram_bucket(hash);
    sink->entry.value = sink->value[ngram_is_negative(hash)];
    *sink->at++ = sink->entry;
}

static void sink_close(const struct sink *sink, struct vector *vector)
{
    vector->nr = (size_t)(sink->at - vector->entry);
}

/* The different ones of `hash`, each with the place where it came first. */
static struct ngram_list count_different(struct arena *arena,
                                         const uint64_t *hash, size_t nr)
{
    struct ngram_list list;
    size_t places = 16;
    uint32_t *place;

    while (places < nr * 2)
        places *= 2;
    place = arena_zalloc(arena, places, sizeof(*place));
    list.ngram = arena_alloc(arena, nr * sizeof(*list.ngram));
    list.nr = 0;
    for (size_t i = 0; i < nr; i++) {
        size_t at = hash[i] & (places - 1);

        while (place[at] && list.ngram[place[at] - 1].hash != hash[i])
            at = (at + 1) & (places - 1);
        if (!place[at]) {
            list.ngram[list.nr] = (struct ngram){ hash[i], (uint32_t)i, 0 };
            place[at] = (uint32_t)++list.nr;
        }
        list.ngram[place[at] - 1].count++;
    }
    return list;
}

struct ngram_field ngram_count(struct arena *arena,
                               const struct ngram_plan *plan,
                               const struct word_list *words)
{
    uint64_t *hash = arena_alloc(arena, words->nr * sizeof(*hash));

    for (size_t i = 0; i < words->nr; i++)
        hash[i] = ngram_word_hash(plan->tag, words->word[i].text);
    return ngram_count_hashed(arena, plan, words, hash);
}

struct ngram_field ngram_count_hashed(struct arena *arena,
                                      const struct ngram_plan *plan,
                                      const struct word_list *words,
                                      uint64_t *hash)
{
    struct ngram_field field = { .plan = plan, .words = *words };
    size_t nr = words->nr;

    if (!nr)
        return field;
    field.word = count_different(arena, hash, nr);
    for (size_t i = 0; i + 1 < nr; i++)
        hash[i] = hash_final(hash_step(hash[i], hash[i + 1] + TAG_PAIR));
    field.pair = count_different(arena, hash, nr - 1);
    return field;
}

static size_t decode_word(uint32_t *cp, struct span word)
{
    size_t nr = 0;
    size_t at = 0;

    cp[nr++] = EDGE_LEFT;
    while (at < word.len && nr < EDGED_CHARS_MAX - 1)
        cp[nr++] = utf8_next(word, &at);
    cp[nr++] = EDGE_RIGHT;
    return nr;
}

size_t ngram_characters(uint64_t *hash, uint64_t tag, struct span word)
{
    uint32_t cp[EDGED_CHARS_MAX];
    size_t nr = decode_word(cp, word);
    uint64_t *out = hash;
    size_t from = 0;

    /* Most places have all four; said apart, the branches can be guessed. */
    for (; from + CHAR_NGRAM_MAX <= nr; from++) {
        uint64_t step = hash_step(tag, cp[from]);

        for (size_t n = 1; n < CHAR_NGRAM_MAX; n++) {
            step = hash_step(step, cp[from + n]);
            *out++ = hash_final(step);
        }
    }
    for (; from + CHAR_NGRAM_MIN <= nr; from++) {
        uint64_t step = hash_step(tag, cp[from]);

        for (size_t n = 1; from + n < nr; n++) {
            step = hash_step(step, cp[from + n]);
            *out++ = hash_final(step);
        }
    }
    return (size_t)(out - hash);
}

float ngram_value(uint32_t count)
{
    return count == 1 ? 1 : 1 + logf((float)count);
}

static struct vector_entry entry_for(const struct ngram *ngram,
                                     enum feature_family family)
{
    return (struct vector_entry){
        .value = ngram_value(ngram->count),
        .word = ngram->first,
        .family = (uint8_t)family,
    };
}

static void spell_list(struct arena *arena, struct vector *vector,
                       const struct ngram_list *list,
                       enum feature_family family)
{
    for (size_t i = 0; i < list->nr; i++) {
        struct sink sink =
            sink_open(arena, vector, 1, entry_for(&list->ngram[i], family));

        sink_put(&sink, list->ngram[i].hash);
        sink_close(&sink, vector);
    }
}

static void spell_characters(struct arena *arena, struct vector *vector,
                             const struct ngram_field *field,
                             const struct ngram *ngram)
{
    const struct word *word = &field->words.word[ngram->first];
    uint64_t hash[NGRAM_CHARACTERS_MAX];
    struct sink sink;
    size_t nr;

    if (!ngram_has_characters(word->kind))
        return;
    nr = ngram_characters(hash, field->plan->tag, word->text);
    sink =
        sink_open(arena, vector, nr, entry_for(ngram, field->plan->character));
    for (size_t i = 0; i < nr; i++)
        sink_put(&sink, hash[i]);
    sink_close(&sink, vector);
}

void ngram_spell(struct arena *arena, struct vector *vector,
                 const struct ngram_field *field)
{
    spell_list(arena, vector, &field->word, field->plan->word);
    for (size_t i = 0; i < field->word.nr; i++)
        spell_characters(arena, vector, field, &field->word.ngram[i]);
    spell_list(arena, vector, &field->pair, field->plan->pair);
}
