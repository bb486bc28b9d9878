#include "features/context_features.h"

#include "features/features.h"
#include "features/measure.h"

#include <stdlib.h>

/* Letters by which words are compared, and fewer than which they are not. */
#define STEM_CHARS 5
#define TOPIC_CHARS_MIN 4

/* A comment of fewer such words can't be blamed for meeting none. */
#define TOPIC_WORDS_MIN 6

#define TITLE_WORDS 3

/* The stems of a text, sorted, each once. */
struct topic {
    struct span *stem;
    size_t nr;
};

/* The first `chars` code points of `word`; empty if it has fewer than `min` */
static struct span stem_of(struct span word, size_t min, size_t chars)
{
    size_t at = 0;
    size_t nr = 0;

    for (; at < word.len; at++) {
        if (((unsigned char)word.ptr[at] & 0xC0) == 0x80)
            continue;
        if (nr == chars)
            break;
        nr++;
    }
    return nr < min ? SPAN_LIT("") : span_cut(word, 0, at);
}

static int compare(const void *a, const void *b)
{
    return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

static struct topic topic_of(struct arena *arena,
                             const struct text_field *field)
{
    struct topic topic = { NULL, 0 };
    size_t kept = 0;

    topic.stem =
        arena_alloc(arena, (field->words.nr + 1) * sizeof(*topic.stem));
    for (size_t i = 0; i < field->words.nr; i++) {
        struct span stem = { NULL, 0 };

        if (field->words.word[i].kind == WORD_LETTERS)
            stem = stem_of(field->words.word[i].text, TOPIC_CHARS_MIN,
                           STEM_CHARS);
        if (stem.len)
            topic.stem[topic.nr++] = stem;
    }
    qsort(topic.stem, topic.nr, sizeof(*topic.stem), compare);
    for (size_t i = 0; i < topic.nr; i++)
        if (!kept || !span_eq(topic.stem[kept - 1], topic.stem[i]))
            topic.stem[kept++] = topic.stem[i];
    topic.nr = kept;
    return topic;
}

static size_t shared(const struct topic *a, const struct topic *b)
{
    size_t nr = 0;

    for (size_t i = 0, k = 0; i < a->nr && k < b->nr;) {
        int order = span_cmp(a->stem[i], b->stem[k]);

        nr += !order;
        i += order <= 0;
        k += order >= 0;
    }
    return nr;
}

/* A long stretch of the article, word for word, is a robot's quotation. */
static bool copies(const struct text *text)
{
    struct span plain = span_trim(text->body.plain);
    struct span middle = span_cut(plain, plain.len / 4, plain.len / 4 + 40);

    return plain.len >= 80 && middle.len == 40 &&
           span_find(text->post_text.plain, middle) <
               text->post_text.plain.len;
}

static bool anchors_off_topic(const struct text *text,
                              const struct topic *post)
{
    for (size_t i = 0; i < text->links.nr; i++) {
        struct span anchor = text->links.link[i].anchor;
        bool met = false;

        if (!anchor.len || span_find_char(anchor, '/') < anchor.len)
            continue;
        for (size_t k = 0; k < post->nr && !met; k++)
            met = span_find_nocase(anchor, post->stem[k]) < anchor.len;
        if (!met)
            return true;
    }
    return false;
}

void context_features(struct arena *arena, const struct comment *comment,
                      const struct text *text, float *dense)
{
    struct topic title = topic_of(arena, &text->post_title);
    struct topic post = topic_of(arena, &text->post_text);
    struct topic parent = topic_of(arena, &text->parent);
    struct topic body;
    size_t in_title;
    size_t in_post;

    (void)comment;
    if (!title.nr && !post.nr && !parent.nr)
        return;
    body = topic_of(arena, &text->body);
    in_title = shared(&body, &title);
    in_post = shared(&body, &post);
    dense[FEATURE_context_title] = measure_share(in_title, TITLE_WORDS);
    dense[FEATURE_context_post] = measure_log(in_post, 10);
    dense[FEATURE_context_reply] = measure_log(shared(&body, &parent), 8);
    if (!title.nr && !post.nr)
        return;
    dense[FEATURE_context_none] =
        !in_title && !in_post && body.nr >= TOPIC_WORDS_MIN;
    dense[FEATURE_context_copy] = copies(text);
    dense[FEATURE_context_anchor] =
        anchors_off_topic(text, &post) && anchors_off_topic(text, &title);
}
