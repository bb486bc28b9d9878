#ifndef MODEL_KNOWN_H
#define MODEL_KNOWN_H

#include "features/unit.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Which units of text (features/unit.h) the model was taught with.
 *
 * A Bloom filter (Bloom 1970) of two probes: what was met is always found,
 * and of what was not, about one in a hundred is. Lies in the file of weights
 * as it is used.
 */
#define KNOWN_BITS 19
#define KNOWN_BYTES (((size_t)1 << KNOWN_BITS) / 8)

void known_add(unsigned char *known, uint64_t unit);
bool known_has(const unsigned char *known, uint64_t unit);

/*
 * The share of the units that is known, as if one more had been: so that no
 * text is strange for lack of text. Of none at all it is 1.
 */
double known_share(const unsigned char *known, const struct unit_list *units);

#endif /* MODEL_KNOWN_H */
