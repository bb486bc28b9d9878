#ifndef SERVER_JUDGE_API_H
#define SERVER_JUDGE_API_H

#include "server/desk.h"

/*
 * POST /v1/judge: a comment in, its verdict with reasons out, at once, for
 * programs that will do with it as they like. "Authorization: Bearer TOKEN"
 * says for which site.
 *
 * application/json is one comment and gives one verdict;
 * application/x-ndjson up to JUDGE_LINES_MAX, one a line, and a verdict or
 * {"line":N,"error":"..."} for each, in order. A verdict on a comment with an
 * id is remembered.
 */
#define JUDGE_LINES_MAX 100

/* `context` is a struct desk. */
void judge_api_handle(void *context, struct http_request *request,
                      struct http_answer *answer);

/* The token in the header, or empty. */
struct span judge_api_bearer(const struct http_request *request);

#endif /* SERVER_JUDGE_API_H */
