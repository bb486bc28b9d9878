#include "server/webhook.h"

#include "base/digest.h"
#include "server/signature.h"
#include "wire/message_json.h"

#include <string.h>

#define MS_PER_S ((int64_t)1000)
#define ID_BYTES_MAX 200

/* One webhook on its way through the checks; each may refuse it. */
struct hook {
    const struct desk *desk;
    struct http_request *request;
    struct http_answer *answer;
    struct desk_site site;
    struct desk_event event;
    struct message message;
};

static void refuse(struct hook *hook, unsigned status, const char *why,
                   const char *text)
{
    http_answer_refuse(hook->answer, hook->request->arena, status, why, text);
}

static void find_site(struct hook *hook)
{
    if (!hook->desk->site(hook->desk->context, hook->request->arena,
                          DESK_BY_NAME, hook->request->tail, &hook->site))
        refuse(hook, 404, "unknown_site",
               "no site of this name is served; the path is "
               "/v1/hooks/<name>, as in the configuration's [site \"name\"]");
    else if (!hook->site.secret.len)
        refuse(hook, 401, "no_secret",
               "this site has no hook_secret; set one there and here");
}

/* Not too old, and not from a clock that is far ahead of ours. */
static bool is_fresh(const struct hook *hook, struct span timestamp)
{
    long long s;
    int64_t age;

    if (!span_to_long(timestamp, &s) || s < 0 || s > INT64_MAX / MS_PER_S)
        return false;
    age = hook->request->came_ms - (int64_t)s * MS_PER_S;
    return age <= WEBHOOK_WINDOW_S * MS_PER_S &&
           age >= -WEBHOOK_WINDOW_S * MS_PER_S;
}

static void check_standard(struct hook *hook)
{
    const struct http_request *request = hook->request;
    struct span id = http_request_header(request, "webhook-id");
    struct span when = http_request_header(request, "webhook-timestamp");
    struct span signature = http_request_header(request, "webhook-signature");

    if (!id.len || id.len > ID_BYTES_MAX || !when.len || !signature.len) {
        refuse(hook, 401, "no_signature",
               "webhook-id (up to 200 bytes), webhook-timestamp and "
               "webhook-signature are wanted, as standardwebhooks.com says");
        return;
    }
    if (!signature_is_standard(hook->site.secret, id, when, request->body,
                               signature))
        refuse(hook, 401, "wrong_signature",
               "the signature is none of this site's secrets; compare "
               "hook_secret here and there");
    else if (!is_fresh(hook, when))
        refuse(hook, 401, "stale",
               "signed more than five minutes ago, or in the future; sign it "
               "again when sending it again, and see to both clocks");
    hook->event.delivery = id;
}

static void check_hub(struct hook *hook)
{
    const struct http_request *request = hook->request;
    struct span signature =
        http_request_header(request, "X-Hub-Signature-256");
    struct span id = http_request_header(request, "X-Hub-Delivery");
    struct digest digest;

    if (!signature_is_hub(hook->site.secret, request->body, signature)) {
        refuse(hook, 401, "wrong_signature",
               "X-Hub-Signature-256 is none of this site's secrets; compare "
               "hook_secret here and there");
        return;
    }
    digest = digest_of(request->body);
    hook->event.delivery =
        id.len && id.len <= ID_BYTES_MAX
            ? id
            : arena_dup(request->arena, span_str(digest.hex));
}

static void check_signature(struct hook *hook)
{
    if (http_request_header(hook->request, "X-Hub-Signature-256").len &&
        !http_request_header(hook->request, "webhook-signature").len)
        check_hub(hook);
    else
        check_standard(hook);
}

/* Only now: who can't sign must not use up a site's share. */
static void check_rate(struct hook *hook)
{
    long seconds = 1;

    if (!hook->desk->may(hook->desk->context, hook->site.name, &seconds))
        http_answer_later(hook->answer, hook->request->arena, 429, "rate_site",
                          seconds);
}

static void check_type(struct hook *hook)
{
    if (!http_request_is_type(hook->request, "application/json"))
        refuse(hook, 415, "content_type",
               "send JSON, with Content-Type: application/json");
}

static void read_body(struct hook *hook)
{
    struct error err;

    if (message_parse(&hook->message, hook->request->arena,
                      hook->request->body, &err))
        refuse(hook, 400, "bad_event", err.text);
    else if (hook->message.type.len > ID_BYTES_MAX / 4)
        refuse(hook, 400, "bad_event", "type: longer than 50 bytes");
}

static void answer_test(struct hook *hook)
{
    hook->answer->status = 200;
    hook->answer->type = "application/json";
    hook->answer->body = SPAN_LIT(
        "{\"ok\":true,\"message\":\"sluice is here, and the signature is "
        "right\"}\n");
}

void webhook_handle(void *context, struct http_request *request,
                    struct http_answer *answer)
{
    void (*const step[])(struct hook * hook) = {
        find_site, check_type, check_signature, check_rate, read_body,
    };
    struct hook hook = { .desk = context,
                         .request = request,
                         .answer = answer };

    for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
        step[i](&hook);
        if (answer->status)
            return;
    }
    if (hook.message.kind == MESSAGE_TEST) {
        answer_test(&hook);
        return;
    }
    hook.event.site = hook.site.name;
    hook.event.kind = hook.message.type;
    hook.event.body = request->body;
    hook.desk->keep(hook.desk->context, request, &hook.event);
}
