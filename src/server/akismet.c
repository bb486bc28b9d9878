#include "server/akismet.h"

#include "base/digest.h"
#include "base/secret.h"
#include "server/akismet_visit.h"
#include "server/desk.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define THANKS SPAN_LIT("Thanks for making the web a better place.")

struct span akismet_visit_get(const struct akismet_visit *visit,
                              struct span name)
{
    return form_has(&visit->form, name) ? form_get(&visit->form, name)
                                        : form_get(&visit->query, name);
}

void akismet_visit_refuse(struct akismet_visit *visit, const char *refused,
                          const char *help)
{
    struct http_answer *answer = visit->answer;

    answer->status = 200;
    answer->body = SPAN_LIT("invalid");
    answer->refused = refused;
    http_answer_header(answer, "X-akismet-debug-help",
                       arena_dup(visit->request->arena, span_str(help)));
}

void akismet_visit_answer(struct akismet_visit *visit, const char *type,
                          const struct buf *body)
{
    visit->answer->status = 200;
    visit->answer->type = type;
    visit->answer->body = arena_dup(visit->request->arena, buf_span(body));
}

static void answer_text(struct akismet_visit *visit, struct span text)
{
    visit->answer->status = 200;
    visit->answer->body = text;
}

/*
 * Whose key it is. `key` is the one asked about: WordPress's plugin sends the
 * one it has as api_key beside it, also when its owner is trying another. The
 * form's own counts before that in the name of the host, which may be any
 * host's first label, and so is no key if nobody has it. A site that may go
 * without a key must not be given a wrong one, either.
 */
static bool find_site(struct akismet_visit *visit)
{
    const struct desk *desk = visit->desk;
    struct arena *arena = visit->request->arena;
    struct span host = http_request_header(visit->request, "Host");
    struct span given;

    given = akismet_visit_get(visit, SPAN_LIT("key"));
    if (!given.len)
        given = akismet_visit_get(visit, SPAN_LIT("api_key"));
    visit->key = given.len ? given : akismet_host_key(host);
    if (visit->key.len && desk->site(desk->context, arena, DESK_BY_KEY,
                                     visit->key, &visit->site))
        return true;
    if (!desk->site(desk->context, arena, DESK_ONLY, SPAN_LIT(""),
                    &visit->site))
        return false;
    return !given.len || !visit->site.key.len;
}

struct span akismet_guid(struct arena *arena, struct span site,
                         const struct comment *comment)
{
    const struct span part[] = {
        site,
        comment->text,
        comment->author,
        comment->author_url,
        comment->author_email,
        comment->author_ip,
        comment->permalink,
    };
    struct digest digest =
        digest_of_fields(part, sizeof(part) / sizeof(part[0]));

    return arena_dup(arena, span_str(digest.hex));
}

/* The call, with the id under which its verdict is remembered. */
static void read_call(struct akismet_visit *visit, struct akismet_call *call)
{
    akismet_call_read(call, visit->request->arena, &visit->form,
                      http_request_header(visit->request, "User-Agent"));
    call->comment.site = visit->site.name;
    call->comment.id =
        akismet_guid(visit->request->arena, visit->site.name, &call->comment);
}

/* A wish of somebody who tests his client; it leaves no trace. */
static bool grant_wish(struct akismet_visit *visit,
                       const struct akismet_call *call)
{
    if (call->wish == AKISMET_WISH_NONE)
        return false;
    answer_text(visit, call->wish == AKISMET_WISH_SPAM ? SPAN_LIT("true")
                                                       : SPAN_LIT("false"));
    return true;
}

static void answer_verdict(struct akismet_visit *visit,
                           const struct akismet_call *call,
                           const struct verdict *verdict)
{
    bool spam = verdict->kind == VERDICT_SPAM;

    answer_text(visit, spam ? SPAN_LIT("true") : SPAN_LIT("false"));
    if (spam && visit->site.discard && verdict->p_spam >= AKISMET_DISCARD_AT)
        http_answer_header(visit->answer, "X-akismet-pro-tip",
                           SPAN_LIT("discard"));
    if (verdict->kind == VERDICT_HOLD && call->is_plugin)
        http_answer_header(visit->answer, "X-akismet-error",
                           SPAN_LIT("held for a person to look at"));
    if (call->classify)
        http_answer_header(visit->answer, "X-akismet-classification",
                           spam ? SPAN_LIT("spam") : SPAN_LIT("ham"));
}

static void comment_check(struct akismet_visit *visit)
{
    struct akismet_call call;
    struct desk_question question;
    struct verdict verdict;
    struct error err;

    read_call(visit, &call);
    http_answer_header(visit->answer, "X-akismet-guid", call.comment.id);
    if (grant_wish(visit, &call))
        return;
    question = (struct desk_question){
        .site = visit->site.name,
        .comment = &call.comment,
        .door = METER_AKISMET,
        .forget = call.is_test,
    };
    if (visit->desk->judge(visit->desk->context, visit->request->arena,
                           &question, &verdict, &err)) {
        akismet_visit_refuse(visit, "unknown_site", err.text);
        return;
    }
    answer_verdict(visit, &call, &verdict);
}

