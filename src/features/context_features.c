#include "features/context_features.h"

#include "features/features.h"
#include "features/measure.h"

#include <stdint.h>
#include <string.h>

/* Letters by which words are compared, and fewer than which they are not. */
#define STEM_CHARS 5
#define TOPIC_CHARS_MIN 4

/* A comment of fewer such words can't be blamed for meeting none. */
#define TOPIC_WORDS_MIN 6

#define TITLE_WORDS 3

#define HASH_STEP 0x9E3779B97F4A7C15ULL
#define HASHED (UINT64_C(1) << 63)

/* Where a stem was met. */
enum {
    IN_TITLE = 1,
    IN_POST = 2,
    IN_PARENT = 4,
    IN_BODY = 8,
};

struct stem {
    uint64_t key;
    unsigned in; /* 0: a free place */
};

/* The stems of all fields, each once. */
struct stem_set {
    struct stem *stem;
    size_t places; /* two to the (64 - shift), more than there are stems */
    int shift;
};

/* How many different stems of the body there are, and which others have. */
struct shared {
    size_t body;
    size_t title;
    size_t post;
    size_t parent;
};

/* Bytes of `s` from its beginning that are `chars` characters, or all. */
static size_t head_len(struct span s, size_t chars)
{
    size_t at = 0;

    for (size_t nr = 0; at < s.len; at++) {
        nr += ((unsigned char)s.ptr[at] & 0xC0) != 0x80;
        if (nr > chars)
            break;
    }
    return at;
}

/* The first letters of `word`; empty if it has too few or is no word. */
static struct span stem_of(const struct word *word)
{
    struct span text = word->text;

    /* No character is shorter than a byte. */
    if (word->kind != WORD_LETTERS || text.len < TOPIC_CHARS_MIN ||
        head_len(text, TOPIC_CHARS_MIN - 1) == text.len)
        return SPAN_LIT("");
    return span_cut(text, 0, head_len(text, STEM_CHARS));
}

static uint64_t hash_of(struct span stem)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < stem.len; i++)
        hash = (hash ^ (unsigned char)stem.ptr[i]) * HASH_STEP;
    return hash | HASHED;
}

/*
 * What tells a stem from others, 0 if it is none: for most, which are ASCII,
 * their bytes, for the rest a hash, which is marked as one.
 */
static uint64_t key_of(const struct word *word)
{
    struct span text = word->text;
    uint64_t key;
    uint32_t four;

    if (word->kind != WORD_LETTERS || text.len < TOPIC_CHARS_MIN)
        return 0;
    memcpy(&four, text.ptr, sizeof(four));
    key = four;
    if (text.len >= STEM_CHARS)
        key |= (uint64_t)(unsigned char)text.ptr[4] << 32;
    if (!(key & UINT64_C(0x8080808080)))
        return key;
    text = stem_of(word);
    return text.len ? hash_of(text) : 0;
}

static struct stem *place_of(const struct stem_set *set, uint64_t key)
{
    size_t at = key * HASH_STEP >> set->shift;

    while (set->stem[at].in && set->stem[at].key != key)
        at = (at + 1) & (set->places - 1);
    set->stem[at].key = key;
    return &set->stem[at];
}

/* The stem of `word` that is not yet known to be in `in`; NULL otherwise. */
static struct stem *meet(const struct stem_set *set, const struct word *word,
                         unsigned in)
{
    uint64_t key = key_of(word);
    struct stem *place;

    if (!key)
        return NULL;
    place = place_of(set, key);
    if (place->in & in)
        return NULL;
    place->in |= in;
    return place;
}

/* Returns how many different stems the field has. */
static size_t add_field(const struct stem_set *set,
                        const struct text_field *field, unsigned in)
{
    size_t nr = 0;

    for (size_t i = 0; i < field->words.nr; i++)
        nr += meet(set, &field->words.word[i], in) != NULL;
    return nr;
}

static struct stem_set set_for(struct arena *arena, const struct text *text)
{
    size_t words = text->post_title.words.nr + text->post_text.words.nr +
                   text->parent.words.nr + text->body.words.nr;
    struct stem_set set = { NULL, 16, 60 };

    while (set.places < 2 * words) {
        set.places *= 2;
        set.shift--;
    }
    set.stem = arena_zalloc(arena, set.places, sizeof(*set.stem));
    return set;
}

static struct shared share_of(const struct stem_set *set,
                              const struct word_list *body)
{
    struct shared shared = { 0 };

    for (size_t i = 0; i < body->nr; i++) {
        const struct stem *stem = meet(set, &body->word[i], IN_BODY);

        if (!stem)
            continue;
        shared.body++;
        shared.title += (stem->in & IN_TITLE) != 0;
        shared.post += (stem->in & IN_POST) != 0;
        shared.parent += (stem->in & IN_PARENT) != 0;
    }
    return shared;
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

static bool names_topic(struct span anchor, const struct text_field *field)
{
    for (size_t i = 0; i < field->words.nr; i++) {
        struct span stem = stem_of(&field->words.word[i]);

        if (stem.len && span_find_nocase(anchor, stem) < anchor.len)
            return true;
    }
    return false;
}

static bool anchors_off_topic(const struct text *text,
                              const struct text_field *field)
{
    for (size_t i = 0; i < text->links.nr; i++) {
        struct span anchor = text->links.link[i].anchor;

        if (anchor.len && span_find_char(anchor, '/') == anchor.len &&
            !names_topic(anchor, field))
            return true;
    }
    return false;
}

void context_features(struct arena *arena, const struct comment *comment,
                      const struct text *text, float *dense)
{
    struct stem_set set = set_for(arena, text);
    size_t title = add_field(&set, &text->post_title, IN_TITLE);
    size_t post = add_field(&set, &text->post_text, IN_POST);
    size_t parent = add_field(&set, &text->parent, IN_PARENT);
    struct shared shared;

    (void)comment;
    if (!title && !post && !parent)
        return;
    shared = share_of(&set, &text->body.words);
    dense[FEATURE_context_title] = measure_share(shared.title, TITLE_WORDS);
    dense[FEATURE_context_post] = measure_log(shared.post, 10);
    dense[FEATURE_context_reply] = measure_log(shared.parent, 8);
    if (!title && !post)
        return;
    dense[FEATURE_context_none] =
        !shared.title && !shared.post && shared.body >= TOPIC_WORDS_MIN;
    dense[FEATURE_context_copy] = copies(text);
    dense[FEATURE_context_anchor] =
        anchors_off_topic(text, &text->post_text) &&
        anchors_off_topic(text, &text->post_title);
}
