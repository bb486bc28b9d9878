#include "pipeline/words.h"

#include "features/features.h"

#include <stdio.h>

/* How the evidence stands beside the meaning. */
enum style {
    STYLE_MEANING, /* many links (shop.example) */
    STYLE_QUOTE,   /* "viagra" */
    STYLE_ALONE,   /* 3 links to shop.example */
};

static const struct {
    const char *feature;
    const char *meaning;
    enum style style;
} other[] = {
    { "allow_list", "on the allow list", STYLE_MEANING },
    { "deny_list", "on the deny list", STYLE_MEANING },
    { "too_long", "too long to be read whole", STYLE_MEANING },
    { "trap", "filled in a field that people don't see", STYLE_MEANING },
    { "haste", "sent sooner than a person could", STYLE_MEANING },
    { "no_words", "no words in it", STYLE_MEANING },
    { "unknown_language", "unlike anything learned", STYLE_MEANING },
    { "abuse_threat", "looks like a threat", STYLE_MEANING },
    { "abuse_identity", "looks like hate of a group", STYLE_MEANING },
    { "abuse_insult", "looks like an insult", STYLE_MEANING },
    { "abuse_obscene", "looks obscene", STYLE_MEANING },
    { "seen_before", "people judged others like it", STYLE_MEANING },
    { "seen_often", "comes again and again", STYLE_MEANING },
    { "seen_from_many", "comes under several names", STYLE_MEANING },
    { "known_email", "mail address known here", STYLE_MEANING },
    { "known_mail_domain", "mail domain known here", STYLE_MEANING },
    { "known_ip", "IP address known here", STYLE_MEANING },
    { "known_net", "network known here", STYLE_MEANING },
    { "known_host", "web site known here", STYLE_MEANING },
    { "known_domain", "domain known here", STYLE_MEANING },
    { "known_author", "author known here", STYLE_MEANING },
    { "links", "links", STYLE_ALONE },
    { "context", "what the article is about", STYLE_MEANING },
    { "phrase", "words of the text", STYLE_QUOTE },
    { "word", "words of the text", STYLE_QUOTE },
    { "word_pair", "words of the text", STYLE_QUOTE },
    { "word_part", "parts of words", STYLE_QUOTE },
    { "author_name", "the author's name", STYLE_MEANING },
    { "author_url", "the author's web site", STYLE_MEANING },
    { "anchor", "the words of a link", STYLE_MEANING },
};

#define OTHER_NR (sizeof(other) / sizeof(other[0]))

static bool find_named(struct span feature, struct span *meaning)
{
    for (uint32_t slot = 0; slot < FEATURE_DENSE_NR; slot++) {
        struct vector_entry entry = { .slot = slot };

        if (!span_eq(feature, feature_name(&entry)))
            continue;
        *meaning = feature_meaning(&entry);
        return true;
    }
    return false;
}

static size_t find_other(struct span feature)
{
    size_t i = 0;

    while (i < OTHER_NR && !span_eq(feature, span_str(other[i].feature)))
        i++;
    return i;
}

bool words_is_named(struct span feature)
{
    struct span meaning;

    return find_named(feature, &meaning);
}

struct span words_meaning(struct span feature)
{
    struct span meaning = SPAN_LIT("");
    size_t i = find_other(feature);

    if (i < OTHER_NR)
        return span_str(other[i].meaning);
    find_named(feature, &meaning);
    return meaning;
}

void words_for_reason(struct buf *out, const struct reason *reason)
{
    struct span meaning = words_meaning(reason->feature);
    size_t i = find_other(reason->feature);

    if (i < OTHER_NR && other[i].style != STYLE_MEANING &&
        reason->evidence.len) {
        const char *quote = other[i].style == STYLE_QUOTE ? "\"" : "";

        buf_addf(out, "%s%.*s%s", quote, SPAN_ARG(reason->evidence), quote);
        return;
    }
    buf_add(out, meaning.len ? meaning : reason->feature);
    if (!reason->evidence.len)
        return;
    buf_add(out, SPAN_LIT(" ("));
    buf_add(out, reason->evidence);
    buf_add_char(out, ')');
}

/* Those for the comment, or those against it; true if there was one. */
static bool put_side(struct buf *out, const struct verdict *verdict,
                     bool favour)
{
    bool any = false;

    for (size_t i = 0; i < verdict->nr; i++) {
        if ((verdict->reason[i].weight < 0) != favour)
            continue;
        if (any)
            buf_add(out, SPAN_LIT(", "));
        words_for_reason(out, &verdict->reason[i]);
        any = true;
    }
    return any;
}

void words_for_verdict(struct buf *out, const struct verdict *verdict)
{
    bool favour = false;

    for (size_t i = 0; i < verdict->nr; i++)
        favour = favour || verdict->reason[i].weight < 0;
    if (put_side(out, verdict, false) && favour)
        buf_add(out, SPAN_LIT(", but "));
    put_side(out, verdict, true);
}

struct words_percent words_percent(double probability)
{
    struct words_percent out;
    double percent = probability * 100;

    if (percent < 1)
        snprintf(out.text, sizeof(out.text), "<1%%");
    else if (percent > 99)
        snprintf(out.text, sizeof(out.text), ">99%%");
    else
        snprintf(out.text, sizeof(out.text), "%.0f%%", percent);
    return out;
}
