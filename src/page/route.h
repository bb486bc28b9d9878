#ifndef PAGE_ROUTE_H
#define PAGE_ROUTE_H

#include "page/visit.h"

/*
 * Which request is answered by whom, and who may ask. openapi.json says the
 * same to people, and a test compares the two.
 */
enum route_need {
    ROUTE_OPEN,      /* anybody */
    ROUTE_SIGNED_IN, /* a moderator or an admin */
    ROUTE_ADMIN,
};

struct route {
    const char *method;
    const char *path; /* may have one {...}: a part without a '/' */
    void (*answer)(struct visit *visit);
    enum route_need need;
    bool body; /* it must have one, a JSON object */
};

/*
 * The route of a request, with what stands for {...} in `*param`. NULL: no
 * such path, or, when `*allow` is not empty, only with the methods in it.
 */
const struct route *route_find(struct arena *arena, struct span method,
                               struct span path, struct span *param,
                               struct span *allow);

size_t route_nr(void);
const struct route *route_at(size_t i);

#endif /* PAGE_ROUTE_H */
