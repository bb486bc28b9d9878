#include "text/character.h"

#include "text/ascii.h"
#include "text/unicode.h"
#include "text/utf8.h"

#include <string.h>

#define ZERO_WIDTH_JOINER 0x200D
#define DOTTED_CAPITAL_I 0x0130

/*
 * Marks on one letter: two accents are Vietnamese, three are noise. Scripts
 * with marks of their own pile up more (Hebrew with points and cantillation,
 * Tibetan stacks).
 */
#define ACCENTS_MAX 2
#define MARKS_MAX 6

struct range {
    uint32_t from;
    uint32_t to;
};

/* Accents for any letter, and the favourites of those who pile them up. */
static const struct range accent[] = {
    { 0x0300, 0x036F }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF },
    { 0x20D0, 0x20FF }, { 0xFE20, 0xFE2F },
};

/*
 * Letters and digits that NFKC makes plain and that are somebody's idea of
 * dress. Not among them: signs with a use in honest text (raised digits, "№",
 * "①", double-struck R) and the other forms of Arabic, Kana and Hangul.
 */
static const struct range dressed[] = {
    { 0x02B0, 0x02B8 },   { 0x02E1, 0x02E3 },   { 0x1D2C, 0x1D6A },
    { 0x1D9C, 0x1DBB },   { 0x2071, 0x2071 },   { 0x207F, 0x207F },
    { 0x2090, 0x209C },   { 0x249C, 0x24E9 },   { 0x2C7C, 0x2C7D },
    { 0x1D400, 0x1D7FF }, { 0x1F110, 0x1F189 }, { 0x1FBF0, 0x1FBF9 },
};

/* Full-width ones: honest among Han, Kana and Hangul, dress elsewhere. */
static const struct range wide[] = {
    { 0xFF10, 0xFF19 },
    { 0xFF21, 0xFF3A },
    { 0xFF41, 0xFF5A },
};

/* Alphabets of symbols, each in order from a to z. */
static const struct range symbol_alphabet[] = {
    { 0x249C, 0x24B5 },   /* in parentheses */
    { 0x1F110, 0x1F129 }, /* capitals in parentheses */
    { 0x1F150, 0x1F169 }, /* white on a black disc */
    { 0x1F170, 0x1F189 }, /* white on a black square */
};

/* Small capitals, which have no decomposition. Sorted. */
static const struct {
    uint16_t cp;
    char letter;
} small_capital[] = {
    { 0x0262, 'g' }, { 0x026A, 'i' }, { 0x0274, 'n' }, { 0x0280, 'r' },
    { 0x028F, 'y' }, { 0x0299, 'b' }, { 0x029C, 'h' }, { 0x029F, 'l' },
    { 0x1D00, 'a' }, { 0x1D04, 'c' }, { 0x1D05, 'd' }, { 0x1D07, 'e' },
    { 0x1D0A, 'j' }, { 0x1D0B, 'k' }, { 0x1D0D, 'm' }, { 0x1D0F, 'o' },
    { 0x1D18, 'p' }, { 0x1D1B, 't' }, { 0x1D1C, 'u' }, { 0x1D20, 'v' },
    { 0x1D21, 'w' }, { 0x1D22, 'z' }, { 0xA730, 'f' }, { 0xA731, 's' },
    { 0xA7AF, 'q' },
};

#define NR(array) (sizeof(array) / sizeof((array)[0]))

struct pass {
    struct span in;
    size_t at;
    char *out;
    size_t len;
    size_t room;
    uint32_t chunk[UNICODE_FOLD_MAX]; /* waits for ICU */
    size_t nr;
    struct fold_counts *counts;
    enum unicode_script script; /* of the last letter */
    size_t marks;               /* on the last letter */
    size_t wide;
    bool emoji;   /* an emoji, perhaps with trimmings, was last */
    bool unlike;  /* there are letters of scripts nobody takes for Latin */
    bool foreign; /* there are letters that may be taken for Latin */
    bool accents; /* there were accents set by themselves */
};

static bool is_within(const struct range *range, size_t nr, uint32_t cp)
{
    for (size_t i = 0; i < nr; i++)
        if (cp >= range[i].from && cp <= range[i].to)
            return true;
    return false;
}

