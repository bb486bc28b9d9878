#ifndef TEXT_LEAD_H
#define TEXT_LEAD_H

#include "base/span.h"

#include <stddef.h>

/*
 * Where a word may go on as a host or a URL.
 *
 * Nearly all words of nearly all texts lead nowhere. What follows one that
 * does is a dot, plain or dressed (text/dot.h), the slashes of a scheme, or
 * what is outside ASCII; so only these are looked for, sixteen bytes at once,
 * and links only near them.
 */

/*
 * The first byte from `at` on that may be such, or the length of `text`. For
 * each word that may lead out there is one in the three bytes behind it. Some
 * that are found lead nowhere after all.
 */
size_t lead_find(struct span text, size_t at);

#endif /* TEXT_LEAD_H */
