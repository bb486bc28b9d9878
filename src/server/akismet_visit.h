#ifndef SERVER_AKISMET_VISIT_H
#define SERVER_AKISMET_VISIT_H

#include "base/buf.h"
#include "server/akismet_call.h"
#include "server/desk.h"
#include "server/http_message.h"
#include "wire/form.h"

/*
 * One call being answered; between akismet.c, which knows who calls and what
 * comments are, and akismet_account.c, which tells about the account.
 */
struct akismet_visit {
    const struct desk *desk;
    struct http_request *request;
    struct http_answer *answer;
    struct form form;  /* the body's */
    struct form query; /* what stands behind the '?' */
    struct desk_site site;
    struct span key; /* as given; empty: none was */
};

/* The field of the body, or else of the query. */
struct span akismet_visit_get(const struct akismet_visit *visit,
                              struct span name);

/* Answer "invalid", `help` saying why; `refused` is for the metrics. */
void akismet_visit_refuse(struct akismet_visit *visit, const char *refused,
                          const char *help);

/* Answer with `body`, copied, of content type `type`. */
void akismet_visit_answer(struct akismet_visit *visit, const char *type,
                          const struct buf *body);

/* What akismet_account.c answers; the site is known. */
void akismet_usage_limit(struct akismet_visit *visit);
void akismet_key_sites(struct akismet_visit *visit);
void akismet_subscription(struct akismet_visit *visit);
void akismet_stats(struct akismet_visit *visit);

#endif /* SERVER_AKISMET_VISIT_H */
