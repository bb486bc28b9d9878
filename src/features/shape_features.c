#include "features/shape_features.h"

#include "features/features.h"
#include "features/measure.h"

#include <ctype.h>
#include <stdint.h>

/* Fewer letters than these say nothing about the writer's manners. */
#define CAPITALS_LETTERS_MIN 12
#define SAME_WORDS_MIN 20
#define FEW_WORDS 6

struct shape_counts {
    size_t upper;
    size_t lower;
    size_t digit;
    size_t exclaim;
};

/* As many bytes as a small counter counts. */
#define TALLY_MAX 255

/* Counters as small as what they count: the compiler does sixteen at once. */
struct tally {
    uint8_t upper;
    uint8_t lower;
    uint8_t digit;
    uint8_t exclaim;
};

static struct tally tally_of(struct span part)
{
    struct tally tally = { 0 };

    for (size_t i = 0; i < part.len; i++) {
        uint8_t c = (uint8_t)part.ptr[i];

        tally.upper += (uint8_t)(c - 'A') < 26;
        tally.lower += (uint8_t)(c - 'a') < 26;
        tally.digit += (uint8_t)(c - '0') < 10;
        tally.exclaim += c == '!';
    }
    return tally;
}

static struct shape_counts count(struct span plain)
{
    struct shape_counts counts = { 0 };

    for (size_t from = 0; from < plain.len; from += TALLY_MAX) {
        struct tally tally = tally_of(span_cut(plain, from, from + TALLY_MAX));

        counts.upper += tally.upper;
        counts.lower += tally.lower;
        counts.digit += tally.digit;
        counts.exclaim += tally.exclaim;
    }
    return counts;
}

static size_t different(const uint32_t *mark, size_t mark_nr)
{
    uint32_t seen[256] = { 0 };
    size_t nr = 0;

    for (size_t i = 0; i < mark_nr; i++) {
        uint32_t *bits = &seen[(mark[i] >> 5) & 255];

        nr += !(*bits >> (mark[i] & 31) & 1);
        *bits |= 1u << (mark[i] & 31);
    }
    return nr;
}

/* "{great|nice} post": a robot forgot to choose. */
static bool has_spintax(struct span plain)
{
    size_t open = span_find_char(plain, '{');
    struct span rest = span_cut(plain, open, plain.len);
    size_t bar = span_find_char(rest, '|');

    return bar < rest.len &&
           span_find_char(span_cut(rest, bar, rest.len), '}') < rest.len - bar;
}

/* "[...] text of somebody's page [...]", as trackback robots send it. */
static bool is_cut_quote(struct span plain)
{
    struct span s = span_trim(plain);

    return span_starts(s, SPAN_LIT("[...]")) ||
           span_starts(s, SPAN_LIT("[…]")) ||
           span_ends(s, SPAN_LIT("[...]")) || span_ends(s, SPAN_LIT("[…]"));
}

static void word_features(const struct text *text,
                          const struct word_facts *facts, float *dense)
{
    const struct word_list *words = &text->body.words;
    size_t emoji = 0;
    float random = 0;

    for (size_t i = 0; i < words->nr; i++) {
        emoji += words->word[i].kind == WORD_EMOJI;
        random += facts->random[i];
    }
    if (!words->nr)
        return;
    dense[FEATURE_shape_emoji] = measure_share(emoji, words->nr);
    dense[FEATURE_shape_random] =
        measure_share((size_t)(random * 4), words->nr);
    dense[FEATURE_shape_short] =
        words->nr < FEW_WORDS ? 1 - (float)words->nr / FEW_WORDS : 0;
    if (words->nr >= SAME_WORDS_MIN)
        dense[FEATURE_shape_same_words] =
            1 -
            measure_share(2 * different(facts->mark, words->nr), words->nr);
}

static void disguise_features(const struct text *text, float *dense)
{
    const struct fold_counts *fold = &text->fold;
    size_t words = fold->words ? fold->words : 1;

    dense[FEATURE_disguise_mixed] =
        measure_share(4 * fold->mixed_words, words);
    dense[FEATURE_disguise_invisible] = measure_share(fold->invisible, words);
    dense[FEATURE_disguise_bidi] = measure_share(fold->bidi, 2);
    dense[FEATURE_disguise_fancy] = measure_share(fold->compat, 2 * words);
    dense[FEATURE_disguise_marks] = measure_share(fold->marks, words);
    dense[FEATURE_disguise_leet] = measure_share(4 * fold->leet_words, words);
    dense[FEATURE_disguise_spaced] = measure_share(fold->spaced_words, 2);
    dense[FEATURE_disguise_entity] = measure_share(text->markup.entities, 8);
    dense[FEATURE_disguise_hidden] = measure_share(text->markup.hidden, 20);
}

void shape_features(const struct text *text, const struct word_facts *facts,
                    float *dense)
{
    struct shape_counts counts = count(text->body.plain);
    size_t letters = counts.upper + counts.lower;
    size_t words = text->body.words.nr;

    if (letters >= CAPITALS_LETTERS_MIN)
        dense[FEATURE_shape_capitals] = measure_share(counts.upper, letters);
    dense[FEATURE_shape_digits] = measure_share(counts.digit, 4 * words);
    dense[FEATURE_shape_exclaim] = measure_log(counts.exclaim, 10);
    dense[FEATURE_shape_repeats] = measure_share(text->fold.repeats, 10);
    dense[FEATURE_shape_spintax] = has_spintax(text->body.plain);
    dense[FEATURE_shape_cut_quote] = is_cut_quote(text->body.plain);
    word_features(text, facts, dense);
    disguise_features(text, dense);
}
