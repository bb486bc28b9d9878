#ifndef PAGE_ASSETS_H
#define PAGE_ASSETS_H

#include "base/digest.h"
#include "base/span.h"
#include "server/http_message.h"

#include <stdbool.h>

/*
 * The files of the page, inside the program: those beside this one, and the
 * chart library as Debian has it. The Makefile lists them.
 */
#define ASSETS_MAX 64

struct assets {
    bool over_http; /* serve them also to who can be overheard */
    struct digest tag[ASSETS_MAX];
};

/* Reads them through once, for their tags. */
void assets_init(struct assets *assets, bool over_http);

/*
 * "/" is index.html, and /page/<name> each by its name. A browser that has
 * one keeps it as long as its tag (ETag) stays. `context` is struct assets.
 */
void assets_handle(void *context, struct http_request *request,
                   struct http_answer *answer);

/* How many, and the name of each; for the tests. */
size_t assets_nr(void);
struct span assets_name(size_t i);

#endif /* PAGE_ASSETS_H */
