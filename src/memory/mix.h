#ifndef MEMORY_MIX_H
#define MEMORY_MIX_H

#include "base/span.h"

#include <stdint.h>

/*
 * Hashes of this room: FNV-1a's step with a wider multiplier, finished as in
 * MurmurHash3. They are never kept, so they may change.
 */
#define MIX_SEED 0xCBF29CE484222325ULL

static inline uint64_t mix_step(uint64_t hash, uint64_t symbol)
{
    return (hash ^ symbol) * 0x9E3779B97F4A7C15ULL;
}

static inline uint64_t mix_final(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= 0xFF51AFD7ED558CCDULL;
    return hash ^ hash >> 33;
}

static inline uint64_t mix_bytes(uint64_t hash, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        hash = mix_step(hash, (unsigned char)bytes.ptr[i]);
    return mix_final(hash);
}

#endif /* MEMORY_MIX_H */
