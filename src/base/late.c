#include "base/late.h"

#include "base/log.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

/* As for anything that is wrong with the set-up. */
#define EXIT_MISSING 2

static _Noreturn void give_up(const struct late_function *function)
{
    log_error("library_missing", "error=%s package=%s",
              log_quote(span_str(dlerror())).text, function->package);
    _Exit(EXIT_MISSING);
}

/* All of late.S's, in a row; not there where the linker binds everything. */
extern struct late_function late_first_function[]
    __attribute__((weak, visibility("hidden")));
extern struct late_function late_last_function[]
    __attribute__((weak, visibility("hidden")));

void late_bind_all(void)
{
    for (struct late_function *function = late_first_function;
         (uintptr_t)function < (uintptr_t)late_last_function; function++)
        (void)late_bind(function);
}

void *late_bind(struct late_function *function)
{
    void *library = dlopen(function->library, RTLD_LAZY | RTLD_LOCAL);
    void *address;

    if (!library)
        give_up(function);
    address = dlsym(library, function->name);
    if (!address)
        give_up(function);
    /* Who binds it at the same time stores the same. */
    __atomic_store_n(&function->address, address, __ATOMIC_RELEASE);
    return address;
}
