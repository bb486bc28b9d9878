#ifndef TESTS_SUPPORT_FAULT_SERVER_H
#define TESTS_SUPPORT_FAULT_SERVER_H

#include <stddef.h>

/*
 * An HTTP server on loopback that does what it is told, and mostly the wrong
 * thing: for suites that must see a site fail.
 *
 * A request gets the first answer of the script whose `match` occurs in its
 * head ("GET /path HTTP/1.1" and header lines) or body, and whose `times` are
 * not used up; without one, 404. It runs on a thread of its own, serves many
 * connections at once, and keeps them open.
 */
enum fault {
    FAULT_NONE, /* the answer as it stands */
    FAULT_HANG, /* never answer */
    FAULT_DROP, /* close without an answer */
    FAULT_CUT,  /* close in the middle of the body */
    FAULT_SLOW, /* answer after FAULT_SLOW_MS */
};

#define FAULT_SLOW_MS 100

struct fault_answer {
    const char *match; /* NULL: any request */
    int status;
    const char *header; /* further lines, each with its CRLF; may be NULL */
    const char *body;   /* may be NULL; JSON when it begins with { or [ */
    enum fault fault;
    int times; /* 0: for ever */
};

/* The usual answers, short enough for a table. */
#define ANSWER(match, status, body)                                           \
    {                                                                         \
        match, status, 0, body, FAULT_NONE, 0                                 \
    }
#define ANSWER_ONCE(match, status, body)                                      \
    {                                                                         \
        match, status, 0, body, FAULT_NONE, 1                                 \
    }
#define ANSWER_HEAD(match, status, header, body)                              \
    {                                                                         \
        match, status, header, body, FAULT_NONE, 0                            \
    }
#define ANSWER_FAULT(match, fault, times)                                     \
    {                                                                         \
        match, 200, 0, "{\"cut\":true}", fault, times                         \
    }

struct fault_server;

/*
 * Start with a script of `nr` answers, which is copied (its strings are not).
 * Ends the program if it can't.
 */
struct fault_server *fault_server_start(const struct fault_answer *script,
                                        size_t nr);
void fault_server_stop(struct fault_server *server);

/* "http://127.0.0.1:port", without a slash at the end. */
const char *fault_server_url(const struct fault_server *server);

/* How many requests came so far in whose head or body `match` occurs. */
size_t fault_server_hits(struct fault_server *server, const char *match);

/* Most requests that were being answered at the same time. */
size_t fault_server_at_once(struct fault_server *server);

/*
 * Set `*flag` as soon as a request with `match` has come, before its answer:
 * for stopping in the middle.
 */
void fault_server_flag(struct fault_server *server, const char *match,
                       volatile _Bool *flag);

#endif /* TESTS_SUPPORT_FAULT_SERVER_H */