static bool is_ascii(char c)
{
    return !(c & 0x80);
}

/* What waits is folded and written; ICU is for what is not plain. */
static void flush(struct pass *pass)
{
    char *out = pass->out + pass->len;

    if (pass->nr == 1 && unicode_is_plain(pass->chunk[0]))
        pass->len += utf8_put(out, pass->chunk[0]);
    else if (pass->nr)
        pass->len +=
            unicode_fold(out, pass->room - pass->len, pass->chunk, pass->nr);
    pass->nr = 0;
}

/* Before what is plain the text may be cut. */
static void chunk_add(struct pass *pass, uint32_t cp)
{
    if (pass->nr == UNICODE_FOLD_MAX || (pass->nr && unicode_is_plain(cp)))
        flush(pass);
    pass->chunk[pass->nr++] = cp;
}

/* Most letters of most languages are in blocks where no dress is found. */
static bool may_be_dressed(uint32_t cp)
{
    if (cp < 0x0262 || (cp >= 0x0370 && cp < 0x1D00))
        return false;
    return cp < 0x2E80 || cp >= 0xFF00 || (cp >= 0xA730 && cp <= 0xA7AF);
}

/* An ASCII letter that a symbol stands for, or 0. */
static char symbol_letter(uint32_t cp)
{
    for (size_t i = 0; i < NR(symbol_alphabet); i++)
        if (cp >= symbol_alphabet[i].from && cp <= symbol_alphabet[i].to)
            return (char)('a' + (cp - symbol_alphabet[i].from));
    for (size_t i = 0; i < NR(small_capital); i++)
        if (cp == small_capital[i].cp)
            return small_capital[i].letter;
    return 0;
}

/* The plain form of a quote, hyphen or question mark, or `cp` itself. */
static uint32_t plain_sign(uint32_t cp)
{
    if (cp >= 0x2010 && cp <= 0x2015)
        return '-';
    if (cp == 0x2018 || cp == 0x2019 || cp == 0x201B)
        return '\'';
    if (cp >= 0x201C && cp <= 0x201F)
        return '"';
    return cp == 0x061F ? '?' : cp;
}

/* Counts the dress of `cp`; returns the letter under it, if we know better
 * than NFKC. */
static char undress(struct pass *pass, uint32_t cp)
{
    char letter;

    if (!may_be_dressed(cp))
        return 0;
    letter = symbol_letter(cp);
    pass->counts->compat += letter || is_within(dressed, NR(dressed), cp);
    pass->wide += is_within(wide, NR(wide), cp);
    return letter;
}

static void take_letter(struct pass *pass, uint32_t cp)
{
    char letter = undress(pass, cp);
    enum unicode_script script = letter ? UNICODE_LATIN : unicode_script(cp);

    if (script != UNICODE_COMMON)
        pass->script = script;
    pass->unlike |= script == UNICODE_UNLIKE;
    /* Mathematical Greek and the micro sign have no script of their own. */
    pass->foreign |= script != UNICODE_LATIN && script != UNICODE_UNLIKE;
    pass->marks = 0;
    /* Its fold has a dot above, which no other "i" has. */
    if (cp == DOTTED_CAPITAL_I)
        letter = 'i';
    chunk_add(pass, letter ? (uint32_t)letter : cp);
}

static void take_mark(struct pass *pass, uint32_t cp)
{
    bool any = is_within(accent, NR(accent), cp);
    size_t max = any ? ACCENTS_MAX : MARKS_MAX;

    pass->accents |= any;
    if (++pass->marks > max)
        pass->counts->marks++;
    else
        chunk_add(pass, cp);
}

static void put_raw(struct pass *pass, uint32_t cp)
{
    flush(pass);
    pass->len += utf8_put(pass->out + pass->len, cp);
}

static bool is_skin_tone(uint32_t cp)
{
    return cp >= 0x1F3FB && cp <= 0x1F3FF;
}

static bool emoji_follows(const struct pass *pass)
{
    size_t at = pass->at;

    return at < pass->in.len && !is_ascii(pass->in.ptr[at]) &&
           unicode_kind(utf8_next(pass->in, &at)) == UNICODE_EMOJI;
}

