/* What of messages needs no library; the rest is in http_connection.c. */
#include "server/http_message.h"

#include "wire/json.h"

#include <assert.h>

/* A refusal's text is one of ours, and short. */
#define REFUSAL_BYTES_MAX ((size_t)4 << 10)

bool http_request_is_type(const struct http_request *request, const char *type)
{
    struct span given = http_request_header(request, "Content-Type");

    given = span_cut(given, 0, span_find_char(given, ';'));
    return span_eq_nocase(span_trim(given), span_str(type));
}

void http_answer_header(struct http_answer *answer, const char *name,
                        struct span value)
{
    assert(answer->nr < HTTP_ANSWER_HEADERS_MAX);
    answer->header[answer->nr].name = name;
    answer->header[answer->nr++].value = value;
}

void http_answer_refuse(struct http_answer *answer, struct arena *arena,
                        unsigned status, const char *refused, const char *text)
{
    struct buf body;

    buf_init(&body, REFUSAL_BYTES_MAX);
    buf_add(&body, SPAN_LIT("{\"error\":{\"code\":"));
    json_put_text(&body, span_str(refused));
    buf_add(&body, SPAN_LIT(",\"message\":"));
    json_put_text(&body, span_str(text));
    buf_add(&body, SPAN_LIT("}}\n"));
    answer->status = status;
    answer->type = "application/json";
    answer->body = arena_dup(arena, buf_span(&body));
    answer->refused = refused;
    buf_release(&body);
}

void http_answer_later(struct http_answer *answer, struct arena *arena,
                       unsigned status, const char *refused, long seconds)
{
    http_answer_refuse(answer, arena, status, refused,
                       status == 429 ? "too many requests; come again after "
                                       "the seconds in Retry-After"
                                     : "not just now; come again after the "
                                       "seconds in Retry-After");
    http_answer_header(answer, "Retry-After",
                       arena_printf(arena, "%ld", seconds));
}
