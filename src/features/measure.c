#include "features/measure.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* Shorter words can't be told from abbreviations. */
#define RANDOM_LEN_MIN 5

/* Consonants in a row that no language is known to speak. */
#define RANDOM_RUN_MIN 6

float measure_log(size_t count, size_t full)
{
    float value = log1pf((float)count) / log1pf((float)full);

    return value < 1 ? value : 1;
}

float measure_share(size_t part, size_t whole)
{
    if (!whole)
        return 0;
    return part < whole ? (float)part / (float)whole : 1;
}

size_t measure_squeeze(char *out, size_t size, struct span s)
{
    size_t nr = 0;

    for (size_t i = 0; i < s.len && nr < size; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (isalnum(c) && c < 0x80)
            out[nr++] = (char)tolower(c);
    }
    return nr;
}

/*
 * What a letter does to a run of consonants. A table, for a branch at each
 * letter would be guessed wrong at every third.
 */
enum { LETTER_NONE, LETTER_VOWEL, LETTER_GLUE, LETTER_OTHER };

static const unsigned char letter_kind[256] = {
    ['a'] = LETTER_VOWEL,
    ['e'] = LETTER_VOWEL,
    ['i'] = LETTER_VOWEL,
    ['o'] = LETTER_VOWEL,
    ['u'] = LETTER_VOWEL,
    ['y'] = LETTER_VOWEL,
    /* "sch", "ths", "cks": these join consonants that can still be spoken. */
    ['h'] = LETTER_GLUE,
    ['s'] = LETTER_GLUE,
    ['b' ... 'd'] = LETTER_OTHER,
    ['f' ... 'g'] = LETTER_OTHER,
    ['j' ... 'n'] = LETTER_OTHER,
    ['p' ... 'r'] = LETTER_OTHER,
    ['t'] = LETTER_OTHER,
    ['v' ... 'x'] = LETTER_OTHER,
    ['z'] = LETTER_OTHER,
};

/* Pairs that hardly occur inside words of any language in Latin script. */
static bool is_odd_pair(char a, char b)
{
    static const char odd[26][27] = {
        /* a */ "..........................",
        /* b */ ".......................x..",
        /* c */ ".........j.............x..",
        /* d */ ".......................x..",
        /* e */ "..........................",
        /* f */ "...d............q......x.z",
        /* g */ ".....f..........q......x..",
        /* h */ ".......................x..",
        /* i */ "..........................",
        /* j */ ".bc..fgh...lm..pqrst.vwxyz",
        /* k */ "................q......x.z",
        /* l */ ".......................x..",
        /* m */ "................q......x.z",
        /* n */ "..........................",
        /* o */ "..........................",
        /* p */ "................q......x.z",
        /* q */ ".bcdefgh.jklmnop.r.t.vwxyz",
        /* r */ "..........................",
        /* s */ ".......................x..",
        /* t */ "................q......x..",
        /* u */ "..........................",
        /* v */ ".bc..f.h.jk.m..pq..t..wx.z",
        /* w */ "................q....v.x.z",
        /* x */ ".b.d.fg..jk.mn..qr...vw..z",
        /* y */ "..........................",
        /* z */ ".bc..fg..j......qrs....x..",
    };

    return odd[a - 'a'][b - 'a'] != '.';
}

float measure_random(struct span word)
{
    size_t run = 0;
    size_t longest = 0;
    size_t odd = 0;

    if (word.len < RANDOM_LEN_MIN)
        return 0;
    for (size_t i = 0; i < word.len; i++) {
        unsigned char kind = letter_kind[(unsigned char)word.ptr[i]];

        if (kind == LETTER_NONE)
            return 0;
        run += kind == LETTER_OTHER;
        run &= (size_t)(kind == LETTER_VOWEL) - 1;
        longest = run > longest ? run : longest;
        odd += i && is_odd_pair(word.ptr[i - 1], word.ptr[i]);
    }
    if (longest < RANDOM_RUN_MIN && odd < 2)
        return 0;
    return measure_share(2 * odd + (longest < RANDOM_RUN_MIN ? 0 : longest),
                         word.len);
}
