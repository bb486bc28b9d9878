#include "model/builtin.h"

#include <stdint.h>

/* The assembler copies the files in; MODELS comes from the Makefile. */
__asm__(".section .rodata\n"
        ".balign 64\n"
        "builtin_manifest_begin: .incbin \"" MODELS "/manifest\"\n"
        "builtin_manifest_end:\n"
        ".balign 64\n"
        "builtin_weights_begin: .incbin \"" MODELS "/weights.bin\"\n"
        "builtin_weights_end:\n"
        ".previous\n");

extern const char builtin_manifest_begin[];
extern const char builtin_manifest_end[];
extern const char builtin_weights_begin[];
extern const char builtin_weights_end[];

static struct span between(const char *begin, const char *end)
{
    return (struct span){ begin, (size_t)((uintptr_t)end - (uintptr_t)begin) };
}

struct span builtin_manifest(void)
{
    return between(builtin_manifest_begin, builtin_manifest_end);
}

struct span builtin_weights(void)
{
    return between(builtin_weights_begin, builtin_weights_end);
}
