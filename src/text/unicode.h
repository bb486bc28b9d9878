#ifndef TEXT_UNICODE_H
#define TEXT_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What Unicode says about a character, as far as the text stage asks: the
 * only door to ICU. Pure, and safe from any thread. Callers answer for ASCII
 * themselves, for speed.
 */
enum unicode_kind {
    UNICODE_LETTER,
    UNICODE_MARK, /* combining: accents, vowel signs, the keycap */
    UNICODE_DIGIT,
    UNICODE_SPACE,
    UNICODE_MONEY,
    UNICODE_EMOJI,     /* a pictograph, skin tone or half of a flag */
    UNICODE_INVISIBLE, /* default ignorable: zero-width, fillers, tags */
    UNICODE_BIDI,      /* explicit embedding, override, isolate */
    UNICODE_OTHER,
};

enum unicode_kind unicode_kind(uint32_t cp);

/* Scripts by how they may be mistaken for Latin; the last three may. */
enum unicode_script {
    UNICODE_COMMON, /* no script of its own */
    UNICODE_UNLIKE, /* Han, Arabic, Thai, ...: never taken for Latin */
    UNICODE_LATIN,
    UNICODE_CYRILLIC,
    UNICODE_GREEK,
    UNICODE_ALIKE, /* Armenian, Cherokee, Coptic, Lisu, ... */
};

enum unicode_script unicode_script(uint32_t cp);

/*
 * The Latin letter that the lower-case letter `cp` of another script is taken
 * for (skeletons of UTS #39), or 0. `small` says that the small letters look
 * alike, not only the capitals: Cyrillic "р" is Latin "p", but "к" is "k"
 * only when both are capitals.
 */
struct unicode_look {
    char latin;
    uint8_t small;
};

struct unicode_look unicode_look(uint32_t cp);

/* The Latin letter under the accents of `cp`; what is none is itself. */
uint32_t unicode_bare_latin(uint32_t cp);

/* Code points that unicode_fold takes at once. */
#define UNICODE_FOLD_MAX 128

/* Bytes of NFKC_Casefold to a byte of UTF-8 at the most (U+FDFA). */
#define UNICODE_FOLD_GROWTH 11

/*
 * NFKC_Casefold of `nr` code points, as UTF-8 in `out` of `room` bytes.
 * Returns its length; what does not fit is dropped whole.
 */
size_t unicode_fold(char *out, size_t room, const uint32_t *cp, size_t nr);

/*
 * Does NFKC_Casefold leave `cp` alone, whatever comes before it, and unless
 * something combines with it? Nothing plain combines with what is before.
 */
bool unicode_is_plain(uint32_t cp);

#endif /* TEXT_UNICODE_H */
