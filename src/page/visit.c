#include "page/visit.h"

#include "base/log.h"
#include "store/waiting.h"

/* After a failure of the store callers are asked to wait so long. */
#define BUSY_S 2

void visit_refuse(struct visit *visit, unsigned status, const char *refused,
                  const char *text)
{
    http_answer_refuse(&visit->answer, visit->arena, status, refused, text);
}

void visit_fail(struct visit *visit, const struct error *err)
{
    if (visit->answer.status)
        return;
    log_error("page_failed", "path=%s error=%s",
              log_quote(visit->request->path).text,
              log_quote(span_str(err->text)).text);
    http_answer_later(&visit->answer, visit->arena, 503, "store", BUSY_S);
}

bool visit_text(struct visit *visit, const char *name, struct span *text)
{
    if (json_text(json_member(visit->body, name), text))
        return true;
    visit_refuse(
        visit, 400, "invalid",
        arena_printf(visit->arena, "the body wants a text called %s", name)
            .ptr);
    return false;
}

struct span visit_query(const struct visit *visit, const char *name)
{
    return form_get(&visit->query, span_str(name));
}

bool visit_query_int(struct visit *visit, const char *name, int64_t least,
                     int64_t most, int64_t *number)
{
    struct span text = visit_query(visit, name);
    long long value = 0;

    if (!text.len)
        return true;
    if (span_to_long(text, &value) && value >= least && value <= most) {
        *number = value;
        return true;
    }
    visit_refuse(visit, 400, "invalid",
                 arena_printf(visit->arena,
                              "%s: expected a whole number from %lld to %lld",
                              name, (long long)least, (long long)most)
                     .ptr);
    return false;
}

bool visit_judgement(struct visit *visit, struct decision *decision)
{
    long long id = 0;
    bool found = false;
    struct error err;

    if (span_to_long(visit->param, &id) &&
        judgement_find(visit->store, visit->arena, id, decision, &found,
                       &err)) {
        visit_fail(visit, &err);
        return false;
    }
    if (!found)
        visit_refuse(visit, 404, "no_such_comment",
                     "there is no judgement of that number");
    return found;
}

bool visit_write(struct visit *visit,
                 enum error_code (*run)(void *context, struct store *store,
                                        struct error *err),
                 void *context)
{
    struct error err;

    if (!writer_call(visit->writer, run, context, &err))
        return true;
    visit_fail(visit, &err);
    return false;
}

enum error_code visit_take_back(struct error *err)
{
    return error_set(err, ERROR_INPUT, "refused");
}

enum error_code visit_audit(const struct visit *visit, struct store *store,
                            const char *what, struct span site,
                            struct span subject, struct span before,
                            struct span after, struct error *err)
{
    const struct audit audit = {
        .at_ms = visit->request->came_ms,
        .who = visit->session.login,
        .what = span_str(what),
        .site = site,
        .subject = subject,
        .before = before,
        .after = after,
    };

    return audit_add(store, &audit, err);
}