/* A guid of ours, as a client gives it back. */
static bool is_guid(struct span guid)
{
    for (size_t i = 0; i < guid.len; i++) {
        char c = guid.ptr[i];

        if ((c < 'a' || c > 'f') && (c < '0' || c > '9'))
            return false;
    }
    return guid.len == DIGEST_HEX_LEN;
}

static void submit(struct akismet_visit *visit, enum verdict_kind kind)
{
    const struct desk *desk = visit->desk;
    struct akismet_call call;
    struct desk_feedback feedback;
    struct error err;

    read_call(visit, &call);
    if (call.is_test || call.wish != AKISMET_WISH_NONE) {
        answer_text(visit, THANKS);
        return;
    }
    feedback = (struct desk_feedback){
        .site = visit->site.name,
        .comment = is_guid(call.guid) ? call.guid : call.comment.id,
        .also = call.comment_id,
        .kind = kind,
        .source = SPAN_LIT("akismet"),
        .by = call.reporter,
        .wrong = true,
        .about = &call.comment,
    };
    if (desk->feedback(desk->context, &feedback, &err))
        akismet_visit_refuse(visit, "unknown_site", err.text);
    else
        answer_text(visit, THANKS);
}

static void submit_spam(struct akismet_visit *visit)
{
    submit(visit, VERDICT_SPAM);
}

static void submit_ham(struct akismet_visit *visit)
{
    submit(visit, VERDICT_APPROVE);
}

static void verify_key(struct akismet_visit *visit)
{
    answer_text(visit, SPAN_LIT("valid"));
}

/* Nothing is kept about a site that goes; what it judged stays. */
static void deactivate(struct akismet_visit *visit)
{
    answer_text(visit, SPAN_LIT("deactivated"));
}

/* For a page of statistics elsewhere; nothing here takes it. */
static void token(struct akismet_visit *visit)
{
    struct secret_name name = secret_name();

    answer_text(visit, arena_dup(visit->request->arena, span_str(name.text)));
}

static void test(struct akismet_visit *visit)
{
    answer_text(visit, SPAN_LIT("connected"));
}

static void compatible_plugins(struct akismet_visit *visit)
{
    visit->answer->type = "application/json";
    answer_text(visit, SPAN_LIT("[]"));
}

static const struct {
    const char *name;
    void (*answer)(struct akismet_visit *visit);
    bool open; /* no key is asked for */
} endpoint[] = {
    { "comment-check", comment_check, false },
    { "verify-key", verify_key, false },
    { "submit-spam", submit_spam, false },
    { "submit-ham", submit_ham, false },
    { "usage-limit", akismet_usage_limit, false },
    { "key-sites", akismet_key_sites, false },
    { "get-subscription", akismet_subscription, false },
    { "get-stats", akismet_stats, false },
    { "token", token, false },
    { "deactivate", deactivate, false },
    { "test", test, true },
    { "compatible-plugins", compatible_plugins, true },
};

#define ENDPOINT_NR (sizeof(endpoint) / sizeof(endpoint[0]))

/* Take body and query apart; false, and answered, if they can't be. */
static bool read_forms(struct akismet_visit *visit)
{
    struct http_request *request = visit->request;
    struct span type = http_request_header(request, "Content-Type");
    struct error err;

    if (request->body.len && type.len &&
        !http_request_is_type(request, FORM_TYPE)) {
        akismet_visit_refuse(visit, "content_type",
                             "the body must be " FORM_TYPE);
        return false;
    }
    if (form_parse(&visit->form, request->arena, request->body, &err) ||
        form_parse(&visit->query, request->arena, request->query, &err)) {
        akismet_visit_refuse(visit, "form", err.text);
        return false;
    }
    return true;
}

static bool may_ask(struct akismet_visit *visit)
{
    const struct desk *desk = visit->desk;
    long seconds = 0;

    if (desk->may(desk->context, visit->site.name, &seconds))
        return true;
    http_answer_later(visit->answer, visit->request->arena, 429, "site_rate",
                      seconds);
    return false;
}

static void visit_endpoint(struct akismet_visit *visit, size_t i)
{
    if (!endpoint[i].open) {
        if (!read_forms(visit))
            return;
        if (!find_site(visit)) {
            akismet_visit_refuse(
                visit, "key",
                visit->key.len
                    ? "this key is no site's in the configuration"
                    : "there is no key: send api_key, or call KEY.host");
            return;
        }
        if (!may_ask(visit))
            return;
    }
    endpoint[i].answer(visit);
}

void akismet_handle(void *context, struct http_request *request,
                    struct http_answer *answer)
{
    struct akismet_visit visit = {
        .desk = context,
        .request = request,
        .answer = answer,
    };

    for (size_t i = 0; i < ENDPOINT_NR; i++) {
        if (!span_eq(request->tail, span_str(endpoint[i].name)))
            continue;
        visit_endpoint(&visit, i);
        return;
    }
    http_answer_refuse(answer, request->arena, 404, "path",
                       "the Akismet protocol has no such path");
}
