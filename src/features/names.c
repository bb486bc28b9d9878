/* What people read about a feature: names, meanings and evidence. */
#include "features/features.h"

static const struct {
    const char *name;
    const char *meaning;
} dense[] = {
#define FEATURE(name, family, meaning) { #name, meaning },
#include "features/features.def"
#undef FEATURE
};

static const struct {
    const char *family;
    const char *name;
    const char *meaning;
} family_text[FAMILY_NR] = {
    [FAMILY_WORD] = { "word", "word", "words of the text" },
    [FAMILY_PAIR] = { "pair", "word_pair", "words of the text" },
    [FAMILY_CHAR] = { "char", "word_part", "parts of words" },
    [FAMILY_AUTHOR] = { "author", "author_name", "the author's name" },
    [FAMILY_URL] = { "url", "author_url", "the author's web site" },
    [FAMILY_CLICK] = { "click", "anchor", "the words of a link" },
    [FAMILY_LINK] = { "link", "link", "links" },
    [FAMILY_ANCHOR] = { "anchor", "anchor", "the words of links" },
    [FAMILY_AUTHOR_CUE] = { "author_cue", "author", "the author's fields" },
    [FAMILY_CONTEXT] = { "context", "context", "the article" },
    [FAMILY_SHAPE] = { "shape", "shape", "how it is written" },
    [FAMILY_DISGUISE] = { "disguise", "disguise", "disguised letters" },
};

struct span feature_name(const struct vector_entry *entry)
{
    if (entry->slot < FEATURE_DENSE_NR)
        return span_str(dense[entry->slot].name);
    return span_str(family_text[entry->family].name);
}

struct span feature_meaning(const struct vector_entry *entry)
{
    if (entry->slot < FEATURE_DENSE_NR)
        return span_str(dense[entry->slot].meaning);
    return span_str(family_text[entry->family].meaning);
}

struct span feature_family_name(enum feature_family family)
{
    return span_str(family_text[family].family);
}

static struct span word_at(const struct word_list *words, size_t i)
{
    return i < words->nr ? words->word[i].text : SPAN_LIT("");
}

/* Two words in a row, and what is between them. */
static struct span pair_at(struct arena *arena, const struct word_list *words,
                           size_t i)
{
    return arena_printf(arena, "%.*s %.*s", SPAN_ARG(word_at(words, i)),
                        SPAN_ARG(word_at(words, i + 1)));
}

static struct span first_host(const struct text *text)
{
    return text->links.nr ? text->links.link[0].host : SPAN_LIT("");
}

static struct span author_cue(const struct text *text, uint32_t slot)
{
    switch (slot) {
    case FEATURE_url_in_body:
    case FEATURE_author_in_url:
        return text->author_link.host;
    case FEATURE_url_deep:
        return text->author_link.url;
    default:
        return text->author.plain;
    }
}

struct span feature_evidence(struct arena *arena, const struct text *text,
                             const struct vector_entry *entry)
{
    switch (entry->family) {
    case FAMILY_WORD:
    case FAMILY_CHAR:
        return word_at(&text->body.words, entry->word);
    case FAMILY_PAIR:
        return pair_at(arena, &text->body.words, entry->word);
    case FAMILY_AUTHOR:
        return text->author.plain;
    case FAMILY_URL:
        return text->author_link.host;
    case FAMILY_LINK:
        return first_host(text);
    case FAMILY_CLICK:
    case FAMILY_ANCHOR:
        return text->links.nr ? text->links.link[0].anchor : SPAN_LIT("");
    case FAMILY_AUTHOR_CUE:
        return author_cue(text, entry->slot);
    default:
        return SPAN_LIT("");
    }
}
