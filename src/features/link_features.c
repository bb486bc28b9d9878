#include "features/link_features.h"

#include "features/features.h"
#include "features/measure.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define LINK_MANY 20
#define WORDS_PER_LINK 8
#define WORDS_NEXT_TO_LINK 4
#define SQUEEZED_MAX 128
#define PHONE_DIGITS_MIN 9
#define PHONE_DIGITS_MAX 15

/* Services that hide where a link leads, or that move the talk elsewhere. */
static const struct span shortener[] = {
    { "bit.ly", 6 },       { "tinyurl.com", 11 }, { "goo.gl", 6 },
    { "t.co", 4 },         { "is.gd", 5 },        { "ow.ly", 5 },
    { "cutt.ly", 7 },      { "rb.gy", 5 },        { "tiny.cc", 7 },
    { "shorturl.at", 11 }, { "adf.ly", 6 },       { "buff.ly", 7 },
};

static const struct span messenger[] = {
    { "t.me", 4 },        { "telegram.me", 11 },
    { "wa.me", 5 },       { "chat.whatsapp.com", 17 },
    { "discord.gg", 10 }, { "api.whatsapp.com", 16 },
    { "line.me", 7 },     { "viber.com", 9 },
    { "wa.link", 7 },     { "telegram.dog", 12 },
};

static const struct span messenger_word[] = {
    { "whatsapp", 8 }, { "telegram", 8 }, { "wechat", 6 },  { "viber", 5 },
    { "skype", 5 },    { "whats", 5 },    { "watsapp", 7 },
};

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static bool is_among(struct span s, const struct span *list, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        if (span_eq(s, list[i]))
            return true;
    return false;
}

static bool is_home(struct span url, struct span host)
{
    size_t at = span_find_nocase(url, host);
    struct span rest = span_cut(url, at + host.len, url.len);

    return at < url.len && rest.len <= 1;
}

static size_t most_of_one_host(const struct link_list *links)
{
    size_t most = 0;

    for (size_t i = 0; i < links->nr && i < LINK_MANY; i++) {
        size_t same = 0;

        for (size_t k = 0; k < links->nr; k++)
            same += span_eq(links->link[i].host, links->link[k].host);
        most = same > most ? same : most;
    }
    return most;
}

static void notation(const struct link_list *links, float *dense)
{
    bool bare = false;

    for (size_t i = 0; i < links->nr; i++) {
        switch (links->link[i].how) {
        case LINK_HTML:
            dense[FEATURE_link_html] = 1;
            break;
        case LINK_BBCODE:
            dense[FEATURE_link_bbcode] = 1;
            break;
        case LINK_DISGUISED:
            dense[FEATURE_link_disguised] = 1;
            break;
        default:
            bare = true;
        }
    }
    dense[FEATURE_link_mixed] =
        bare + dense[FEATURE_link_html] + dense[FEATURE_link_bbcode] > 1;
}

static void hosts(const struct link_list *links, float *dense)
{
    for (size_t i = 0; i < links->nr; i++) {
        const struct link *link = &links->link[i];

        if (is_among(link->host, shortener, NR(shortener)))
            dense[FEATURE_link_shortener] = 1;
        if (is_among(link->host, messenger, NR(messenger)))
            dense[FEATURE_link_messenger] = 1;
        if (is_home(link->url, link->host))
            dense[FEATURE_link_home] = 1;
    }
    dense[FEATURE_link_same_host] =
        measure_share(most_of_one_host(links) - (links->nr > 0), 5);
}

/* Does the squeezed `part` make up much of the squeezed `whole`? */
static bool spells(struct span part, struct span whole)
{
    char a[SQUEEZED_MAX];
    char b[SQUEEZED_MAX];
    struct span small = { a, measure_squeeze(a, sizeof(a), part) };
    struct span big = { b, measure_squeeze(b, sizeof(b), whole) };

    return small.len >= 5 && span_find(big, small) < big.len;
}

static size_t words_in(struct span s)
{
    size_t nr = 0;

    for (size_t i = 0; i < s.len; i++)
        nr += s.ptr[i] != ' ' && (!i || s.ptr[i - 1] == ' ');
    return nr;
}

static void anchors(const struct text *text, struct span author, float *dense)
{
    for (size_t i = 0; i < text->links.nr; i++) {
        const struct link *link = &text->links.link[i];

        if (!link->anchor.len ||
            span_find(link->anchor, SPAN_LIT("://")) < link->anchor.len)
            continue;
        if (words_in(link->anchor) > 1)
            dense[FEATURE_anchor_words] = 1;
        if (spells(link->anchor, link->host))
            dense[FEATURE_anchor_in_host] = 1;
        if (author.len && span_eq_nocase(span_trim(link->anchor), author))
            dense[FEATURE_anchor_is_author] = 1;
    }
}

