#ifndef TEXT_CONFUSABLE_H
#define TEXT_CONFUSABLE_H

#include "base/arena.h"
#include "base/span.h"
#include "text/fold.h"

/*
 * Words that mix scripts, brought back to one.
 *
 * Only a word that mixes is looked into, and only letters that look like ones
 * of the other script are replaced: a Latin word with Cyrillic "а" becomes
 * Latin, a Russian word with Latin "c" becomes Russian. What cannot be
 * explained that way is left as it is. A word wholly of another script stays,
 * too, unless it is Cyrillic, all its letters are twins of Latin ones, and
 * the text around is Latin ("рау" in an English sentence).
 *
 * Not mixed: words of a brand and an ending in a text that is mostly not
 * Latin ("SMSка", "iPhone'ом"), and Greek letters at the edge of a Latin word
 * ("TNFα", "µTorrent").
 */

/*
 * `text`, as character_fold gives it, with such words undone: itself, or a
 * copy in the arena. Counts them in `mixed_words`. Linear.
 */
struct span confusable_undo(struct arena *arena, struct span text,
                            struct fold_counts *counts);

#endif /* TEXT_CONFUSABLE_H */
