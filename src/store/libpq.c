#include "store/libpq.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define LIBRARY "libpq.so.5"

static const struct {
    const char *name;
    size_t at; /* of its member */
} function[] = {
#define LIBPQ_PLACE(name) { #name, offsetof(struct libpq, name) },
    LIBPQ_FUNCTIONS(LIBPQ_PLACE)
#undef LIBPQ_PLACE
};

/* POSIX lets a function's address be taken from a void pointer's bytes. */
static bool find_all(struct libpq *pq)
{
    for (size_t i = 0; i < sizeof(function) / sizeof(function[0]); i++) {
        void *found = dlsym(pq->library, function[i].name);

        if (!found)
            return false;
        memcpy((char *)pq + function[i].at, &found, sizeof(found));
    }
    return true;
}

enum error_code libpq_load(struct libpq *pq, struct error *err)
{
    pq->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!pq->library)
        return error_set(err, ERROR_STORE,
                         "store: PostgreSQL's library is missing (%s); "
                         "install libpq5",
                         LIBRARY);
    if (!find_all(pq))
        return error_set(err, ERROR_STORE,
                         "store: PostgreSQL's library (%s) is too old",
                         LIBRARY);
    return ERROR_NONE;
}
