#include "features/author_features.h"

#include "features/features.h"
#include "features/measure.h"

#include <ctype.h>

#define SQUEEZED_MAX 128
#define NAME_WORDS 5

/* A host inside a name: "cheap-jerseys.example", "www.shop". */
static bool names_host(struct span name)
{
    size_t dot = span_find_char(name, '.');
    struct span host = link_domain(name);

    if (span_find_nocase(name, SPAN_LIT("www.")) < name.len ||
        span_find_nocase(name, SPAN_LIT("://")) < name.len)
        return true;
    return dot && dot + 2 < name.len &&
           span_find_char(name, ' ') == name.len && host.len > 4 &&
           islower((unsigned char)name.ptr[dot + 1]);
}

/* The words of the name, of four letters and more, found in the host. */
static float words_in_host(const struct text_field *author, struct span host)
{
    char squeezed[SQUEEZED_MAX];
    struct span whole = { squeezed,
                          measure_squeeze(squeezed, sizeof(squeezed), host) };
    size_t nr = 0;
    size_t in = 0;

    for (size_t i = 0; i < author->words.nr; i++) {
        struct span word = author->words.word[i].text;

        if (word.len < 4)
            continue;
        nr++;
        in += span_find(whole, word) < whole.len;
    }
    return measure_share(in, nr);
}

/* "best pills online": several words, and no capital among them. */
static bool is_lower(struct span name, size_t words)
{
    bool letter = false;

    for (size_t i = 0; i < name.len; i++) {
        if (isupper((unsigned char)name.ptr[i]) ||
            (unsigned char)name.ptr[i] >= 0x80)
            return false;
        letter |= islower((unsigned char)name.ptr[i]) != 0;
    }
    return letter && words > 1;
}

static void name_features(const struct text *text, float *dense)
{
    struct span name = span_trim(text->author.plain);
    const struct word_list *words = &text->author.words;
    float random = 0;

    dense[FEATURE_author_is_host] = names_host(name);
    if (words->nr > 2)
        dense[FEATURE_author_long] = measure_share(words->nr - 2, NAME_WORDS);
    dense[FEATURE_author_lower] = is_lower(name, words->nr);
    for (size_t i = 0; i < words->nr; i++) {
        float odd = measure_random(words->word[i].text);

        random = odd > random ? odd : random;
    }
    dense[FEATURE_author_random] = random;
    dense[FEATURE_author_disguise] =
        text->author_fold.mixed_words || text->author_fold.leet_words ||
        text->author_fold.spaced_words || text->author_fold.compat > 2;
}

static size_t path_depth(struct span url)
{
    size_t scheme = span_find(url, SPAN_LIT("://"));
    size_t slashes = 0;

    if (scheme < url.len)
        url = span_cut(url, scheme + 3, url.len);
    while (url.len && url.ptr[url.len - 1] == '/')
        url.len--;
    for (size_t i = 0; i < url.len; i++)
        slashes += url.ptr[i] == '/';
    return slashes;
}

static void url_features(const struct text *text, float *dense)
{
    const struct link *site = &text->author_link;

    dense[FEATURE_url_deep] = measure_share(path_depth(site->url), 3);
    dense[FEATURE_author_in_url] = words_in_host(&text->author, site->host);
    for (size_t i = 0; i < text->links.nr; i++)
        if (span_eq(text->links.link[i].domain, site->domain))
            dense[FEATURE_url_in_body] = 1;
}

void author_features(struct arena *arena, const struct comment *comment,
                     const struct text *text, float *dense)
{
    (void)arena;
    (void)comment;
    if (text->author.plain.len)
        name_features(text, dense);
    if (text->author_link.host.len)
        url_features(text, dense);
}
