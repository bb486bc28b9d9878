#ifndef TEXT_TRICKS_H
#define TEXT_TRICKS_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Which disguises a text may be in.
 *
 * Most comments play no tricks. One look at each byte tells which of the
 * steps that undo them may find any, and the others are left out.
 */
struct tricks {
    size_t words; /* of ASCII letters and digits, and of other letters */
    bool spaced;  /* letters set apart (text/spaced.h) */
    bool leet;    /* signs among letters (text/leet.h) */
    bool repeats; /* three of a character in a row, or more */
};

/*
 * Look at `text`, in lower case. May be wrong about a disguise, but never by
 * a "no"; the words are counted.
 */
struct tricks tricks_look(struct span text);

/* The same, quicker, of a text that is all ASCII. Counts the same words. */
struct tricks tricks_look_ascii(struct span text);

#endif /* TEXT_TRICKS_H */
