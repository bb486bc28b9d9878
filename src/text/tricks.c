#include "text/tricks.h"

#include "text/utf8.h"

#include <stdint.h>
#include <string.h>

/* What a byte of lower-case UTF-8 may be part of. */
enum {
    BYTE_WORD = 1,
    BYTE_LETTER = 2,    /* of ASCII */
    BYTE_SIGN = 4,      /* that may stand for a letter */
    BYTE_SEPARATOR = 8, /* that may be set between letters */
    BYTE_INNER = 16,    /* not the first of its character */
};

#define BYTE_DIGIT (BYTE_WORD | BYTE_SIGN)

static const uint8_t byte_class[256] = {
    ['a' ... 'z'] = BYTE_WORD | BYTE_LETTER,
    ['0' ... '1'] = BYTE_DIGIT,
    ['2'] = BYTE_WORD,
    ['3' ... '5'] = BYTE_DIGIT,
    ['6'] = BYTE_WORD,
    ['7'] = BYTE_DIGIT,
    ['8' ... '9'] = BYTE_WORD,
    ['@'] = BYTE_SIGN,
    ['$'] = BYTE_SIGN,
    ['!'] = BYTE_SIGN,
    [' '] = BYTE_SEPARATOR,
    ['.'] = BYTE_SEPARATOR,
    ['-'] = BYTE_SEPARATOR,
    ['_'] = BYTE_SEPARATOR,
    ['*'] = BYTE_SEPARATOR,
    [0x80 ... 0xBF] = BYTE_INNER,
    /* What begins with E2, EF or F0 is mostly punctuation and emoji. */
    [0xC3 ... 0xE1] = BYTE_WORD,
    [0xE3 ... 0xEE] = BYTE_WORD,
};

/* Separators two bytes apart in a row that make setting apart worth a look. */
#define STEPS_MIN 2

struct tricks tricks_look(struct span text)
{
    struct tricks tricks = { 0 };
    size_t separator = 0; /* where the last one is */
    size_t steps = 0;
    uint8_t before = 0;
    uint8_t last = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        uint8_t this = byte_class[(unsigned char)c];

        if (this & BYTE_INNER)
            continue;
        tricks.words += this & ~last & BYTE_WORD;
        tricks.leet |= before & BYTE_LETTER && last & BYTE_SIGN &&
                       this & (BYTE_LETTER | BYTE_SIGN);
        tricks.repeats |= c & 0x80 || (i > 1 && c == text.ptr[i - 1] &&
                                       c == text.ptr[i - 2]);
        if (this & BYTE_SEPARATOR) {
            size_t step = i - separator;
            bool one = step == 2 || (step && step <= 1 + UTF8_BYTES_MAX &&
                                     text.ptr[i - 1] & 0x80);

            steps = one && text.ptr[separator] == c ? steps + 1 : 0;
            tricks.spaced |= steps >= STEPS_MIN;
            separator = i;
        }
        before = last;
        last = this;
    }
    return tricks;
}

/*
 * ASCII is looked at in chunks, by loops so simple that the compiler makes
 * them look at sixteen bytes at a time; so no loop has a branch, and none a
 * table. A byte is compared to those before it, also across chunks. Where no
 * text is there are NULs, which no text has.
 */
#define CHUNK 64
#define BEFORE 16
#define CHUNK_BYTES (BEFORE + CHUNK)

struct chunk {
    uint8_t byte[CHUNK_BYTES];   /* the first ones are of the chunk before */
    uint8_t letter[CHUNK_BYTES]; /* 1 or 0, and so are the others */
    uint8_t word[CHUNK_BYTES];
    uint8_t sign[CHUNK_BYTES]; /* a digit, or may stand for a letter */
};

/* What was found; 1 or 0 but for the first. */
struct found {
    uint8_t words;
    uint8_t spaced;
    uint8_t leet;
    uint8_t repeats;
};

/* Mark the bytes `from` and up, `nr` of them, in `out`. */
static void mark(uint8_t *restrict out, const uint8_t *restrict byte,
                 uint8_t from, uint8_t nr)
{
    for (int i = 0; i < CHUNK_BYTES; i++)
        out[i] |= (uint8_t)(byte[i] - from) < nr;
}

static void classify(struct chunk *chunk)
{
    memset(chunk->letter, 0, sizeof(chunk->letter));
    memset(chunk->sign, 0, sizeof(chunk->sign));
    mark(chunk->letter, chunk->byte, 'a', 26);
    mark(chunk->sign, chunk->byte, '0', 10);
    for (int i = 0; i < CHUNK_BYTES; i++)
        chunk->word[i] = chunk->letter[i] | chunk->sign[i];
    mark(chunk->sign, chunk->byte, '@', 1);
    mark(chunk->sign, chunk->byte, '!', 4); /* to '$' */
}

static struct found look(const struct chunk *chunk)
{
    uint8_t words = 0;
    uint8_t spaced = 0;
    uint8_t leet = 0;
    uint8_t repeats = 0;

    for (int i = BEFORE; i < CHUNK_BYTES; i++) {
        const uint8_t *byte = &chunk->byte[i];
        const uint8_t *letter = &chunk->letter[i];
        const uint8_t *word = &chunk->word[i];
        const uint8_t *sign = &chunk->sign[i];

        words += word[0] & (word[-1] ^ 1);
        leet |= letter[-2] & sign[-1] & (letter[0] | sign[0]);
        repeats |=
            (byte[0] == byte[-1]) & (byte[0] == byte[-2]) & (byte[0] != 0);
        spaced |= (byte[0] == byte[-2]) & (byte[0] == byte[-4]) &
                  (byte[0] != byte[-1]) & (word[0] ^ 1);
    }
    return (struct found){ words, spaced, leet, repeats };
}

struct tricks tricks_look_ascii(struct span text)
{
    struct tricks tricks = { 0 };
    struct chunk chunk = { { 0 }, { 0 }, { 0 }, { 0 } };

    while (text.len) {
        size_t len = text.len < CHUNK ? text.len : CHUNK;
        struct found found;

        memcpy(chunk.byte, chunk.byte + CHUNK, BEFORE);
        memset(chunk.byte + BEFORE, 0, CHUNK);
        memcpy(chunk.byte + BEFORE, text.ptr, len);
        classify(&chunk);
        found = look(&chunk);
        tricks.words += found.words;
        tricks.spaced |= found.spaced;
        tricks.leet |= found.leet;
        tricks.repeats |= found.repeats;
        text = span_cut(text, len, text.len);
    }
    return tricks;
}
