/*
 * ICU takes some 20 ns for each question about a character and a microsecond
 * for a skeleton. So all that will ever be asked about the characters of the
 * Basic Multilingual Plane is asked once, by whoever comes first, and kept in
 * tables that never change after that.
 */
#include "text/unicode.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

/* UTF-16 units of one code point's NFKC_Casefold at the most (U+FDFA). */
#define FOLD_UNITS_MAX 18

#define SKELETON_UNITS_MAX 16

/* Blocks of alphabets with letters that are taken for Latin ones. */
static const struct {
    uint32_t from;
    uint32_t to;
} alike_block[] = {
    { 0x0370, 0x058F },   /* Greek, Cyrillic, Armenian */
    { 0x10A0, 0x10FF },   /* Georgian */
    { 0x13A0, 0x13FF },   /* Cherokee */
    { 0x2C80, 0x2D7F },   /* Coptic, Georgian, Tifinagh */
    { 0xA4D0, 0xA4FF },   /* Lisu */
    { 0x10280, 0x104FF }, /* Lycian, Carian, Old Italic, Gothic, Deseret */
    { 0x10920, 0x1093F }, /* Lydian */
    { 0x118A0, 0x118DF }, /* Warang Citi */
};

#define ALIKE_BLOCKS (sizeof(alike_block) / sizeof(alike_block[0]))
#define ALIKE_MAX 1792 /* characters in them */

/* Code points with an entry in the table of traits. */
#define TRAITS_NR 0x10000

/* A trait holds the kind, the script, and whether NFKC leaves it alone. */
#define TRAIT_KIND 0x0F
#define TRAIT_SCRIPT_SHIFT 4
#define TRAIT_SCRIPT 0x07
#define TRAIT_PLAIN 0x80

static struct {
    uint8_t traits[TRAITS_NR];
    struct unicode_look look[ALIKE_MAX];
} table;

/* One each, for skeletons need a library that traits do without. */
static pthread_once_t traits_once = PTHREAD_ONCE_INIT;
static pthread_once_t looks_once = PTHREAD_ONCE_INIT;

/* Index of `cp` in the table, or ALIKE_MAX. */
static size_t alike_index(uint32_t cp)
{
    size_t base = 0;

    for (size_t i = 0; i < ALIKE_BLOCKS && cp >= alike_block[i].from; i++) {
        if (cp <= alike_block[i].to)
            return base + (cp - alike_block[i].from);
        base += alike_block[i].to - alike_block[i].from + 1;
    }
    return ALIKE_MAX;
}

/*
 * Pictographs that NFKC leaves alone; letters in squares and circles are for
 * it to undo.
 */
static bool is_emoji(uint32_t cp)
{
    if (cp >= 0x1F000 && cp <= 0x1FAFF) {
        if (cp >= 0x1F200 && cp <= 0x1F2FF)
            return false;
        return cp < 0x1F100 || cp >= 0x1F1E6 || cp == 0x1F18E ||
               (cp >= 0x1F191 && cp <= 0x1F19A);
    }
    return cp >= 0x2190 && cp <= 0x2BFF && cp != 0x24C2 &&
           u_hasBinaryProperty((UChar32)cp, UCHAR_EXTENDED_PICTOGRAPHIC);
}

