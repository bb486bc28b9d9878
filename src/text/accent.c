#include "text/accent.h"

#include "text/ascii.h"
#include "text/unicode.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <string.h>

/* Letters of one word with an accent that nobody writes there. */
#define LOOSE_MIN 2

static bool is_accent(uint32_t cp)
{
    return cp >= 0x0300 && cp <= 0x036F;
}

/* Tildes, strokes and slashes that lie over the letter. */
static bool is_stroke(uint32_t cp)
{
    return cp >= 0x0334 && cp <= 0x0338;
}

/* Is there a word that proves the disguise? */
static bool is_proven(struct span text)
{
    uint32_t before = 0;
    size_t loose = 0;
    size_t at = 0;

    while (at < text.len) {
        uint32_t cp = utf8_next(text, &at);
        bool on_plain =
            is_accent(cp) && before < 0x80 && ascii_is_lower((char)before);

        if (on_plain && (is_stroke(cp) || ++loose == LOOSE_MIN))
            return true;
        if (cp <= ' ')
            loose = 0;
        before = cp;
    }
    return false;
}

struct span accent_undo(struct arena *arena, struct span text,
                        struct fold_counts *counts)
{
    char *out;
    size_t len = 0;
    size_t at = 0;

    if (!is_proven(text))
        return text;
    out = arena_alloc(arena, text.len + 1);
    while (at < text.len) {
        uint32_t cp = utf8_next(text, &at);
        uint32_t bare = unicode_bare_latin(cp);

        /* Struck-through words are as often a joke. */
        if ((is_accent(cp) && !is_stroke(cp)) || bare != cp)
            counts->marks++;
        if (!is_accent(cp))
            len += utf8_put(out + len, bare);
    }
    return (struct span){ out, len };
}
