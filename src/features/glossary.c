#include "features/glossary.h"

#include "base/alloc.h"
#include "features/measure.h"
#include "features/ngram.h"

#include <stdlib.h>
#include <string.h>

#define PLACES_BITS 14
#define KEPT_LEN_MAX 15

#define FNV_BASIS 2166136261U
#define FNV_PRIME 16777619U

/* The bytes of a word, then zeros, and its length in the last byte. */
struct key {
    uint64_t head;
    uint64_t tail; /* 0: no word */
};

/* Two are a line of the cache. */
struct entry {
    struct key key;
    uint64_t hash;
    uint32_t mark;
    float random;
};

struct glossary {
    struct entry entry[(size_t)1 << PLACES_BITS];
};

struct glossary *glossary_new(void)
{
    return xcalloc(1, sizeof(struct glossary));
}

void glossary_free(struct glossary *glossary)
{
    free(glossary);
}

/* `len` bytes from `p` on in their order, the first one lowest. */
static uint64_t load(const char *p, size_t len)
{
    uint64_t bytes = 0;

    memcpy(&bytes, p, len);
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
        bytes = __builtin_bswap64(bytes);
    return bytes;
}

/* Up to eight bytes; two loads that overlap do for any length. */
static uint64_t load_short(struct span s)
{
    if (s.len >= 4)
        return load(s.ptr, 4) | load(s.ptr + s.len - 4, 4)
                                    << (8 * (s.len - 4));
    if (!s.len)
        return 0;
    return load(s.ptr, 1) | load(s.ptr + s.len / 2, 1) << (8 * (s.len / 2)) |
           load(s.ptr + s.len - 1, 1) << (8 * (s.len - 1));
}

/* No key of a word has the tail 0; that of one not kept has. */
static struct key key_of(struct span word)
{
    uint64_t len = (uint64_t)word.len << 56;

    if (word.len > KEPT_LEN_MAX)
        return (struct key){ 0, 0 };
    if (word.len <= 8)
        return (struct key){ load_short(word), len };
    return (struct key){
        load(word.ptr, 8),
        load(word.ptr + word.len - 8, 8) >> (8 * (16 - word.len)) | len,
    };
}

static struct entry *place_of(struct glossary *glossary, struct key key)
{
    uint64_t hash = key.head * 0x9E3779B97F4A7C15ULL;

    hash = (hash ^ hash >> 32 ^ key.tail) * 0xFF51AFD7ED558CCDULL;
    return &glossary->entry[hash >> (64 - PLACES_BITS)];
}

static uint32_t mark_of(struct span word)
{
    uint32_t mark = FNV_BASIS;

    for (size_t i = 0; i < word.len; i++)
        mark = (mark ^ (unsigned char)word.ptr[i]) * FNV_PRIME;
    return mark;
}

static struct entry work_out(struct key key, struct span word)
{
    return (struct entry){
        .key = key,
        .hash = ngram_word_hash(NGRAM_TAG_TEXT, word),
        .mark = mark_of(word),
        .random = measure_random(word),
    };
}

/* The entry of a word, in `spare` if it is not kept. */
static const struct entry *find(struct glossary *glossary, struct key key,
                                struct span word, struct entry *spare)
{
    struct entry *entry = spare;

    if (glossary && key.tail) {
        entry = place_of(glossary, key);
        if (((entry->key.head ^ key.head) | (entry->key.tail ^ key.tail)) == 0)
            return entry;
    }
    *entry = work_out(key, word);
    return entry;
}

/* All at first, so that memory is not waited for at each. */
static struct key *find_keys(struct glossary *glossary, struct arena *arena,
                             const struct word_list *words)
{
    struct key *key = arena_alloc(arena, words->nr * sizeof(*key));

    for (size_t i = 0; i < words->nr; i++) {
        key[i] = key_of(words->word[i].text);
        if (glossary)
            __builtin_prefetch(place_of(glossary, key[i]));
    }
    return key;
}

struct word_facts glossary_look(struct glossary *glossary, struct arena *arena,
                                const struct word_list *words)
{
    const struct key *key = find_keys(glossary, arena, words);
    struct word_facts facts = {
        arena_alloc(arena, words->nr * sizeof(*facts.hash)),
        arena_alloc(arena, words->nr * sizeof(*facts.mark)),
        arena_alloc(arena, words->nr * sizeof(*facts.random)),
    };

    for (size_t i = 0; i < words->nr; i++) {
        struct entry spare;
        const struct entry *entry =
            find(glossary, key[i], words->word[i].text, &spare);

        facts.hash[i] = entry->hash;
        facts.mark[i] = entry->mark;
        facts.random[i] = entry->random;
    }
    return facts;
}
