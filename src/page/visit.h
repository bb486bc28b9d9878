#ifndef PAGE_VISIT_H
#define PAGE_VISIT_H

#include "base/buf.h"
#include "page/listeners.h"
#include "page/page.h"
#include "page/throttle.h"
#include "store/account.h"
#include "wire/form.h"
#include "wire/json.h"

/*
 * One request at the page, as those who answer it see it: who asks, what the
 * path and the body say, and where the answer goes. All of it lives as long as
 * the request.
 */
struct visit {
    struct page *page;
    struct writer *writer;
    struct page_house *house;
    struct throttle *throttle;
    struct listeners *listeners;
    struct http_request *request;
    struct http_answer answer;
    struct arena *arena;    /* the request's */
    struct store *store;    /* to read from */
    struct session session; /* login is empty: nobody is signed in */
    struct span token;      /* SHA-256 of the session's, as the store has it */
    struct span param;      /* what stands where the path has {...}, decoded */
    struct form query;
    const struct json *body; /* NULL: none; else an object */
    struct buf out;          /* JSON: the answer's body */
    struct visit *next;      /* of those that wait */
};

/* A refusal; the answer is settled by it. */
void visit_refuse(struct visit *visit, unsigned status, const char *refused,
                  const char *text);

/* The store failed: logged, and 503. Not when it was refused already. */
void visit_fail(struct visit *visit, const struct error *err);

/*
 * Read text or a truth from the body. False, and refused, when it is missing
 * or of another type.
 */
bool visit_text(struct visit *visit, const char *name, struct span *text);

/* The value of `name` in the query, and as a number; false: it is none. */
struct span visit_query(const struct visit *visit, const char *name);
bool visit_query_int(struct visit *visit, const char *name, int64_t least,
                     int64_t most, int64_t *number);

/*
 * The judgement that the path names. False, and refused, when there is none,
 * or the store failed.
 */
bool visit_judgement(struct visit *visit, struct decision *decision);

/* Have `run` done by the writer; true when it is on the disk. */
bool visit_write(struct visit *visit,
                 enum error_code (*run)(void *context, struct store *store,
                                        struct error *err),
                 void *context);

/* In a writer's run: take all back, the visit having been refused. */
enum error_code visit_take_back(struct error *err);

/*
 * Note in the audit log what the visitor did; in a writer's run. The time is
 * the request's.
 */
enum error_code visit_audit(const struct visit *visit, struct store *store,
                            const char *what, struct span site,
                            struct span subject, struct span before,
                            struct span after, struct error *err) MUST_CHECK;

#endif /* PAGE_VISIT_H */