/* Are there fewer digits than are in a telephone number? */
static bool lacks_digits(struct span s)
{
    size_t nr = 0;

    for (size_t from = 0; from < s.len; from += UINT8_MAX) {
        struct span part = span_cut(s, from, from + UINT8_MAX);
        uint8_t digits = 0;

        for (size_t i = 0; i < part.len; i++)
            digits += (uint8_t)(part.ptr[i] - '0') < 10;
        nr += digits;
    }
    return nr < PHONE_DIGITS_MIN;
}

/* A run of digits and what people put between them, as in "+44 (0)20 79..." */
static bool has_phone(struct span plain)
{
    size_t digits = 0;
    bool starts = false;

    if (lacks_digits(plain))
        return false;
    for (size_t i = 0; i <= plain.len; i++) {
        unsigned char c = i < plain.len ? (unsigned char)plain.ptr[i] : 'x';

        if (!digits && (c < '0' || c > '9'))
            continue;
        if (isdigit(c)) {
            if (!digits)
                starts = c == '0' || (i && plain.ptr[i - 1] == '+') ||
                         (i && plain.ptr[i - 1] == '(');
            digits++;
        } else if (!c || !strchr(" -().", c)) {
            if (starts && digits >= PHONE_DIGITS_MIN &&
                digits <= PHONE_DIGITS_MAX)
                return true;
            digits = 0;
        }
    }
    return false;
}

static bool has_email(struct span plain)
{
    for (size_t i = span_find_char(plain, '@'); i + 3 < plain.len; i++) {
        size_t end = i + 1;

        if (plain.ptr[i] != '@' || !i ||
            !isalnum((unsigned char)plain.ptr[i - 1]))
            continue;
        while (end < plain.len && (isalnum((unsigned char)plain.ptr[end]) ||
                                   plain.ptr[end] == '-'))
            end++;
        if (end > i + 1 && end + 2 < plain.len && plain.ptr[end] == '.' &&
            isalpha((unsigned char)plain.ptr[end + 1]))
            return true;
    }
    return false;
}

/*
 * Most words are told from these by their length and first two letters; all
 * at once, for nobody guesses well which of the three does it.
 */
static bool names_messenger(struct span word)
{
    static const bool first[256] = {
        ['s'] = true, ['t'] = true, ['v'] = true, ['w'] = true
    };
    static const bool second[256] = {
        ['a'] = true, ['e'] = true, ['h'] = true, ['i'] = true, ['k'] = true
    };
    size_t next = word.len > 1;
    bool maybe;

    if (!word.len)
        return false;
    maybe = (word.len - 5 <= 3) & first[(unsigned char)word.ptr[0]] &
            second[(unsigned char)word.ptr[next]];
    return maybe && is_among(word, messenger_word, NR(messenger_word));
}

static void contacts(const struct text *text, float *dense)
{
    const struct word_list *words = &text->body.words;
    bool named = false;

    for (size_t i = 0; i < words->nr && !named; i++)
        named = names_messenger(words->word[i].text);
    dense[FEATURE_contact_phone] = has_phone(text->body.plain);
    dense[FEATURE_contact_email] = has_email(text->body.plain);
    dense[FEATURE_contact_handle] =
        named &&
        (dense[FEATURE_contact_phone] > 0 ||
         span_find_char(text->body.plain, '@') < text->body.plain.len ||
         span_find_char(text->body.plain, '+') < text->body.plain.len);
}

static bool ends_in(const struct text *text, const struct link *last)
{
    struct span plain = span_trim(text->body.plain);

    return (last->url.len && span_ends(plain, last->url)) ||
           (last->anchor.len && span_ends(plain, span_trim(last->anchor)));
}

void link_features(struct arena *arena, const struct comment *comment,
                   const struct text *text, float *dense)
{
    const struct link_list *links = &text->links;
    size_t nr = links->nr + text->links_more;
    size_t words = text->body.words.nr;

    (void)arena;
    (void)comment;
    contacts(text, dense);
    if (!links->nr)
        return;
    dense[FEATURE_link_any] = 1;
    dense[FEATURE_link_many] = measure_log(nr - 1, LINK_MANY);
    dense[FEATURE_link_density] =
        measure_share(nr * WORDS_PER_LINK, nr * WORDS_PER_LINK + words);
    dense[FEATURE_link_only] = words < WORDS_NEXT_TO_LINK;
    dense[FEATURE_link_at_end] = ends_in(text, &links->link[links->nr - 1]);
    notation(links, dense);
    hosts(links, dense);
    anchors(text, span_trim(text->author.plain), dense);
}
