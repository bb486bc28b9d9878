#include "model/lexicon.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define ID_BYTES_MAX 64
#define CACHE_LINE 64

#define WAYS 2

#define PLACES_BYTES (LEXICON_PLACES * sizeof(struct lexicon_word))

struct lexicon {
    struct lexicon_word *place;
    int32_t (*kind)[WEIGHTS_KIND_NR]; /* of each place */
    char id[ID_BYTES_MAX];            /* of model and layer */
    size_t id_len;
    uint16_t era; /* places of others are empty */
};

_Static_assert(sizeof(struct lexicon_word) == CACHE_LINE, "no more, no less");

struct lexicon *lexicon_new(void)
{
    struct lexicon *lexicon = xcalloc(1, sizeof(*lexicon));

    lexicon->place = xmap_large(PLACES_BYTES);
    lexicon->kind = xcalloc(LEXICON_PLACES, sizeof(*lexicon->kind));
    return lexicon;
}

void lexicon_free(struct lexicon *lexicon)
{
    if (!lexicon)
        return;
    xunmap_large(lexicon->place, PLACES_BYTES);
    free(lexicon->kind);
    free(lexicon);
}

static void forget(struct lexicon *lexicon)
{
    if (!++lexicon->era) {
        memset(lexicon->place, 0, PLACES_BYTES);
        lexicon->era = 1;
    }
}

void lexicon_open(struct lexicon *lexicon, struct span model,
                  struct span layer)
{
    struct span is = { lexicon->id, lexicon->id_len };
    size_t len = model.len + layer.len;

    if (lexicon->era && is.len == len && span_starts(is, model) &&
        span_ends(is, layer))
        return;
    forget(lexicon);
    /* One that does not fit is forgotten again each time. */
    lexicon->id_len = 0;
    if (len > sizeof(lexicon->id))
        return;
    memcpy(lexicon->id, model.ptr, model.len);
    if (layer.len)
        memcpy(lexicon->id + model.len, layer.ptr, layer.len);
    lexicon->id_len = len;
}

/* The first of a word's places, which are side by side. */
static size_t first_place(uint64_t hash)
{
    return hash % (LEXICON_PLACES / WAYS) * WAYS;
}

void lexicon_await(const struct lexicon *lexicon, uint64_t hash)
{
    const struct lexicon_word *place = &lexicon->place[first_place(hash)];

    for (int way = 0; way < WAYS; way++)
        __builtin_prefetch(&place[way]);
}

static uint64_t differ(const char *a, const char *b, size_t at, size_t size)
{
    uint64_t x = 0;
    uint64_t y = 0;

    memcpy(&x, a + at, size);
    memcpy(&y, b + at, size);
    return x ^ y;
}

/*
 * memcmp for words: a look at the first bytes and one at the last that may
 * overlap do for most, whatever their length.
 */
static bool same_bytes(const char *a, const char *b, size_t len)
{
    uint64_t differs = 0;

    if (len < 4) {
        for (size_t i = 0; i < len; i++)
            differs |= differ(a, b, i, 1);
        return !differs;
    }
    if (len < 8)
        return !(differ(a, b, 0, 4) | differ(a, b, len - 4, 4));
    for (size_t at = 0; at + 8 < len; at += 8)
        differs |= differ(a, b, at, 8);
    return !(differs | differ(a, b, len - 8, 8));
}

static bool is_word(const struct lexicon_word *place, uint16_t era,
                    uint64_t tag, struct span word)
{
    return place->era == era && place->tag == (uint8_t)tag &&
           place->len == word.len &&
           same_bytes(place->text, word.ptr, word.len);
}

struct lexicon_word *lexicon_find(struct lexicon *lexicon, uint64_t tag,
                                  uint64_t hash, struct span word, bool *met)
{
    struct lexicon_word *place = &lexicon->place[first_place(hash)];

    if (word.len > LEXICON_WORD_MAX)
        return NULL;
    *met = true;
    for (int way = 0; way < WAYS; way++)
        if (is_word(&place[way], lexicon->era, tag, word))
            return &place[way];
    *met = false;
    place[1] = place[0];
    place[1].has_kinds = false;
    place->era = lexicon->era;
    place->tag = (uint8_t)tag;
    place->len = (uint8_t)word.len;
    memcpy(place->text, word.ptr, word.len);
    return place;
}

int32_t *lexicon_kinds(struct lexicon *lexicon,
                       const struct lexicon_word *word)
{
    return lexicon->kind[word - lexicon->place];
}
