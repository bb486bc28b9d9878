#include "features/unit.h"

#include "text/unicode.h"
#include "text/utf8.h"

#include <stdbool.h>

/* Of a word so many letters count: endings change, what it says does not. */
#define STEM_CHARS 5

#define HASH_STEP 0x9E3779B97F4A7C15ULL
#define TAG_STEM 0x53
#define TAG_LETTER 0x4C

static uint64_t step(uint64_t hash, uint64_t symbol)
{
    return (hash ^ symbol) * HASH_STEP;
}

static uint64_t finish(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= 0xFF51AFD7ED558CCDULL;
    return hash ^ (hash >> 33);
}

/* Written in a script of several languages, with words set apart. */
static bool is_worded(uint32_t cp)
{
    enum unicode_script script;

    if (cp < 0x80)
        return true;
    script = unicode_script(cp);
    return script == UNICODE_LATIN || script == UNICODE_CYRILLIC ||
           script == UNICODE_GREEK;
}

static void add(struct unit_list *list, uint64_t hash)
{
    if (list->nr < UNIT_NR_MAX)
        list->unit[list->nr++] = finish(hash);
}

static void add_stem(struct unit_list *list, struct span word)
{
    uint64_t hash = TAG_STEM;
    size_t at = 0;
    size_t nr = 0;

    for (; nr < STEM_CHARS && at < word.len; nr++)
        hash = step(hash, utf8_next(word, &at));
    /* Single letters are in every text of the script. */
    if (nr > 1)
        add(list, hash);
}

static void add_letters(struct unit_list *list, struct span word)
{
    for (size_t at = 0; at < word.len && list->nr < UNIT_NR_MAX;) {
        uint32_t cp = utf8_next(word, &at);

        if (cp >= 0x80 && unicode_kind(cp) == UNICODE_LETTER)
            add(list, step(TAG_LETTER, cp));
    }
}

struct unit_list unit_find(struct arena *arena, const struct word_list *words)
{
    struct unit_list list = {
        .unit = arena_alloc(arena, UNIT_NR_MAX * sizeof(*list.unit)),
    };

    for (size_t i = 0; i < words->nr && list.nr < UNIT_NR_MAX; i++) {
        struct span word = words->word[i].text;
        size_t at = 0;

        if (words->word[i].kind != WORD_LETTERS || !word.len)
            continue;
        if (is_worded(utf8_next(word, &at)))
            add_stem(&list, word);
        else
            add_letters(&list, word);
    }
    return list;
}
