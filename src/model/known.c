#include "model/known.h"

#define MASK (((uint64_t)1 << KNOWN_BITS) - 1)

void known_add(unsigned char *known, uint64_t unit)
{
    for (int probe = 0; probe < 2; probe++) {
        uint64_t bit = unit >> (probe * KNOWN_BITS) & MASK;

        known[bit / 8] = (unsigned char)(known[bit / 8] | 1U << bit % 8);
    }
}

bool known_has(const unsigned char *known, uint64_t unit)
{
    for (int probe = 0; probe < 2; probe++) {
        uint64_t bit = unit >> (probe * KNOWN_BITS) & MASK;

        if (!(known[bit / 8] >> bit % 8 & 1))
            return false;
    }
    return true;
}

double known_share(const unsigned char *known, const struct unit_list *units)
{
    size_t nr = 0;

    for (size_t i = 0; i < units->nr; i++)
        nr += known_has(known, units->unit[i]);
    return (double)(nr + 1) / (double)(units->nr + 1);
}
