#include "features/bag.h"

#include "features/author_features.h"
#include "features/context_features.h"
#include "features/link_features.h"
#include "features/shape_features.h"

#include <ctype.h>
#include <string.h>

/* One tag a field. Changing one changes every bucket: FEATURES_VERSION. */
static const struct ngram_plan body_plan = {
    NGRAM_TAG_TEXT,
    FAMILY_WORD,
    FAMILY_PAIR,
    FAMILY_CHAR,
};
static const struct ngram_plan author_plan = {
    0xA7,
    FAMILY_AUTHOR,
    FAMILY_AUTHOR,
    FAMILY_AUTHOR,
};
static const struct ngram_plan url_plan = {
    0x17,
    FAMILY_URL,
    FAMILY_URL,
    FAMILY_URL,
};
static const struct ngram_plan click_plan = {
    0xC3,
    FAMILY_CLICK,
    FAMILY_CLICK,
    FAMILY_CLICK,
};

/* Names of hosts and paths are words joined by hyphens, dots and slashes. */
static bool is_joint(char c)
{
    return !isalnum((unsigned char)c) && (unsigned char)c < 0x80;
}

static void split_address(struct arena *arena, struct span address,
                          struct word_list *words)
{
    size_t from = 0;

    words->word = arena_alloc(arena, (address.len + 1) * sizeof(*words->word));
    words->nr = 0;
    for (size_t i = 0; i <= address.len; i++) {
        if (i < address.len && !is_joint(address.ptr[i]))
            continue;
        if (i > from + 1)
            words->word[words->nr++] =
                (struct word){ span_cut(address, from, i), WORD_LETTERS };
        from = i + 1;
    }
}

static struct span lower(struct arena *arena, struct span s)
{
    char *copy = arena_alloc(arena, s.len + 1);

    for (size_t i = 0; i < s.len; i++)
        copy[i] = (char)tolower((unsigned char)s.ptr[i]);
    return (struct span){ copy, s.len };
}

/* What follows the host, or nothing. */
static struct span path_of(const struct link *link)
{
    size_t at = span_find_nocase(link->url, link->host);

    return span_cut(link->url, at + link->host.len, link->url.len);
}

static void add_field(struct arena *arena, struct bag *bag,
                      const struct ngram_plan *plan,
                      const struct word_list *words)
{
    bag->field[bag->nr++] = ngram_count(arena, plan, words);
}

static void add_address(struct arena *arena, const struct text *text,
                        struct bag *bag)
{
    struct word_list words;
    struct span address;

    if (!text->author_link.host.len)
        return;
    address =
        arena_printf(arena, "%.*s/%.*s", SPAN_ARG(text->author_link.host),
                     SPAN_ARG(path_of(&text->author_link)));
    split_address(arena, lower(arena, address), &words);
    add_field(arena, bag, &url_plan, &words);
}

static void add_anchors(struct arena *arena, const struct text *text,
                        struct bag *bag)
{
    struct fold_counts ignored = { 0 };

    for (size_t i = 0; i < text->links.nr && i < BAG_ANCHORS_MAX; i++) {
        struct word_list words;
        struct span folded =
            fold_text(arena, text->links.link[i].anchor, &ignored);

        words = word_split(arena, folded);
        add_field(arena, bag, &click_plan, &words);
    }
}

enum feature_family bag_family(uint32_t slot)
{
    static const enum feature_family family_of[] = {
#define FEATURE(name, family, meaning) FAMILY_##family,
#include "features/features.def"
#undef FEATURE
    };

    return family_of[slot];
}

void bag_fill(struct arena *arena, struct glossary *glossary,
              const struct comment *comment, const struct text *text,
              struct bag *bag)
{
    const struct word_list *words = &text->body.words;
    struct word_facts facts = glossary_look(glossary, arena, words);

    memset(bag->named, 0, sizeof(bag->named));
    link_features(arena, comment, text, bag->named);
    author_features(arena, comment, text, bag->named);
    context_features(arena, comment, text, bag->named);
    shape_features(text, &facts, bag->named);
    bag->field[0] = ngram_count_hashed(arena, &body_plan, words, facts.hash);
    bag->nr = 1;
    add_field(arena, bag, &author_plan, &text->author.words);
    add_address(arena, text, bag);
    add_anchors(arena, text, bag);
}