/* What is dropped without a word: artefacts, and what emoji are made of. */
static bool is_harmless(const struct pass *pass, uint32_t cp)
{
    if (cp == 0xFEFF || cp == 0x00AD || (cp >= 0xFE00 && cp <= 0xFE0F))
        return true;
    return pass->emoji && cp >= 0xE0020 && cp <= 0xE007F;
}

/*
 * Joiners are part of the spelling of many scripts, marks of direction of
 * those written from the right; only after letters of alphabets that have no
 * use for either do they hide something.
 */
static void take_invisible(struct pass *pass, uint32_t cp)
{
    if (cp == ZERO_WIDTH_JOINER && pass->emoji) {
        if (emoji_follows(pass))
            put_raw(pass, cp);
        return;
    }
    if (is_harmless(pass, cp))
        return;
    pass->emoji = false;
    if (pass->script >= UNICODE_LATIN || (cp >= 0xE0000 && cp <= 0xE007F))
        pass->counts->invisible++;
}

static void take_sign(struct pass *pass, uint32_t cp)
{
    char letter = undress(pass, cp);

    pass->marks = 0;
    chunk_add(pass, letter ? (uint32_t)letter : plain_sign(cp));
}

static void take_wide(struct pass *pass)
{
    uint32_t cp = utf8_next(pass->in, &pass->at);
    enum unicode_kind kind = unicode_kind(cp);

    if (kind == UNICODE_INVISIBLE) {
        take_invisible(pass, cp);
        return;
    }
    if (kind == UNICODE_EMOJI) {
        if (!pass->emoji || !is_skin_tone(cp))
            put_raw(pass, cp);
        pass->emoji = true;
        return;
    }
    pass->emoji = false;
    if (kind == UNICODE_BIDI)
        pass->counts->bidi++;
    else if (kind == UNICODE_LETTER)
        take_letter(pass, cp);
    else if (kind == UNICODE_MARK)
        take_mark(pass, cp);
    else if (kind == UNICODE_SPACE)
        chunk_add(pass,
                  cp == 0x0085 || cp == 0x2028 || cp == 0x2029 ? '\n' : ' ');
    else
        take_sign(pass, cp);
}

static void take_ascii(struct pass *pass)
{
    char c = ascii_lower(pass->in.ptr[pass->at++]);

    pass->marks = 0;
    pass->emoji = false;
    if (ascii_is_lower(c))
        pass->script = UNICODE_LATIN;
    /* What is not ASCII may combine with it. */
    if (pass->at < pass->in.len && !is_ascii(pass->in.ptr[pass->at])) {
        chunk_add(pass, (uint32_t)c);
        return;
    }
    flush(pass);
    pass->out[pass->len++] = c;
}

static struct character_text fold_unicode(struct arena *arena,
                                          struct span plain, size_t ascii,
                                          struct fold_counts *counts)
{
    struct pass pass = { .in = plain, .counts = counts };
    struct character_text text;

    pass.room = ascii + (plain.len - ascii) * UNICODE_FOLD_GROWTH + 1;
    pass.out = arena_alloc(arena, pass.room);
    while (pass.at < plain.len) {
        if (is_ascii(plain.ptr[pass.at]))
            take_ascii(&pass);
        else
            take_wide(&pass);
    }
    flush(&pass);
    if (!pass.unlike)
        counts->compat += pass.wide;
    arena_shrink(arena, pass.out, pass.room, pass.len + 1);
    text = (struct character_text){ pass.out, pass.len, pass.accents,
                                    pass.foreign, false };
    return text;
}

struct character_text character_fold(struct arena *arena, struct span plain,
                                     struct fold_counts *counts)
{
    size_t ascii = 0;
    char *out;

    for (size_t i = 0; i < plain.len; i++)
        ascii += is_ascii(plain.ptr[i]);
    if (ascii < plain.len)
        return fold_unicode(arena, plain, ascii, counts);
    out = arena_alloc(arena, plain.len + 1);
    for (size_t i = 0; i < plain.len; i++)
        out[i] = ascii_lower(plain.ptr[i]);
    return (struct character_text){ out, plain.len, false, false, true };
}
