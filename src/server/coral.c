#include "server/coral.h"

#include "base/digest.h"
#include "server/desk.h"
#include "server/signature.h"
#include "wire/json.h"

#define ANSWER_BYTES_MAX ((size_t)1 << 10)

bool coral_signed(struct span secrets, struct span signatures,
                  struct span body)
{
    bool found = false;

    while (signatures.len) {
        size_t end = span_find_char(signatures, ',');
        struct span one = span_trim(span_cut(signatures, 0, end));

        signatures = span_cut(signatures, end + 1, signatures.len);
        found = signature_is_hub(secrets, body, one) || found;
    }
    return found;
}

/* The text of a member of a member, copied; empty if there is none. */
static struct span inner(struct arena *arena, const struct json *root,
                         const char *outer, const char *name)
{
    struct span text = SPAN_LIT("");

    (void)json_text(json_member(json_member(root, outer), name), &text);
    return arena_dup(arena, text);
}

/* Coral's roles, in the words that lists of other sites use. */
static struct span read_role(struct span role)
{
    static const struct {
        const char *coral;
        const char *ours;
    } name[] = {
        { "ADMIN", "administrator" },
        { "MODERATOR", "moderator" },
        { "STAFF", "staff" },
    };

    for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++)
        if (span_eq(role, span_str(name[i].coral)))
            return span_str(name[i].ours);
    return SPAN_LIT("");
}

/* An edit of the same text is the same comment, and needs no second look. */
static struct span make_id(struct arena *arena, struct span author,
                           struct span story, struct span text)
{
    const struct span part[] = { author, story, text };
    struct digest digest =
        digest_of_fields(part, sizeof(part) / sizeof(part[0]));

    return arena_dup(arena, span_str(digest.hex));
}

enum error_code coral_read(struct comment *comment, struct arena *arena,
                           struct span body, struct error *err)
{
    struct span text = SPAN_LIT("");
    struct span parent = SPAN_LIT("");
    const struct json *inside;
    struct json_doc doc;
    enum error_code rc = json_parse(&doc, body, err);

    if (rc)
        return rc;
    inside = json_member(doc.root, "comment");
    if (!json_text(json_member(inside, "body"), &text)) {
        rc = error_set(err, ERROR_INPUT,
                       "a JSON object is expected whose comment.body is text");
        goto out;
    }
    (void)json_text(json_member(inside, "parentID"), &parent);
    *comment = (struct comment){
        .text = arena_dup(arena, text),
        .permalink = inner(arena, doc.root, "story", "url"),
        .role = read_role(inner(arena, doc.root, "author", "role")),
        .type = parent.len ? SPAN_LIT("reply") : SPAN_LIT("comment"),
    };
    comment->id =
        make_id(arena, inner(arena, doc.root, "author", "id"),
                inner(arena, doc.root, "story", "id"), comment->text);
out:
    json_release(&doc);
    return rc;
}

static void put_flag(struct buf *out, const struct verdict *verdict)
{
    bool abuse = verdict->p_abuse > verdict->p_spam;

    buf_addf(out, ",\"actions\":[{\"actionType\":\"FLAG\",\"reason\":\"%s\"}]",
             abuse ? "COMMENT_DETECTED_TOXIC" : "COMMENT_DETECTED_SPAM");
}

void coral_put(struct buf *out, const struct verdict *verdict)
{
    bool spam = verdict->kind == VERDICT_SPAM;
    bool flag = spam || verdict->p_spam >= CORAL_FLAG_AT ||
                verdict->p_abuse >= CORAL_FLAG_AT;

    if (verdict->kind == VERDICT_APPROVE)
        return;
    buf_addf(out, "{\"status\":\"%s\"",
             spam   ? "REJECTED"
             : flag ? "SYSTEM_WITHHELD"
                    : "PREMOD");
    if (flag)
        put_flag(out, verdict);
    buf_add_char(out, '}');
}

/* Name and secret right? Else answered: the same for both being wrong. */
static bool admit(const struct desk *desk, struct http_request *request,
                  struct http_answer *answer, struct desk_site *site)
{
    struct span signatures = http_request_header(request, "X-Coral-Signature");
    long seconds = 0;

    if (!desk->site(desk->context, request->arena, DESK_BY_NAME, request->tail,
                    site) ||
        !coral_signed(site->secret, signatures, request->body)) {
        http_answer_refuse(answer, request->arena, 401, "signature",
                           "no such site, or X-Coral-Signature is not made "
                           "of this body with the site's hook_secret");
        return false;
    }
    if (desk->may(desk->context, site->name, &seconds))
        return true;
    http_answer_later(answer, request->arena, 429, "site_rate", seconds);
    return false;
}

void coral_handle(void *context, struct http_request *request,
                  struct http_answer *answer)
{
    const struct desk *desk = context;
    struct desk_question question = { .door = METER_CORAL };
    struct comment comment;
    struct verdict verdict;
    struct desk_site site;
    struct error err;
    struct buf out;

    if (!admit(desk, request, answer, &site))
        return;
    if (coral_read(&comment, request->arena, request->body, &err)) {
        http_answer_refuse(answer, request->arena, 400, "body", err.text);
        return;
    }
    comment.site = site.name;
    question.site = site.name;
    question.comment = &comment;
    if (desk->judge(desk->context, request->arena, &question, &verdict,
                    &err)) {
        http_answer_refuse(answer, request->arena, 404, "site", err.text);
        return;
    }
    buf_init(&out, ANSWER_BYTES_MAX);
    coral_put(&out, &verdict);
    answer->status = out.len ? 200 : 204;
    answer->type = "application/json";
    answer->body = arena_dup(request->arena, buf_span(&out));
    buf_release(&out);
}
