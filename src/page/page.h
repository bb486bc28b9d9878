#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "page/house.h"
#include "server/http_message.h"
#include "store/writer.h"

/*
 * The moderators' page: its API under /v1/page/ (openapi.json is its manual).
 *
 * A few threads of its own answer, each with a store to read from, so that
 * neither a slow password hash nor a long list holds up those who bring
 * comments. What is written goes through the writer, with its entry in the
 * audit log in one transaction.
 */
struct page;

/* Requests that may wait for those threads; more are told to come again. */
#define PAGE_WAITING_MAX 256

#define PAGE_THREADS 2

/* Bytes of a request's body. */
#define PAGE_BODY_MAX ((size_t)256 << 10)

/* How long a one-time link counts. */
#define PAGE_LINK_MS ((int64_t)24 * 3600 * 1000)

struct page_options {
    struct writer *writer;    /* not owned */
    struct page_house *house; /* likewise */
    bool over_http;           /* answer also who can be overheard */
};

/* Start; the caller stops it, when no request can come any more. */
enum error_code page_start(struct page **page,
                           const struct page_options *options,
                           struct error *err) MUST_CHECK;
void page_stop(struct page *page); /* NULL is fine */

/* End what goes on without an end, for the server to drain. NULL is fine. */
void page_end_streams(struct page *page);

/* Answers all that begins with /v1/page/; `context` is the page. */
void page_handle(void *context, struct http_request *request,
                 struct http_answer *answer);

/*
 * Where there is no account that could sign in, a one-time link for the first
 * one: "/#/setup?token=...", in the arena; older ones are worth nothing then.
 * Empty where there is an account.
 */
enum error_code page_first_link(struct page *page, struct arena *arena,
                                struct span *link,
                                struct error *err) MUST_CHECK;

#endif /* PAGE_PAGE_H */
