#ifndef TEXT_ACCENT_H
#define TEXT_ACCENT_H

#include "base/arena.h"
#include "base/span.h"
#include "text/fold.h"

/*
 * Accents as a disguise: "w\u0336i\u0308n\u0300n\u0301er", taken off again.
 *
 * The proof is a word in which two or more plain Latin letters bear an accent
 * that no letter is made with ("t" with a diaeresis), or one that strikes a
 * letter through: NFC composes those of living spellings, and where a
 * spelling has others (Yoruba, Navajo, Guarani) they stand on letters that
 * are no longer plain or are rare. In a text with such a word all Latin
 * letters lose their accents; in a text without, all keep them.
 */

/*
 * `text`, as character_fold gives it, without such accents: itself, or a copy
 * in the arena. Adds them to `marks`. Linear.
 */
struct span accent_undo(struct arena *arena, struct span text,
                        struct fold_counts *counts);

#endif /* TEXT_ACCENT_H */
