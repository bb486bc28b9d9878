#include "server/judge_api.h"

#include "wire/comment_json.h"

/* Reasons quote the comment, of which only so much is looked at. */
#define VERDICTS_BYTES_MAX ((size_t)16 << 20)

struct asking {
    const struct desk *desk;
    struct http_request *request;
    struct http_answer *answer;
    struct desk_site site;
    struct buf out;
    size_t line;
};

struct span judge_api_bearer(const struct http_request *request)
{
    struct span given = http_request_header(request, "Authorization");
    struct span scheme = SPAN_LIT("Bearer ");

    if (!span_starts_nocase(given, scheme))
        return SPAN_LIT("");
    return span_trim(span_cut(given, scheme.len, given.len));
}

static void refuse(struct asking *asking, unsigned status, const char *why,
                   const char *text)
{
    http_answer_refuse(asking->answer, asking->request->arena, status, why,
                       text);
}

static void find_site(struct asking *asking)
{
    struct span token = judge_api_bearer(asking->request);
    long seconds = 1;

    if (!token.len ||
        !asking->desk->site(asking->desk->context, asking->request->arena,
                            DESK_BY_TOKEN, token, &asking->site)) {
        refuse(asking, 401, "token",
               "Authorization: Bearer TOKEN is wanted, with the token of a "
               "site in the configuration");
        http_answer_header(asking->answer, "WWW-Authenticate",
                           SPAN_LIT("Bearer"));
    } else if (!asking->desk->may(asking->desk->context, asking->site.name,
                                  &seconds)) {
        http_answer_later(asking->answer, asking->request->arena, 429,
                          "rate_site", seconds);
    }
}

/* The verdict on one comment, appended; or why there is none. */
static enum error_code judge_one(struct asking *asking, struct span text,
                                 struct error *err)
{
    struct arena *arena = asking->request->arena;
    struct comment comment;
    struct verdict verdict;
    struct desk_question question = { .site = asking->site.name,
                                      .comment = &comment,
                                      .door = METER_JUDGE };
    enum error_code rc = comment_parse(&comment, arena, text, err);

    if (rc)
        return rc;
    question.forget = !comment.id.len;
    rc = asking->desk->judge(asking->desk->context, arena, &question, &verdict,
                             err);
    if (!rc)
        verdict_put_json(&asking->out, comment.id, &verdict);
    return rc;
}

static void judge_line(struct asking *asking, struct span line)
{
    struct error err;

    if (!judge_one(asking, line, &err))
        return;
    buf_addf(&asking->out, "{\"line\":%zu,\"error\":", asking->line);
    json_put_text(&asking->out, span_str(err.text));
    buf_add(&asking->out, SPAN_LIT("}\n"));
}

static void judge_lines(struct asking *asking)
{
    struct span rest = asking->request->body;
    size_t nr = 0;

    while (rest.len) {
        size_t end = span_find_char(rest, '\n');
        struct span line = span_trim(span_cut(rest, 0, end));

        rest = span_cut(rest, end + 1, rest.len);
        asking->line++;
        if (!line.len)
            continue;
        if (++nr > JUDGE_LINES_MAX) {
            refuse(asking, 413, "too_many_lines",
                   "100 comments at a time; send the rest in another request");
            return;
        }
        judge_line(asking, line);
    }
    if (!nr)
        refuse(asking, 400, "empty",
               "no comment; send one JSON object a line");
}

static void judge_body(struct asking *asking)
{
    struct error err;

    if (http_request_is_type(asking->request, "application/x-ndjson")) {
        judge_lines(asking);
        asking->answer->type = "application/x-ndjson";
        return;
    }
    if (!http_request_is_type(asking->request, "application/json")) {
        refuse(asking, 415, "content_type",
               "send application/json, or application/x-ndjson for several");
        return;
    }
    asking->answer->type = "application/json";
    if (judge_one(asking, asking->request->body, &err))
        refuse(asking, 400, "bad_comment", err.text);
}

void judge_api_handle(void *context, struct http_request *request,
                      struct http_answer *answer)
{
    struct asking asking = { .desk = context,
                             .request = request,
                             .answer = answer };

    buf_init(&asking.out, VERDICTS_BYTES_MAX);
    find_site(&asking);
    if (!answer->status)
        judge_body(&asking);
    if (!answer->status && asking.out.full) {
        refuse(&asking, 413, "answer_too_large", "send fewer comments");
    } else if (!answer->status) {
        answer->status = 200;
        answer->body = arena_dup(request->arena, buf_span(&asking.out));
    } else {
        answer->type = "application/json";
    }
    buf_release(&asking.out);
}
