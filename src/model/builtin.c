#include "model/builtin.h"

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

struct span builtin_manifest(void)
{
    return (struct span){ builtin_manifest_begin,
                          (size_t)(builtin_manifest_end -
                                   builtin_manifest_begin) };
}

struct span builtin_weights(void)
{
    return (
        struct span){ builtin_weights_begin,
                      (size_t)(builtin_weights_end - builtin_weights_begin) };
}
