#ifndef TEXT_LEET_H
#define TEXT_LEET_H

#include "text/fold.h"

#include <stddef.h>

/*
 * Digits and signs that stand for letters inside a word: "v1agra", "pr0n",
 * "sh!t", "a$$".
 *
 * Honest text is full of letters and digits in one word ("covid19", "h264",
 * "B2B", "AK47", "log4j", "iphone5s"), so this undoes too little rather than
 * too much: signs count only between letters ("$$" also at the end), never
 * more of them than letters, and only those that look like a letter. "!" and
 * "@" join sentences and addresses ("great!thanks", "me@example"), so what is
 * before them must be no word of its own. ASCII words only.
 */

/*
 * Undo leetspeak in `text`, valid UTF-8 in lower case, in place. Adds to
 * `leet_words` of `counts`. Linear.
 */
void leet_undo(char *text, size_t len, struct fold_counts *counts);

#endif /* TEXT_LEET_H */