/* Format characters and what has no assignment. */
static enum unicode_kind format_kind(uint32_t cp)
{
    if ((cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069))
        return UNICODE_BIDI;
    if (u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        return UNICODE_INVISIBLE;
    /* Next year's emoji are not assigned yet, but their block is. */
    return is_emoji(cp) ? UNICODE_EMOJI : UNICODE_OTHER;
}

/* Letters and marks that show nothing: fillers, variation selectors. */
static bool is_blank(uint32_t cp)
{
    if (cp < 0x115F && cp != 0x034F)
        return false;
    return u_hasBinaryProperty((UChar32)cp,
                               UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static enum unicode_kind find_kind(uint32_t cp)
{
    switch (u_charType((UChar32)cp)) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_LETTER_NUMBER:
        return UNICODE_LETTER;
    case U_OTHER_LETTER:
        return is_blank(cp) ? UNICODE_INVISIBLE : UNICODE_LETTER;
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
        return is_blank(cp) ? UNICODE_INVISIBLE : UNICODE_MARK;
    case U_DECIMAL_DIGIT_NUMBER:
        return UNICODE_DIGIT;
    case U_SPACE_SEPARATOR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
        return UNICODE_SPACE;
    case U_CONTROL_CHAR:
        return u_isspace((UChar32)cp) ? UNICODE_SPACE : UNICODE_OTHER;
    case U_CURRENCY_SYMBOL:
        return UNICODE_MONEY;
    case U_FORMAT_CHAR:
    case U_UNASSIGNED:
        return format_kind(cp);
    default:
        return is_emoji(cp) ? UNICODE_EMOJI : UNICODE_OTHER;
    }
}

static enum unicode_script find_script(uint32_t cp)
{
    UErrorCode status = U_ZERO_ERROR;

    switch (uscript_getScript((UChar32)cp, &status)) {
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
    case USCRIPT_INVALID_CODE:
    case USCRIPT_UNKNOWN:
        return UNICODE_COMMON;
    case USCRIPT_LATIN:
        return UNICODE_LATIN;
    case USCRIPT_CYRILLIC:
        return UNICODE_CYRILLIC;
    case USCRIPT_GREEK:
        return UNICODE_GREEK;
    default:
        return alike_index(cp) < ALIKE_MAX ? UNICODE_ALIKE : UNICODE_UNLIKE;
    }
}

/* The Latin letter that `cp` has as its skeleton, accents aside; or 0. */
static char skeleton_latin(const USpoofChecker *checker, UChar32 cp)
{
    UChar letter[U16_MAX_LENGTH];
    UChar skeleton[SKELETON_UNITS_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t nr = 0;
    int32_t len;

    U16_APPEND_UNSAFE(letter, nr, cp);
    len = uspoof_getSkeleton(checker, 0, letter, nr, skeleton,
                             SKELETON_UNITS_MAX, &status);
    if (U_FAILURE(status) || len < 1 || skeleton[0] > 'z')
        return 0;
    for (int32_t i = 1; i < len; i++)
        if (find_kind((uint32_t)skeleton[i]) != UNICODE_MARK)
            return 0;
    if (skeleton[0] >= 'A' && skeleton[0] <= 'Z')
        return (char)(skeleton[0] - 'A' + 'a');
    return (char)(skeleton[0] >= 'a' ? skeleton[0] : 0);
}

static struct unicode_look look_of(const USpoofChecker *checker, UChar32 cp)
{
    struct unicode_look look = { skeleton_latin(checker, cp), 1 };

    if (!look.latin)
        look =
            (struct unicode_look){ skeleton_latin(checker, u_toupper(cp)), 0 };
    return look;
}

static void fill_looks(void)
{
    UErrorCode status = U_ZERO_ERROR;
    USpoofChecker *checker = uspoof_open(&status);

    if (U_FAILURE(status))
        return;
    for (size_t i = 0; i < ALIKE_BLOCKS; i++)
        for (uint32_t cp = alike_block[i].from; cp <= alike_block[i].to; cp++)
            if (u_isalpha((UChar32)cp))
                table.look[alike_index(cp)] = look_of(checker, (UChar32)cp);
    uspoof_close(checker);
}

static bool find_plain(uint32_t cp)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&status);
    UChar units[U16_MAX_LENGTH];
    int32_t len = 0;

    U16_APPEND_UNSAFE(units, len, cp);
    return U_SUCCESS(status) &&
           unorm2_quickCheck(nfkc, units, len, &status) == UNORM_YES &&
           unorm2_hasBoundaryBefore(nfkc, (UChar32)cp);
}

static bool is_between(uint32_t cp, uint32_t from, uint32_t to)
{
    return cp >= from && cp <= to;
}

/* Most of the plane is the same over and over, and need not be asked about. */
static uint8_t find_traits(uint32_t cp)
{
    enum unicode_kind kind = UNICODE_LETTER;
    enum unicode_script script = UNICODE_UNLIKE;
    bool plain = true;

    if (is_between(cp, 0xD800, 0xF8FF)) { /* surrogates, private use */
        kind = UNICODE_OTHER;
        script = UNICODE_COMMON;
    } else if (!is_between(cp, 0x3400, 0x4DBF) && /* Han */
               !is_between(cp, 0x4E00, 0x9FFC) &&
               !is_between(cp, 0xAC00, 0xD7A3)) { /* Hangul */
        kind = find_kind(cp);
        script = find_script(cp);
        plain = find_plain(cp);
    }
    return (uint8_t)(kind | script << TRAIT_SCRIPT_SHIFT |
                     (plain ? TRAIT_PLAIN : 0));
}

static void fill_traits(void)
{
    for (uint32_t cp = 0; cp < TRAITS_NR; cp++)
        table.traits[cp] = find_traits(cp);
}

static uint8_t traits_of(uint32_t cp)
{
    (void)pthread_once(&traits_once, fill_traits);
    return table.traits[cp];
}

enum unicode_kind unicode_kind(uint32_t cp)
{
    return cp < TRAITS_NR ? traits_of(cp) & TRAIT_KIND : find_kind(cp);
}

enum unicode_script unicode_script(uint32_t cp)
{
    if (cp >= TRAITS_NR)
        return find_script(cp);
    return traits_of(cp) >> TRAIT_SCRIPT_SHIFT & TRAIT_SCRIPT;
}

bool unicode_is_plain(uint32_t cp)
{
    if (cp >= TRAITS_NR)
        return find_plain(cp);
    return (traits_of(cp) & TRAIT_PLAIN) != 0;
}

struct unicode_look unicode_look(uint32_t cp)
{
    size_t index = alike_index(cp);

    if (index == ALIKE_MAX)
        return (struct unicode_look){ 0, 0 };
    (void)pthread_once(&looks_once, fill_looks);
    return table.look[index];
}

uint32_t unicode_bare_latin(uint32_t cp)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    UChar units[FOLD_UNITS_MAX];
    UChar32 bare = (UChar32)cp;

    if (cp < 0x80 || unicode_script(cp) != UNICODE_LATIN ||
        unorm2_getDecomposition(nfd, (UChar32)cp, units, FOLD_UNITS_MAX,
                                &status) <= 0 ||
        U_FAILURE(status))
        return cp;
    U16_GET_UNSAFE(units, 0, bare);
    return (uint32_t)bare;
}

size_t unicode_fold(char *out, size_t room, const uint32_t *cp, size_t nr)
{
    UChar from[UNICODE_FOLD_MAX * U16_MAX_LENGTH];
    UChar to[UNICODE_FOLD_MAX * FOLD_UNITS_MAX];
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&status);
    int32_t len = 0;

    if (nr > UNICODE_FOLD_MAX)
        nr = UNICODE_FOLD_MAX;
    for (size_t i = 0; i < nr; i++)
        U16_APPEND_UNSAFE(from, len, cp[i]);
    len = unorm2_normalize(nfkc, from, len, to,
                           UNICODE_FOLD_MAX * FOLD_UNITS_MAX, &status);
    u_strToUTF8(out, (int32_t)(room < INT32_MAX ? room : INT32_MAX), &len, to,
                len, &status);
    return U_FAILURE(status) ? 0 : (size_t)len;
}
