#include "text/confusable.h"

#include "text/unicode.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <string.h>

#define GREEK_OMICRON 0x03BF

/* Fewer letters may be a formula. */
#define LETTERS_MIN 3

/* Latin letters to one of another script that make a text Latin. */
#define LATIN_MOSTLY 3

/*
 * Letters of native words that Latin ones stand in for; "r" and "u" for
 * those that look so in italics.
 */
static const struct {
    char latin;
    uint16_t cyrillic;
    uint16_t greek;
} native[] = {
    { 'a', 0x0430, 0x03B1 }, { 'b', 0x0432, 0x03B2 }, { 'c', 0x0441, 0 },
    { 'e', 0x0435, 0x03B5 }, { 'h', 0x043D, 0x03B7 }, { 'i', 0x0456, 0x03B9 },
    { 'j', 0x0458, 0 },      { 'k', 0x043A, 0x03BA }, { 'm', 0x043C, 0x03BC },
    { 'n', 0, 0x03BD },      { 'o', 0x043E, 0x03BF }, { 'p', 0x0440, 0x03C1 },
    { 'r', 0x0433, 0 },      { 's', 0x0455, 0 },      { 't', 0x0442, 0x03C4 },
    { 'u', 0x0438, 0x03C5 }, { 'v', 0, 0x03BD },      { 'x', 0x0445, 0x03C7 },
    { 'y', 0x0443, 0x03C5 }, { 'z', 0, 0x03B6 },
};

/* The letters of one word, counted. */
struct letters {
    size_t latin;
    size_t foreign; /* of alphabets that may be taken for Latin */
    size_t unlike;  /* of others; such a word is left alone */
    size_t cyrillic;
    size_t greek;
    size_t as_latin;    /* foreign ones with a Latin look */
    size_t twins;       /* ... whose small letters look so too */
    size_t as_cyrillic; /* Latin ones with a Cyrillic look */
    size_t as_greek;
    size_t changes; /* of script from one letter to the next */
    size_t greek_edge;
    size_t head; /* letters before the first change */
    bool latin_first;
};

enum plan {
    PLAN_KEEP,
    PLAN_LATIN,
    PLAN_CYRILLIC,
    PLAN_GREEK,
};

struct pass {
    struct span in;
    char *out;
    size_t len;
    size_t latin; /* letters of the whole text */
    size_t foreign;
};

static uint32_t native_of(uint32_t cp, enum plan plan)
{
    for (size_t i = 0; i < sizeof(native) / sizeof(native[0]); i++)
        if (cp == (unsigned char)native[i].latin)
            return plan == PLAN_GREEK ? native[i].greek : native[i].cyrillic;
    return 0;
}

static bool is_foreign(enum unicode_script script)
{
    return script >= UNICODE_CYRILLIC;
}

static bool is_ascii_letter(uint32_t cp)
{
    return cp >= 'a' && cp <= 'z';
}

static enum unicode_script script_of(uint32_t cp)
{
    if (cp < 0x80)
        return is_ascii_letter(cp) ? UNICODE_LATIN : UNICODE_COMMON;
    return unicode_script(cp);
}

/* Letters, marks and digits go on; everything else ends a word. */
static bool is_inside(uint32_t cp)
{
    enum unicode_kind kind;

    if (cp < 0x80)
        return is_ascii_letter(cp) || (cp >= '0' && cp <= '9');
    kind = unicode_kind(cp);
    return kind == UNICODE_LETTER || kind == UNICODE_MARK ||
           kind == UNICODE_DIGIT;
}

static void count_foreign(struct letters *letters, uint32_t cp,
                          enum unicode_script script)
{
    struct unicode_look look = unicode_look(cp);

    letters->foreign++;
    letters->cyrillic += script == UNICODE_CYRILLIC;
    letters->greek += script == UNICODE_GREEK;
    letters->as_latin += look.latin != 0;
    letters->twins += look.latin && look.small;
}

static void count_letter(struct letters *letters, uint32_t cp,
                         enum unicode_script script)
{
    if (script == UNICODE_UNLIKE) {
        letters->unlike++;
    } else if (script == UNICODE_LATIN) {
        letters->latin++;
        letters->as_cyrillic += native_of(cp, PLAN_CYRILLIC) != 0;
        letters->as_greek += native_of(cp, PLAN_GREEK) != 0;
    } else {
        count_foreign(letters, cp, script);
    }
}

/* Greek that a formula or a name may begin or end with. */
static bool is_symbol(uint32_t cp, enum unicode_script script)
{
    return script == UNICODE_GREEK && cp != GREEK_OMICRON;
}

/* Counts the word at `*at` and moves `*at` behind it. */
static struct letters count_word(struct span text, size_t *at)
{
    struct letters letters = { 0 };
    enum unicode_script before = UNICODE_COMMON;
    bool edge = false;

