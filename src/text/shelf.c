#include "text/shelf.h"

#include "base/alloc.h"
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HASH_STEP 0x9E3779B97F4A7C15ULL

struct place {
    struct arena arena; /* of all that is below */
    struct span title;  /* as they came */
    struct span text;
    struct shelf_post post;
    bool taken;
};

struct shelf {
    struct place place[SHELF_PLACES];
};

struct shelf *shelf_new(void)
{
    return xcalloc(1, sizeof(struct shelf));
}

void shelf_free(struct shelf *shelf)
{
    for (size_t i = 0; shelf && i < SHELF_PLACES; i++)
        arena_release(&shelf->place[i].arena);
    free(shelf);
}

/* Eight bytes at `at`, or as many as there are. */
static uint64_t bytes_at(struct span s, size_t at)
{
    uint64_t bytes = 0;
    struct span few = span_cut(s, at, at + sizeof(bytes));

    if (few.len)
        memcpy(&bytes, few.ptr, few.len);
    return bytes;
}

static uint64_t mix(uint64_t hash, uint64_t bytes)
{
    hash = (hash ^ bytes) * HASH_STEP;
    return hash ^ hash >> 32;
}

/* Of length, beginning, middle and end: posts differ in one of them. */
static uint64_t look_at(uint64_t hash, struct span s)
{
    hash = mix(hash, s.len);
    hash = mix(hash, bytes_at(s, 0));
    hash = mix(hash, bytes_at(s, s.len / 2));
    return mix(hash, bytes_at(s, s.len > 8 ? s.len - 8 : 0));
}

static size_t place_for(struct span title, struct span text)
{
    return look_at(look_at(1, title), text) % SHELF_PLACES;
}

const struct shelf_post *shelf_find(const struct shelf *shelf,
                                    struct span title, struct span text)
{
    const struct place *place = &shelf->place[place_for(title, text)];

    if (!place->taken || !span_eq(place->title, title) ||
        !span_eq(place->text, text))
        return NULL;
    return &place->post;
}

static struct text_field copy_field(struct arena *arena,
                                    const struct text_field *field)
{
    struct text_field copy = {
        .plain = arena_dup(arena, field->plain),
        .folded = arena_dup(arena, field->folded),
        .words = field->words,
    };
    size_t size = field->words.nr * sizeof(*field->words.word);

    copy.words.word = arena_alloc(arena, size);
    for (size_t i = 0; i < field->words.nr; i++) {
        struct word word = field->words.word[i];

        word.text.ptr = copy.folded.ptr + (word.text.ptr - field->folded.ptr);
        copy.words.word[i] = word;
    }
    return copy;
}

void shelf_keep(struct shelf *shelf, struct span title, struct span text,
                const struct shelf_post *post)
{
    struct place *place = &shelf->place[place_for(title, text)];

    arena_reset(&place->arena);
    place->title = arena_dup(&place->arena, title);
    place->text = arena_dup(&place->arena, text);
    place->post.title = copy_field(&place->arena, &post->title);
    place->post.text = copy_field(&place->arena, &post->text);
    place->taken = true;
}
