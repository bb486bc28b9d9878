#include "text/style.h"

#include "text/ascii.h"

#include <string.h>

/* As they look without blanks and in lower case. */
static const struct span hiding[] = {
    { "display:none", 12 },
    { "visibility:hidden", 17 },
};

/* Hide when the number behind is 0. */
static const struct span hiding_zero[] = {
    { "font-size:0", 11 },
    { "opacity:0", 9 },
};

/* Hide when the number behind is large: off the screen. */
static const struct span hiding_far[] = {
    { "left:-", 6 },
    { "top:-", 5 },
    { "text-indent:-", 13 },
};

#define FAR_DIGITS 3

/* Is the number that begins with the 0 before `s` 0: "0px", but not "0.5em"?
 */
static bool is_zero(struct span s)
{
    for (size_t i = 0;
         i < s.len && (ascii_is_digit(s.ptr[i]) || s.ptr[i] == '.'); i++)
        if (s.ptr[i] != '0' && s.ptr[i] != '.')
            return false;
    return true;
}

static bool is_far(struct span s)
{
    size_t nr = 0;

    while (nr < s.len && ascii_is_digit(s.ptr[nr]))
        nr++;
    return nr >= FAR_DIGITS;
}

/* Does a declaration at the start of `s` hide? */
static bool declaration_hides(struct span s)
{
    for (size_t i = 0; i < sizeof(hiding) / sizeof(hiding[0]); i++)
        if (span_starts(s, hiding[i]))
            return true;
    for (size_t i = 0; i < sizeof(hiding_zero) / sizeof(hiding_zero[0]); i++)
        if (span_starts(s, hiding_zero[i]) &&
            is_zero(span_cut(s, hiding_zero[i].len, s.len)))
            return true;
    for (size_t i = 0; i < sizeof(hiding_far) / sizeof(hiding_far[0]); i++)
        if (span_starts(s, hiding_far[i]) &&
            is_far(span_cut(s, hiding_far[i].len, s.len)))
            return true;
    return false;
}

bool style_hides(struct arena *arena, struct span style)
{
    char *squeezed = arena_alloc(arena, style.len);
    size_t len = 0;

    for (size_t i = 0; i < style.len; i++) {
        char c = style.ptr[i];

        if (c > ' ' || c < 0)
            squeezed[len++] = ascii_lower(c);
    }
    for (size_t i = 0; i < len; i++)
        if (strchr("dvfolt", squeezed[i]) && squeezed[i] &&
            declaration_hides((struct span){ squeezed + i, len - i }))
            return true;
    return false;
}
