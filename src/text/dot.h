#ifndef TEXT_DOT_H
#define TEXT_DOT_H

#include "base/span.h"
#include "text/ascii.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The dot between two labels of a host, plain or dressed up.
 *
 * Spammers write it so that a filter sees no host and a reader does; careful
 * people write it so that nobody clicks by mistake. "shop[.]example",
 * "shop (dot) example", "shop{dot}example", "shop dot example", "shop . com",
 * and the full stops of East Asian type, which browsers take for dots.
 */
struct dot {
    size_t end; /* where the next label begins */
    bool disguised;
    bool spaced; /* stood between blanks only; ask dot_is_meant */
    bool word;   /* spelled "dot" */
};

/*
 * May a dot be at `at`? False means that dot_read finds none; true that it
 * is worth asking. In the header, for it is asked behind every word.
 */
static inline bool dot_may_follow(struct span text, size_t at)
{
    char c = ascii_at(text, at);

    /* A dot between blanks has two of them before it at the most. */
    for (int i = 0; i < 2 && c == ' '; i++)
        c = ascii_at(text, ++at);
    if (c == 'd' || c == 'D')
        return ascii_lower(ascii_at(text, at + 1)) == 'o';
    return c == '.' || c == '(' || c == '[' || c == '{' || c & 0x80;
}

/* Read the dot at `at`; false if there is none. Looks at a few bytes only. */
bool dot_read(struct span text, size_t at, struct dot *dot);

/*
 * Of a `spaced` dot behind `label`: is it part of a host, or of a sentence
 * ("the dot com bubble", "red dot . com")? Looks at a few bytes only.
 */
bool dot_is_meant(struct span text, struct span label, const struct dot *dot);

#endif /* TEXT_DOT_H */
