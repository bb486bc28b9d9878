#include "model/lexicon.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define ID_BYTES_MAX 64

/* A place is two lines of the cache less than none: 96 bytes. */
struct place {
    struct lexicon_word word;
    uint32_t era; /* in which it was filled; 0: never */
    uint8_t tag;
    uint8_t len;
    char text[LEXICON_WORD_MAX];
};

struct lexicon {
    struct place place[LEXICON_PLACES];
    char id[ID_BYTES_MAX]; /* of model and layer */
    size_t id_len;
    uint32_t era; /* places of others are empty */
};

struct lexicon *lexicon_new(void)
{
    return xcalloc(1, sizeof(struct lexicon));
}

void lexicon_free(struct lexicon *lexicon)
{
    free(lexicon);
}

static void forget(struct lexicon *lexicon)
{
    if (!++lexicon->era) {
        memset(lexicon->place, 0, sizeof(lexicon->place));
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

struct lexicon_word *lexicon_find(struct lexicon *lexicon, uint64_t tag,
                                  uint64_t hash, struct span word, bool *met)
{
    struct place *place = &lexicon->place[hash % LEXICON_PLACES];

    if (word.len > LEXICON_WORD_MAX)
        return NULL;
    *met = place->era == lexicon->era && place->tag == (uint8_t)tag &&
           place->len == word.len && !memcmp(place->text, word.ptr, word.len);
    if (*met)
        return &place->word;
    place->era = lexicon->era;
    place->tag = (uint8_t)tag;
    place->len = (uint8_t)word.len;
    memcpy(place->text, word.ptr, word.len);
    return &place->word;
}
