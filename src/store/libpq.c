#include "store/libpq.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libpq.so.5"

/* POSIX lets a function's address be taken from a void pointer's bytes. */
static bool find(void *library, const char *name, void *function)
{
    void *at = dlsym(library, name);

    memcpy(function, &at, sizeof(at));
    return at;
}

enum error_code libpq_load(struct libpq *pq, struct error *err)
{
    bool whole = true;

    pq->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!pq->library)
        return error_set(err, ERROR_STORE,
                         "store: PostgreSQL's library is missing (%s); "
                         "install libpq5",
                         LIBRARY);
#define LIBPQ_FIND(name)                                                      \
    whole = find(pq->library, #name, (void *)&pq->name) && whole;
    LIBPQ_FUNCTIONS(LIBPQ_FIND)
#undef LIBPQ_FIND
    return whole ? ERROR_NONE
                 : error_set(err, ERROR_STORE,
                             "store: PostgreSQL's library (%s) is too old",
                             LIBRARY);
}
