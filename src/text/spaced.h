#ifndef TEXT_SPACED_H
#define TEXT_SPACED_H

#include "text/fold.h"

#include <stddef.h>

/*
 * Letters set one by one, joined: "v i a g r a", "c.a.s.i.n.o", "f-r-e-e".
 *
 * Four or more letters with the same single separator between them. Not
 * joined: abbreviations ("U.S.S.R."), stammering ("w-w-w-w-what"), one letter
 * over and over ("x x x x"), letters that chats write for words ("o q é o"),
 * and scripts in which one letter may be a word. A list of letters ("vitamins
 * A B C D") is joined; nothing tells it apart.
 */

/*
 * Join the runs of single letters in `text`, valid UTF-8 in lower case, in
 * place. Adds to `spaced_words` of `counts`; returns the new length. Linear.
 */
size_t spaced_join(char *text, size_t len, struct fold_counts *counts);

#endif /* TEXT_SPACED_H */