    while (*at < text.len) {
        size_t next = *at;
        uint32_t cp = utf8_next(text, &next);
        enum unicode_script script;

        if (!is_inside(cp))
            break;
        *at = next;
        script = script_of(cp);
        if (script == UNICODE_COMMON)
            continue;
        letters.changes += before && script != before;
        count_letter(&letters, cp, script);
        letters.head += !letters.changes;
        edge = is_symbol(cp, script);
        letters.greek_edge += !before && edge;
        letters.latin_first |= !before && script == UNICODE_LATIN;
        before = script;
    }
    letters.greek_edge += edge;
    return letters;
}

/*
 * A name and an ending, as the inflected languages have it: one change of
 * script, in a text that is not Latin.
 */
static bool is_inflected(const struct letters *letters,
                         const struct pass *pass)
{
    size_t tail = letters->latin + letters->foreign - letters->head;

    if (letters->changes != 1 || pass->foreign <= pass->latin)
        return false;
    if (letters->latin_first && letters->head > tail)
        return letters->head >= LETTERS_MIN; /* "ipadе" */
    return letters->head >= 2 && tail >= 2;
}

/*
 * All letters twins of Latin ones, and everything around is Latin. Greek has
 * so many twins that honest words would be taken for masks.
 */
static bool is_masked(const struct letters *letters, const struct pass *pass)
{
    return letters->cyrillic >= LETTERS_MIN &&
           letters->cyrillic == letters->foreign &&
           letters->twins == letters->foreign &&
           pass->latin >= LATIN_MOSTLY * pass->foreign;
}

static enum plan native_plan(const struct letters *letters)
{
    if (letters->cyrillic == letters->foreign &&
        letters->as_cyrillic == letters->latin)
        return PLAN_CYRILLIC;
    if (letters->greek == letters->foreign &&
        letters->as_greek == letters->latin)
        return PLAN_GREEK;
    return PLAN_KEEP;
}

static enum plan choose(const struct letters *letters, const struct pass *pass)
{
    enum plan plan;

    if (!letters->foreign || letters->unlike)
        return PLAN_KEEP;
    if (!letters->latin)
        return is_masked(letters, pass) ? PLAN_LATIN : PLAN_KEEP;
    if (letters->latin + letters->foreign < LETTERS_MIN ||
        letters->greek_edge == letters->foreign || is_inflected(letters, pass))
        return PLAN_KEEP;
    plan = native_plan(letters);
    if (letters->as_latin < letters->foreign)
        return plan;
    return plan && pass->foreign > pass->latin ? plan : PLAN_LATIN;
}

static uint32_t replace(uint32_t cp, enum plan plan)
{
    uint32_t with = 0;

    if (plan == PLAN_LATIN)
        with = (unsigned char)unicode_look(cp).latin;
    else if (is_ascii_letter(cp))
        with = native_of(cp, plan);
    return with ? with : cp;
}

static void copy(struct pass *pass, size_t from, size_t end)
{
    memcpy(pass->out + pass->len, pass->in.ptr + from, end - from);
    pass->len += end - from;
}

static void rewrite(struct pass *pass, size_t from, size_t end, enum plan plan)
{
    while (from < end) {
        uint32_t cp = replace(utf8_next(pass->in, &from), plan);

        pass->len += utf8_put(pass->out + pass->len, cp);
    }
}

static void count_text(struct pass *pass)
{
    for (size_t at = 0; at < pass->in.len;) {
        enum unicode_script script = script_of(utf8_next(pass->in, &at));

        pass->latin += script == UNICODE_LATIN;
        pass->foreign += is_foreign(script);
    }
}

/* Copies the word at `at`, in one script if need be; returns its end. */
static size_t take_word(struct pass *pass, size_t at,
                        struct fold_counts *counts)
{
    size_t end = at;
    struct letters letters = count_word(pass->in, &end);
    enum plan plan = choose(&letters, pass);

    if (plan) {
        rewrite(pass, at, end, plan);
        counts->mixed_words++;
        return end;
    }
    /* Neither script explains it, and it goes to and fro. */
    counts->mixed_words += letters.latin && letters.foreign &&
                           !letters.unlike && letters.changes > 2;
    if (end == at)
        (void)utf8_next(pass->in, &end);
    copy(pass, at, end);
    return end;
}

struct span confusable_undo(struct arena *arena, struct span text,
                            struct fold_counts *counts)
{
    struct pass pass = { .in = text };
    size_t room = 2 * text.len + 1; /* an ASCII letter grows to two bytes */
    size_t at = 0;

    count_text(&pass);
    if (!pass.foreign || !pass.latin)
        return text;
    pass.out = arena_alloc(arena, room);
    while (at < text.len)
        at = take_word(&pass, at, counts);
    arena_shrink(arena, pass.out, room, pass.len + 1);
    return (struct span){ pass.out, pass.len };
}
