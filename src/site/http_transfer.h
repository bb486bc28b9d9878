#ifndef SITE_HTTP_TRANSFER_H
#define SITE_HTTP_TRANSFER_H

#include "site/http_client.h"

#include <curl/curl.h>

/*
 * One try of one exchange on one libcurl handle; a part of http_client, and
 * of no use to others.
 */
struct http_settings {
    char *user; /* NULL: none */
    char *password;
    char *ca_file; /* NULL: the system's certificates only */
    long timeout_ms;
};

struct http_transfer {
    CURL *easy;
    struct http_exchange *ex; /* NULL: idle */
    struct curl_slist *header;
    size_t sent; /* of the exchange's body, handed to libcurl */
    char reason[CURL_ERROR_SIZE];
};

enum http_end {
    HTTP_END_DONE,  /* an answer, or an error that would come again */
    HTTP_END_MOVED, /* go on at ex->moved_to */
    HTTP_END_RETRY, /* no answer, or one that says "later" */
};

/*
 * Make the handle ready to be run; the caller adds it to its multi handle.
 * False, with ex->error set, when the login must not go to the URL.
 */
bool http_transfer_begin(struct http_transfer *transfer,
                         const struct http_settings *settings,
                         struct http_exchange *ex);

/*
 * The handle is done, with `code`: fill the exchange and let go of it.
 * `*retry_after_s` is what the site asked for, 0 if nothing.
 */
enum http_end http_transfer_end(struct http_transfer *transfer, CURLcode code,
                                long *retry_after_s);

#endif /* SITE_HTTP_TRANSFER_H */
