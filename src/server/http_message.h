#ifndef SERVER_HTTP_MESSAGE_H
#define SERVER_HTTP_MESSAGE_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A request, and what is answered; how handlers see HTTP.
 *
 * All spans of a request live as long as the request, that is, until its
 * answer is sent; so does what is put into its arena. The bytes are as they
 * came: nothing is decoded, nothing is known to be UTF-8.
 */
struct http_request {
    struct span method; /* "POST" */
    struct span path;   /* before the '?', not decoded */
    struct span query;  /* after it */
    struct span tail;   /* what the '*' of the route stands for */
    struct span body;   /* whole */
    struct span client; /* address of the client, as a trusted proxy says */
    bool https;         /* a trusted proxy says that it came by https */
    bool near;          /* from this machine, and no proxy says otherwise */
    struct arena *arena;
    int64_t came_ms; /* wall time at which its head was read */
};

/*
 * The header called `name`, without case; empty when there is none. A header
 * that may come several times is its first.
 */
struct span http_request_header(const struct http_request *request,
                                const char *name);

/*
 * The content type without its parameters is `type` ("application/json").
 */
bool http_request_is_type(const struct http_request *request,
                          const char *type);

#define HTTP_ANSWER_HEADERS_MAX 16

struct http_answer {
    unsigned status;  /* 0: 500 is sent */
    const char *type; /* content type, static; NULL: text/plain */
    struct span body; /* in the request's arena, or static */
    struct http_stream
        *stream;         /* instead of a body: one that goes on; or NULL */
    const char *refused; /* why not, for the metrics; static; NULL: it was
                            taken */
    struct {
        const char *name; /* static */
        struct span
            value; /* in the request's arena, with its NUL, or static */
    } header[HTTP_ANSWER_HEADERS_MAX];
    size_t nr; /* headers */
};

/* Answer `request`: fill `answer`, which comes zeroed, or suspend it. */
typedef void http_handler(void *context, struct http_request *request,
                          struct http_answer *answer);

/*
 * The answer comes later, by http_request_resume from any thread; what the
 * handler leaves in its `answer` is ignored. To be called by the handler, and
 * before anybody is told who might resume it. After that the request belongs
 * to whoever resumes it.
 */
void http_request_suspend(struct http_request *request);

/* Answer a suspended request; `answer` is copied, its spans are not. */
void http_request_resume(struct http_request *request,
                         const struct http_answer *answer);

/* One header more. Beyond HTTP_ANSWER_HEADERS_MAX is our own fault. */
void http_answer_header(struct http_answer *answer, const char *name,
                        struct span value);

/*
 * A refusal, as JSON: {"error":{"code":`refused`,"message":`text`}}. The text
 * says what to do, and holds nothing of the request but numbers.
 */
void http_answer_refuse(struct http_answer *answer, struct arena *arena,
                        unsigned status, const char *refused,
                        const char *text);

/* 429 or 503 with Retry-After: come again in `seconds`. */
void http_answer_later(struct http_answer *answer, struct arena *arena,
                       unsigned status, const char *refused, long seconds);

#endif /* SERVER_HTTP_MESSAGE_H */
